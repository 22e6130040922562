"""What the recorder writes is TOML, whatever people type."""

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.stories import toml

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_what_is_written_reads_the_same(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml.entries(table)) == table


@given(st.lists(st.dictionaries(TEXT, VALUES, max_size=3), max_size=4))
def test_tables_stand_one_to_a_line(tables: list[dict[str, Any]]) -> None:
    written = toml.rows("do", tables)
    assert tomllib.loads(written) == {"do": tables}
    assert len(written.split("\n")) == (len(tables) + 2 if tables else 1)


def test_times_are_kept_nothing_is_left_out_and_half_letters_do_no_harm() -> None:
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert tomllib.loads(toml.entries({"at": at, "none": None, "half": "\ud800"})) == {"at": at, "half": "\ufffd"}


def test_what_toml_has_no_word_for_is_an_error() -> None:
    with pytest.raises(TypeError):
        toml.value(object())
