"""What is known of a backup without opening it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """`everything`, or the `configuration` alone: accounts, agents, templates, sequences, sealed tokens, the audit log."""

    EVERYTHING = "everything"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup. `size` is in bytes, `rows` are per table; `proven_at` is when it was last restored into a scratch database
    and found equal, None when never. `reason` is one word: `daily`, `manual`, or what it is a restore point before."""

    name: str
    at: datetime
    reason: str
    scope: Scope
    schema: str
    size: int
    rows: Mapping[str, int]
    proven_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a restore held back, because it may have happened already after the backup was made."""

    sends: int
    cards: int
    walks: int
    webhooks: int
    accounts: int
