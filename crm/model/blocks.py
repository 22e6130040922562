"""Block suspicions: graded beliefs drawn from delivery facts, with their evidence and their end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.conversations import BlockState


class IssueState(StrEnum):
    OPEN = "open"
    REFUTED = "refuted"
    REACTIVATED = "reactivated"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Outgoing messages of one conversation, newest first, for judging: when each was sent, and whether it arrived."""

    conversation_id: int
    contact_id: int
    account_id: int
    state: BlockState
    undelivered: tuple[int, ...]
    oldest_sent_at: datetime


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The verdict on one conversation: what we now believe and how surely (per cent, the brief's 95 and 99)."""

    state: BlockState
    probability: int


@dataclass(frozen=True, slots=True)
class DeliveryIssue:
    """A suspicion that was raised, kept with its outcome so that the percentages can be checked against life."""

    id: int
    account_id: int
    contact_id: int
    conversation_id: int
    level: BlockState
    probability: int
    message_ids: tuple[int, ...]
    state: IssueState
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: int | None = None
    closed_why: str | None = None
