"""What is claimed is said in three languages, for every kind of claim, with the values it has and without those it has not."""

import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.stories import parse
from sandbox.stories.claims import claimed, worded
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.texts import LANGUAGES
from tests import fluent

TEXTS = Path(__file__).parents[3] / "sandbox" / "stories" / "texts"
LEAST: dict[str, dict[str, Any]] = {
    "customer.sees": {"text": "Hola"},
    "customer.sees_only": {"texts": ["Hola"]},
    "ticks": {"customer": "Leo", "message": "Hola", "tick": "read"},
    "agent.sees": {"agent": "Ana", "text": "Hola"},
    "agent.has_no": {"agent": "Ana", "text": "Hola"},
    "agent.toast": {"agent": "Ana", "text": "Hola"},
    "agent.heard_all": {"agent": "Ana"},
    "refused": {"count": 0},
    "score": {"doubled": 0},
    "program": {"state": "killed"},
}
FULL: dict[str, dict[str, Any]] = {
    "customer.sees": {"customer": "Leo", "text": ["Hola {name}", "precio"], "times": 2, "tick": "read"},
    "customer.sees_nothing": {"customer": "Leo", "text": "Hola"},
    "customer.sees_only": {"customer": "Leo", "texts": ["Hola {name}", "Adiós"]},
    "customer.sees_nothing_twice": {"customer": "Leo"},
    "agent.sees": {"agent": "Ana", "text": "Hola", "button": "Sí", "times": 2, "reaction": "👌"},
    "agent.has_no": {"agent": "Ana", "text": "Hola", "button": "Sí"},
    "agent.heard_all": {"agent": "Ana", "customer": "Leo"},
    "sent": {"customer": "Leo", "count": 1, "template": "promo", "category": "utility", "charged": True},
    "refused": {"count": 2, "code": 131047},
    "score": dict.fromkeys(
        (
            *("accepted", "doubled", "shown", "webhooks_posted", "webhooks_waiting", "webhooks_given_up", "dead"),
            *("pending", "alerts"),
        ),
        3,
    ),
}


def messages(language: str) -> dict[str, frozenset[str]]:
    """Key to placeholders."""
    return fluent.messages(TEXTS / f"{language}.ftl")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    assert messages(language) == messages(LANGUAGES[0])


def test_there_are_words_for_every_claim_and_for_nothing_else() -> None:
    score = {f"score-{name}" for name in EXPECTATIONS["score"].args.model_fields}
    claims = {f"see-{what}" for what in EXPECTATIONS if what != "score"}
    assert set(messages("es")) == {re.sub(r"[._]", "-", key) for key in claims | score}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", EXPECTATIONS)
def test_a_claim_says_the_values_it_has_and_nothing_of_the_others(what: str, language: str) -> None:
    expectation = EXPECTATIONS[what]
    for values in (LEAST.get(what, {}), FULL.get(what, LEAST.get(what, {}))):
        said = worded(what, expectation.args.model_validate(values), language)
        for sign in ("none", "None", "{", "all "):
            assert sign not in said, said
        for text in ("Leo", "Ana", "Hola", "Sí", "👌", "promo"):
            assert (text in said) == (text in str(values)), said


def test_codes_are_written_as_codes() -> None:
    assert "131047" in worded("refused", EXPECTATIONS["refused"].args.model_validate(FULL["refused"]), "es")


def test_the_words_of_the_story_come_first() -> None:
    story = parse(
        'title = "T"\n[[scene]]\ncaption = "C"\n'
        'see = [{what = "sent", count = 0, says = {es = "Nada salió", en = "Nothing left", pt = "Nada saiu"}}]'
    )
    see = story.scene[0].see[0]
    given = EXPECTATIONS["sent"].args.model_validate(see.args)
    assert claimed(story, see, given) == {"es": "Nada salió", "en": "Nothing left", "pt": "Nada saiu"}
