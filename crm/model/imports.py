"""What a phone in coexistence hands over once, after onboarding: its address book and 180 days of its history (reference 1.3, 8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

PLACEHOLDER = "media_placeholder"
"""The kind of a message of the history whose file, and kind, are told by another webhook, or never."""
DAYS = 180


class Sync(StrEnum):
    """What can be asked for, once each (Meta's `sync_type`); the address book comes first."""

    CONTACTS = "smb_app_state_sync"
    HISTORY = "history"


class ImportState(StrEnum):
    """`asked` has brought nothing yet; `declined`: the owner does not share the history."""

    IDLE = "idle"
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Import:
    """How far an account's import is. `phase` (0: the last day, 1: to day 90, 2: to day 180) and `progress` (0 to 100) are the
    furthest that Meta said, for its webhooks come in any order.

    `groups` counts messages of groups, which are not kept. `told_at` is the moment for which the newest telling of admins is due;
    `files_until` the moment at which the last of its files is to be fetched.
    """

    account_id: int
    contacts_asked_at: datetime | None = None
    history_asked_at: datetime | None = None
    heard_at: datetime | None = None
    phase: int | None = None
    progress: int = 0
    declined_at: datetime | None = None
    groups: int = 0
    told_at: datetime | None = None
    files_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some messages of one history webhook as Meta wrote them, to be applied together. `content` is JSON text. An account has one slice of
    a `key`, however often a webhook is tried or comes."""

    id: int
    account_id: int
    webhook_id: int
    phase: int
    size: int
    content: str
    created_at: datetime
    attempts: int = 0

    @property
    def key(self) -> str:
        return blake2b(self.content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class BookName:
    """What one phone's address book said last, at Meta's time, of the person with this identity key; None: taken out of it."""

    key: str
    account_id: int
    name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Haul:
    """What an import has brought: counts. `waiting` messages are not applied yet, `awaited` files not fetched yet."""

    messages: int
    conversations: int
    waiting: int
    files: int
    awaited: int


@dataclass(frozen=True, slots=True)
class Imported:
    """One account's import as people see it."""

    account_id: int
    account: str
    state: ImportState
    progress: Import
    haul: Haul

    def as_json(self) -> dict[str, Any]:
        """Its part of `centralita status --json`."""
        haul = self.haul
        return {
            "state": self.state.value,
            "phase": self.progress.phase,
            "progress": self.progress.progress,
            "messages": haul.messages,
            "conversations": haul.conversations,
            "waiting": haul.waiting,
            "files": haul.files,
            "files_awaited": haul.awaited,
            "groups": self.progress.groups,
        }
