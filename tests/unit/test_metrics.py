"""The numbers: counted where it happens, asked of the database seldom, and never more of them than are known beforehand."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Server
from bot.metrics import FRESH_FOR, MOST_CODES, SHARE, Metered, MeteredMarker, MeteredReader, Metrics
from bot.web import PASSED_ON, pages
from crm.errors import AccountSuspended, Conflict, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain
from crm.model.answers import AccountStatus, Status
from crm.model.contacts import Person
from crm.model.events import Event, StatusUpdate
from crm.model.messages import DeliveryStatus
from crm.model.outbox import Accepted, Address, Parcel
from crm.model.templates import TemplateFacts
from crm.model.webhooks import NewKind
from crm.ports import TokenFacts
from tests.builders import NOW, an_account

Sample = tuple[str, frozenset[tuple[str, str]]]


def a_status(**changes: Any) -> Status:
    account = an_account(id=1)
    facts: dict[str, Any] = {
        "webhooks": {"new": 1, "failed": 2, "dead": 3, "done": 4},
        "elements": {},
        "messages": {},
        "outbox": {},
        "pending": 5,
        "contacts": 6,
        "open_windows": 7,
        "blocks": {"clear": 90, "probable": 8, "confirmed": 2},
        "alerts": 9,
        "accounts": (AccountStatus(account, {"queued": 10}),),
        "files": {"wanted": 11, "lost": 12},
        "jobs": {},
        "at": NOW,
    }
    return Status(**{**facts, **changes})


def read(page: bytes) -> dict[Sample, float]:
    return {
        (sample.name.removeprefix("centralita_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def sample(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


class Time:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Looks:
    """A database that takes its time, and is sometimes away."""

    def __init__(self, time: Time, *, seconds: float = 0.0) -> None:
        self.time, self.seconds, self.count, self.away = time, seconds, 0, False

    async def __call__(self) -> Status:
        self.count += 1
        self.time.now += self.seconds
        if self.away:
            raise Conflict("storage-unavailable")
        return a_status(pending=self.count)


async def shown(status: Status) -> dict[Sample, float]:
    async def look() -> Status:
        return status

    return read(await Metrics().page(look))


async def test_the_database_tells_how_much_there_is_of_everything() -> None:
    found = await shown(a_status(messages={("out", "text", "read"): 11}))
    expected = {
        sample("database_up"): 1,
        sample("webhooks", state="dead"): 3,
        sample("messages", direction="out", kind="text", status="read"): 11,
        sample("outbox", account="1", state="queued"): 10,
        sample("account_state", account="1", state="active"): 1,
        sample("pending_manual"): 5,
        sample("contacts"): 6,
        sample("open_windows"): 7,
        sample("open_alerts"): 9,
        sample("conversations", block="confirmed"): 2,
        sample("block_ratio"): 0.1,
    }
    assert expected.items() <= found.items()


async def test_the_delivery_rate_is_of_what_meta_sent() -> None:
    counts = {
        ("out", "text", "delivered"): 3,
        ("out", "template", "read"): 3,
        ("out", "text", "sent"): 1,
        ("out", "text", "failed"): 1,
        ("out", "text", "queued"): 100,
        ("in", "text", "received"): 100,
    }
    assert (await shown(a_status(messages=counts)))[sample("delivery_ratio")] == 0.75


async def test_a_part_of_nothing_is_left_out() -> None:
    found = await shown(a_status(messages={}, blocks={}))
    assert sample("delivery_ratio") not in found
    assert sample("block_ratio") not in found


async def test_kinds_that_nobody_knows_are_one_label() -> None:
    """A message's kind is whatever Meta says: a thousand new ones must not become a thousand series."""
    invented = {("in", f"kind-{number}", "received"): 1 for number in range(1000)}
    found = await shown(a_status(messages={**invented, ("in", "image", "received"): 2}))
    kinds = {dict(labels)["kind"]: value for (name, labels), value in found.items() if name == "messages"}
    assert kinds == {"other": 1000, "image": 2}


async def test_scraping_in_a_loop_asks_the_database_once_in_a_while() -> None:
    time = Time()
    metrics, look = Metrics(time), Looks(time)
    for _ in range(100):
        await metrics.page(look)
        time.now += FRESH_FOR / 50
    assert look.count == 2


