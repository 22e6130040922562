"""The whole error table of the reference (4.1): every code has the fate that Meta's advice asks for, and a sentence for people.

The classes are the reference's: R again after a pause, D days or at least many minutes later, X never this message, C never this
person, T nothing more with this template, S nothing more from the number, F a person must mend something, N is not of sends.
"""

import re
from collections.abc import Iterable

import pytest

from bot.texts import LANGUAGES, Texts
from bot.whatsapp.errors import TABLE, UNKNOWN, UNKNOWN_FLAKY, Fate, Meaning
from crm.errors import Scope
from crm.policy import limits, templates
from tests.builders import NOW
from tests.unit.test_texts import TEXTS

R, D, X, C, T, S, F, N = "R", "D", "X", "C", "T", "S", "F", "N"
REFERENCE: list[tuple[Iterable[int], str]] = [
    ([0, 3, 10, 33, 190, *range(200, 300), 368, 803, 131005, 131031, 131037, 131042, 131045, 131048], S),
    ([133000, 133005, 133006, 133008, 133009, 133010, 133016], S),
    ([1, 2, 131000, 131016, 133004], R),
    ([4, 17, 32, 341, 613, 80007, 80008, 130429, 131056, 131057, 133015, 2494100], R),
    ([132069, 134101, 134102, 131049], D),
    ([100, 131008, 131009, 131021, 131026, 131051, 131053, 131062, 132005, 135000], X),
    ([130403, 130472, 130497, 131050], C),
    ([137000, 131047], C),  # X by the reference, and more: nothing else may go to that person until they speak
    ([132000, 132001, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 131064], T),
    ([131030, 131055, 131063, 134011, 134100, 134103], F),
    ([131020, 131041, *range(131201, 131216), 131044, *range(138000, 138019), *range(139000, 139005)], N),
    ([131052, 131059, 131060, 136024, *range(139100, 139104), *range(147001, 147006)], N),
    ([1752041, *range(2388000, 2389000), 2593107, 2593108, 2593109], N),
]
CODES = [(code, kind) for codes, kind in REFERENCE for code in codes]


def fits(meaning: Meaning, kind: str) -> bool:
    match meaning.fate:
        case Fate.STOP:
            return kind == S
        case Fate.FLAKY:
            return kind == R
        case Fate.LATER if meaning.code == limits.SPAM:
            return kind == S  # it holds the number for hours
        case Fate.LATER:
            return kind == (D if meaning.scope in (Scope.CONTACT, Scope.TEMPLATE) else R)
        case Fate.NEVER:
            ours = {Scope.MESSAGE: {X, N, F}, Scope.CONTACT: {C, F}, Scope.TEMPLATE: {T, F}}
            return kind in ours.get(meaning.scope, set())


def test_the_table_is_the_references() -> None:
    assert sorted(TABLE) == sorted(code for code, _ in CODES)


def test_every_code_has_the_fate_of_its_class() -> None:
    assert [(code, kind) for code, kind in CODES if not fits(TABLE[code], kind)] == []


def test_what_stops_a_template_is_held_for_a_person_and_marks_the_template() -> None:
    stops = {code for code, kind in CODES if kind == T} | {131055, 131063}
    assert stops == templates.REFUSALS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_that_says_what_happened_and_what_to_do(language: str) -> None:
    """Two clauses at least, and never the bare number."""
    for name in {meaning.code for meaning in (*TABLE.values(), UNKNOWN, UNKNOWN_FLAKY)}:
        sentence = _say(TEXTS, language, name)
        clauses = [one for one in re.split(r"[.;:,]\s", sentence) if len(one) > 8]
        assert len(clauses) >= 2, sentence
        assert not re.search(r"\d{3,}", sentence), sentence


def _say(texts: Texts, language: str, name: str) -> str:
    return texts.say(language, "Europe/Madrid", NOW).plain(f"error-{name}")
