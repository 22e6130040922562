"""What one webhook tells, in our words. `bot/whatsapp/translate.py` makes these; the inbox applies them in any order.

`position` says where in the webhook an event stood (`entry[0].changes[0].value.messages[3]`), so that one that cannot be applied
can be named, kept and tried again alone. `at` is always Meta's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crm.model.contacts import Person
from crm.model.media import Attachment
from crm.model.messages import DeliveryStatus

TIME_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""`AccountEvent.at` when Meta gave no time (errors of a number come without one): take the time of arrival instead."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A contact wrote, tapped or reacted. `opens_window` is False for kinds Meta does not count (reactions, system, unsupported).

    With `standby` Meta's own agent answers it.
    `payload_word` is what a tapped button stands for; `notes` what a screen tells beside the words (`forwarded`, `ad`, `product`);
    `became`: the message tells that `person` has other names since (reference 1.1, system); `ad` is the id of the ad the contact comes
    from, empty when Meta does not name it.
    """

    position: str
    phone_number_id: str
    person: Person
    wamid: str
    at: datetime
    kind: str
    text: str | None
    payload: Mapping[str, Any]
    opens_window: bool
    context_wamid: str | None = None
    from_ad: bool = False
    ad: str | None = None
    attachment: Attachment | None = None
    payload_word: str | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    standby: bool = False
    became: Person | None = None


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """Meta tells how far one of our messages got."""

    position: str
    phone_number_id: str
    wamid: str
    status: DeliveryStatus
    at: datetime
    opaque: str | None = None
    error_code: int | None = None
    error_detail: str | None = None
    pricing_category: str | None = None
    pricing_type: str | None = None
    free_entry_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """Somebody on our side wrote from the WhatsApp Business app or a linked device; with `by_meta` it was Meta's own agent."""

    position: str
    phone_number_id: str
    person: Person
    wamid: str
    at: datetime
    kind: str
    text: str | None
    payload: Mapping[str, Any]
    attachment: Attachment | None = None
    by_meta: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A message (theirs or ours) reads differently since `at`."""

    position: str
    phone_number_id: str
    wamid: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """A message (theirs or ours) was deleted for everyone at `at`."""

    position: str
    phone_number_id: str
    wamid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarketingPreference:
    """A contact stopped or resumed marketing from us in WhatsApp's own menu."""

    position: str
    phone_number_id: str
    person: Person
    at: datetime
    stopped: bool


@dataclass(frozen=True, slots=True)
class HistorySlice:
    """Some messages of a phone's history, not read yet: one webhook may hold thousands. `phase` and `progress` as Meta says them;
    `content` is for the reader's `past`."""

    position: str
    phone_number_id: str
    phase: int | None
    progress: int | None
    size: int
    content: str


@dataclass(frozen=True, slots=True)
class HistoryDeclined:
    """The owner of the phone does not share its history. Meta's example names no number (reference 1.3)."""

    position: str
    phone_number_id: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """A message from the history of a phone: it was written long ago, and nothing follows from it. `status` is how far one of ours
    got, as the phone knows it."""

    position: str
    phone_number_id: str
    person: Person
    wamid: str
    at: datetime
    kind: str
    text: str | None
    payload: Mapping[str, Any]
    ours: bool
    status: DeliveryStatus
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class BookEntry:
    """The address book of a phone calls a person `name` since `at`; None: taken out of it."""

    position: str
    phone_number_id: str
    person: Person
    name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Meta tells something about a business account, a number or a template. `kind` is the webhook field, `event` what it says."""

    position: str
    waba_id: str
    display_phone: str | None
    at: datetime
    kind: str
    event: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind that this version does not know, or (`expected`) one that it knows and that has no effect here: kept and counted, never an
    error."""

    position: str
    kind: str
    payload: Any
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """From `at` on, `holder` answers the contact: META_AGENT or OURS (crm/model/conversations.py)."""

    position: str
    phone_number_id: str
    person: Person
    at: datetime
    holder: str


@dataclass(frozen=True, slots=True)
class Broken:
    """One element that could not be read, beside others that could: kept as dead with its reason."""

    position: str
    kind: str
    reason: str
    payload: Any


Event = (
    Inbound
    | StatusUpdate
    | Echo
    | Edited
    | Revoked
    | MarketingPreference
    | HistorySlice
    | HistoryDeclined
    | Past
    | BookEntry
    | AccountEvent
    | Control
    | Unknown
    | Broken
)
