"""Telegram's reading of parse_mode=HTML: which tags exist, how they must close, and what text remains.

Answers the text a person sees and its entities (offsets in UTF-16 units, as the Bot API counts), or the same
complaint the real server makes. Limits on length are applied by the caller, because they are counted after parsing.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.faults import ApiFault, bad

MAX_ENTITIES = 100

Entity = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
}
TAGS = {*SIMPLE_TAGS, "a", "span", "tg-emoji", "tg-time", "blockquote"}

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)")
_START_NAME = re.compile(r"<([^\s>]*)")
_ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """Text as it is seen, with its formatting beside it."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    seen: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def byte(self) -> int:
        return len(self.source[: self.at].encode())

    def take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Step over what the pattern finds here; the patterns used always find something."""
        found = pattern.match(self.source, self.at)
        if found is None:
            raise ValueError(f"{pattern.pattern} at {self.at}")
        self.at = found.end()
        return found

    def write(self, text: str) -> None:
        self.seen.append(text)
        self.length += utf16_length(text)


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: a character outside the basic plane weighs two."""
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> Parsed:
    """Read Telegram HTML; raise the Bot API's own complaint when it is not."""
    reader = _Reader(source)
    while reader.at < len(source):
        if source.startswith("</", reader.at):
            _end_tag(reader)
        elif source[reader.at] == "<":
            _start_tag(reader)
        elif reference := _REFERENCE.match(source, reader.at):
            reader.write(_decoded(reference))
            reader.at = reference.end()
        else:
            reader.write(source[reader.at])
            reader.at += 1
    if reader.open:
        raise _complaint(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].tag}"')
    return trimmed("".join(reader.seen), reader.entities)


def trimmed(text: str, entities: list[Entity]) -> Parsed:
    """Drop the white space around a text, as Telegram does before it stores one."""
    start = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        first = max(entity["offset"] - start, 0)
        last = min(entity["offset"] - start + entity["length"], end)
        if last > first:
            kept.append(entity | {"offset": first, "length": last - first})
    return Parsed(text, tuple(kept[:MAX_ENTITIES]))


def commands_in(text: str) -> tuple[Entity, ...]:
    """The bot_command entities a client marks in what a person typed."""
    return tuple(
        {"type": "bot_command", "offset": utf16_length(text[: found.start()]), "length": len(found[0])}
        for found in _COMMAND.finditer(text)
    )


def _start_tag(reader: _Reader) -> None:
    begin = reader.byte()
    tag = reader.take(_START_NAME)[1].lower()
    if reader.at == len(reader.source):
        raise _complaint(f"Unclosed start tag at byte offset {begin}")
    if tag not in TAGS:
        raise _complaint(f'Unsupported start tag "{tag}" at byte offset {begin}')
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(reader.source, reader.at):
        value = next((group for group in found.groups()[1:] if group is not None), "")
        attributes[found[1].lower()] = _unescape(value)
        reader.at = found.end()
    rest = reader.source[reader.at :].lstrip()
    if not rest.startswith(">"):
        raise _complaint(f"Unclosed start tag at byte offset {begin}")
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _complaint(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    reader.at = len(reader.source) - len(rest) + 1
    reader.open.append(_Open(tag, attributes, reader.length))


def _end_tag(reader: _Reader) -> None:
    begin = reader.byte()
    if not reader.open:
        raise _complaint(f"Unexpected end tag at byte offset {begin}")
    found = reader.take(_END_TAG)
    if not found[2]:
        raise _complaint(f"Unclosed end tag at byte offset {begin}")
    opened = reader.open.pop()
    if found[1] and found[1].lower() != opened.tag:
        raise _complaint(
            f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{found[1].lower()}>"'
        )
    kind = _kind(opened, "".join(reader.seen), reader.open)
    if kind is not None and reader.length > opened.offset:
        reader.entities.append(kind | {"offset": opened.offset, "length": reader.length - opened.offset})


def _kind(opened: _Open, seen: str, around: list[_Open]) -> Entity | None:
    given = opened.attributes
    match opened.tag:
        case "a":
            url = given.get("href") or _tail(seen, opened.offset)
            return {"type": "text_link", "url": url} if "." in url or ":" in url else None
        case "span":
            return {"type": "spoiler"}
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": given.get("emoji-id", "")}
        case "tg-time":
            if not given.get("unix", "").isdigit():
                return None
            moment: Entity = {"type": "date_time", "unix_time": int(given["unix"])}
            return moment | ({"date_time_format": given["format"]} if given.get("format") else {})
        case "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in given else "blockquote"}
        case "code" if around and around[-1].tag == "pre" and given.get("class", "").startswith("language-"):
            around[-1].attributes["language"] = given["class"].removeprefix("language-")
            return None
        case "pre" if given.get("language"):
            return {"type": "pre", "language": given["language"]}
        case simple:
            return {"type": SIMPLE_TAGS[simple]}


def _tail(seen: str, offset: int) -> str:
    return seen.encode("utf-16-le")[2 * offset :].decode("utf-16-le")


def _unescape(value: str) -> str:
    return _REFERENCE.sub(_decoded, value)


def _decoded(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else reference[0]


def _complaint(reason: str) -> ApiFault:
    return bad(f"can't parse entities: {reason}")
