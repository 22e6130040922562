"""Fetching a customer's file from Meta: what is taken, what is refused, and who never sees the token."""

import base64
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stamina
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.whatsapp.attachments import attachment_of, digest, file_name, media_type, without_url
from bot.whatsapp.graph import GraphClient, GraphSettings
from bot.whatsapp.media import MEDIA_HOSTS, Addresses
from crm.errors import AccountSuspended, NotFound, SendFailed, SendPostponed, SendRejected
from crm.model.media import Attachment, MediaKind
from crm.ports import Address, MediaSource
from sandbox.graph.faults import Fault
from sandbox.graph.graph import Graph

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN, APP_SECRET = "EAAGsecretTOKENsecret0123456789", "the-app-secret"
NUMBER, WABA = "106540352242922", "102290129340398"
PICTURE = b"\xff\xd8picture" * 5_000
MANY = 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class MovedClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def _fast_retries() -> Any:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def meta(clock: MovedClock) -> AsyncIterator[Graph]:
    graph = Graph(clock, app_secret=APP_SECRET)
    await graph.start()
    graph.require_proof = False
    graph.add_number(NUMBER, WABA, "+1 555-078-3881", TOKEN, token_expires_at=NOW + timedelta(days=30))
    yield graph
    await graph.stop()


@asynccontextmanager
async def asking(url: str, *tokens: str) -> AsyncIterator[GraphClient]:
    given = iter(tokens or (TOKEN,))
    current = [next(given)]

    async def token_for(_: int) -> str:
        return current[0]

    def refused() -> None:
        current[0] = next(given, current[0])

    settings = GraphSettings(base_url=url, app_id="1", app_secret=APP_SECRET, connect_seconds=2, read_seconds=2)
    async with GraphClient(settings, token_for, refused) as client:
        yield client


def sent_by_somebody(meta: Graph, content: bytes = PICTURE) -> str:
    return str(meta.media.add(content, "image/jpeg", meta.clock.now(), timedelta(days=7)).id)


async def failing(client: GraphClient, meta_id: str = "123", limit: int = MANY) -> Exception:
    with pytest.raises((SendFailed, NotFound)) as failure:
        await client.fetch(1, meta_id, limit)
    return failure.value


async def test_a_file_is_fetched_with_what_meta_says_of_it(meta: Graph) -> None:
    async with asking(meta.url) as client:
        source: MediaSource = client
        fetched = await source.fetch(1, sent_by_somebody(meta), MANY)
    assert (fetched.content, fetched.mime_type) == (PICTURE, "image/jpeg")
    assert fetched.sha256 == hashlib.sha256(PICTURE).hexdigest()


async def test_an_id_of_more_than_seven_days_is_gone(meta: Graph, clock: MovedClock) -> None:
    meta_id = sent_by_somebody(meta)
    clock.at += timedelta(days=8)
    async with asking(meta.url) as client:
        failure = await failing(client, meta_id)
    assert isinstance(failure, NotFound)
    assert failure.code == "media-gone"


async def test_a_file_larger_than_the_limit_is_refused_before_it_is_asked_for(meta: Graph) -> None:
    asked: list[str] = []
    meta.on_exchange = lambda exchange: asked.append(exchange.path)
    async with asking(meta.url) as client:
        failure = await failing(client, sent_by_somebody(meta), limit=len(PICTURE) - 1)
    assert isinstance(failure, SendRejected)
    assert failure.code == "media-too-large"
    assert not [path for path in asked if "media-files" in path]


async def test_a_refused_token_is_told_and_a_newer_one_is_tried(meta: Graph) -> None:
    meta_id = sent_by_somebody(meta)
    async with asking(meta.url, "EAAGold0000000000000000000", TOKEN) as client:
        assert (await client.fetch(1, meta_id, MANY)).content == PICTURE
    async with asking(meta.url, "EAAGold0000000000000000000") as client:
        failure = await failing(client, meta_id)
    assert isinstance(failure, AccountSuspended)
    assert failure.reason == "token"


async def test_trouble_of_metas_postpones(meta: Graph) -> None:
    meta.fail_next(Fault("html", http=500), times=None, where="media")
    async with asking(meta.url) as client:
        assert not isinstance(await failing(client, sent_by_somebody(meta)), SendRejected)


# --- a Meta that answers anything at all -----------------------------------------------------------------------------------


