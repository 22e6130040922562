"""Meta's register of tokens, accounts and numbers, read from the simulated one; and the proof that travels with every token."""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import stamina
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.whatsapp.graph import GraphClient, GraphSettings
from crm.errors import AccountSuspended, CrmError, SendRejected
from crm.model.imports import Sync
from crm.model.media import MediaKind
from crm.model.numbers import BusinessFacts
from crm.model.outbox import Address, Enclosed, Parcel
from crm.ports import Registry
from sandbox.graph.graph import Graph

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN, APP_ID, SECRET = "EAAGsecretTOKENsecret0123456789", "1000000001", "the-app-secret"
NUMBER, WABA = "106540352242922", "102290129340398"
PROOF = hmac.digest(SECRET.encode(), TOKEN.encode(), "sha256").hex()


class StoppedClock:
    def now(self) -> datetime:
        return NOW


async def the_token(_account_id: int) -> str:
    return TOKEN


@pytest.fixture(autouse=True)
def _fast_retries() -> Any:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def meta() -> AsyncIterator[Graph]:
    graph = Graph(StoppedClock(), app_secret=SECRET, app_id=APP_ID)
    await graph.start()
    graph.require_proof = True
    graph.add_number(NUMBER, WABA, "+1 555-078-3881", TOKEN, name="Sales")
    yield graph
    await graph.stop()


@pytest.fixture
async def registry(meta: Graph) -> AsyncIterator[Registry]:
    async with GraphClient(GraphSettings(meta.url, app_id=APP_ID, app_secret=SECRET), the_token) as client:
        yield client


async def test_a_token_says_what_it_may_do_and_where(meta: Graph, registry: Registry) -> None:
    facts = await registry.inspect_token(TOKEN)
    assert (facts.valid, facts.app_id, facts.kind) == (True, APP_ID, "SYSTEM_USER")
    assert facts.scopes == {"whatsapp_business_management", "whatsapp_business_messaging"}
    assert facts.targets["whatsapp_business_messaging"] == {NUMBER, WABA}
    assert not facts.of_other_app


async def test_a_token_of_another_app_is_told_apart_from_one_that_is_dead(meta: Graph, registry: Registry) -> None:
    meta.tokens.grant("EAAGforeign0123456789", {NUMBER, WABA}, NOW, None).app_id = "4711"
    foreign, dead = await registry.inspect_token("EAAGforeign0123456789"), await registry.inspect_token("EAAGnobody01")
    assert (foreign.valid, foreign.of_other_app) == (False, True)
    assert (dead.valid, dead.of_other_app) == (False, False)
    with pytest.raises(SendRejected):
        await registry.number(NUMBER, "EAAGforeign0123456789")


async def test_an_account_says_who_owns_it_and_which_numbers_it_has(meta: Graph, registry: Registry) -> None:
    for index in range(130):
        meta.add_number(f"5{index:05}", WABA, f"+1 555-100-{index:04}", TOKEN)
    assert await registry.business(WABA, TOKEN) == BusinessFacts(WABA, "Sales", f"9{WABA}", "Sales")
    members = await registry.numbers_of(WABA, TOKEN)
    assert len(members) == 131
    assert NUMBER in members


async def test_a_number_says_where_its_webhooks_go(meta: Graph, registry: Registry) -> None:
    assert (await registry.number(NUMBER, TOKEN)).webhook_url is None
    meta.webhook_url = "https://crm.example/webhooks/whatsapp"
    assert (await registry.number(NUMBER, TOKEN)).webhook_url == meta.webhook_url
    meta.numbers[NUMBER].webhook_url = "https://elsewhere.example/"
    facts = await registry.number(NUMBER, TOKEN)
    assert facts.webhook_url == "https://elsewhere.example/"
    assert (facts.name_status, facts.platform) == ("APPROVED", "CLOUD_API")


async def test_a_subscription_is_made_and_taken_back_any_number_of_times(meta: Graph, registry: Registry) -> None:
    for _ in range(2):
        await registry.unsubscribe(WABA, TOKEN)
    assert not meta.businesses[WABA].subscribed
    for _ in range(2):
        await registry.subscribe(WABA, TOKEN)
    assert [app.id for app in await registry.subscriptions(WABA, TOKEN)] == [APP_ID]
    with pytest.raises(AccountSuspended):
        await registry.subscribe(WABA, "EAAGnobody0123456789")


