"""The people who run the switchboard from Telegram, and what each may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

REPLIED = "reply"
"""How the desk marks an agent's own Telegram message; its subject is the outbox item or the card that the words became."""


class Role(StrEnum):
    ADMIN = "admin"
    AGENT = "agent"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Order:
    """The Telegram message in which an agent said something: by it the same words are known when they are handled again."""

    chat_id: int
    message_id: int

    @property
    def key(self) -> str:
        return f"tg:{self.chat_id}:{self.message_id}"


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
