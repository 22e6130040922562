"""In which order updates are handled: one after another in each chat, side by side over chats.

An agent's two presses must not overtake each other, and one slow chat must not hold up the rest. When an update is through,
whether its handler succeeded or crashed (and was reported), `done` is told; an update cut off by a stop is not, and comes again
at the next start.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Update
from telegram.ext import BaseUpdateProcessor

log = structlog.get_logger(__name__)

AT_ONCE = 64
WAITING = 10_000

Key = tuple[int, int | None]


class Keyed(BaseUpdateProcessor):
    """Chains the updates of each (chat, thread)."""

    __slots__ = ("_done", "_room", "_tails")

    def __init__(self, done: Callable[[int], Awaitable[None]], at_once: int = AT_ONCE) -> None:
        super().__init__(WAITING)
        self._done = done
        self._room = asyncio.Semaphore(at_once)
        self._tails: dict[Key, asyncio.Future[None]] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for those before in the same chat, then for room, then work."""
        key = _key(update)
        before = self._tails.get(key)
        mine = self._tails[key] = asyncio.get_running_loop().create_future()
        started = False
        try:
            if before is not None:
                await asyncio.wait([before])
            async with self._room:
                started = True
                await self._work(update, coroutine)
        finally:
            if not started and inspect.iscoroutine(coroutine):
                coroutine.close()
            mine.set_result(None)
            if self._tails.get(key) is mine:
                del self._tails[key]

    async def _work(self, update: object, coroutine: Awaitable[Any]) -> None:
        try:
            await coroutine
        except Exception:
            log.exception("telegram_update_failed", update_id=getattr(update, "update_id", None))
        if isinstance(update, Update):
            try:
                await self._done(update.update_id)
            except Exception:
                log.exception("telegram_update_not_marked", update_id=update.update_id)


def _key(update: object) -> Key:
    if not isinstance(update, Update):
        return 0, None
    chat, message, user = update.effective_chat, update.effective_message, update.effective_user
    thread = getattr(message, "message_thread_id", None)
    return (chat.id if chat else user.id if user else 0), thread
