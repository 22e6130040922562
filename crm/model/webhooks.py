"""What arrived, as it arrived: the inbox's rows, and the single elements of them that could not be applied."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class WebhookState(StrEnum):
    """`new` waits, `failed` waits for its next attempt, `done` is applied, `dead` waits for a person."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """One authentic POST. `body` is the raw bytes Meta signed."""

    id: int
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookView:
    """One POST without its body, for lists."""

    id: int
    state: WebhookState
    received_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    error: str | None


NEW_KIND = "a kind this version does not know"
"""Why an element is unknown when its kind is; others name an account that is not here."""


@dataclass(frozen=True, slots=True)
class NewKind:
    """A kind of webhook that this version does not know: how many of it are kept, and since when the newest."""

    kind: str
    count: int
    newest_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "count": self.count, "newest_at": self.newest_at.isoformat()}


@dataclass(frozen=True, slots=True)
class StoredElement:
    """One element of a webhook that is unknown (`unknown`), has no effect here (`kept`), could not be read or could not be applied
    (`dead`)."""

    id: int
    webhook_id: int
    position: str
    kind: str
    state: str
    reason: str
    payload: Any
    created_at: datetime
