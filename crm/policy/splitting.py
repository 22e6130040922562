"""A text that is too long for one message, in several that read well: cut between paragraphs, else lines, sentences or words."""

import re
import unicodedata

_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
_JOINER = "\u200d"


def parts(text: str, limit: int) -> list[str]:
    """Return the text in parts of at most `limit` characters; one that fits stays as it is."""
    found: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        end, begin = _cut(rest, limit)
        found.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [*found, rest] if rest or not found else found


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Where the first part ends and the next begins: at the best place that leaves no part needlessly short."""
    for end in _ENDS:
        places = [found for found in end.finditer(text, limit // 2, limit + 1) if found.start() <= limit]
        if places:
            return places[-1].start(), places[-1].end()
    place = limit
    while place > 1 and _belongs_to_the_one_before(text, place):
        place -= 1
    return (place, place) if place > limit // 2 else (limit, limit)


def _belongs_to_the_one_before(text: str, place: int) -> bool:
    """An accent, a skin tone, the second half of a family: cut there, both halves would look broken."""
    c = text[place]
    joined = _JOINER in (c, text[place - 1])
    return joined or unicodedata.combining(c) != 0 or c == "\ufe0f" or "\U0001f3fb" <= c <= "\U0001f3ff"
