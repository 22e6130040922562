"""Drip plans and each contact's walk through one of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.messages import TemplateRef


class SequenceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Trigger(StrEnum):
    """What enrolls a contact: a person's act, or the contact's first message."""

    MANUAL = "manual"
    FIRST_MESSAGE = "first_message"


@dataclass(frozen=True, slots=True)
class Step:
    """One message of the plan. `delay` counts from the previous step (the first from the start). `{name}` in `text` is the contact's."""

    delay: timedelta
    text: str
    template: TemplateRef | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A drip plan. `key` names it in files and commands; `account_id` None means: whichever account the conversation is with."""

    id: int
    key: str
    name: str
    state: SequenceState
    trigger: Trigger
    account_id: int | None
    steps: tuple[Step, ...]
    version: int
    updated_at: datetime


class EnrollmentState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    EXITED = "exited"


class Reason(StrEnum):
    """Why an enrollment stands or ended."""

    CUSTOMER_REPLIED = "customer_replied"
    AGENT = "agent"
    PROBABLE_BLOCK = "probable_block"
    CONFIRMED_BLOCK = "confirmed_block"
    OPTED_OUT = "opted_out"
    FINISHED = "finished"
    REMOVED = "removed"
    ARCHIVED = "archived"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One contact's walk. `position` is the index of the next step; `next_due_at` is None unless active.

    `remaining` is what was left of the running delay when it was paused, so that resuming shifts the plan instead of firing at once.
    """

    id: int
    contact_id: int
    conversation_id: int
    account_id: int
    sequence_id: int
    state: EnrollmentState
    position: int
    started_at: datetime
    trigger: Trigger
    next_due_at: datetime | None
    reason: Reason | None = None
    replied_at: datetime | None = None
    remaining: timedelta | None = None
    step_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueEnrollment:
    """An enrollment whose step is due, with the facts that decide about it."""

    enrollment: Enrollment
    contact: Contact
    conversation: Conversation
