"""The page says the same in three languages, has no text too many or too few, and knows the words for every decision and trouble."""

import json
import re

import pytest

from crm.decisions import What
from sandbox.acts.troubles import TROUBLES
from sandbox.page.assets import STATIC
from sandbox.texts import LANGUAGES

MADE = re.compile(
    r"^(category|clock|crowd|decided|kind|level|log|meta\.to|news|odd|part|program|role|sample|scope|score|story|telegram|template\.event|template\.quality|theme|tick|token|trouble)\."
)
"""Families of keys that the page puts together, such as `tick.${tick}`."""
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").glob("*.js")))


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / "texts" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def names(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_names(language: str) -> None:
    first, other = words(LANGUAGES[0]), words(language)
    assert list(other) == list(first)
    assert {key for key in first if names(first[key]) != names(other[key])} == set()


def test_no_text_is_asked_for_that_is_not_there() -> None:
    asked = set(re.findall(r"\bt\(\"([^\"]+)\"", SCRIPTS)) | {f"trouble.id.{each}" for each in TROUBLES}
    asked |= {f"decided.{what.value}" for what in What} | {f"scope.{each.scope}" for each in TROUBLES.values()}
    there = words("es")
    assert {key for key in asked if key not in there and f"{key}.other" not in there} == set()


def test_no_text_stands_there_unused() -> None:
    plain = {key.removesuffix(".one").removesuffix(".other") for key in words("es") if not MADE.match(key)}
    assert {key for key in plain if f'"{key}"' not in SCRIPTS} == set()
