"""Our side of the Graph API against the simulated one, and against a server that answers anything at all."""

import asyncio
import contextlib
import hmac
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stamina
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.whatsapp.graph import MAX_PAGES, GraphClient, GraphSettings
from crm.errors import (
    AccountSuspended,
    Misconfigured,
    NotFound,
    Scope,
    SendFailed,
    SendPostponed,
    SendRejected,
    SendUncertain,
)
from crm.model.limits import Usage
from crm.model.messages import TemplateRef
from crm.model.numbers import SubscribedApp
from crm.model.outbox import Accepted, Address, Parcel
from crm.model.templates import Components, TemplateFacts
from crm.ports import Gateway, Sender
from sandbox.graph.faults import Fault
from sandbox.graph.graph import Graph

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "EAAGsecretTOKENsecret0123456789"
APP_SECRET = "the-app-secret"
NUMBER, WABA, CUSTOMER = "106540352242922", "102290129340398", "+5491155550001"
PARCEL = Parcel(NUMBER, 1, Address(CUSTOMER, None), "c7f3", "Hello", None, None)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


async def the_token(_account_id: int) -> str:
    return TOKEN


def settings_for(url: str, **changes: Any) -> GraphSettings:
    settings = GraphSettings(
        base_url=url, app_id="1000000001", app_secret=APP_SECRET, connect_seconds=2, read_seconds=2
    )
    return replace(settings, **changes)


@pytest.fixture(autouse=True)
def _fast_retries() -> Any:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def meta() -> AsyncIterator[Graph]:
    graph = Graph(StoppedClock(), app_secret=APP_SECRET)
    await graph.start()
    graph.require_proof = True
    graph.add_number(NUMBER, WABA, "+1 555-078-3881", TOKEN, token_expires_at=NOW + timedelta(days=30))
    graph.person(CUSTOMER, "Ana").writes(graph.numbers[NUMBER], "Hi")
    yield graph
    await graph.stop()


@pytest.fixture
async def client(meta: Graph) -> AsyncIterator[GraphClient]:
    async with GraphClient(settings_for(meta.url), the_token) as client:
        yield client


