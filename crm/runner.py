"""Loops that keep the pumps going: woken by an event, with a poll as the net. The only place that waits for time to pass.

A pump that fails is logged and tried again after a pause that grows; it never ends the others.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)

POLL = 1.0
LONGEST_PAUSE = 30.0


class Bell:
    """Wakes every loop that listens."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Event] = []

    def listener(self) -> asyncio.Event:
        event = asyncio.Event()
        self._listeners.append(event)
        return event

    def ring(self) -> None:
        for event in self._listeners:
            event.set()


class Soon:
    """Sets an event a moment after the first call, so that what comes meanwhile is worked on together."""

    def __init__(self, event: asyncio.Event, seconds: float) -> None:
        self._event, self._seconds = event, seconds
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._over)

    def _over(self) -> None:
        self._timer = None
        self._event.set()


async def keep(name: str, turn: Callable[[], Awaitable[float]], woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Take turns until `stop`. A turn says after how many seconds it wants another (0: at once); `woken` cuts the wait short."""
    pause = POLL
    while not stop.is_set():
        woken.clear()
        try:
            wait = await turn()
            pause = POLL
        except Exception:
            log.exception("pump_failed", pump=name)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        if wait > 0 and not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), wait)
