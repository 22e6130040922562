"""Everything the simulated platform knows, without the network.

Numbers, people, messages, templates and tokens, the agenda of what will happen, and the knobs that make life harder. The HTTP
side (`server.py`) and the post (`delivery.py`) work on this; people and numbers act on it as their `Stage`.
"""

import heapq
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.clock import Clock
from sandbox.graph.delivery import Mailroom, Weather, WebhookRecord
from sandbox.graph.errors import GraphError, Json, failure
from sandbox.graph.fate import Journey
from sandbox.graph.faults import FaultBook
from sandbox.graph.identity import make_bsuid
from sandbox.graph.media import INBOUND_LIVES, MediaStore
from sandbox.graph.people import Person
from sandbox.graph.phone_numbers import Business, Number
from sandbox.graph.sending import LATE_CODES
from sandbox.graph.state import Account, Basis, Message
from sandbox.graph.templates import Template
from sandbox.graph.tokens import TokenOffice
from sandbox.graph.webhooks import Update


@dataclass(frozen=True, slots=True)
class Sent:
    """One message the platform accepted: what was asked for, and why it was allowed."""

    wamid: str
    phone_number_id: str
    to: str | None
    recipient: str | None
    type: str
    body: str
    template: str | None
    language: str | None
    category: str
    opaque: str | None
    at: datetime
    basis: Basis
    entry_point: bool
    message_status: str | None
    payload: Json
    person: Person | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One call that the platform refused, with Meta's code."""

    method: str
    path: str
    code: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call to the Graph API as it crossed the wire; `status` None: the caller never read an answer."""

    method: str
    path: str
    query: Mapping[str, str]
    request: bytes
    status: int | None
    answer: bytes
    at: datetime

    @property
    def refused(self) -> bool:
        return self.status is None or self.status >= 400


@dataclass(order=True, slots=True)
class _Planned:
    at: datetime
    turn: int
    action: Callable[[datetime], None] = field(compare=False)


class World:
    """The state of the platform and the passing of its time."""

    def __init__(self, clock: Clock, *, app_id: str, app_secret: str, seed: int = 0) -> None:
        self.clock, self.random = clock, Random(seed)
        self.weather = Weather()
        self.mailroom = Mailroom(app_secret, self.random, self.weather)
        self.tokens = TokenOffice(app_id, app_secret)
        self.media, self.faults = MediaStore(), FaultBook()
        self.numbers: dict[str, Number] = {}
        self.businesses: dict[str, Business] = {}
        self.people: list[Person] = []
        self.sends: list[Sent] = []
        self.refusals: list[Refusal] = []
        self.webhooks: list[WebhookRecord] = []
        self.marked_read: list[str] = []
        self.held: list[Journey] = []
        self.url = ""
        self.brief_rules = False
        self.hold_templates = False
        self.opaque_on_failed = True
        self.late_codes: set[int] = set(LATE_CODES)
        self.app_usage: Json | None = None
        self.journal_limit: int | None = None
        self.on_exchange: Callable[[Exchange], None] | None = None
        self.on_webhook: Callable[[WebhookRecord], None] | None = None
        self.on_sent: Callable[[Sent], None] | None = None
        self._messages: dict[str, Message] = {}
        self._by_name: dict[str, Person] = {}
        self._by_key: dict[str, Person] = {}
        self._bsuids: set[str] = set()
        self._agenda: list[_Planned] = []
        self._turns = itertools.count()

    # --- the stage of people and numbers

    def advance(self) -> None:
        """Let everything happen whose time has come, each at its own moment."""
        now = self.clock.now()
        while self._agenda and self._agenda[0].at <= now:
            planned = heapq.heappop(self._agenda)
            planned.action(planned.at)

    def plan(self, at: datetime, action: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, _Planned(at, next(self._turns), action))

    def planned_at(self) -> datetime | None:
        """Return when the next thing happens."""
        return self._agenda[0].at if self._agenda else None

    def mail(self, update: Update, at: datetime) -> None:
        """Queue an update; without a subscription of the account it is lost for ever, and so is one that goes elsewhere (1.0)."""
        business = self.businesses.get(update.waba_id)
        if business is not None and not business.subscribed:
            return
        number = self.numbers.get(update.value.get("metadata", {}).get("phone_number_id", ""))
        if number is not None and number.webhook_url is not None:
            return
        delay = self.weather.delay * self.random.random() if self.weather.delay else timedelta()
        self.mailroom.put(update, at + delay)

    def keep(self, message: Message) -> None:
        self._messages[message.wamid] = message
        if self.journal_limit is not None and len(self._messages) > self.journal_limit:
            self._forget(self._messages.pop(next(iter(self._messages))))

    def find(self, wamid: str) -> Message | None:
        return self._messages.get(wamid)

    def accounts(self) -> Iterable[Account]:
        return self.numbers.values()

    def new_bsuid(self, phone: str) -> str:
        found = next(each for turn in itertools.count() if (each := make_bsuid(phone, turn)) not in self._bsuids)
        self._bsuids.add(found)
        return found

    def moved(self) -> None:
        self._by_name = {name: person for person in self.people for name in _names(person)}

    def media_element(self, content: bytes, mime_type: str) -> Json:
        now = self.clock.now()
        media = self.media.add(content, mime_type, now, INBOUND_LIVES)
        url = self.url + self.media.path(media, now)
        return {"mime_type": mime_type, "sha256": media.sha256, "id": media.id, "url": url}

    # --- people

    def find_person(self, *names: str | None) -> Person | None:
        """Return whoever has one of these phones or BSUIDs."""
        return next((self._by_name[name] for name in names if name and name in self._by_name), None)

    def person_of(self, message: Message) -> Person | None:
        """Return whose conversation a message belongs to, whatever they are called by now."""
        return self._by_key.get(message.person_key)

    def add_person(self, person: Person) -> Person:
        self.people.append(person)
        self._by_name |= dict.fromkeys(_names(person), person)
        if person.key in self._by_key:  # a phone that somebody else had before
            person.key = person.bsuid
        self._by_key[person.key] = person
        return person

    # --- messages that left

    def record(self, sent: Sent) -> None:
        self.sends.append(sent)
        trim(self.sends, self.journal_limit)
        if self.on_sent is not None:
            self.on_sent(sent)

    def shown(self) -> int:
        """Return how many of the businesses' messages the phones really show."""
        self.advance()
        return sum(
            each.shown_at is not None and each.author != "person" and each.type != "reaction"
            for each in self._messages.values()
        )

    def refuse(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        trim(self.refusals, self.journal_limit)

    def release_held(self) -> int:
        """Let the templates that were held for quality leave now."""
        held, self.held = self.held, []
        for journey in held:
            journey.message.statuses.pop("held", None)
            journey.start(self.clock.now())
        return len(held)

    def drop_held(self) -> int:
        """Refuse the templates that were held for quality: failed with 132015 (Meta: template pacing)."""
        for journey in self.held:
            journey.message.fails_with = failure(132015)
        return self.release_held()

    def number(self, identifier: str) -> Number:
        """Return a number, or refuse as Meta does for an id that is gone or not ours (100, subcode 33)."""
        number = self.numbers.get(identifier)
        if number is None:
            raise nonexistent(identifier)
        return number

    def find_template(self, identifier: str) -> tuple[Business, Template] | None:
        """Return a template and the account that owns it."""
        owned = ((business, each) for business in self.businesses.values() for each in business.templates)
        return next(((business, each) for business, each in owned if each.id == identifier), None)

    def _forget(self, message: Message) -> None:
        person = self.person_of(message)
        lines = person.lines(message.phone_number_id) if person else []
        if lines and lines[0] is message:
            del lines[0]


def _names(person: Person) -> list[str]:
    return [name for name in (person.phone, person.wa_id, person.bsuid) if name]


def nonexistent(identifier: str) -> GraphError:
    """Return Meta's answer for an id that does not exist or may not be seen."""
    details = (
        f"Unsupported request. Object with ID '{identifier}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation"
    )
    return GraphError(100, details, subcode=33)


def trim(journal: list[Any], limit: int | None) -> None:
    """Forget the oldest entries of a journal that grew a quarter beyond its limit."""
    if limit is not None and len(journal) > limit + limit // 4 + 1:
        del journal[: len(journal) - limit]
