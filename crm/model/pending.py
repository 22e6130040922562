"""Messages that may not leave by rule and wait for an agent's choice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.contents import Content
from crm.model.messages import TemplateRef
from crm.model.records import replace


class PendingState(StrEnum):
    """`by_hand` was sent from the phone (seen as an echo, or declared by the agent); `released` left through the outbox."""

    OPEN = "open"
    RELEASED = "released"
    BY_HAND = "by_hand"
    SKIPPED = "skipped"
    OBSOLETE = "obsolete"


class PendingReason(StrEnum):
    """`budget`: its price goes beyond a month's budget. The last six: the template is not there; Meta does not let it be sent now; the
    values do not fit it; it has become marketing, which the contact stopped; Meta takes no such templates from the number for a time;
    it would cost more than was agreed to."""

    WINDOW_CLOSED = "window_closed"
    REJECTED_BY_META = "rejected_by_meta"
    UNKNOWN_OUTCOME = "unknown_outcome"
    BUDGET = "budget"
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_UNUSABLE = "template_unusable"
    TEMPLATE_MISMATCH = "template_mismatch"
    TEMPLATE_MARKETING = "template_marketing"
    TEMPLATE_BARRED = "template_barred"
    TEMPLATE_PRICE = "template_price"


@dataclass(frozen=True, slots=True)
class PendingManual:
    """One message waiting. `version` grows with each change, so that a stale press does nothing."""

    id: int
    account_id: int
    contact_id: int
    conversation_id: int
    text: str
    template: TemplateRef | None
    reason: PendingReason
    priority: int
    added_at: datetime
    state: PendingState
    version: int
    enrollment_id: int | None = None
    step: int | None = None
    outbox_id: int | None = None
    agent_id: int | None = None
    resolved_at: datetime | None = None
    resolved_by: int | None = None
    media_id: int | None = None
    content: Content | None = None
    reply_to_wamid: str | None = None

    def closed(self, state: PendingState, at: datetime, by: int | None = None) -> "PendingManual":
        """The card as it ended; `by` is the agent who decided, None when the program saw that nobody has to."""
        return replace(self, state=state, version=self.version + 1, resolved_at=at, resolved_by=by)
