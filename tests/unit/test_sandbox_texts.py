"""The story's words say the same in three languages: equal keys and placeholders, none unused."""

import re
from pathlib import Path

import pytest

import sandbox
from sandbox.texts import LANGUAGES, Words
from tests import fluent

SOURCES = Path(sandbox.__file__).parent


def messages(language: str) -> dict[str, frozenset[str]]:
    """Key to placeholders."""
    return fluent.messages(SOURCES / "texts" / f"{language}.ftl")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    assert messages(language) == messages(LANGUAGES[0])


def test_no_key_is_unused() -> None:
    named = set(
        re.findall(r"""["']([a-z-]+)["']""", "\n".join(path.read_text("utf-8") for path in SOURCES.glob("*.py")))
    )
    assert set(messages(LANGUAGES[0])) - named == set()


def test_a_missing_key_or_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words("es")("no-such-key")
    with pytest.raises(ValueError, match="whatsapp-of"):
        Words("es")("whatsapp-of")
