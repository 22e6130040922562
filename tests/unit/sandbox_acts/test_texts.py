"""Refusals say the same in three languages: equal keys and placeholders, none unused, none missing."""

import re
from pathlib import Path

import pytest

import sandbox
from sandbox.acts import Refused
from sandbox.texts import LANGUAGES
from tests import fluent

SOURCES = Path(sandbox.__file__).parent


def messages(language: str) -> dict[str, frozenset[str]]:
    """Key to placeholders."""
    return fluent.messages(SOURCES / "acts" / "texts" / f"{language}.ftl")


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
