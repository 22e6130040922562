"""A long text in several messages: nothing is lost, no part is too long, and it is cut where a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.policy.splitting import parts


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Hola", ["Hola"]),
        ("", [""]),
        ("a" * 20, ["a" * 20]),
        ("Uno dos.\n\nTres cuatro cinco", ["Uno dos.\n\nTres", "cuatro cinco"]),
        ("Uno dos tres.\n\nCuatro cinco", ["Uno dos tres.", "Cuatro cinco"]),
        ("Uno dos tres\nCuatro seis siete", ["Uno dos tres", "Cuatro seis siete"]),
        ("Primera frase. Y la segunda", ["Primera frase.", "Y la segunda"]),
        ("palabra palabra palabra", ["palabra palabra", "palabra"]),
        ("x" * 25, ["x" * 20, "x" * 5]),
        ("x" * 19 + "👍🏽" + "y", ["x" * 19, "👍🏽y"]),
        ("x" * 19 + "👨‍👩‍👧y", ["x" * 19, "👨‍👩‍👧y"]),
    ],
)
def test_it_is_cut_where_a_reader_would(text: str, cut: list[str]) -> None:
    assert parts(text, 20) == cut


@given(st.text(alphabet="ab .\n👍\u200d\u0301", max_size=300), st.integers(2, 40))
def test_nothing_but_space_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    found = parts(text, limit)
    assert all(len(part) <= limit for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(part.strip() == part for part in found)
    assert len(found) <= max(1, 2 * len(text) // limit + 2)