@asynccontextmanager
async def a_meta(file: Handler, **facts: Any) -> AsyncIterator[tuple[str, list[str]]]:
    """Answers every lookup with an address of its own (or the one given), and the address with `file`; notes each path."""
    asked: list[str] = []

    async def describe(request: web.Request) -> web.Response:
        asked.append("id")
        told = {"url": f"{request.url.origin()}/file/{len(asked)}?hash=key", "mime_type": "image/jpeg", **facts}
        return web.json_response(told)

    async def noted(request: web.Request) -> web.StreamResponse:
        asked.append("file")
        return await file(request)

    app = web.Application()
    app.add_routes([web.get("/v26.0/{id}", describe), web.get("/file/{n}", noted)])
    async with TestServer(app) as server:
        yield str(server.make_url("/")), asked


def answers(status: int, body: bytes = b"", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def test_a_dead_address_is_asked_for_anew_once() -> None:
    first = True

    async def dies_once(_: web.Request) -> web.Response:
        nonlocal first
        first, dead = False, first
        return web.Response(status=404) if dead else web.Response(body=PICTURE)

    async with a_meta(dies_once) as (url, asked), asking(url) as client:
        assert (await client.fetch(1, "123", MANY)).content == PICTURE
    assert asked == ["id", "file", "id", "file"]


async def test_addresses_that_stay_dead_postpone() -> None:
    async with a_meta(answers(404)) as (url, asked), asking(url) as client:
        failure = await failing(client)
    assert isinstance(failure, SendPostponed)
    assert asked == ["id", "file", "id", "file"]


async def test_a_redirect_is_not_followed() -> None:
    async with a_meta(answers(302, Location="/file/99")) as (url, asked), asking(url) as client:
        failure = await failing(client)
    assert failure.code == "media-redirected"  # type: ignore[attr-defined]
    assert asked == ["id", "file"]


async def test_an_answer_without_end_is_cut_at_the_limit() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x" * 65_536)
        return response

    async with a_meta(endless) as (url, _), asking(url) as client:
        failure = await failing(client, limit=100_000)
    assert isinstance(failure, SendRejected)
    assert failure.code == "media-too-large"


async def test_a_bomb_of_zeros_is_counted_as_it_unfolds() -> None:
    import gzip

    async with (
        a_meta(answers(200, gzip.compress(bytes(50 * MANY)), **{"Content-Encoding": "gzip"})) as (url, _),
        asking(url) as client,
    ):
        failure = await failing(client)
    assert failure.code in ("media-too-large", "media-unavailable")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, AccountSuspended), (403, AccountSuspended), (429, SendPostponed), (502, SendPostponed)],
)
async def test_other_answers(status: int, expected: type[Exception]) -> None:
    async with a_meta(answers(status)) as (url, _), asking(url) as client:
        assert isinstance(await failing(client), expected)


async def test_an_empty_or_a_broken_file_postpones() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"only this")
        assert request.transport is not None
        request.transport.abort()
        return response

    for file in (answers(200), broken):
        async with a_meta(file) as (url, _), asking(url) as client:
            assert isinstance(await failing(client), SendPostponed)


async def test_a_foreign_host_never_sees_the_token_and_no_log_sees_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []

    async def listen(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=PICTURE)

    foreign = web.Application()
    foreign.add_routes([web.get("/{anything:.*}", listen)])
    async with TestServer(foreign) as server:
        address = str(server.make_url("/file?hash=a-key-by-itself"))
        async with a_meta(answers(200, PICTURE), url=address) as (url, _), asking(url) as client:
            with caplog.at_level(logging.DEBUG):
                failure = await failing(client)
    assert isinstance(failure, SendRejected)
    assert failure.code == "media-foreign-host"
    assert seen == []
    assert "a-key-by-itself" not in f"{caplog.text}{failure!r}{failure.detail}"


HOSTS = Addresses(URL("https://graph.facebook.com"), MEDIA_HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=x%2By",
        "https://scontent-eze1-1.xx.fbcdn.net/v/a",
        "https://graph.facebook.com/v26.0/x",
    ],
)
def test_metas_hosts_are_known(address: str) -> None:
    assert str(HOSTS.checked(address)) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evil.example/lookaside.fbsbx.com",
        "https://evilfbcdn.net/x",
        "https://fbcdn.net.evil.example/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://user:pass@lookaside.fbsbx.com/x",
        "https://evil.example#lookaside.fbsbx.com",
        "https://evil.example\\@lookaside.fbsbx.com/",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "//lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        "https://lookaside.fbsbx.com:99999/x",
    ],
)
def test_everything_else_is_foreign(address: str) -> None:
    with pytest.raises(SendRejected) as refusal:
        HOSTS.checked(address)
    assert refusal.value.code == "media-foreign-host"


# --- the webhook's own address -----------------------------------------------------------------------------------------------


def there(url: str) -> Address:
    return Address(url, "image/jpeg")