async def test_the_slower_the_database_the_more_seldom_it_is_asked() -> None:
    time = Time()
    metrics, look = Metrics(time), Looks(time, seconds=1.0)
    await metrics.page(look)
    time.now += SHARE - 2
    await metrics.page(look)
    assert look.count == 1
    time.now += 2
    await metrics.page(look)
    assert look.count == 2


async def test_many_scrapes_at_once_look_once() -> None:
    time = Time()
    metrics, look = Metrics(time), Looks(time)
    await asyncio.gather(*(metrics.page(look) for _ in range(20)))
    assert look.count == 1


async def test_without_the_database_the_page_says_so_and_keeps_what_was_counted() -> None:
    time = Time()
    metrics, look = Metrics(time), Looks(time)
    metrics.count("whatsapp_webhooks", "stored")
    await metrics.page(look)
    look.away, time.now = True, time.now + FRESH_FOR
    found = read(await metrics.page(look))
    assert found[sample("database_up")] == 0
    assert sample("pending_manual") not in found
    assert found[sample("whatsapp_webhooks_total", outcome="stored")] == 1


async def test_two_programs_in_one_process_do_not_share_numbers() -> None:
    one, other = Metrics(), Metrics()
    one.count("whatsapp_webhooks", "stored")
    assert sample("whatsapp_webhooks_total", outcome="stored") not in read(await other.page(Looks(Time())))


