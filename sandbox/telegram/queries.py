"""What a tap or an inline search asks of the bot: the half-finished questions a person holds in hand.

Both are filled in place when the bot answers (see `answers`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(eq=False, slots=True)
class Press:
    """A tap on a button. Buttons that ask nothing of the bot (links, copies) only show `url` or `copied`."""

    label: str
    at: datetime
    query_id: str | None = None
    update_id: int | None = None
    answered: bool = False
    toast: str | None = None
    alert: str | None = None
    url: str | None = None
    copied: str | None = None


@dataclass(eq=False, slots=True)
class Search:
    """An inline query typed after the bot's name."""

    query: str
    at: datetime
    query_id: str
    update_id: int | None = None
    answered: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)
    is_personal: bool = False
    next_offset: str = ""
