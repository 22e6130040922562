"""The people who run the switchboard from Telegram, and what each may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    AGENT = "agent"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person. `id` is ours, `telegram_id` the person's private chat. `language` is `es`, `en` or `pt`."""

    id: int
    telegram_id: int
    name: str
    role: Role
    language: str
    time_zone: str
    active: bool
    created_at: datetime
    reachable: bool = True
