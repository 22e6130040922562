"""The story's words say the same in three languages: equal keys and placeholders, none unused."""

import json
import re
from pathlib import Path

import pytest

import sandbox
from sandbox.acts.meta_samples import ELEMENTS, NEWS
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_every_news_of_metas_and_every_sample(language: str) -> None:
    texts = json.loads((SOURCES / "page" / "static" / "texts" / f"{language}.json").read_text("utf-8"))
    page = (SOURCES / "page" / "static" / "js" / "meta.js").read_text("utf-8")
    for prefix, known in (("news", NEWS), ("sample", ELEMENTS)):
        assert {key.removeprefix(f"{prefix}.") for key in texts if key.startswith(f"{prefix}.")} == set(known) | (
            {"hint", "about", "what"} if prefix == "sample" else set()
        )
        assert all(f'"{name}"' in page for name in known)
