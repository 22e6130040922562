"""The story's words say the same in three languages: equal keys and placeholders, none unused."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import sandbox
from sandbox.texts import LANGUAGES, Words

SOURCES = Path(sandbox.__file__).parent


class Placeholders(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """Key to placeholders, as written in the file."""
    resource = FluentParser().parse((SOURCES / "texts" / f"{language}.ftl").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for entry in resource.body:
        assert not isinstance(entry, ftl.Junk), entry.content
        if isinstance(entry, ftl.Message):
            seen = Placeholders()
            seen.visit(entry)
            assert entry.id.name not in found
            found[entry.id.name] = seen.found
    return found


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