Answerer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answerer, **changes: Any) -> AsyncIterator[GraphClient]:
    """A client of a server that answers every call in one way."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with (
        TestServer(app) as server,
        GraphClient(settings_for(str(server.make_url("/")), **changes), the_token) as client,
    ):
        yield client


def saying(body: Any, status: int = 200) -> Answerer:
    async def answer(_request: web.Request) -> web.Response:
        if isinstance(body, str):
            return web.Response(text=body, status=status)
        return web.json_response(body, status=status)

    return answer


def shows(problem: BaseException) -> str:
    """Everything a log could show of an exception, with causes, contexts and attributes."""
    seen = [problem, problem.__cause__, problem.__context__]
    return "".join(traceback.format_exception(problem)) + " ".join(
        f"{each!r} {vars(each) if each else ''}" for each in seen
    )


# --- sending ----------------------------------------------------------------------------------------------------------


async def test_a_read_mark_shows_that_somebody_types(meta: Graph, client: GraphClient) -> None:
    ana = meta.find_person(CUSTOMER.lstrip("+"))
    assert ana is not None
    thread = ana.thread(meta.numbers[NUMBER])
    await client.mark_read(1, NUMBER, thread.messages[0].wamid, typing=False)
    assert (meta.marked_read, thread.typing_until) == ([thread.messages[0].wamid], None)
    await client.mark_read(1, NUMBER, thread.messages[0].wamid, typing=True)
    assert thread.typing_until is not None


async def test_a_read_mark_of_an_unknown_message_is_refused(client: GraphClient) -> None:
    with pytest.raises(SendRejected) as refused:
        await client.mark_read(1, NUMBER, "wamid.unknown", typing=False)
    assert refused.value.meta_code == 131009


async def test_a_text_is_accepted_with_its_opaque_id(meta: Graph, client: GraphClient) -> None:
    sender: Sender = client
    accepted = await sender.send(PARCEL)
    (sent,) = meta.sends
    assert accepted == Accepted(sent.wamid)
    assert (sent.body, sent.opaque, sent.phone_number_id) == ("Hello", "c7f3", NUMBER)


async def test_a_template_is_accepted(meta: Graph, client: GraphClient) -> None:
    meta.numbers[NUMBER].add_template("order_ready", "es_MX", "utility", "Hola {{1}}, tu pedido {{2}} está listo")
    template = TemplateRef("order_ready", "es_MX", ("Ana", "7"))
    await client.send(replace(PARCEL, template=template))
    assert meta.sends[0].template == "order_ready"
    assert meta.sends[0].body == "Hola Ana, tu pedido 7 está listo"


async def test_a_held_template_is_accepted_as_held(meta: Graph, client: GraphClient) -> None:
    meta.numbers[NUMBER].add_template("promo", "es", "marketing", "Hola")
    meta.hold_templates = True
    accepted = await client.send(replace(PARCEL, template=TemplateRef("promo", "es")))
    assert accepted.held_for_quality


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (190, AccountSuspended),
        (130429, SendPostponed),
        (131047, SendRejected),
        (131000, SendUncertain),
        (131042, AccountSuspended),
    ],
)
async def test_a_refusal_is_translated_by_the_table(
    meta: Graph, client: GraphClient, code: int, kind: type[SendFailed]
) -> None:
    meta.fail_next(Fault("error", code=code))
    with pytest.raises(kind) as failure:
        await client.send(PARCEL)
    assert failure.value.meta_code == code
    assert meta.sends == []


async def test_a_closed_window_is_a_rejection(meta: Graph, client: GraphClient) -> None:
    meta.person("+5491155550002", "Beto")
    with pytest.raises(SendRejected, match="window-closed"):
        await client.send(replace(PARCEL, to=Address("+5491155550002", None)))


@pytest.mark.parametrize("kind", ["close", "no_answer"])
async def test_silence_after_the_request_is_uncertain_and_nothing_is_repeated(meta: Graph, kind: Any) -> None:
    meta.fail_next(Fault(kind), times=None)
    async with GraphClient(settings_for(meta.url, read_seconds=0.1), the_token) as client:
        with pytest.raises(SendUncertain, match="no-answer"):
            await client.send(PARCEL)
    assert len(meta.sends) == 1


@pytest.mark.parametrize(
    ("fault", "left"), [(Fault("html", accepted=True), 1), (Fault("html"), 0), (Fault("reset"), 0)]
)
async def test_what_does_not_tell_is_uncertain(meta: Graph, client: GraphClient, fault: Fault, left: int) -> None:
    meta.fail_next(fault)
    with pytest.raises(SendUncertain):
        await client.send(PARCEL)
    assert len(meta.sends) == left


async def test_a_stale_connection_never_repeats_a_send(meta: Graph, client: GraphClient) -> None:
    """aiohttp repeats idempotent methods on a connection that was kept alive; a POST must stay uncertain."""
    await client.send(PARCEL)
    meta.fail_next(Fault("close"))
    with pytest.raises(SendUncertain):
        await client.send(replace(PARCEL, opaque="c7f4"))
    assert [sent.opaque for sent in meta.sends] == ["c7f3", "c7f4"]


async def test_when_nobody_listens_nothing_left() -> None:
    async with GraphClient(settings_for("http://127.0.0.1:1"), the_token) as client:
        with pytest.raises(SendPostponed) as failure:
            await client.send(PARCEL)
    assert (failure.value.code, failure.value.scope) == ("graph-unreachable", Scope.NUMBER)
    assert failure.value.wait <= timedelta(minutes=1)


async def test_when_the_name_is_unknown_nothing_left() -> None:
    async with GraphClient(settings_for("http://graph.invalid"), the_token) as client:
        with pytest.raises(SendPostponed, match="graph-unreachable"):
            await client.send(PARCEL)


async def test_a_closed_client_sends_nothing(meta: Graph) -> None:
    client = GraphClient(settings_for(meta.url), the_token)
    with pytest.raises(SendPostponed, match="graph-unreachable"):
        await client.send(PARCEL)


@pytest.mark.parametrize(
    "body",
    ["", "ok", "[]", {}, {"messages": []}, {"messages": [{"id": ""}]}, {"messages": [{"id": None}]}, {"messages": "x"}],
)
async def test_a_success_without_id_is_uncertain(body: Any) -> None:
    async with answering(saying(body)) as client:
        with pytest.raises(SendUncertain, match="unreadable-answer"):
            await client.send(PARCEL)


async def test_a_success_that_is_an_error_is_the_error() -> None:
    async with answering(saying({"error": {"code": 131056, "message": "slowly"}})) as client:
        with pytest.raises(SendPostponed, match="pair-limit"):
            await client.send(PARCEL)


async def test_a_redirect_is_not_followed() -> None:
    """The token must not travel to wherever an answer points."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async with answering(answer) as client:
        with pytest.raises(SendPostponed, match="unreadable-answer"):
            await client.send(PARCEL)
    assert asked == [f"/v26.0/{NUMBER}/messages"]


async def test_an_endless_answer_is_cut() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(1_000):
                await response.write(b" " * 65_536)
        return response

    async with answering(answer) as client:
        with pytest.raises(SendUncertain, match="unreadable-answer"):
            await client.send(PARCEL)