class Meta:
    """Answers as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    async def send(self, parcel: Parcel) -> Accepted:
        self._fail()
        return Accepted("wamid.1")

    async def inspect_token(self, token: str) -> TokenFacts:
        self._fail()
        return TokenFacts(True, None)

    async def renew_token(self, token: str) -> str:
        self._fail()
        return token

    async def templates(self, waba_id: str, token: str) -> list[TemplateFacts]:
        self._fail()
        return []

    async def mark_read(self, account_id: int, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        self._fail()

    def _fail(self) -> None:
        if self._failure is not None:
            raise self._failure


PARCEL = Parcel("106540352242922", 3, Address("+34600000001", None), "cent-1", "Hola", None, None)


async def counted(*failures: Exception | None) -> dict[Sample, float]:
    time = Time()
    metrics = Metrics(time)
    for failure in failures:
        meta = Meta(failure)
        with suppress(SendFailed):
            await Metered(meta, meta, metrics).send(PARCEL)
    return read(await metrics.page(Looks(time)))


async def test_every_call_is_counted_by_how_it_ended_and_every_error_by_metas_code() -> None:
    later = timedelta(seconds=1)
    found = await counted(
        None,
        SendRejected("undeliverable", meta_code=131026),
        SendRejected("undeliverable", meta_code=131026),
        SendPostponed("rate-limit", scope=Scope.NUMBER, wait=later, meta_code=130429),
        SendUncertain("no-answer"),
        AccountSuspended("token-invalid", reason="token", meta_code=190),
    )
    outcomes = {dict(labels)["outcome"]: n for (name, labels), n in found.items() if name == "graph_calls_total"}
    errors = {dict(labels)["code"]: n for (name, labels), n in found.items() if name == "graph_errors_total"}
    assert outcomes == {"ok": 1, "rejected": 2, "postponed": 1, "uncertain": 1, "accountsuspended": 1}
    assert errors == {"131026": 2, "130429": 1, "no-answer": 1, "190": 1}
    assert {dict(labels)["account"] for (name, labels), _ in found.items() if name == "graph_errors_total"} == {"3"}
    assert found[sample("graph_seconds_count")] == 6


async def test_a_read_mark_that_failed_is_counted_for_nobody_else_hears_of_it() -> None:
    time = Time()
    metrics = Metrics(time)
    for failure in (None, SendRejected("invalid-parameter", meta_code=131009)):
        with suppress(SendFailed):
            await MeteredMarker(Meta(failure), metrics).mark_read(3, "1", "wamid.1", typing=True)
    found = read(await metrics.page(Looks(time)))
    calls = {
        (dict(labels)["call"], dict(labels)["outcome"]): n
        for (name, labels), n in found.items()
        if name == "graph_calls_total"
    }
    assert calls == {("mark_read", "ok"): 1, ("mark_read", "rejected"): 1}


async def test_administration_is_counted_apart() -> None:
    time = Time()
    metrics, meta = Metrics(time), Meta()
    metered = Metered(meta, meta, metrics)
    assert await metered.renew_token("t") == "t"
    assert (await metered.inspect_token("t")).valid
    assert await metered.templates("1", "t") == []
    found = read(await metrics.page(Looks(time)))
    calls = {dict(labels)["call"]: n for (name, labels), n in found.items() if name == "graph_calls_total"}
    assert calls == {"renew_token": 1, "inspect_token": 1, "templates": 1}


async def test_no_number_of_error_codes_makes_the_page_grow_without_end() -> None:
    found = await counted(*(SendRejected("x", meta_code=1 + number) for number in range(MOST_CODES + 50)))
    errors = {dict(labels)["code"]: n for (name, labels), n in found.items() if name == "graph_errors_total"}
    assert len(errors) == MOST_CODES + 1
    assert errors["other"] == 50


async def test_a_failure_that_came_by_webhook_is_counted_by_its_code() -> None:
    def status(state: DeliveryStatus, code: int | None = None) -> StatusUpdate:
        return StatusUpdate("p", "1", "wamid.1", state, NOW, error_code=code)

    events: list[Event] = [
        status(DeliveryStatus.FAILED, 131047),
        status(DeliveryStatus.READ),
        status(DeliveryStatus.FAILED),
    ]

    class Reader:
        def read(self, body: bytes) -> list[Event]:
            return events

        def past(self, phone_number_id: str, content: str) -> list[Event]:
            return []

        def writer(self, payload: Mapping[str, Any]) -> Person | None:
            return None

    time = Time()
    metrics = Metrics(time)
    assert MeteredReader(Reader(), metrics).read(b"{}") is events
    found = read(await metrics.page(Looks(time)))
    assert found[sample("statuses_total", status="failed")] == 2
    assert found[sample("statuses_total", status="read")] == 1
    assert found[sample("failed_sends_total", code="131047")] == 1
    assert found[sample("failed_sends_total", code="none")] == 1


# --- who may read them ------------------------------------------------------------------------------------------------------


async def one() -> int:
    return 1


def a_house(networks: Server, backlog: Callable[[], Awaitable[int]] = one) -> TestClient[web.Request, web.Application]:
    async def numbers() -> bytes:
        return b"x 1\n"

    app = web.Application()
    app.add_routes(pages(backlog, numbers, networks.metrics_networks))
    return TestClient(TestServer(app))


async def test_the_numbers_are_for_this_machine_unless_a_setting_says_otherwise() -> None:
    async with a_house(Server()) as client:
        answer = await client.get("/metrics")
        assert (answer.status, await answer.text()) == (200, "x 1\n")
        assert answer.headers["Content-Type"].startswith("text/plain; version=")


@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",)])
async def test_strangers_may_not_read_them(networks: tuple[str, ...]) -> None:
    async with a_house(Server.model_validate({"metrics_networks": networks})) as client:
        answer = await client.get("/metrics")
        assert answer.status == 403
        assert "server.metrics_networks" in await answer.text()


@pytest.mark.parametrize("header", PASSED_ON)
async def test_nobody_reads_them_through_a_proxy(header: str) -> None:
    """Behind a proxy on this machine everybody comes from loopback."""
    async with a_house(Server()) as client:
        assert (await client.get("/metrics", headers={header: "127.0.0.1"})).status == 403
        assert (await client.get("/healthz", headers={header: "127.0.0.1"})).status == 200


async def test_a_process_without_its_database_is_alive_but_not_ready() -> None:
    async def away() -> int:
        raise Conflict("storage-unavailable")

    async with a_house(Server(), away) as client:
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 503
    async with a_house(Server()) as client:
        assert await (await client.get("/readyz")).json() == {"ready": True, "backlog": 1}


async def test_every_name_is_described_and_written_as_prometheus_asks() -> None:
    page = (await Metrics().page(Looks(Time()))).decode()
    for family in text_string_to_metric_families(page):
        assert family.documentation
        assert re.fullmatch(r"(centralita|process|python)_[a-z_]+", family.name)


async def test_kinds_that_strangers_name_are_harmless_labels() -> None:
    kinds = (NewKind("poll", 12, NOW), NewKind('a"b\nñ' + "x" * 100, 1, NOW))
    metrics = Metrics()

    async def status() -> Status:
        return a_status(new_kinds=kinds)

    found = read(await metrics.page(status))
    assert found[sample("webhook_new_kinds", kind="poll")] == 12
    assert found[sample("webhook_new_kinds", kind="a_b__" + "x" * 59)] == 1
