"""Refusals say the same in three languages: equal keys and placeholders, none unused, none missing."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import sandbox
from sandbox.acts import Refused
from sandbox.texts import LANGUAGES

SOURCES = Path(sandbox.__file__).parent


class Placeholders(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """Key to placeholders."""
    resource = FluentParser().parse((SOURCES / "acts" / "texts" / f"{language}.ftl").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for entry in resource.body:
        assert not isinstance(entry, ftl.Junk), entry.content
        if isinstance(entry, ftl.Message):
            seen = Placeholders()
            seen.visit(entry)
            found[entry.id.name] = seen.found
    return found


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    assert messages(language) == messages(LANGUAGES[0])


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py"))
    raised = set(re.findall(r"Refused\(\s*\"([a-z0-9-]+)\"", code))
    assert {f"refused-{key}" for key in raised} == set(messages(LANGUAGES[0]))


def test_a_refusal_is_a_sentence_in_the_language_asked_for() -> None:
    refused = Refused("no-customer", name="Leo")
    assert str(refused) == "No customer is called Leo."
    assert refused.say("es") == "Ningún cliente se llama Leo."
    assert refused.say("pt") == "Nenhum cliente se chama Leo."
