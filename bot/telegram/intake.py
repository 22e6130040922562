"""Updates come in: by webhook or by long poll, each kept in the database before anything is done with it.

Stored first, answered (or confirmed to Telegram) second, handled third: a process that dies in between finds the update again at
its next start, and one that Telegram delivers twice is handled once. When the database cannot take an update, Telegram is told to
come again.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram import errors
from bot.telegram.governor import seconds
from crm.engine import Engine

log = structlog.get_logger(__name__)

ALLOWED = ("message", "callback_query", "my_chat_member", "message_reaction")
"""What Telegram shall send; everything else is not even delivered."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Malformed(ValueError):
    """This is no update."""


class Intake:
    """Keeps updates and puts the new ones into the queue."""

    def __init__(self, engine: Callable[[], Engine], bot: ExtBot[int], queue: "asyncio.Queue[object]") -> None:
        self._engine = engine
        self._bot = bot
        self._queue = queue
        self._in_hand: set[int] = set()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self._open = True

    async def take(self, body: bytes) -> bool:
        """Keep one update; hand it on if it is new. Raises Malformed, or what the database raises."""
        data = _read(body)
        update_id = data["update_id"]
        if not await self._engine().desk.add_update(update_id, body):
            return False
        if self._open:
            await self._hand_on(update_id, data)
        return True

    async def recover(self) -> int:
        """Hand on what was kept but not handled before the last stop."""
        found = 0
        for update_id, body in await self._engine().desk.unhandled_updates():
            if update_id not in self._in_hand:
                await self._hand_on(update_id, _read(body))
                found += 1
        if found:
            log.info("telegram_updates_recovered", count=found)
        return found

    async def done(self, update_id: int) -> None:
        """An update is through."""
        try:
            await self._engine().desk.update_handled(update_id)
        finally:
            self._in_hand.discard(update_id)
            if not self._in_hand:
                self._emptied.set()

    async def idle(self) -> None:
        """Return when everything that was handed on is through."""
        await self._emptied.wait()

    def open(self) -> None:
        """Hand on what comes from now on."""
        self._open = True

    def close(self) -> None:
        """Keep what still arrives for the next start, hand on nothing more."""
        self._open = False

    async def _hand_on(self, update_id: int, data: dict[str, Any]) -> None:
        self._in_hand.add(update_id)
        self._emptied.clear()
        try:
            update = Update.de_json(data, self._bot)
        except Exception:
            log.exception("telegram_update_unreadable", update_id=update_id)
            await self.done(update_id)
            return
        await self._queue.put(update)


class WebhookDoor:
    """The route Telegram posts to. Without both secrets it is a wall: 403, no body, and it takes the same time to say so."""

    def __init__(self, intake: Intake, path_secret: str, secret_token: str) -> None:
        if len(path_secret) < 16 or len(secret_token) < 16:
            raise ValueError("both secrets of the Telegram webhook need at least 16 characters")
        self._intake = intake
        self._path_secret = path_secret.encode()
        self._secret_token = secret_token.encode()

    def route(self) -> web.RouteDef:
        return web.post("/telegram/{secret}", self.receive)

    async def receive(self, request: web.Request) -> web.Response:
        """Take one update from Telegram."""
        path = hmac.compare_digest(request.match_info["secret"].encode(errors="replace"), self._path_secret)
        token = hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(errors="replace"), self._secret_token)
        if not (path and token):
            log.warning("telegram_webhook_forbidden")
            return web.Response(status=403)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        try:
            await self._intake.take(body)
        except Malformed as problem:
            log.warning("telegram_webhook_malformed", problem=str(problem))
            return web.Response(status=400)
        except Exception:
            log.exception("telegram_webhook_not_stored")
            return web.Response(status=503)
        return web.Response()


class Poller:
    """Asks Telegram for updates when no webhook can reach us. Starting it takes the bot's webhook away."""

    def __init__(self, bot: ExtBot[int], intake: Intake, hold: timedelta = timedelta(seconds=30)) -> None:
        self._bot = bot
        self._intake = intake
        self._hold = hold
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. An update is confirmed by asking for the next one, after it was stored."""
        await self._until_it_works(self._take_webhook_away)
        while True:
            await self._until_it_works(self._poll_once)

    async def _take_webhook_away(self) -> None:
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def _poll_once(self) -> None:
        for update in await self._bot.get_updates(self._offset, timeout=self._hold, allowed_updates=ALLOWED):
            await self._intake.take(update.to_json().encode())
            self._offset = update.update_id + 1

    async def _until_it_works(self, work: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except InvalidToken:
                log.critical("telegram_token_refused")
                pause = LONGEST_PAUSE
            except Conflict as refusal:
                log.critical("telegram_polled_elsewhere", problem=str(refusal))
            except RetryAfter as refusal:
                pause = max(pause, seconds(refusal))
            except TelegramError as trouble:
                log.warning("telegram_poll_failed", problem=errors.harmless(trouble), again_in=pause)
            except Exception:
                log.exception("telegram_updates_not_stored", again_in=pause)
            await _pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _read(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise Malformed("not JSON") from problem
    number = data.get("update_id") if isinstance(data, dict) else None
    if not isinstance(data, dict) or type(number) is not int or not 0 <= number < 2**63:
        raise Malformed("no update_id")
    return data


async def _body(request: web.Request) -> bytes | None:
    """The whole body, or None when it is too large (without reading on)."""
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    try:
        await request.content.readexactly(LARGEST_BODY + 1)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    return None


async def _pause(wait: float) -> None:
    try:
        async with asyncio.timeout(wait):
            await asyncio.Event().wait()
    except TimeoutError:
        return
