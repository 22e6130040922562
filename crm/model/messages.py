"""What was said, by whom, and how far it got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm.model.contents import Content, Location, kind_of, text_of
from crm.model.costs import Agreed

HELD_BY_META = "held_by_meta"
"""The mark in a message's payload that Meta keeps it back for a check of its quality."""


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Source(StrEnum):
    """Who made the message: the contact, this program, a person on the WhatsApp Business app (the brief's "manual"), that app by
    itself (`automatic`: a greeting, an away message; crm/policy/automatic.py), or Meta's own agent on the number."""

    CUSTOMER = "customer"
    CRM = "crm"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    META_AGENT = "meta_agent"


class DeliveryStatus(StrEnum):
    """How far an outgoing message got; `queued` has not been accepted by Meta, `cancelled` was called back before it left (its text
    may wait in pending manual), `received` is for incoming ones. `played` (a voice note was listened to) is only ever heard: it amounts
    to read, and keeps a time of its own."""

    RECEIVED = "received"
    QUEUED = "queued"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The times of each status that was heard, the earliest of each, and the error of a failure. Merged, never set back."""

    accepted_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    failed_at: datetime | None = None
    error_code: int | None = None
    error_detail: str | None = None
    played_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """What one button of a template is given, by its place from 0: the end of an address, a code to copy, or the payload that comes back
    when a quick reply is tapped. `kind` is the button's."""

    index: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """A message approved by Meta, with its values: the body's in order, with their `names` (and `header_name`)
    where it has named ones.

    A file in the header is the message's own (`Draft.media_id`). `agreed` is the price at which a person let it leave; None while nobody
    has.
    """

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    header: str | None = None
    place: Location | None = None
    buttons: tuple[ButtonValue, ...] = ()
    header_name: str | None = None
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say: a free text, a template (then `text` is what it will read like, and a file stands in its header), a
    content (the same), or a file (then `text` is its caption). `kind` is the message's."""

    text: str
    template: TemplateRef | None = None
    reply_to_wamid: str | None = None
    media_id: int | None = None
    kind: str = "text"
    content: Content | None = None


def saying(content: Content, reply_to_wamid: str | None = None) -> Draft:
    """The draft of a message that says this."""
    return Draft(text_of(content), reply_to_wamid=reply_to_wamid, kind=kind_of(content), content=content)


@dataclass(frozen=True, slots=True)
class Message:
    """One message in a conversation. `at` is Meta's time, or ours until Meta gives one; `payload` what a border needs to show it;
    `reaction` the contact's newest emoji on it (None with a time: taken back).

    `imported`: known from the history of a phone alone. It is there to be read and counts for nothing else: no window, no step, no
    evidence of a block. Its `status` is what the phone said, its delivery times only what webhooks said since.
    """

    id: int
    account_id: int
    contact_id: int
    conversation_id: int
    wamid: str | None
    direction: Direction
    source: Source
    kind: str
    text: str | None
    payload: Mapping[str, Any]
    at: datetime
    created_at: datetime
    status: DeliveryStatus
    delivery: Delivery = Delivery()
    enrollment_id: int | None = None
    step: int | None = None
    agent_id: int | None = None
    pricing_category: str | None = None
    pricing_type: str | None = None
    edited_at: datetime | None = None
    revoked_at: datetime | None = None
    reaction: str | None = None
    reaction_at: datetime | None = None
    imported: bool = False

    @property
    def held_by_meta(self) -> bool:
        """Meta took it and looks first at how others like it; then it is sent, or fails with 132015 (reference 3)."""
        return self.status is DeliveryStatus.ACCEPTED and HELD_BY_META in self.payload
