"""What WhatsApp's servers remember: messages, and what lies between one number and one person.

Plain state and the two small protocols that let people and numbers act without knowing each other's module.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal, Protocol

from crm.clock import Clock
from sandbox.graph.errors import Json
from sandbox.graph.limits import PairLimit
from sandbox.graph.pricing import Price
from sandbox.graph.webhooks import Update

Author = Literal["person", "api", "app"]
Status = Literal["accepted", "held", "sent", "delivered", "read", "played", "failed"]
Basis = Literal["customer_message", "manual_send", "sequence_start", "template"]

WINDOW = timedelta(hours=24)
ENTRY_POINT = timedelta(hours=72)
KEPT_UNDELIVERED = timedelta(days=30)


@dataclass(slots=True)
class Habits:
    """How a person treats the phone. `chat_open` means they look at the chat: `read` comes without `delivered`."""

    delivery: timedelta = timedelta(seconds=2)
    reads: bool = True
    read_after: timedelta = timedelta(seconds=60)
    chat_open: bool = False
    answers: list[str] = field(default_factory=list)
    """What the person will answer, one to each message that is read."""
    answer_after: timedelta = timedelta(minutes=3)


@dataclass(slots=True)
class Message:
    """One message, whoever wrote it, with everything that happened to it."""

    wamid: str
    phone_number_id: str
    author: Author
    at: datetime
    type: str
    text: str
    content: Json
    person_key: str = ""
    to_phone: bool = True
    category: str = "service"
    opaque: str | None = None
    context: str | None = None
    fails_with: Json | None = None
    fails_after: timedelta = timedelta(seconds=1)
    sent_before_failing: bool = False
    price: Price | None = None
    entry_point_until: datetime | None = None
    lost: bool = False
    shown_at: datetime | None = None
    revoked_at: datetime | None = None
    edited: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    statuses: dict[Status, datetime] = field(default_factory=dict)

    @property
    def tick(self) -> Status:
        """Return the furthest status, as a screen would draw it."""
        ranks: tuple[Status, ...] = ("played", "read", "delivered", "failed", "sent", "held")
        return next((each for each in ranks if each in self.statuses), "accepted")


@dataclass(slots=True)
class Thread:
    """One number and one person: the window, the free entry point, the pair limit, the block."""

    messages: list[Message] = field(default_factory=list)
    last_inbound_at: datetime | None = None
    referral_at: datetime | None = None
    entry_point_until: datetime | None = None
    last_manual_at: datetime | None = None
    first_send_at: datetime | None = None
    blocked: bool = False
    no_marketing: bool = False
    typing_until: datetime | None = None
    pair: PairLimit = field(default_factory=PairLimit)

    def window_open(self, now: datetime) -> bool:
        """Say whether the person's last message is younger than 24 h (Meta: customer service windows)."""
        return self.last_inbound_at is not None and now < self.last_inbound_at + WINDOW

    def entry_point_open(self, now: datetime) -> bool:
        return self.entry_point_until is not None and now < self.entry_point_until

    def basis(self, now: datetime, *, brief_rules: bool) -> Basis | None:
        """Say why a free-form message may be sent now; None when it may not.

        With `brief_rules` the platform believes what the project's brief believes: a manual send opens the window too,
        and so do the 72 h that follow the first send.
        """
        if self.window_open(now):
            return "customer_message"
        if not brief_rules:
            return None
        if self.last_manual_at is not None and now < self.last_manual_at + WINDOW:
            return "manual_send"
        return "sequence_start" if now < (self.first_send_at or now) + ENTRY_POINT else None

    def heard(self, at: datetime, referral: Json | None) -> None:
        """Note a message of the person; an old one that arrives late never shortens the window."""
        self.last_inbound_at = max(self.last_inbound_at or at, at)
        if referral is not None:
            self.referral_at = at

    def answered(self, now: datetime) -> None:
        """Note a message of the business through the API: it may start a free entry point (Meta: pricing).

        The 72 h count from the business's answer, not from the tap on the ad, and only if it came within 24 h.
        """
        self.first_send_at = self.first_send_at or now
        if self.referral_at is not None and now < self.referral_at + WINDOW:
            self.entry_point_until = now + ENTRY_POINT
        self.referral_at = None


class Account(Protocol):
    """What a person's phone has to know about the business number it talks to."""

    @property
    def phone_number_id(self) -> str: ...
    @property
    def waba_id(self) -> str: ...
    @property
    def display_phone(self) -> str: ...
    @property
    def coexistence(self) -> bool: ...
    @property
    def business_agent(self) -> bool: ...


class Stage(Protocol):
    """The world behind the people and the numbers: time, things to come, the post to the webhook."""

    clock: Clock
    random: Random
    opaque_on_failed: bool

    def advance(self) -> None:
        """Let everything happen whose time has come."""

    def plan(self, at: datetime, action: Callable[[datetime], None]) -> None:
        """Let `action` happen at this moment."""

    def mail(self, update: Update, at: datetime) -> None:
        """Queue an update for the webhook."""

    def keep(self, message: Message) -> None:
        """Remember a message by its wamid."""

    def find(self, wamid: str) -> Message | None:
        """Return the message behind a wamid."""

    def new_bsuid(self, phone: str) -> str:
        """Return the id of whoever comes by this phone now: never that of somebody who had it before."""

    def moved(self) -> None:
        """Note that somebody's phone number or id changed."""

    def accounts(self) -> Iterable[Account]:
        """Return all business numbers."""

    def media_element(self, content: bytes, mime_type: str) -> Json:
        """Store media of a person and return id, url, hash and MIME type as a webhook carries them."""
