"""The door for Meta's webhooks: check who it is, keep what it brings, say 200.

Nothing behind this door can fail because of what a webhook says, for then Meta would deliver it again for seven days;
understanding it is the inbox's work. So the only answers are 200 for kept (also for what nobody can read), 401 for a
signature that is not ours (Meta goes on retrying, so a wrong secret loses nothing), and 503 when it cannot be kept now.
Rules of the transport: reference 2.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.whatsapp.signature import SIGNATURE_HEADER, claimed, dedup_key, verify
from bot.whatsapp.sources import Network, Sources, address_of
from crm.clock import Clock
from crm.errors import CrmError
from crm.ports import Intake

MAX_BODY = 3 * 1024 * 1024

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Meter(Protocol):
    """Counts and durations for whoever keeps metrics."""

    def count(self, name: str, *labels: str) -> None: ...
    def observe(self, name: str, seconds: float) -> None: ...


class NoMeter:
    """Measures nothing."""

    def count(self, name: str, *labels: str) -> None:
        """Forget it."""

    def observe(self, name: str, seconds: float) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What the door must know. `per_second` 0 switches the limit for each source off; no networks means any origin."""

    verify_token: str = field(repr=False)
    app_secrets: tuple[str, ...] = field(repr=False)
    path: str = "/webhooks/whatsapp"
    max_body: int = MAX_BODY
    per_second: float = 5_000
    burst: int = 20_000
    trusted_proxies: int = 0
    allowed_networks: tuple[Network, ...] = ()
    retry_after_seconds: int = 5
    body_seconds: float = 20


class Door:
    """The webhook of this program: Meta's verification (GET) and its deliveries (POST)."""

    def __init__(
        self,
        settings: WebhookSettings,
        intake: Intake,
        clock: Clock,
        *,
        meter: Meter | None = None,
        backlog_full: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._settings, self._intake, self._clock, self._meter = settings, intake, clock, meter or NoMeter()
        self._backlog_full = backlog_full
        self._monotonic = monotonic or time.monotonic
        self._secrets = tuple(secret.encode() for secret in settings.app_secrets)
        self._sources = Sources(
            per_second=settings.per_second,
            burst=settings.burst,
            allowed=settings.allowed_networks,
            monotonic=self._monotonic,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the webhook's two routes, for the house's application."""
        return [
            web.get(self._settings.path, self.verify, allow_head=False),
            web.post(self._settings.path, self.receive),
        ]

    def ahead_of(self, house: Handler) -> Handler:
        """Return a handler that lets deliveries in directly and everything else through the house.

        Nearly every request is one, and finding the way through the application costs a tenth of it.
        """
        path, receive = self._settings.path, self.receive

        def enter(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
            if request.method == "POST" and request.path == path and "Expect" not in request.headers:
                return receive(request)
            return house(request)

        return enter

    async def verify(self, request: web.BaseRequest) -> web.Response:
        """Echo Meta's challenge to whoever knows the verify token."""
        if refusal := self._refusal(request):
            return refusal
        token = request.query.get("hub.verify_token", "").encode(errors="replace")
        known = hmac.compare_digest(token, self._settings.verify_token.encode()) and token
        challenge = request.query.get("hub.challenge", "")
        if request.query.get("hub.mode") != "subscribe" or not known or not 0 < len(challenge) <= 512:
            return self._answer(403, "verify_refused")
        self._meter.count("whatsapp_webhooks", "verified")
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Keep one delivery and say 200, or say why not."""
        started = self._monotonic()
        try:
            if refusal := self._refusal(request):
                return refusal
            claim = claimed(request.headers.get(SIGNATURE_HEADER))
            if claim is None:
                return self._answer(401, "unsigned")
            if self._backlog_full():
                return self._later("backlog_full")
            body = self._whole(request) or await self._body(request)
            if body is None:
                return self._answer(413, "too_large")
            if not verify(body, claim, self._secrets):
                return self._answer(401, "wrong_signature")
            new = await self._intake.store(dedup_key(body, claim), body, self._clock.now())
            return self._answer(200, "stored" if new else "duplicate")
        except CrmError as problem:
            return self._later(problem.code.replace("-", "_"))
        except TimeoutError:
            return self._answer(408, "slow")
        except web.RequestPayloadError:
            return self._answer(400, "broken_body")
        finally:
            self._meter.observe("whatsapp_webhook_seconds", self._monotonic() - started)

    def _refusal(self, request: web.BaseRequest) -> web.Response | None:
        address = request.remote or ""
        if proxies := self._settings.trusted_proxies:
            address = address_of(address, request.headers.getall("X-Forwarded-For", ()), proxies)
        if not self._sources.may_come(address):
            return self._answer(403, "foreign")
        if not self._sources.take(address):
            return self._answer(429, "too_many", retry_after=self._settings.retry_after_seconds)
        return None

    def _whole(self, request: web.BaseRequest) -> bytes | None:
        """Return the body if it came in one piece and is not too large, as nearly every one."""
        if request.content.is_eof() and request.content.total_bytes <= self._settings.max_body:
            return request.content.read_nowait()
        return None

    async def _body(self, request: web.BaseRequest) -> bytes | None:
        """Read the whole body; None when it is larger than allowed, whatever its length header says."""
        limit = self._settings.max_body
        if (request.content_length or 0) > limit:
            return None
        pieces, size = [], 0
        async with asyncio.timeout(self._settings.body_seconds):
            async for piece in request.content.iter_any():
                size += len(piece)
                if size > limit:
                    return None
                pieces.append(piece)
        return b"".join(pieces)

    def _later(self, outcome: str) -> web.Response:
        return self._answer(503, outcome, retry_after=self._settings.retry_after_seconds)

    def _answer(self, status: int, outcome: str, *, retry_after: int | None = None) -> web.Response:
        self._meter.count("whatsapp_webhooks", outcome)
        if retry_after is None:
            return web.Response(status=status)
        return web.Response(status=status, headers={"Retry-After": str(retry_after)})
