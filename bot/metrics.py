"""Numbers for Prometheus: what this process counted, and how much there is of everything in the database.

Each program has a registry of its own. Labels come from short known lists (an unknown kind or code becomes `other`), so that nothing
that arrives can make the page grow; no phone number, name or text is ever a label. What the database says is asked for at
most every few seconds and never costs more than a fiftieth of the time, however often somebody scrapes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import structlog
from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.whatsapp.readable import WITH_CONTENT
from crm.errors import CrmError, NotFound, SendFailed
from crm.model.answers import Status
from crm.model.contacts import Person
from crm.model.conversations import BlockState
from crm.model.costs import Category, Charge
from crm.model.events import Event, StatusUpdate
from crm.model.imports import Sync
from crm.model.messages import DeliveryStatus, Direction
from crm.model.numbers import BusinessFacts, NumberFacts, SubscribedApp
from crm.model.outbox import Accepted, Enclosed, Parcel
from crm.model.templates import TemplateFacts
from crm.policy.pricing import REGULAR
from crm.ports import (
    Address,
    Fetched,
    Gateway,
    Marker,
    MediaSource,
    PhoneLink,
    Reader,
    Registry,
    Sender,
    TokenFacts,
    Uploader,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

FRESH_FOR = 5.0
SHARE = 50
"""A look into the database that took a second is good for fifty."""
MOST_CODES = 200
"""Different error codes that are told apart; Meta documents fewer."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
KINDS = WITH_CONTENT | {"call", "call_permission", "system", "template", "unsupported"}
LONG = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
CATEGORIES = {*Category, "referral_conversion", "authentication_international", "marketing_lite"}
TYPES = {REGULAR, "free_customer_service", "free_entry_point", "free_group_customer_service"}
NOT_ARRIVED = (DeliveryStatus.SENT, DeliveryStatus.FAILED)
ARRIVED = (DeliveryStatus.DELIVERED, DeliveryStatus.READ)


