"""Does what an agent typed on the phone fulfil a message that was waiting?

People retype, fix an accent, add a smile. So texts are compared after folding case, spaces and accents, and must be nearly the
same (rapidfuzz ratio); a short text must be exactly the same, because two short texts are alike by chance.
"""

import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

SIMILAR = 88.0
"""Per cent of likeness that counts as the same message."""
SHORT = 20
"""Below this many characters only equality counts."""


def fulfils(typed: str | None, wanted: str) -> bool:
    """Is the typed text the wanted one?"""
    if not typed:
        return False
    left, right = _folded(typed), _folded(wanted)
    if left == right:
        return True
    if min(len(left), len(right)) < SHORT:
        return False
    return fuzz.ratio(left, right, score_cutoff=SIMILAR) > 0


def best(typed: str | None, wanted: Iterable[tuple[int, str]]) -> int | None:
    """The id of the wanted text that the typed one fulfils best; the first of equals."""
    if not typed:
        return None
    left = _folded(typed)
    scored = [
        (fuzz.ratio(left, _folded(text)), -order, key)
        for order, (key, text) in enumerate(wanted)
        if fulfils(typed, text)
    ]
    return max(scored)[2] if scored else None


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
