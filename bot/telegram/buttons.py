"""What a button means, and how that meaning travels in Telegram's 64 bytes.

Three grammars (telegram.md 2.0.3): `n:` navigates and may be pressed for ever, `m:` changes something and carries the version
that was seen, `x:` confirms with a token of one use. Ids travel in base 36. Whatever else arrives, from an old release or
a hostile client, decodes to None and is answered as such.
"""

import re
from dataclasses import dataclass
from typing import Literal

from crm.model.ids import from_short, short

LONGEST = 64
_WORD = re.compile(r"[a-z0-9]{1,12}")
_ARGUMENT = re.compile(r"[a-z0-9._-]{1,40}")
_TOKEN = re.compile(r"[A-Za-z0-9]{4,40}")

Style = Literal["primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Go:
    """Show a screen."""

    screen: str
    args: tuple[str, ...] = ()

    def number(self, position: int) -> int | None:
        """The argument at this place read as an id; None when there is none."""
        return from_short(self.args[position]) if position < len(self.args) else None


@dataclass(frozen=True, slots=True)
class Act:
    """Change the thing with this id, if it still is in this version."""

    verb: str
    id: int
    version: int
    extra: str | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Do what was prepared under this token."""

    token: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Put a text on the clipboard; Telegram takes at most 256 characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str


Value = Go | Act | Confirm
Target = Value | Copy | Link


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message. At most one of a screen has a style."""

    label: str
    target: Target
    style: Style | None = None


def go(screen: str, *args: int | str) -> Go:
    """Name a screen; numbers become short ids."""
    return Go(screen, tuple(short(arg) if isinstance(arg, int) else arg for arg in args))


def encode(value: Value) -> str:
    """Write a value as callback_data; ValueError when it does not fit the grammar."""
    match value:
        case Go(screen, args):
            parts = ["n", screen, *args]
        case Act(verb, number, version, extra):
            parts = ["m", verb, short(number), short(version), *([extra] if extra is not None else [])]
        case Confirm(token):
            parts = ["x", token]
    data = ":".join(parts)
    if len(data.encode()) > LONGEST or decode(data) != value:
        raise ValueError(f"not a button value: {data[:80]}")
    return data


def decode(data: str) -> Value | None:
    """Read callback_data; None when it was not made by `encode`."""
    match data.split(":") if len(data) <= LONGEST else []:
        case ["n", screen, *args] if _WORD.fullmatch(screen) and all(map(_ARGUMENT.fullmatch, args)):
            return Go(screen, tuple(args))
        case ["m", verb, number, version, *rest] if _WORD.fullmatch(verb) and len(rest) <= 1:
            return _act(verb, number, version, rest)
        case ["x", token] if _TOKEN.fullmatch(token):
            return Confirm(token)
        case _:
            return None


def _act(verb: str, number: str, version: str, rest: list[str]) -> Act | None:
    of, seen = from_short(number), from_short(version)
    canonical = of is not None and seen is not None and (short(of), short(seen)) == (number, version)
    if of is None or seen is None or not canonical or not all(map(_ARGUMENT.fullmatch, rest)):
        return None
    return Act(verb, of, seen, rest[0] if rest else None)
