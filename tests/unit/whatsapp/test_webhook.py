"""The door for Meta's webhooks, over real HTTP (reference 2)."""

import asyncio
import gzip
import hmac
import io
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.whatsapp.signature import dedup_key
from bot.whatsapp.sources import networks
from bot.whatsapp.webhook import MAX_BODY, WebhookSettings
from bot.whatsapp.webhook import Door as Webhook
from crm.errors import Conflict
from tests.unit.whatsapp.hostile import HOSTILE, Hostile
from tests.unit.whatsapp.payloads import a_message, dump, with_messages

SECRET = "app-secret"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = dump(with_messages(a_message()))
PATH = "/webhooks/whatsapp"
SETTINGS = WebhookSettings(verify_token="verify-me", app_secrets=("another", SECRET), per_second=0)

Client = TestClient[web.Request, web.Application]


class Memory:
    """An Intake that keeps rows in a list and can be made unavailable."""

    def __init__(self) -> None:
        self.rows: dict[bytes, tuple[bytes, datetime]] = {}
        self.unavailable = False

    async def store(self, dedup_key: bytes, body: bytes, received_at: datetime) -> bool:
        if self.unavailable:
            raise Conflict("storage-unavailable")
        if dedup_key in self.rows:
            return False
        self.rows[dedup_key] = (body, received_at)
        return True


