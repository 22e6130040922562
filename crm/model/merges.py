"""Two contacts that turned out to be one person: what was joined, and all that is needed to part them again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact, Identity
from crm.model.conversations import Conversation
from crm.model.sequences import Enrollment


class MergeWhy(StrEnum):
    """Meta named both in one webhook, Meta told of new names, or a person decided."""

    IDS = "ids"
    RENAMED = "renamed"
    BY_HAND = "by_hand"

    @property
    def certain(self) -> bool:
        """By Meta's own word."""
        return self is not MergeWhy.BY_HAND


@dataclass(frozen=True, slots=True)
class Joined:
    """The conversations of the two with one account. `into` is None where the contact that stayed had none; `after` is what became of
    both, under the id of `into` or a new one."""

    gone: Conversation
    into: Conversation | None
    after: Conversation


@dataclass(frozen=True, slots=True)
class Merge:
    """The contact `gone` became part of `kept`, which since then is `after`. `names` are both contacts' before; `walks` those that were
    ended for it and `issues` the suspicions closed for it, as they were. The messages, cards and so on that moved are rows of their own.
    """

    id: int
    at: datetime
    actor: str
    why: MergeWhy
    kept: Contact
    gone: Contact
    after: Contact
    names: tuple[Identity, ...] = ()
    conversations: tuple[Joined, ...] = ()
    walks: tuple[Enrollment, ...] = ()
    issues: tuple[DeliveryIssue, ...] = ()
    undone_at: datetime | None = None
    undone_by: str | None = None