async def test_a_fresh_address_of_a_webhook_saves_the_question(meta: Graph) -> None:
    asked: list[str] = []
    meta.on_exchange = lambda exchange: asked.append(exchange.path)
    element = meta.media_element(PICTURE, "image/jpeg")
    async with asking(meta.url) as client:
        fetched = await client.fetch(1, element["id"], MANY, there(element["url"]))
    assert (fetched.content, fetched.mime_type, fetched.sha256) == (PICTURE, "image/jpeg", None)
    assert [path for path in asked if "/media-files/" not in path] == []
    assert len(asked) == 1


@pytest.mark.parametrize("status", [302, 401, 403, 404, 410])
async def test_an_address_that_is_no_longer_good_is_asked_for_by_id_and_accuses_no_token(status: int) -> None:
    async def old(request: web.Request) -> web.Response:
        return web.Response(status=status) if request.match_info["n"] == "old" else web.Response(body=PICTURE)

    async with a_meta(old, sha256="a" * 64) as (url, asked), asking(url) as client:
        fetched = await client.fetch(1, "123", MANY, there(f"{url}file/old"))
    assert (fetched.content, fetched.sha256) == (PICTURE, "a" * 64)
    assert asked == ["file", "id", "file"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "//x",
        "x y",
    ],
)
async def test_the_token_goes_to_no_foreign_host_that_a_webhook_names(address: str) -> None:
    async with a_meta(answers(200, PICTURE)) as (url, asked), asking(url) as client:
        assert (await client.fetch(1, "123", MANY, there(address))).content == PICTURE
    assert asked == ["id", "file"]


async def test_the_limit_holds_for_a_webhooks_address_too() -> None:
    async with a_meta(answers(200, PICTURE)) as (url, asked), asking(url) as client:
        with pytest.raises(SendRejected, match="media-too-large"):
            await client.fetch(1, "123", len(PICTURE) - 1, there(f"{url}file/1"))
    assert asked == ["file"]


def test_an_address_is_kept_only_with_a_type_and_a_hash_to_check_by() -> None:
    whole = {"id": "1", "mime_type": "image/jpeg", "sha256": "a" * 64, "url": "https://lookaside.fbsbx.com/x"}
    found = attachment_of("image", {"image": whole})
    assert found is not None
    assert found.url == whole["url"]
    assert whole["url"] not in repr(found)
    for changed in (
        {"sha256": "?"},
        {"mime_type": None},
        {"url": 7},
        {"url": "x" * 2_001},
        {"url": ""},
        {"url": "a\nb"},
    ):
        poor = attachment_of("image", {"image": whole | changed})
        assert poor is not None
        assert poor.url is None
    assert without_url("image", {"type": "image", "image": whole})["image"].keys() == whole.keys() - {"url"}
    text = {"type": "text", "text": {"body": "x", "url": "y"}}
    assert without_url("text", text) == text


# --- what a webhook says of a file -------------------------------------------------------------------------------------------


def test_a_document_comes_with_its_name_and_hash() -> None:
    raw = hashlib.sha256(b"x").digest()
    content = {
        "id": "123",
        "mime_type": "application/pdf; charset=x",
        "filename": "a/../b\\factura\u202e.pdf",
        "sha256": base64.b64encode(raw).decode(),
    }
    expected = Attachment(MediaKind.DOCUMENT, "123", "application/pdf", "factura.pdf", raw.hex())
    assert attachment_of("document", {"document": content}) == expected


def test_a_voice_note_is_told_from_other_sound() -> None:
    assert attachment_of("audio", {"audio": {"id": "1", "voice": True}}) == Attachment(
        MediaKind.VOICE, "1", "application/octet-stream"
    )
    plain = attachment_of("audio", {"audio": {"id": 1, "mime_type": "AUDIO/MPEG"}})
    assert plain == Attachment(MediaKind.AUDIO, "1", "audio/mpeg")


@pytest.mark.parametrize("content", [None, "text", {}, {"id": None}, {"id": "../me"}, {"id": "9" * 40}, {"id": ["1"]}])
def test_a_file_without_a_usable_id_is_none(content: Any) -> None:
    assert attachment_of("image", {"image": content}) is None
    assert attachment_of("text", {"text": {"id": "1"}}) is None


def test_odd_words_are_dropped_or_made_harmless() -> None:
    assert media_type("text/html\r\nX: y") == "application/octet-stream"
    assert digest("not base64!") is None
    assert digest("AAAA") is None
    assert digest("A" * 64) == "a" * 64
    assert file_name("..") is None
    assert file_name("C:\\windows\\x\0.exe\n") == "x.exe"
    long = file_name("n" * 500 + ".pdf")
    assert long is not None
    assert len(long) == 120
    assert long.endswith(".pdf")
