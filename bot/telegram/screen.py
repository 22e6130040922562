"""A screen as a value: what a message says and the buttons under it.

Views make screens, `painter` puts them into chats. Nothing here knows Telegram's library, so a view can be tested and printed
without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.telegram.buttons import Button
from bot.texts import Html

WIDTHS = {1: 36, 2: 20, 3: 13, 4: 10}
"""Telegram gives the buttons of a row equal widths and cuts longer labels on a phone (telegram.md 2.0.3)."""

PER_PAGE = 8

T = TypeVar("T")
Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. `shows` names what it is about (kind to id) and is remembered, so that the message can be answered or drawn
    again; `ask` makes the client open an answer field with this placeholder."""

    text: Html
    rows: tuple[Row, ...] = ()
    shows: Mapping[str, int] = field(default_factory=dict)
    ask: str | None = None


def rows(*given: Sequence[Button | None]) -> tuple[Row, ...]:
    """Keep the buttons that exist and the rows that have any."""
    kept = (tuple(button for button in row if button is not None) for row in given)
    return tuple(row for row in kept if row)


def in_rows(buttons: Sequence[T], per_row: int) -> list[Sequence[T]]:
    """Spread buttons over rows of equal length."""
    return [buttons[start : start + per_row] for start in range(0, len(buttons), per_row)]
