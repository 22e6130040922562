"""The way from a person's act to the bot: a queue, read by long polling or pushed to a webhook.

Keeps Telegram's promises and no others: an update lives 24 hours, is dropped at the door when its kind is not
allowed, is confirmed by the next offset or by a 2xx, and may come twice. Updates of one chat are pushed in order;
chats do not wait for each other. Waiting is real time (a network matter); ages are the injected clock's.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import aiohttp

from crm.clock import Clock
from sandbox.telegram.faults import ApiFault, bad
from sandbox.telegram.lists import DEFAULT_UPDATE_KINDS, UPDATE_KINDS

Json = dict[str, Any]

LIFETIME = timedelta(hours=24)
REMEMBERED = 10_000
RETRY_S = 0.2
PUSH_TIMEOUT = aiohttp.ClientTimeout(total=60)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pulse:
    """Wakes everybody who waits for something to change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def beat(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def next(self, timeout_s: float | None) -> None:
        """Return at the next beat, or when the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._event.wait()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are pushed to."""

    url: str
    secret: str | None = None
    max_connections: int = 40


@dataclass(eq=False, slots=True)
class Pending:
    """An update the bot has not confirmed; `again` marks a repetition of one it had."""

    update_id: int
    kind: str
    lane: int
    payload: Json
    at: datetime
    again: bool = False

    def json(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.payload}


class Updates:
    """The queue of one bot and its two exits."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self.pending: list[Pending] = []
        self.allowed: frozenset[str] = DEFAULT_UPDATE_KINDS
        self.webhook: Webhook | None = None
        self.push_automatically = True
        self.last_error: tuple[datetime, str] | None = None
        self._clock = clock
        self._pulse = pulse
        self._ids = count(700_000_001)
        self._known: dict[int, Pending] = {}
        self._poller: object | None = None
        self._eviction = ""
        self._pushing = asyncio.Lock()

    @property
    def polled(self) -> bool:
        """Is a long poll waiting right now?"""
        return self._poller is not None

    def put(self, kind: str, lane: int, payload: Json, *, heard: bool = True) -> int:
        """Queue an update, unless the bot did not ask for its kind or may not hear it; answer its id either way."""
        pending = Pending(next(self._ids), kind, lane, payload, self._clock.now())
        self._known[pending.update_id] = pending
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        if heard and kind in self.allowed:
            self.pending.append(pending)
        self._pulse.beat()
        return pending.update_id

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more, before anything newer."""
        known = self._known[update_id]
        again = Pending(known.update_id, known.kind, known.lane, known.payload, self._clock.now(), again=True)
        self.pending.insert(0, again)
        self._pulse.beat()

    def allow(self, kinds: list[str] | None) -> None:
        """Take over an allowed_updates list: absent changes nothing, empty means the default set."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & UPDATE_KINDS or DEFAULT_UPDATE_KINDS

    def hook(self, webhook: Webhook | None, *, drop: bool) -> None:
        """Set or remove the webhook; a poll under way ends with a conflict."""
        self.webhook = webhook
        self.last_error = None
        if drop:
            self.pending.clear()
        if webhook is not None:
            self._evict("terminated by setWebhook request")
        self._pulse.beat()

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[Json]:
        """Wait for updates; the offset confirms everything before it."""
        if self.webhook is not None:
            raise _conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._evict("terminated by other getUpdates request; make sure that only one bot instance is running")
        me = self._poller = object()
        self._confirm(offset)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not self.pending and self._poller is me:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self._pulse.next(left)
        if self._poller is not me:
            raise _conflict(self._eviction)
        self._poller = None
        self._expire()
        batch = self.pending[:limit]
        for pending in batch:
            pending.again = False
        return [pending.json() for pending in batch]

    async def push_due(self, session: aiohttp.ClientSession) -> int:
        """Push what is pending until nothing is left or the webhook refuses; answer how many were accepted."""
        accepted = 0
        stuck: set[int] = set()
        async with self._pushing:
            self._expire()
            while self.webhook is not None and (batch := self._heads(self.webhook, stuck)):
                hook = self.webhook
                outcomes = await asyncio.gather(*(self._push(session, hook, one) for one in batch))
                for pending, fine in zip(batch, outcomes, strict=True):
                    if not fine:
                        stuck.add(pending.lane)
                        continue
                    accepted += 1
                    if pending in self.pending:
                        self.pending.remove(pending)
                self._pulse.beat()
        return accepted

    async def keep_pushing(self, session: aiohttp.ClientSession) -> None:
        """Push whenever there is something to push, for as long as the server runs."""
        while True:
            if self._may_push():
                await self.push_due(session)
            await self._pulse.next(RETRY_S if self._may_push() else None)

    def _may_push(self) -> bool:
        return self.push_automatically and self.webhook is not None and bool(self.pending)

    def _heads(self, hook: Webhook, stuck: set[int]) -> list[Pending]:
        first: dict[int, Pending] = {}
        for pending in self.pending:
            if pending.lane not in stuck:
                first.setdefault(pending.lane, pending)
        return list(first.values())[: hook.max_connections]

    async def _push(self, session: aiohttp.ClientSession, hook: Webhook, pending: Pending) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=pending.json(), headers=headers, timeout=PUSH_TIMEOUT) as answer:
                if answer.status // 100 == 2:
                    return True
                trouble = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            trouble = "Read timeout expired" if isinstance(error, TimeoutError) else "Connection refused"
        self.last_error = (self._clock.now(), trouble)
        return False

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [one for one in self.pending if one.update_id >= offset or one.again]

    def _expire(self) -> None:
        oldest = self._clock.now() - LIFETIME
        self.pending = [one for one in self.pending if one.at > oldest]

    def _evict(self, reason: str) -> None:
        if self._poller is not None:
            self._poller, self._eviction = None, reason
            self._pulse.beat()


def check_webhook_url(url: str) -> None:
    """Refuse what Telegram refuses; plain http is let through to the local machine only, where this server lives."""
    local = url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
    if not (url.startswith("https://") or local):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")


def _conflict(reason: str) -> ApiFault:
    return ApiFault(409, f"Conflict: {reason}")