PARCEL = Parcel(NUMBER, 1, Address("+5491155550001", None), "c7f3", "Hello", None, None)
FILE = Enclosed(MediaKind.DOCUMENT, "a" * 64, "application/pdf", None)
CALLS: dict[str, Callable[[GraphClient], Awaitable[object]]] = {
    "send": lambda client: client.send(PARCEL),
    "upload": lambda client: client.upload(1, NUMBER, b"%PDF", FILE),
    "mark_read": lambda client: client.mark_read(1, NUMBER, "wamid.1", typing=False),
    "fetch": lambda client: client.fetch(1, "987", 1_000_000),
    "hand_over": lambda client: client.hand_over(NUMBER, Sync.HISTORY, TOKEN),
    "templates": lambda client: client.templates(WABA, TOKEN),
    "number": lambda client: client.number(NUMBER, TOKEN),
    "business": lambda client: client.business(WABA, TOKEN),
    "numbers_of": lambda client: client.numbers_of(WABA, TOKEN),
    "subscriptions": lambda client: client.subscriptions(WABA, TOKEN),
    "subscribe": lambda client: client.subscribe(WABA, TOKEN),
    "unsubscribe": lambda client: client.unsubscribe(WABA, TOKEN),
}
OF_THE_APP = {"inspect_token", "renew_token"}
"""They come with the app's own token, which is proved likewise, or with its very secret."""


def test_no_call_is_forgotten() -> None:
    """A new call to Meta must be named here, so that its proof is looked at."""
    public = {name for name in vars(GraphClient) if not name.startswith("_")} - {"close"}
    assert public == CALLS.keys() | OF_THE_APP


@pytest.mark.parametrize("call", CALLS)
async def test_every_call_with_a_token_proves_the_app_secret_to_graph_and_to_nobody_else(call: str) -> None:
    """Meta refuses calls without the proof once "Require App Secret" is on (reference 6). The host of files is not the Graph API."""
    asked: list[web.Request] = []

    async def graph(request: web.Request) -> web.Response:
        asked.append(request)
        address = str(files.make_url("/file"))
        return web.json_response(
            {"success": True, "id": "9", "messages": [{"id": "wamid.1"}], "url": address, "mime_type": "image/png"}
        )

    async def file(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(body=b"content")

    async with serving(graph) as server, serving(file) as files:
        settings = GraphSettings(
            str(server.make_url("/")), app_id=APP_ID, app_secret=SECRET, media_hosts=("127.0.0.1",)
        )
        async with GraphClient(settings, the_token) as client:
            with suppress(CrmError):  # the files' host is no HTTPS here: it is not asked at all
                await CALLS[call](client)
    assert asked
    for request in asked:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert request.query.get("appsecret_proof") == PROOF


async def test_a_token_is_inspected_with_the_apps_token_and_its_proof(meta: Graph, registry: Registry) -> None:
    queries: list[dict[str, str]] = []
    meta.on_exchange = lambda seen: queries.append(dict(seen.query))
    assert (await registry.inspect_token(TOKEN)).valid
    ours = f"{APP_ID}|{SECRET}"
    proof = hmac.digest(SECRET.encode(), ours.encode(), "sha256").hex()
    assert queries == [{"input_token": TOKEN, "access_token": ours, "appsecret_proof": proof}]


def serving(answer: Callable[[web.Request], Awaitable[web.Response]]) -> TestServer:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return TestServer(app)


async def test_a_file_is_fetched_with_the_token_and_without_the_proof(meta: Graph) -> None:
    """The proof is for the Graph API; the address of a file is another server's."""
    shown: list[tuple[str, bool]] = []
    meta.on_exchange = lambda seen: shown.append((seen.path, "appsecret_proof" in seen.query))
    meta.require_proof = False
    element = meta.media_element(b"\x89PNG picture", "image/png")
    async with GraphClient(GraphSettings(meta.url, app_id=APP_ID, app_secret=SECRET), the_token) as client:
        fetched = await client.fetch(1, element["id"], 1_000)
    assert fetched.content == b"\x89PNG picture"
    assert [proved for path, proved in shown if "media-files" in path] == [False]
    assert [proved for path, proved in shown if "media-files" not in path] == [True]
