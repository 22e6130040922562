"""In which order updates are handled: one after another in each chat, side by side over chats.

An agent's two presses must not overtake each other, and one slow chat must not hold up the rest. When an update is through,
whether its handler succeeded or crashed (and was reported), `done` is told; an update cut off by a stop is not, and comes again
at the next start.

A handler with long work before it (a film to be made fit) steps aside: the chat goes on, and only what belongs to the same
subject waits for it. It is still the same update, so it is as durable as before.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import structlog
from telegram import Update
from telegram.ext import BaseUpdateProcessor

log = structlog.get_logger(__name__)

AT_ONCE = 64
WAITING = 10_000

Key = tuple[int, int | None]


class Line:
    """Who waits for whom, by key."""

    def __init__(self) -> None:
        self._tails: dict[Key, asyncio.Future[None]] = {}

    def join(self, key: Key) -> "Place":
        """Stand behind those who are there."""
        place = Place(self._tails, key, self._tails.get(key))
        self._tails[key] = place.over
        return place

    def __contains__(self, key: Key) -> bool:
        return key in self._tails


class Place:
    """One place in a line."""

    def __init__(
        self, tails: dict[Key, "asyncio.Future[None]"], key: Key, before: "asyncio.Future[None] | None"
    ) -> None:
        self._tails, self._key, self._before = tails, key, before
        self.over = asyncio.get_running_loop().create_future()

    async def reached(self) -> None:
        """Wait for those before."""
        if self._before is not None:
            await asyncio.wait([self._before])

    def leave(self) -> None:
        """Let the next go on."""
        if not self.over.done():
            self.over.set_result(None)
        if self._tails.get(self._key) is self.over:
            del self._tails[self._key]


class Turn:
    """One update's turn: its place in the chat and its share of the room, until it is through or steps aside."""

    def __init__(self, place: Place, room: asyncio.Semaphore, aside: Line) -> None:
        self._place, self._room, self._aside_line = place, room, aside
        self._has_room = False
        self._aside: Place | None = None

    async def begin(self) -> None:
        """Wait for those before in the same chat, then for room."""
        await self._place.reached()
        await self._room.acquire()
        self._has_room = True

    def is_behind(self, key: Key) -> bool:
        """Whether somebody who stepped aside for the same subject is not through yet."""
        return self._aside is None and key in self._aside_line

    async def step_aside(self, key: Key) -> None:
        """Let the chat go on, and wait for those who stepped aside before for the same subject."""
        if self._aside is None:
            self._aside = self._aside_line.join(key)
            self._pass_on()
            await self._aside.reached()

    def end(self) -> None:
        """It is through, or was cut off."""
        self._pass_on()
        if self._aside is not None:
            self._aside.leave()

    def _pass_on(self) -> None:
        if self._has_room:
            self._has_room = False
            self._room.release()
        self._place.leave()


_current: ContextVar[Turn] = ContextVar("turn")


def current() -> Turn:
    """The turn of the update that is being handled here."""
    return _current.get()


class Keyed(BaseUpdateProcessor):
    """Chains the updates of each (chat, thread)."""

    __slots__ = ("_aside", "_chats", "_done", "_in_hand", "_room")

    def __init__(self, done: Callable[[int], Awaitable[None]], at_once: int = AT_ONCE) -> None:
        super().__init__(WAITING)
        self._done = done
        self._room = asyncio.Semaphore(at_once)
        self._chats, self._aside = Line(), Line()
        self._in_hand: set[asyncio.Task[Any] | None] = set()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for those before in the same chat, then for room, then work."""
        turn = Turn(self._chats.join(_key(update)), self._room, self._aside)
        self._in_hand.add(asyncio.current_task())
        started = False
        try:
            await turn.begin()
            started = True
            _current.set(turn)
            await self._work(update, coroutine)
        finally:
            if not started and inspect.iscoroutine(coroutine):
                coroutine.close()
            turn.end()
            self._in_hand.discard(asyncio.current_task())

    async def cut_off(self) -> None:
        """End what is still in hand; none of it counts as through."""
        tasks = [task for task in self._in_hand if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

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
