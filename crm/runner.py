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


async def keep(
    name: str, turn: Callable[[], Awaitable[bool]], bell: Bell, stop: asyncio.Event, poll: float = POLL
) -> None:
    """Take turns until `stop`: at once while a turn says that there is more, else when the bell rings or the poll is due."""
    woken, pause = bell.listener(), POLL
    while not stop.is_set():
        woken.clear()
        try:
            more = await turn()
            pause = POLL
        except Exception:
            log.exception("pump_failed", pump=name)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        if not more and not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), poll)
