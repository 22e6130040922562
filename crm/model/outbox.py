"""Everything that must still leave, with its attempts, its lease and its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.contents import Content
from crm.model.limits import Usage
from crm.model.media import MediaKind
from crm.model.messages import TemplateRef
from crm.model.windows import Basis


class Origin(StrEnum):
    """Who wants it sent; the order is the order of precedence, live replies first."""

    REPLY = "reply"
    APPROVAL = "approval"
    SEQUENCE = "sequence"


PRIORITY = {Origin.REPLY: 0, Origin.APPROVAL: 1, Origin.SEQUENCE: 2}


class OutboxState(StrEnum):
    """`queued` waits; `sending` is leased by a worker; `accepted` by Meta; `unknown` may have left and waits for proof;
    `failed` never will leave; `cancelled` was called back before it left; `held` became pending manual."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message that must leave. The id is also its message's id; `opaque` travels with the call and comes back in statuses.
    `error_code` is Meta's code of the last refusal, which stays while it is tried again: a status may tell of that try much later.
    One that stands `after_id` waits until that one has arrived, or had time enough to."""

    id: int
    opaque: str
    account_id: int
    contact_id: int
    conversation_id: int
    origin: Origin
    state: OutboxState
    due_at: datetime
    attempts: int
    created_at: datetime
    text: str
    template: TemplateRef | None
    reply_to_wamid: str | None
    basis: Basis | None
    enrollment_id: int | None = None
    step: int | None = None
    pending_id: int | None = None
    agent_id: int | None = None
    lease_until: datetime | None = None
    error_code: int | None = None
    error: str | None = None
    dedupe: str | None = None
    media_id: int | None = None
    content: Content | None = None
    after_id: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where to: `+` and digits, or a business-scoped id; at least one."""

    phone: str | None
    bsuid: str | None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that leaves with a message. `meta_id` is Meta's name for it once it was uploaded; `cached` tells that this was earlier,
    and that Meta may have forgotten it since."""

    kind: MediaKind
    key: str | None
    mime_type: str
    name: str | None
    meta_id: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the Sender port is given: one claimed item with its address."""

    phone_number_id: str
    account_id: int
    to: Address
    opaque: str
    text: str
    template: TemplateRef | None
    reply_to_wamid: str | None
    enclosed: Enclosed | None = None
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Meta took the message. `held_for_quality` means it may still be dropped (reference 4, pacing). `usage` is what the answer said of our
    use of its limits, if it did."""

    wamid: str
    held_for_quality: bool = False
    usage: Usage | None = None