async def test_every_call_proves_the_app_secret() -> None:
    proofs = []

    async def answer(request: web.Request) -> web.Response:
        proofs.append((request.query.get("appsecret_proof"), request.headers["Authorization"]))
        return web.json_response({"messages": [{"id": "wamid.1"}]})

    proof = hmac.digest(APP_SECRET.encode(), TOKEN.encode(), "sha256").hex()
    async with answering(answer) as client:
        await client.send(PARCEL)
        await client.number(NUMBER, TOKEN)
    assert proofs == [(proof, f"Bearer {TOKEN}")] * 2
    async with answering(answer, app_secret=None) as client:
        await client.send(PARCEL)
    assert proofs[-1] == (None, f"Bearer {TOKEN}")


async def test_a_wrong_parcel_costs_no_call(meta: Graph, client: GraphClient) -> None:
    with pytest.raises(SendRejected, match="text-empty"):
        await client.send(replace(PARCEL, text=""))
    assert meta.sends == []


@pytest.mark.parametrize("token", ["", "two words", "tok\r\nHost: evil", "tokén"])
async def test_a_token_that_is_none_holds_the_account(meta: Graph, token: str) -> None:
    async def give(_account_id: int) -> str:
        return token

    async with GraphClient(settings_for(meta.url), give) as client:
        with pytest.raises(AccountSuspended) as failure:
            await client.send(PARCEL)
    assert (failure.value.code, failure.value.reason) == ("token-missing", "token")


async def test_an_account_without_token_is_held(meta: Graph) -> None:
    async def give(_account_id: int) -> str:
        raise NotFound("token-not-found")

    async with GraphClient(settings_for(meta.url), give) as client:
        with pytest.raises(AccountSuspended, match="token-missing"):
            await client.send(PARCEL)


async def test_many_sends_share_one_session(meta: Graph, client: GraphClient) -> None:
    meta.numbers[NUMBER].mps = 1_000
    parcels = [replace(PARCEL, opaque=f"c{number}") for number in range(40)]
    accepted = await asyncio.gather(*map(client.send, parcels))
    assert len({each.wamid for each in accepted}) == 40


async def test_an_answer_tells_how_much_of_the_limits_is_used(client: GraphClient, meta: Graph) -> None:
    assert (await client.send(PARCEL)).usage is None
    meta.app_usage = {"call_count": 16, "total_cputime": 25, "total_time": 12}
    assert (await client.send(replace(PARCEL, opaque="c2"))).usage == Usage(app=25)


async def test_an_answer_tells_how_much_of_the_business_limits_is_used() -> None:
    async def answer(_request: web.Request) -> web.Response:
        business = '{"1":[{"type":"x","call_count":97,"estimated_time_to_regain_access":3},7],"2":5}'
        headers = {"X-App-Usage": "not json", "X-Business-Use-Case-Usage": business}
        return web.json_response({"messages": [{"id": "wamid.1"}]}, headers=headers)

    async with answering(answer) as client:
        assert (await client.send(PARCEL)).usage == Usage(app=0, business=97, regain_minutes=3)


# --- tokens, templates, numbers ---------------------------------------------------------------------------------------


async def test_a_token_is_inspected(meta: Graph, client: GraphClient) -> None:
    gateway: Gateway = client
    facts = await gateway.inspect_token(TOKEN)
    assert (facts.valid, facts.expires_at, facts.problem) == (True, NOW + timedelta(days=30), None)


async def test_a_token_that_never_expires_has_no_end() -> None:
    async with answering(saying({"data": {"is_valid": True, "expires_at": 0, "data_access_expires_at": 0}})) as client:
        assert (await client.inspect_token(TOKEN)).expires_at is None


async def test_the_nearer_of_two_ends_is_the_deadline() -> None:
    data = {"is_valid": True, "expires_at": 1800000000, "data_access_expires_at": 1790000000}
    async with answering(saying({"data": data})) as client:
        assert (await client.inspect_token(TOKEN)).expires_at == datetime.fromtimestamp(1790000000, UTC)


async def test_an_invalid_token_comes_with_its_problem(client: GraphClient) -> None:
    facts = await client.inspect_token("EAAGunknownTOKEN")
    assert not facts.valid
    assert facts.problem


async def test_a_token_is_renewed_while_it_lives(meta: Graph, client: GraphClient) -> None:
    renewed = await client.renew_token(TOKEN)
    assert renewed != TOKEN
    assert (await client.inspect_token(renewed)).expires_at == NOW + timedelta(days=60)
    assert (await client.inspect_token(TOKEN)).valid


async def test_without_app_secret_tokens_are_left_alone(meta: Graph) -> None:
    async with GraphClient(settings_for(meta.url, app_secret=None), the_token) as client:
        for call in (client.inspect_token, client.renew_token):
            with pytest.raises(SendRejected, match="app-unknown"):
                await call(TOKEN)


