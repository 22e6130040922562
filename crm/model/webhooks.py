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


@dataclass(frozen=True, slots=True)
class StoredElement:
    """One element of a webhook that is unknown (`unknown`), could not be read or could not be applied (`dead`)."""

    id: int
    webhook_id: int
    position: str
    kind: str
    state: str
    reason: str
    payload: Any
    created_at: datetime
