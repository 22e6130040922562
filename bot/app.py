"""Where everything is wired, by hand: the database, the engine, the WhatsApp border, the pumps and the clockwork.

The program can be driven two ways: `run` keeps the pumps going in real time, and `drain` lets them work until nothing is left to do,
which is how tests and the time machine make weeks pass.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web

from bot.config import Settings
from bot.rates import shipped
from bot.schedule import Schedule
from bot.telegram.application import Telegram, TelegramSettings
from bot.whatsapp.errors import classify
from bot.whatsapp.graph import GraphClient, GraphSettings
from bot.whatsapp.translate import WhatsAppReader
from bot.whatsapp.webhook import WebhookSettings, routes
from crm.clock import Clock, SystemClock
from crm.engine import Engine, Outside
from crm.errors import CrmError, Misconfigured
from crm.jobs import all_jobs
from crm.runner import Bell, keep
from crm.services.notices import NoticeService
from storage.database import Database
from storage.intake import Intake
from storage.vault import Vault, read_key_file

log = structlog.get_logger(__name__)


class Program:
    """One running Centralita."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        engine: Engine,
        intake: Intake,
        bell: Bell,
        telegram: Telegram | None,
    ) -> None:
        self.settings, self.clock, self.database, self.engine = settings, clock, database, engine
        self._intake, self._bell = intake, bell
        self.telegram = telegram
        self._notices = NoticeService(database, telegram.notifier, clock) if telegram else None
        self._backlog_full = False
        crons = settings.jobs.model_dump()
        self.schedule = Schedule(database, clock, all_jobs(engine), crons)

    # --- HTTP ----------------------------------------------------------------------------------------------------------------

    def application(self) -> web.Application:
        """The HTTP surface: health, and Meta's webhook."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes([web.get("/healthz", _healthy), web.get("/readyz", self._ready)])
        whatsapp = self.settings.whatsapp
        door = WebhookSettings(
            verify_token=whatsapp.verify_token.get_secret_value(),
            app_secrets=tuple(secret.get_secret_value() for secret in whatsapp.app_secrets),
            per_second=whatsapp.per_source_per_second,
        )
        if self.telegram is not None:
            app.add_routes(self.telegram.routes())
        app.add_routes(routes(door, self._intake, self.clock, backlog_full=lambda: self._backlog_full))
        return app

    async def _ready(self, _: web.Request) -> web.Response:
        try:
            backlog = await self.engine.housekeeping.backlog()
        except CrmError:
            return web.json_response({"ready": False, "problem": "database"}, status=503)
        return web.json_response({"ready": True, "backlog": backlog})

    # --- pumps ---------------------------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the pumps and the clockwork going until `stop`; what is in hand is finished."""
        await self.schedule.start()
        if self.telegram is not None:
            await self.telegram.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep("inbox", self._inbox_turn, self._bell, stop))
                group.create_task(keep("outbox", _OutboxPump(self.engine, self._bell).turn, self._bell, stop, 0.1))
                group.create_task(keep("notices", self._notices_turn, self._bell, stop))
                group.create_task(keep("backlog", self._watch_backlog, Bell(), stop, 2.0))
                await stop.wait()
                self._bell.ring()
        finally:
            self.schedule.stop()
            if self.telegram is not None:
                await self.telegram.stop()

    async def drain(self) -> datetime | None:
        """Work until nothing is due now; return when something will be."""
        while True:
            if self.telegram is not None:
                await self.telegram.idle()
            worked = await self.engine.inbox.run_once() + await self._notices_turn()
            ready, later = await self.engine.outbox.due()
            turns = [await self.engine.outbox.run_once(account) for account in ready]
            if worked or any(turn.claimed for turn in turns):
                continue
            waits = [turn.next_at for turn in turns if turn.next_at is not None]
            return min([*waits, *([later] if later else [])], default=None)

    async def _notices_turn(self) -> bool:
        return self._notices is not None and await self._notices.run_once() > 0

    async def _inbox_turn(self) -> bool:
        return await self.engine.inbox.run_once() > 0

    async def _watch_backlog(self) -> bool:
        self._backlog_full = await self.engine.housekeeping.backlog() > self.settings.whatsapp.max_backlog
        return False


class _OutboxPump:
    """Every account has its own turn at its own pace, so that one number's trouble never stops another."""

    def __init__(self, engine: Engine, bell: Bell) -> None:
        self._engine, self._bell = engine, bell
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def turn(self) -> bool:
        self._busy = {account: task for account, task in self._busy.items() if not task.done()}
        ready, _ = await self._engine.outbox.due()
        for account_id in ready:
            if account_id not in self._busy:
                self._busy[account_id] = asyncio.create_task(self._work(account_id))
        return False

    async def _work(self, account_id: int) -> None:
        try:
            while (await self._engine.outbox.run_once(account_id)).claimed:
                pass
        except CrmError:
            log.exception("outbox_turn_failed", account_id=account_id)


@asynccontextmanager
async def open_program(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Program]:
    """Open the database and wire the program; closes in the right order."""
    clock, bell = clock or SystemClock(), Bell()
    vault = open_vault(settings)
    whatsapp = settings.whatsapp
    secrets = [secret.get_secret_value() for secret in whatsapp.app_secrets]
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(settings.storage.url))
        engines: list[Engine] = []

        async def token_for(account_id: int) -> str:
            return await engines[0].accounts.token_for(account_id)

        graph = await stack.enter_async_context(
            GraphClient(
                GraphSettings(
                    base_url=whatsapp.graph_url,
                    version=whatsapp.graph_version,
                    app_id=whatsapp.app_id or None,
                    app_secret=secrets[0] if secrets else None,
                ),
                token_for,
            )
        )
        engine = Engine(
            Outside(
                store=database,
                clock=clock,
                reader=WhatsAppReader(),
                sender=graph,
                gateway=graph,
                vault=vault,
                classify=lambda code, detail: classify(code, detail or ""),
                rates=shipped(),
                worker=f"{socket.gethostname()}:{os.getpid()}",
                opt_out_words=frozenset(" ".join(word.casefold().split()) for word in settings.inbox.opt_out_words),
                unknown_after=settings.unknown_after,
                time_zone=settings.time_zone,
                wake=bell.ring,
            )
        )
        engines.append(engine)
        telegram = _telegram(settings)
        if telegram is not None:
            telegram.connect(engine)
        yield Program(settings, clock, database, engine, database.intake(bell.ring), bell, telegram)


def _telegram(settings: Settings) -> Telegram | None:
    """The agents' door, when there is a bot token."""
    wanted = settings.telegram
    if not wanted.token.get_secret_value():
        return None
    api = wanted.api_url.rstrip("/")
    return Telegram(
        TelegramSettings(
            token=wanted.token.get_secret_value(),
            mode=wanted.mode,
            public_url=settings.server.public_url,
            path_secret=wanted.path_secret.get_secret_value(),
            secret_token=wanted.secret_token.get_secret_value(),
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
        )
    )


def open_vault(settings: Settings) -> Vault:
    """The vault, with its keys from the environment or the key file. Raises Misconfigured."""
    keys = [key.strip() for key in settings.vault.keys.get_secret_value().split(",") if key.strip()]
    path = Path(settings.vault.key_file)
    if not keys and not path.exists():
        raise Misconfigured("vault.key_file", f"there is no key at {path}: run `centralita init` first")
    return Vault(keys or read_key_file(path))


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})
