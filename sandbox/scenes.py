"""What a story shows: scenes of panes (a phone, a Telegram screen, a call to Meta) and the checks that each scene passed.

Plain values between the story, which makes them, and the terminal, which draws them; neither knows the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.graph import ChatLine
from sandbox.telegram import ShownMessage


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a WhatsApp chat; `tick` tells how far one of the business's came, in words."""

    author: str
    text: str
    tick: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation in WhatsApp."""

    title: str
    lines: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message of the bot, as it stood at that moment."""

    title: str
    body: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does, and where."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """What the program asked of Meta."""

    title: str
    text: str


Pane = Chat | Screen | Act | Call


@dataclass(frozen=True, slots=True)
class Check:
    """One fact that the caption claims, looked at where people would see it."""

    text: str
    true: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of the story. `broken` tells what was there instead when something did not come true."""

    number: int
    at: datetime
    caption: str
    panes: tuple[Pane, ...]
    checks: tuple[Check, ...]
    broken: str | None = None

    @property
    def true(self) -> bool:
        return self.broken is None and all(check.true for check in self.checks)


@dataclass(frozen=True, slots=True)
class Ending:
    """What each side saw in the end, and how many checks passed."""

    rows: tuple[tuple[str, str], ...]
    passed: int
    checked: int

    @property
    def true(self) -> bool:
        return self.passed == self.checked > 0


Tell = Callable[[Scene], None]


def screen(title: str, message: ShownMessage, *, keyboard: bool) -> Screen:
    """A picture of a message: it may be edited later."""
    rows = tuple(tuple(button.text for button in row) for row in message.rows)
    return Screen(title, message.body, rows if keyboard else ())


def said(line: ChatLine, author: str, tick: Callable[[str], str]) -> Said:
    """A line of a chat; only the business's have ticks."""
    ours = line.author != "person"
    return Said(author, line.text, tick(line.tick) if ours else "", ours and line.tick == "read")
