"""Telegram's formatted text as HTML for the page: built from the entities, everything that people wrote escaped.

A closed list of tags comes out (b, i, u, s, code, pre, a, blockquote, span, br), links only to http, https and tg.
"""

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlsplit

Entity = dict[str, Any]

TAGS: dict[str, tuple[str, str]] = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "bot_command": ('<span class="command">', "</span>"),
}
SCHEMES = frozenset({"http", "https", "tg"})


def to_html(text: str, entities: Iterable[Entity]) -> str:
    """Return the text with its formatting; entities that overlap without nesting are closed and opened again."""
    units = text.encode("utf-16-le")
    marks = [(each["offset"], each["offset"] + each["length"], *tags) for each in entities if (tags := _tags(each))]
    edges = sorted({0, len(units) // 2, *(edge for start, end, *_ in marks for edge in (start, end))})
    written: list[str] = []
    open_now: list[tuple[int, int, str, str]] = []
    for here, there in zip(edges, [*edges[1:], edges[-1]], strict=True):
        wanted = sorted((each for each in marks if each[0] <= here < each[1]), key=lambda each: (each[0], -each[1]))
        same = _common(open_now, wanted)
        written += [each[3] for each in reversed(open_now[same:])]
        written += [each[2] for each in wanted[same:]]
        open_now = wanted
        written.append(_escaped(units[2 * here : 2 * there].decode("utf-16-le", errors="replace")))
    return "".join(written)


def _common(before: list[tuple[int, int, str, str]], after: list[tuple[int, int, str, str]]) -> int:
    """Return how many of the open tags may stay open."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    return same


def _tags(entity: Entity) -> tuple[str, str] | None:
    if entity["type"] == "text_link":
        url = str(entity.get("url", ""))
        if urlsplit(url).scheme not in SCHEMES:
            return None
        return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">', "</a>"
    return TAGS.get(entity["type"])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")
