"""What people type is read without surprises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import parse
from bot.telegram.parse import Command


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/cola", Command("cola", None, "")),
        ("/Cola", Command("cola", None, "")),
        ("/c juan pérez", Command("c", None, "juan pérez")),
        ("/c@centralita_bot  juan", Command("c", "centralita_bot", "juan")),
        ("  /c\njuan\npérez ", Command("c", None, "juan\npérez")),
        ("hola", None),
        ("/", None),
        ("/a-b", None),
        ("no /cola", None),
        (None, None),
    ],
)
def test_commands(text: str | None, read: Command | None) -> None:
    assert parse.command(text) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/start abc234def", "abc234def"),
        ("/start@bot abc234def", "abc234def"),
        ("/start", None),
        ("/start abc", None),
        ("/start abc234 def567", None),
        ("/start " + "a" * 65, None),
        ("/start ábcdefgh", None),
        ("/menu abc234def", None),
    ],
)
def test_codes(text: str, code: str | None) -> None:
    assert parse.start_code(text) == code


@given(st.text())
def test_nothing_that_is_typed_fails(text: str) -> None:
    parse.command(text)
    parse.start_code(text)


def test_numbers_of_a_button() -> None:
    args = ("k3f9", "zzzzzzzzzzzzz", "not.one", "zzzzzzzzzzzz")
    assert [parse.number(args, position) for position in range(5)] == [937557, None, None, 36**12 - 1, None]
