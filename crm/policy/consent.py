"""Does a message say that its writer wants to hear no more from us, or wants to again?

Only a whole message counts, and what was tapped: "BAJA!", "Stop." or a button whose payload is `STOP`, but never "¿tienen algo para
parar el dolor?". Capitals, accents, punctuation and emoji make no difference. The words are settings, by language, so that who opts out
can be answered in it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST = 120
"""Characters; a longer message is no word of these."""


class Consent(StrEnum):
    """What somebody said: no more (`out`), or again (`back`)."""

    OUT = "out"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Words:
    """Folded word to its language. `farewell` is what answers an opt-out, by language; nothing where there is none."""

    out: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)
    farewell: Mapping[str, str] = field(default_factory=dict)

    def answer(self, language: str) -> str | None:
        """What answers an opt-out in this language; in another one where only that has words."""
        return self.farewell.get(language) or next(iter(self.farewell.values()), None)


def words(
    out: Mapping[str, Iterable[str]],
    back: Mapping[str, Iterable[str]] | None = None,
    farewell: Mapping[str, str] | None = None,
) -> Words:
    """The words of each language, folded. One that stands in two languages belongs to the first."""
    told = {language: text.strip() for language, text in (farewell or {}).items() if text.strip()}
    return Words(_folded(out), _folded(back or {}), told)


def said(text: str | None, payload: str | None, known: Words) -> tuple[Consent, str] | None:
    """What a message with this text, or this payload behind its button, says about consent, and in which language. No more outweighs
    again."""
    spoken = [fold(each) for each in (text, payload) if each]
    for consent, meaning in ((Consent.OUT, known.out), (Consent.BACK, known.back)):
        for each in spoken:
            if each in meaning:
                return consent, meaning[each]
    return None


def fold(text: str) -> str:
    """Small letters and digits with single spaces between the words, and nothing else; empty for what is too long to be such a word."""
    if len(text) > LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (" " if not each.isalnum() else each for each in plain if not unicodedata.combining(each))
    return " ".join("".join(kept).split())


def _folded(by_language: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, listed in by_language.items():
        for word in listed:
            folded = fold(word)
            if folded:
                found.setdefault(folded, language)
    return found
