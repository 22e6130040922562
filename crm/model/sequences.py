"""Drip plans and each contact's walk through one of them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.media import KeptFile
from crm.model.messages import TemplateRef

EVERY_DAY = frozenset(range(1, 8))
END = "end"
"""The label that a branch names to leave the plan."""


class SequenceState(StrEnum):
    """A draft takes nobody; an active one does; a paused one takes nobody further; an archived one is over."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Trigger(StrEnum):
    """What enrolls a contact: a person's act, the contact's first message, a word, an ad, a tag, or an import."""

    MANUAL = "manual"
    FIRST_MESSAGE = "first_message"
    KEYWORD = "keyword"
    AD = "ad"
    TAG = "tag"
    IMPORT = "import"


class OnReply(StrEnum):
    """What a reply that no branch awaits does to a walk."""

    PAUSE = "pause"
    EXIT = "exit"
    CONTINUE = "continue"


class Subject(StrEnum):
    """What a condition looks at."""

    TAG = "tag"
    FIELD = "field"
    REPLIED = "replied"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Condition:
    """`name` is the tag or the field; `value` what the field must be (None: that it is there). `negated` turns it round."""

    subject: Subject
    name: str = ""
    value: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A reply that is one of these (whole, folded) goes on at the step with that label, or leaves at `END`."""

    answers: tuple[str, ...]
    to: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several wordings of a step. Of those who reach it, `weight` in the sum of all get this one."""

    name: str
    weight: int
    text: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times of the contact between which a step may leave, `start` <= t < `end`, on these days (1 Monday to 7 Sunday)."""

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Step:
    """One message of the plan. `delay` counts from the previous step (the first from the start).

    In `text`, `{name}` is the contact's first name and `{city}` their field of that name; `{city|your town}` says what stands there
    when it is missing. `template` is proposed when the window is closed. A step whose conditions do not all hold is passed over.
    """

    delay: timedelta
    text: str
    template: TemplateRef | None = None
    label: str | None = None
    buttons: tuple[str, ...] = ()
    file: KeptFile | None = None
    conditions: tuple[Condition, ...] = ()
    branches: tuple[Branch, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """How a plan is walked. `tolerance` is how much earlier a step may leave to reach an open window; `exit_tags` end the walk when
    the contact gets one; a contact who has walked it before may be enrolled again by a trigger after `again_after` (None: never)."""

    hours: Hours | None = None
    tolerance: timedelta = timedelta(0)
    on_reply: OnReply = OnReply.PAUSE
    exit_tags: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    ads: tuple[str, ...] = ()
    entry_tag: str | None = None
    again_after: timedelta | None = None


PLAIN = Rules()


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
    rules: Rules = PLAIN

    def step_labelled(self, label: str) -> int | None:
        """The index of the step that bears the label; past the last for `END`."""
        if label == END:
            return len(self.steps)
        return next((index for index, step in enumerate(self.steps) if step.label == label), None)


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
    TAG = "tag"
    ERASED = "erased"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One contact's walk, through the plan's `version`. `position` is the index of the next step; `next_due_at` is None unless active.

    `remaining` is what was left of the running delay when it was paused, so that resuming shifts the plan instead of firing at once.
    `asked` is the step whose branches await an answer, `branched_at` when it came; `asked_before` and `branched_before` are the same as
    they were before the last step, for the case that it does not leave.
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
    version: int = 1
    asked: int | None = None
    branched_at: datetime | None = None
    asked_before: int | None = None
    branched_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueEnrollment:
    """An enrollment whose step is due, with the facts that decide about it."""

    enrollment: Enrollment
    contact: Contact
    conversation: Conversation