class Tally:
    """A Meter that remembers."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.seconds: list[float] = []

    def count(self, name: str, *labels: str) -> None:
        assert name == "whatsapp_webhooks"
        (outcome,) = labels
        self.outcomes[outcome] += 1

    def observe(self, name: str, seconds: float) -> None:
        assert name == "whatsapp_webhook_seconds"
        self.seconds.append(seconds)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Door:
    """The webhook behind a real server, with its neighbours at hand."""

    def __init__(self, settings: WebhookSettings) -> None:
        self.intake, self.meter, self.full = Memory(), Tally(), False
        app = web.Application()  # with aiohttp's own limit of 1 MiB: the door must not depend on it
        webhook = Webhook(settings, self.intake, StoppedClock(), meter=self.meter, backlog_full=lambda: self.full)
        app.add_routes(webhook.routes())
        self.webhook, self.server = webhook, TestServer(app)
        self.client: Client = TestClient(self.server)

    async def opens(self, *, ahead: bool) -> None:
        """Listen; deliveries come in through the application, or ahead of it."""
        await self.client.start_server()
        server = self.server.runner.server if self.server.runner else None
        assert server is not None
        if ahead:
            server.request_handler = self.webhook.ahead_of(server.request_handler)

    async def post(self, body: Any = BODY, signature: str | None = "", **headers: str) -> tuple[int, str, Any]:
        """Post a body, signed unless told otherwise; return status, text and headers."""
        if signature == "":
            signature = sign(body)
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.client.post(PATH, data=data, headers=headers) as response:
            return response.status, await response.text(), response.headers

    async def status(self, *args: Any, **kwargs: Any) -> int:
        return (await self.post(*args, **kwargs))[0]


def sign(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"


@pytest.fixture(params=[True, False], ids=["ahead", "routed"])
def ahead(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def door(request: pytest.FixtureRequest, ahead: bool) -> AsyncIterator[Door]:
    door = Door(replace(SETTINGS, **getattr(request, "param", {})))
    await door.opens(ahead=ahead)
    yield door
    await door.client.close()


def with_settings(**changes: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("door", [changes], indirect=True, ids=[",".join(changes)])


# --- verification -----------------------------------------------------------------------------------------------------

ASK = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify-me"}


async def test_metas_challenge_comes_back_raw(door: Door) -> None:
    async with door.client.get(PATH, params=ASK) as response:
        assert (response.status, await response.text()) == (200, "1158201444")
        assert response.content_type == "text/plain"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "verify-mé"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "c" * 600},
    ],
)
async def test_a_stranger_gets_no_challenge_back(door: Door, change: dict[str, str]) -> None:
    async with door.client.get(PATH, params=ASK | change) as response:
        assert (response.status, await response.text()) == (403, "")
    assert door.meter.outcomes == {"verify_refused": 1}


@with_settings(verify_token="")
async def test_an_empty_verify_token_verifies_nobody(door: Door) -> None:
    async with door.client.get(PATH, params=ASK | {"hub.verify_token": ""}) as response:
        assert response.status == 403


# --- deliveries -------------------------------------------------------------------------------------------------------


async def test_a_genuine_webhook_is_kept_before_the_200(door: Door) -> None:
    status, text, _ = await door.post()
    assert (status, text) == (200, "")
    digest = bytes.fromhex(sign(BODY).removeprefix("sha256="))
    assert door.intake.rows == {dedup_key(BODY, digest): (BODY, NOW)}
    assert door.meter.outcomes == {"stored": 1}
    assert len(door.meter.seconds) == 1


async def test_a_redelivery_is_welcome_and_kept_once(door: Door) -> None:
    assert [await door.status(), await door.status()] == [200, 200]
    assert len(door.intake.rows) == 1
    assert door.meter.outcomes == {"stored": 1, "duplicate": 1}


@pytest.mark.parametrize(
    "signature", [None, "sha256=short", sign(BODY, "stolen"), sign(b"another body"), "sha1=" + "0" * 40]
)
async def test_what_meta_did_not_sign_is_refused(door: Door, signature: str | None) -> None:
    assert await door.status(BODY, signature) == 401
    assert door.intake.rows == {}
    assert door.meter.outcomes.total() == 1


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
async def test_nothing_fails_for_its_content(door: Door, case: Hostile) -> None:
    assert await door.status(case.body) == 200
    ((body, _),) = door.intake.rows.values()
    assert body == case.body


async def test_a_batch_of_three_megabytes_is_kept(door: Door) -> None:
    body = dump(with_messages(a_message("text", {"body": "x" * (MAX_BODY - 1_000)})))
    assert MAX_BODY - 1_000 < len(body) <= MAX_BODY
    assert await door.status(body) == 200


async def test_a_larger_body_is_refused_unread(door: Door) -> None:
    assert await door.status(b"x" * (MAX_BODY + 1)) == 413
    assert door.intake.rows == {}
    assert door.meter.outcomes == {"too_large": 1}


async def test_a_larger_body_in_chunks_is_refused_too(door: Door) -> None:
    body = b"x" * (MAX_BODY + 1)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    assert await door.status(pieces(), sign(body)) == 413
    assert door.intake.rows == {}


async def test_a_body_in_chunks_is_kept(door: Door) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield BODY[:100]
        yield BODY[100:]

    assert await door.status(pieces(), sign(BODY)) == 200
    ((body, _),) = door.intake.rows.values()
    assert body == BODY


@with_settings(max_body=10_000)
async def test_a_compressed_bomb_is_measured_unpacked(door: Door) -> None:
    bomb = b" " * 1_000_000
    headers = {"Content-Encoding": "gzip"}
    assert await door.status(gzip.compress(bomb), sign(bomb), **headers) in (400, 413)
    assert door.intake.rows == {}


async def test_meta_must_come_again_while_nothing_can_be_kept(door: Door) -> None:
    door.intake.unavailable = True
    status, _, headers = await door.post()
    assert (status, headers["Retry-After"]) == (503, "5")
    door.intake.unavailable = False
    assert await door.status() == 200
    assert door.meter.outcomes == {"storage_unavailable": 1, "stored": 1}


async def test_meta_must_wait_while_the_inbox_is_behind(door: Door) -> None:
    door.full = True
    status, _, headers = await door.post()
    assert (status, headers["Retry-After"]) == (503, "5")
    assert door.intake.rows == {}


@with_settings(per_second=0.001, burst=3)
async def test_a_flood_from_one_address_is_stopped(door: Door) -> None:
    assert [await door.status(BODY, sign(BODY, "guess")) for _ in range(5)] == [401, 401, 401, 429, 429]
    status, _, headers = await door.post()
    assert (status, headers["Retry-After"]) == (429, "5")


@with_settings(per_second=0.001, burst=1, trusted_proxies=1)
async def test_a_flood_behind_our_proxy_leaves_others_alone(door: Door) -> None:
    assert await door.status(**{"X-Forwarded-For": "31.13.24.9, 6.6.6.6"}) == 200
    assert await door.status(**{"X-Forwarded-For": "31.13.24.9, 6.6.6.6"}) == 429
    assert await door.status(**{"X-Forwarded-For": "31.13.24.9"}) == 200


@with_settings(allowed_networks=networks(["31.13.24.0/21"]), trusted_proxies=1)
async def test_only_allowed_origins_get_in(door: Door) -> None:
    assert await door.status(**{"X-Forwarded-For": "31.13.24.9"}) == 200
    assert await door.status(**{"X-Forwarded-For": "8.8.8.8"}) == 403
    assert await door.status() == 403
    assert door.meter.outcomes == {"stored": 1, "foreign": 2}


@with_settings(body_seconds=0.05)
async def test_a_body_that_never_ends_is_given_up(door: Door) -> None:
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\nX-Hub-Signature-256: {sign(BODY)}\r\n\r\n{{"
    writer.write(head.encode())
    assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert door.intake.rows == {}


@pytest.mark.parametrize(
    "rest",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n\r\n",
        b"Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello",
    ],
)
async def test_a_body_that_breaks_the_protocol_is_a_bad_request(door: Door, rest: bytes) -> None:
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {sign(BODY)}\r\n".encode() + rest)
    assert b" 400 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert door.intake.rows == {}


async def test_a_caller_who_hangs_up_leaves_no_trace(door: Door, caplog: Any) -> None:
    _, writer = await asyncio.open_connection(door.client.host, door.client.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\nX-Hub-Signature-256: {sign(BODY)}\r\n\r\n{{"
    writer.write(head.encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await door.status() == 200
    assert len(door.intake.rows) == 1
    assert caplog.records == []


def test_the_settings_show_no_secret() -> None:
    assert SECRET not in repr(SETTINGS)
    assert "verify-me" not in repr(SETTINGS)