class Metrics:
    """One program's numbers. It is the `Meter` of the webhook's door."""

    def __init__(self, monotonic: Callable[[], float] | None = None) -> None:
        self._monotonic = monotonic or time.monotonic
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._counters = {
            "whatsapp_webhooks": self._counter("whatsapp_webhooks", "Requests at the WhatsApp webhook.", "outcome"),
            "http_rubbish": self._counter("http_rubbish", "Requests that were no HTTP."),
            "graph_calls": self._counter("graph_calls", "Calls to Meta's Graph API.", "call", "outcome"),
            "graph_errors": self._counter("graph_errors", "Calls that failed, by Meta's code.", "account", "code"),
            "statuses": self._counter("statuses", "Delivery statuses that Meta reported.", "status"),
            "cost": self._counter("cost", "Cost of what arrived.", "currency", "category", "type"),
            "unpriced": self._counter("unpriced", "Messages that arrived and have no rate.", "category", "type"),
            "failed_sends": self._counter("failed_sends", "Failed statuses by Meta's code.", "code"),
            "media_bytes": self._counter("media_bytes", "Bytes of files from and to Meta.", "way"),
            "media_work": self._counter("media_work", "Files looked into or made fit.", "work", "outcome"),
            "media_store_errors": self._counter("media_store_errors", "Calls to the media store that failed.", "call"),
        }
        self._durations = {
            "whatsapp_webhook_seconds": self._histogram("whatsapp_webhook_seconds", "From request to answer."),
            "graph_seconds": self._histogram("graph_seconds", "From call to Meta's answer."),
            "media_work_seconds": self._histogram(
                "media_work_seconds", "Looking into a file, with waiting for room.", LONG
            ),
        }
        self._series: dict[tuple[str, ...], Counter] = {}  # what `labels()` would look up again every time
        self._codes: set[str] = set()
        self._stock = _Stock()
        self.registry.register(self._stock)
        self._looking = asyncio.Lock()
        self._stale_at = float("-inf")

    def count(self, name: str, *labels: str, by: float = 1) -> None:
        """One more, or so many; the labels in the order in which the counter names them."""
        series = self._series.get((name, *labels))
        if series is None:
            counter = self._counters[name]
            series = self._series[name, *labels] = counter.labels(*labels) if labels else counter
        series.inc(by)

    def charge(self, charges: Iterable[Charge]) -> None:
        """Add what has just been written into the ledger."""
        for each in charges:
            category = each.category if each.category in CATEGORIES else "other"
            kind = each.type if each.type in TYPES else "other"
            if each.amount is None:
                self.count("unpriced", category, kind)
            else:
                self.count("cost", each.currency, category, kind, by=float(each.amount))

    def observe(self, name: str, seconds: float) -> None:
        self._durations[name].observe(seconds)

    def known(self, code: str) -> str:
        """The code as a label: itself, if it is one of the first couple of hundred codes."""
        if code not in self._codes and len(self._codes) >= MOST_CODES:
            return "other"
        self._codes.add(code)
        return code

    def now(self) -> float:
        return self._monotonic()

    async def page(self, look: Callable[[], Awaitable[Status]]) -> bytes:
        """The page that Prometheus reads. While the database cannot be asked it says so and leaves out what it would tell."""
        async with self._looking:
            begun = self._monotonic()
            if begun >= self._stale_at:
                try:
                    self._stock.status = await look()
                except CrmError as problem:
                    log.warning("metrics_without_database", problem=problem.code)
                    self._stock.status = None
                took = self._monotonic() - begun
                self._stale_at = begun + max(FRESH_FOR, took * SHARE)
        return generate_latest(self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"centralita_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, buckets: tuple[float, ...] = SECONDS) -> Histogram:
        return Histogram(f"centralita_{name}", says, buckets=buckets, registry=self.registry)


class Metered:
    """Meta's side with a counter on every call; Sender and Gateway as before."""

    def __init__(self, sender: Sender, gateway: Gateway, metrics: Metrics) -> None:
        self._sender, self._gateway, self._metrics = sender, gateway, metrics

    async def send(self, parcel: Parcel) -> Accepted:
        return await self._count("send", self._sender.send(parcel), str(parcel.account_id))

    async def inspect_token(self, token: str) -> TokenFacts:
        return await self._count("inspect_token", self._gateway.inspect_token(token))

    async def renew_token(self, token: str) -> str:
        return await self._count("renew_token", self._gateway.renew_token(token))

    async def templates(self, waba_id: str, token: str) -> list[TemplateFacts]:
        return await self._count("templates", self._gateway.templates(waba_id, token))

    async def _count(self, call: str, answer: Awaitable[T], account: str = "") -> T:
        return await metered(self._metrics, call, answer, account)


async def metered(metrics: Metrics, call: str, answer: Awaitable[T], account: str = "") -> T:
    """Wait for an answer of Meta's, and count how it ended."""
    begun, outcome = metrics.now(), "ok"
    try:
        return await answer
    except SendFailed as failure:
        outcome = type(failure).__name__.removeprefix("Send").lower()
        metrics.count("graph_errors", account, metrics.known(str(failure.meta_code or failure.code)))
        raise
    except NotFound:
        outcome = "gone"
        raise
    except BaseException:
        outcome = "broken"
        raise
    finally:
        metrics.count("graph_calls", call, outcome)
        metrics.observe("graph_seconds", metrics.now() - begun)


class MeteredRegistry:
    """Meta's register, with a counter on every call."""

    def __init__(self, registry: Registry, metrics: Metrics) -> None:
        self._registry, self._metrics = registry, metrics

    async def inspect_token(self, token: str) -> TokenFacts:
        return await metered(self._metrics, "inspect_token", self._registry.inspect_token(token))

    async def number(self, phone_number_id: str, token: str) -> NumberFacts:
        return await metered(self._metrics, "number", self._registry.number(phone_number_id, token))

    async def business(self, waba_id: str, token: str) -> BusinessFacts:
        return await metered(self._metrics, "business", self._registry.business(waba_id, token))

    async def numbers_of(self, waba_id: str, token: str) -> frozenset[str]:
        return await metered(self._metrics, "numbers", self._registry.numbers_of(waba_id, token))

    async def subscriptions(self, waba_id: str, token: str) -> list[SubscribedApp]:
        return await metered(self._metrics, "subscriptions", self._registry.subscriptions(waba_id, token))

    async def subscribe(self, waba_id: str, token: str) -> None:
        await metered(self._metrics, "subscribe", self._registry.subscribe(waba_id, token))

    async def unsubscribe(self, waba_id: str, token: str) -> None:
        await metered(self._metrics, "unsubscribe", self._registry.unsubscribe(waba_id, token))


class MeteredMarker:
    """Read marks, with a counter on every call: nobody else hears of one that failed."""

    def __init__(self, marker: Marker, metrics: Metrics) -> None:
        self._marker, self._metrics = marker, metrics

    async def mark_read(self, account_id: int, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        marked = self._marker.mark_read(account_id, phone_number_id, wamid, typing=typing)
        await metered(self._metrics, "mark_read", marked, str(account_id))


class MeteredUploader:
    """The way of agents' files to Meta, with a counter on every call."""

    def __init__(self, uploader: Uploader, metrics: Metrics) -> None:
        self._uploader, self._metrics = uploader, metrics

    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        handed = self._uploader.upload(account_id, phone_number_id, content, enclosed)
        meta_id = await metered(self._metrics, "upload", handed, str(account_id))
        self._metrics.count("media_bytes", "out", by=len(content))
        return meta_id


class MeteredSource:
    """The way to customers' files, with a counter on every call."""

    def __init__(self, source: MediaSource, metrics: Metrics) -> None:
        self._source, self._metrics = source, metrics

    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        fetching = self._source.fetch(account_id, meta_id, limit, at)
        fetched = await metered(self._metrics, "fetch", fetching, str(account_id))
        self._metrics.count("media_bytes", "in", by=len(fetched.content))
        return fetched


class MeteredLink:
    """The way to phones in coexistence, with a counter on every call."""

    def __init__(self, link: PhoneLink, metrics: Metrics) -> None:
        self._link, self._metrics = link, metrics

    async def hand_over(self, phone_number_id: str, sync: Sync, token: str) -> None:
        await metered(self._metrics, "hand_over", self._link.hand_over(phone_number_id, sync, token))


class MeteredReader:
    """Counts what Meta tells of our messages. A webhook that is applied again is read, and counted, again."""

    def __init__(self, reader: Reader, metrics: Metrics) -> None:
        self._reader, self._metrics = reader, metrics

    def read(self, body: bytes) -> list[Event]:
        events = self._reader.read(body)
        for event in events:
            if isinstance(event, StatusUpdate):
                self._metrics.count("statuses", event.status.value)
                if event.status is DeliveryStatus.FAILED:
                    code = "none" if event.error_code is None else str(event.error_code)
                    self._metrics.count("failed_sends", self._metrics.known(code))
        return events

    def past(self, phone_number_id: str, content: str) -> list[Event]:
        return self._reader.past(phone_number_id, content)

    def writer(self, payload: Mapping[str, Any]) -> Person | None:
        return self._reader.writer(payload)


def _label(kind: str) -> str:
    """A kind that a stranger named, as a label: short, and of plain letters only. At most 20 of them are told apart."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_:.-") else "_" for letter in kind)[
        :64
    ]


class _Stock(Collector):
    """How much there is of everything, as the database last said."""

    def __init__(self) -> None:
        self.status: Status | None = None

    def collect(self) -> Iterator[Metric]:
        status = self.status
        yield _gauge("database_up", "Whether the database answered the last time it was asked.", int(bool(status)))
        if status is None:
            return
        yield _by("webhooks", "Kept webhooks by state.", ("state",), _one(status.webhooks))
        new = [((_label(each.kind),), each.count) for each in status.new_kinds]
        yield _by(
            "webhook_new_kinds",
            "Kept parts of webhooks of kinds that are not known, of the newest thousand.",
            ("kind",),
            new,
        )
        yield _by("messages", "Messages by kind and delivery status.", ("direction", "kind", "status"), _kinds(status))
        queued = [((str(a.account.id), state), n) for a in status.accounts for state, n in a.outbox.items()]
        yield _by("outbox", "What must leave or has left, by state.", ("account", "state"), queued)
        yield _by(
            "account_rate", "Messages a second that each account sends at most now.", ("account",), _rates(status)
        )
        yield _by(
            "portfolio_reached", "People reached outside their windows in 24 hours.", ("portfolio",), _reached(status)
        )
        yield _by(
            "portfolio_limit", "How many of them Meta allows, where it says so.", ("portfolio",), _allowed(status)
        )
        yield _by("account_state", "1 for the state that each account is in.", ("account", "state"), _states(status))
        yield _gauge("pending_manual", "Messages that wait for an agent.", status.pending)
        yield _gauge("contacts", "Contacts.", status.contacts)
        yield _gauge("open_windows", "Conversations with an open service window.", status.open_windows)
        yield _by("files", "Files to be fetched, and lost in the last seven days.", ("state",), _one(status.files))
        yield _gauge("open_alerts", "Alerts that nobody has taken note of.", status.alerts)
        yield _by("conversations", "Conversations by block suspicion.", ("block",), _one(status.blocks))
        yield from _ratio(
            "delivery_ratio", "Of the messages that Meta sent, the part that arrived.", _delivered(status)
        )
        yield from _ratio("block_ratio", "Of the conversations, the part with a block suspicion.", _suspected(status))


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"centralita_{name}", says, value=value)


def _by(name: str, says: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(f"centralita_{name}", says, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family


def _one(counts: Mapping[str, int]) -> Iterator[tuple[tuple[str], int]]:
    return (((state,), count) for state, count in counts.items())


def _kinds(status: Status) -> Iterable[tuple[tuple[str, ...], int]]:
    found: dict[tuple[str, ...], int] = {}
    for (direction, kind, delivery), count in status.messages.items():
        key = (direction, kind if kind in KINDS else "other", delivery)
        found[key] = found.get(key, 0) + count
    return found.items()


def _rates(status: Status) -> Iterator[tuple[tuple[str], float]]:
    """0 for an account that rests."""
    paces = ((each.account.id, each.pace) for each in status.accounts)
    return (((str(number),), 0 if pace.rests_until else pace.rate) for number, pace in paces if pace is not None)


def _reached(status: Status) -> Iterator[tuple[tuple[str], int]]:
    places = {each.places.id: each.places.used for each in status.accounts if each.places is not None}
    return (((name,), used) for name, used in places.items())


def _allowed(status: Status) -> Iterator[tuple[tuple[str], int]]:
    places = {each.places.id: each.places.most for each in status.accounts if each.places is not None}
    return (((name,), most) for name, most in places.items() if most is not None)


def _states(status: Status) -> Iterator[tuple[tuple[str, str], int]]:
    return (((str(each.account.id), each.account.state.value), 1) for each in status.accounts)


def _delivered(status: Status) -> tuple[int, int]:
    out = [(state, n) for (direction, _, state), n in status.messages.items() if direction == Direction.OUT]
    arrived = sum(n for state, n in out if state in ARRIVED)
    return arrived, arrived + sum(n for state, n in out if state in NOT_ARRIVED)


def _suspected(status: Status) -> tuple[int, int]:
    return sum(n for state, n in status.blocks.items() if state != BlockState.CLEAR), sum(status.blocks.values())


def _ratio(name: str, says: str, parts: tuple[int, int]) -> Iterator[Metric]:
    """A part of nothing is no number, so it is left out."""
    part, whole = parts
    if whole:
        yield _gauge(name, says, part / whole)
