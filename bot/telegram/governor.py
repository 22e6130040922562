"""Telegram's limits, kept by one object in front of every call.

Telegram meters per chat whatever the code path, so the calls of handlers, pushes and card refreshes queue here together: strictly by
priority inside a chat, independently between chats. After a 429 only that chat freezes, and its pace comes back slowly; a
cadence that snaps back is what turns seconds into hours (telegram.md 5.2). Nobody sleeps long in here: a wait beyond `patience` is
raised as PTB's own RetryAfter, so that a durable notice is put back instead of being lost in a task.
"""

import asyncio
import heapq
import os
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from itertools import count
from typing import Any

import structlog
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

log = structlog.get_logger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]

FREE = frozenset({"answerCallbackQuery", "answerInlineQuery", "getFile", "setMyCommands", "deleteMyCommands"})
"""Calls that Telegram does not meter per chat."""

SLOWEST = 8.0
MANY_LANES = 2000


class Priority(IntEnum):
    """Who goes first in a chat."""

    ANSWER = 0
    PUSH = 1
    REFRESH = 2
    COSMETIC = 3


class Shed(TelegramError):
    """A cosmetic call that would have had to wait: it was dropped."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in any window of so many seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram documents one message a second per private chat with short bursts, and 20 a minute per group (telegram.md 0.3)."""

    private: Rate = Rate(3, 3.2)
    group: Rate = Rate(18, 60.0)
    overall: Rate = Rate(25, 1.0)
    patience: float = 15.0
    margin: float = 0.5
    calm: float = 60.0
    storm_chats: int = 3
    storm_seconds: float = 5.0


@dataclass(eq=False, slots=True)
class _Lane:
    """One chat: who waits, what left lately, until when it is frozen, and how much slower than usual it goes."""

    rate: Rate
    queue: list[tuple[int, int]] = field(default_factory=list)
    sent: deque[float] = field(default_factory=deque)
    frozen_until: float = 0.0
    slower: float = 1.0
    calm_since: float = 0.0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def wait(self, now: float) -> float:
        """Seconds until the next call may leave."""
        window = self.rate.seconds * self.slower
        while self.sent and self.sent[0] <= now - window:
            self.sent.popleft()
        full = len(self.sent) >= self.rate.calls
        return max(self.frozen_until - now, self.sent[-self.rate.calls] + window - now if full else 0.0, 0.0)

    def stir(self) -> None:
        """Let everybody who waits look again."""
        self.moved.set()
        self.moved = asyncio.Event()


class Governor(BaseRateLimiter[int]):
    """Lets each call through when its chat and the whole bot may, the most important first."""

    def __init__(self, limits: Limits | None = None) -> None:
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # else PTB warns of its own RetryAfter each time it makes one
        self._limits = limits or Limits()
        self._lanes: dict[int, _Lane] = {}
        self._overall = _Lane(self._limits.overall)
        self._places = count()
        self._freezes: deque[tuple[float, int]] = deque()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Forget everything."""
        self._lanes.clear()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        chat_id = data.get("chat_id")
        if chat_id is None or endpoint in FREE:
            return await callback(*args, **kwargs)
        priority = Priority.PUSH if rate_limit_args is None else Priority(rate_limit_args)
        lane = self._lane(int(chat_id))
        place = (int(priority), next(self._places))
        heapq.heappush(lane.queue, place)
        try:
            while True:
                await self._turn(lane, place)
                self._count(lane)
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as refusal:
                    self._freeze(int(chat_id), lane, seconds(refusal))
                    if priority is Priority.COSMETIC:
                        raise Shed("frozen") from refusal
        finally:
            lane.queue.remove(place)
            heapq.heapify(lane.queue)
            lane.stir()

    # --- waiting ---------------------------------------------------------------------------------------------------------------

    async def _turn(self, lane: _Lane, place: tuple[int, int]) -> None:
        """Return when this place is the first of its lane and the limits have room."""
        while True:
            now = _now()
            ahead = max(lane.wait(now), self._overall.wait(now))
            if ahead <= 0 and lane.queue[0] == place:
                return
            if place[0] == Priority.COSMETIC:
                raise Shed("no room")
            if lane.wait(now) > self._limits.patience:
                raise RetryAfter(timedelta(seconds=lane.wait(now)))
            moved = lane.moved
            try:
                async with asyncio.timeout(max(ahead, 0.001) if lane.queue[0] == place else None):
                    await moved.wait()
            except TimeoutError:
                continue

    def _count(self, lane: _Lane) -> None:
        now = _now()
        if lane.slower > 1 and now - lane.calm_since >= self._limits.calm:
            lane.slower, lane.calm_since = max(lane.slower / 2, 1.0), now
        lane.sent.append(now)
        self._overall.sent.append(now)

    # --- refusals --------------------------------------------------------------------------------------------------------------

    def _freeze(self, chat_id: int, lane: _Lane, wait: float) -> None:
        now = _now()
        lane.frozen_until = max(lane.frozen_until, now + wait + self._limits.margin)
        lane.slower, lane.calm_since = min(lane.slower * 2, SLOWEST), lane.frozen_until
        self._freezes.append((now, chat_id))
        while self._freezes and self._freezes[0][0] < now - self._limits.storm_seconds:
            self._freezes.popleft()
        whole = len({chat for _, chat in self._freezes}) >= self._limits.storm_chats
        if whole:
            self._overall.frozen_until = max(self._overall.frozen_until, lane.frozen_until)
        log.warning("telegram_frozen", chat_id=chat_id, seconds=wait, whole_bot=whole)
        lane.stir()

    def _lane(self, chat_id: int) -> _Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            if len(self._lanes) >= MANY_LANES:
                self._forget_idle()
            lane = self._lanes[chat_id] = _Lane(self._limits.group if chat_id < 0 else self._limits.private)
        return lane

    def _forget_idle(self) -> None:
        now = _now()
        busy = {c: lane for c, lane in self._lanes.items() if lane.queue or lane.wait(now) > 0 or lane.slower > 1}
        self._lanes = busy


def seconds(refusal: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()
