"""The Telegram side as one thing: built by `bot.app`, given its engine, started, stopped.

python-telegram-bot runs without an updater of its own: updates come from our webhook route or our poller, through the database. A
Telegram that cannot be reached is no reason not to take customers' messages, so starting goes on trying in the background;
only a token that Telegram does not know ends the start.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog
from aiohttp import web
from telegram import LinkPreviewOptions, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    Defaults,
    ExtBot,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from bot.telegram import errors, menu
from bot.telegram.access import Gate
from bot.telegram.context import App, Context, Rooms
from bot.telegram.governor import Governor, Limits
from bot.telegram.handlers import dispatch
from bot.telegram.intake import ALLOWED, Intake, Poller, WebhookDoor
from bot.telegram.notifier import TelegramNotifier
from bot.telegram.order import Keyed
from bot.texts import Texts
from crm.engine import Engine
from crm.errors import Misconfigured

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach Telegram and how it reaches us. In webhook mode `public_url` is our own HTTPS address, and both secrets are needed.
    An agent whose file takes longer than `note_after` reads so; what is not through `stop_within` a stop is handled at the next start.
    `link` makes the address of a file that Telegram does not take, if we have a public one; `form_address` that of a form for a token, if
    ours is over TLS."""

    token: str = field(repr=False)
    mode: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    path_secret: str = field(default="", repr=False)
    secret_token: str = field(default="", repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    poll_hold: timedelta = timedelta(seconds=30)
    limits: Limits = field(default_factory=Limits)
    note_after: timedelta = timedelta(seconds=1.5)
    stop_within: timedelta = timedelta(seconds=10)
    link: Callable[[int, datetime], str | None] = lambda media_id, now: None
    form_address: Callable[[str], str] | None = None


class Telegram:
    """The agents' door. `notifier` is the port the engine's notices pump delivers through."""

    def __init__(self, settings: TelegramSettings, texts: Texts | None = None) -> None:
        self._settings = settings
        self._texts = texts or Texts()
        self._engine: Engine | None = None
        self._processor = Keyed(self._done)
        self._app = _build(settings, self._processor)
        self._intake = Intake(self._known_engine, self._app.bot, self._app.update_queue)
        self._tasks: list[asyncio.Task[None]] = []
        self.notifier = TelegramNotifier(self._app.bot, self._known_engine, self._texts, settings.link)
        self.ready = asyncio.Event()

    @property
    def bot(self) -> ExtBot[int]:
        return self._app.bot

    def connect(self, engine: Engine) -> None:
        """Give it the engine; before that it cannot be started."""
        self._engine = engine
        self._app.bot_data.update(
            engine=engine,
            texts=self._texts,
            rooms=Rooms(self._settings.note_after),
            form_address=self._settings.form_address,
        )

    def routes(self) -> list[web.RouteDef]:
        """The webhook's route, for the program's one HTTP server; none when polling."""
        if self._settings.mode != "webhook":
            return []
        try:
            return [WebhookDoor(self._intake, self._settings.path_secret, self._settings.secret_token).route()]
        except ValueError as problem:
            raise Misconfigured("telegram.secret_token", str(problem)) from problem

    async def start(self) -> None:
        """Begin to serve. Raises Misconfigured for a token Telegram does not know; an unreachable Telegram is tried again."""
        self._known_engine()
        try:
            await self._begin()
        except InvalidToken:
            raise Misconfigured("telegram.token", "Telegram does not know this bot token") from None
        except TelegramError as trouble:
            log.warning("telegram_not_reached", problem=errors.harmless(trouble))
            self._tasks.append(asyncio.create_task(self._keep_trying(), name="telegram:start"))

    async def idle(self) -> None:
        """Return when every update that came in was handled: tests and the time machine wait for it."""
        await self._intake.idle()

    async def stop(self) -> None:
        """Take nothing more, finish what is in hand, close. The webhook stays: what still comes is kept for the next start."""
        self._intake.close()
        self.ready.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._app.running:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.stop_within.total_seconds()):
                    await self._app.stop()
            await self._processor.cut_off()
        await self._app.shutdown()
        await self._app.bot.shutdown()

    # --- inside ------------------------------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        await self._app.initialize()
        if not self._app.running:
            await self._app.start()
        self._intake.open()
        await self._intake.recover()
        if self._settings.mode == "webhook":
            url = f"{self._settings.public_url.rstrip('/')}/telegram/{self._settings.path_secret}"
            await self.bot.set_webhook(
                url,
                secret_token=self._settings.secret_token,
                allowed_updates=ALLOWED,
                max_connections=MAX_CONNECTIONS,
            )
        else:
            poller = Poller(self.bot, self._intake, self._settings.poll_hold)
            self._tasks.append(asyncio.create_task(poller.run(), name="telegram:poll"))
        self.ready.set()
        try:
            await menu.set_default(self.bot, self._texts)
        except TelegramError as trouble:
            log.warning("telegram_menu_not_set", problem=errors.harmless(trouble))
        log.info("telegram_started", mode=self._settings.mode, bot=self.bot.username)

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await asyncio.Event().wait()
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                return await self._begin()
            except TelegramError as trouble:
                log.warning("telegram_not_reached", problem=errors.harmless(trouble), again_in=pause)

    async def _done(self, update_id: int) -> None:
        await self._intake.done(update_id)

    def _known_engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("Telegram was not given its engine: call connect() first")
        return self._engine


def _build(settings: TelegramSettings, processor: Keyed) -> App:
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes every URL, and the token is part of it
    app: App = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .context_types(ContextTypes(context=Context))
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .rate_limiter(Governor(settings.limits))
        .concurrent_updates(processor)
        .connection_pool_size(64)
        .pool_timeout(5)
        .read_timeout(10)
        .get_updates_connection_pool_size(4)
        .get_updates_read_timeout(10)
        .updater(None)
        .job_queue(None)
        .build()
    )
    app.add_handler(TypeHandler(Update, Gate().check), -1)
    app.add_handler(TypeHandler(Update, dispatch.elsewhere), 0)
    app.add_handlers(
        [
            CallbackQueryHandler(dispatch.pressed),
            MessageHandler(filters.UpdateType.MESSAGE, dispatch.typed),
            MessageReactionHandler(dispatch.reacted),
        ],
        1,
    )
    app.add_error_handler(_last_net)
    return app


async def _last_net(update: object, ctx: Context) -> None:
    """What fails before anybody is known (the gate's look into the database) is logged; there is nobody to tell."""
    log.error("telegram_update_failed", update_id=getattr(update, "update_id", None), exc_info=ctx.error)