async def test_templates_are_read_over_all_pages(meta: Graph, client: GraphClient) -> None:
    number = meta.numbers[NUMBER]
    for index in range(230):
        number.add_template(f"t{index}", "es", "marketing", "Hola {{1}}, mira {{2}}, {{1}}")
    found = await client.templates(WABA, TOKEN)
    assert [each.name for each in found] == [f"t{index}" for index in range(230)]
    content = Components("Hola {{1}}, mira {{2}}, {{1}}")
    listed = TemplateFacts("t0", "es", "marketing", "APPROVED", content, f"{WABA}00001", "UNKNOWN")
    assert found[0] == listed


async def test_pages_without_end_are_given_up() -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.query.get("after"))
        paging = {"cursors": {"after": f"c{len(asked)}"}, "next": "https://evil.example/steal"}
        return web.json_response({"data": [{"name": "a", "language": "en-US"}, {"broken": 1}, 5], "paging": paging})

    async with answering(answer) as client:
        found = await client.templates(WABA, TOKEN)
    assert len(asked) == MAX_PAGES
    assert found[0] == TemplateFacts("a", "en_US", "", "", Components(""))


async def test_a_number_is_described(meta: Graph, client: GraphClient) -> None:
    facts = await client.number(NUMBER, TOKEN)
    assert facts.phone_number_id == NUMBER
    assert facts.display_phone == "+1 555-078-3881"
    assert (facts.quality, facts.coexistence) == ("GREEN", False)
    assert facts.can_send == "AVAILABLE"


async def test_subscriptions_are_listed(meta: Graph, client: GraphClient) -> None:
    assert await client.subscriptions(WABA, TOKEN) == [SubscribedApp("1000000001", "Centralita")]
    meta.businesses[WABA].subscribed = False
    assert await client.subscriptions(WABA, TOKEN) == []


@pytest.mark.parametrize("bad", ["", "../me", "1?x=1", "1" * 40])
async def test_an_id_that_is_none_costs_no_call(client: GraphClient, bad: str) -> None:
    for call in (client.templates, client.number, client.subscriptions):
        with pytest.raises(SendRejected, match="number-invalid"):
            await call(bad, TOKEN)


async def test_a_question_is_asked_again_until_it_is_answered() -> None:
    asked = []

    async def answer(_request: web.Request) -> web.Response:
        asked.append(1)
        return web.Response(status=502) if len(asked) < 3 else web.json_response({"display_phone_number": "+1 555"})

    async with answering(answer) as client:
        assert (await client.number(NUMBER, TOKEN)).display_phone == "+1 555"
    assert len(asked) == 3


async def test_a_refused_question_is_not_asked_again() -> None:
    asked = []

    async def answer(_request: web.Request) -> web.Response:
        asked.append(1)
        return web.json_response({"error": {"code": 190, "message": "expired"}}, status=401)

    async with answering(answer) as client:
        with pytest.raises(AccountSuspended, match="token-invalid"):
            await client.number(NUMBER, TOKEN)
    assert len(asked) == 1


# --- secrets ----------------------------------------------------------------------------------------------------------


async def drop(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def quoting(request: web.Request) -> web.StreamResponse:
    told = f"Malformed access token {TOKEN}; client secret {APP_SECRET}; {request.path_qs}"
    return web.json_response({"error": {"code": 190, "message": told, "error_data": {"details": told}}}, status=401)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What our side logged; the access log is the test server's."""
    return "".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")


@pytest.mark.parametrize("answer", [drop, quoting, saying("<html>", 500), saying("{}")])
async def test_no_failure_shows_a_token_or_a_secret(answer: Answerer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with answering(answer, attempts=1) as client:
        calls: list[Callable[[], Awaitable[Any]]] = [
            lambda: client.send(PARCEL),
            lambda: client.inspect_token(TOKEN),
            lambda: client.renew_token(TOKEN),
        ]
        for call in calls:
            with pytest.raises(SendFailed) as failure:
                await call()
            text = shows(failure.value) + logged(caplog)
            assert TOKEN not in text
            assert APP_SECRET not in text


async def test_no_failure_to_connect_shows_a_token_or_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with GraphClient(settings_for("http://127.0.0.1:1", attempts=2), the_token) as client:
        for question in (lambda: client.inspect_token(TOKEN), lambda: client.templates(WABA, TOKEN)):
            with pytest.raises(SendPostponed) as failure:
                await question()
            text = shows(failure.value) + logged(caplog)
            assert TOKEN not in text
            assert APP_SECRET not in text


def test_the_settings_show_no_secret() -> None:
    assert APP_SECRET not in repr(settings_for("http://x"))


@pytest.mark.parametrize("url", ["", "graph.facebook.com", "ftp://graph.facebook.com", "http://"])
def test_an_address_that_is_none_is_named_at_start_up(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"whatsapp\.graph_url"):
        GraphClient(settings_for(url), the_token)
