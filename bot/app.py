"""Where everything is wired, by hand: the database, the engine, the WhatsApp border, the pumps and the clockwork.

The program can be driven two ways: `run` keeps the pumps going in real time, and `drain` lets them work until nothing is left to do,
which is how tests and the time machine make weeks pass.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.config import Settings
from bot.forms.door import TokenDoor
from bot.media.door import MediaDoor
from bot.media.links import PURPOSE, Links
from bot.media.metered import MeteredPictures, MeteredStore
from bot.media.pictures import SafePictures
from bot.metrics import (
    Metered,
    MeteredLink,
    MeteredMarker,
    MeteredReader,
    MeteredRegistry,
    MeteredSource,
    MeteredUploader,
    Metrics,
)
from bot.rates import load
from bot.roles import ALL, Part, Work, alone
from bot.schedule import Schedule
from bot.telegram.application import Telegram, TelegramSettings
from bot.telegram.governor import Limits
from bot.web import pages
from bot.whatsapp.errors import classify
from bot.whatsapp.graph import GraphClient, GraphSettings
from bot.whatsapp.preflight import fitted
from bot.whatsapp.translate import WhatsAppReader
from bot.whatsapp.webhook import Door, WebhookSettings
from crm.clock import Clock, SystemClock
from crm.dispatcher import Dispatcher
from crm.downloads import Downloads
from crm.engine import Engine, Outside
from crm.errors import CrmError, Misconfigured
from crm.jobs import all_jobs
from crm.model.numbers import Expected
from crm.runner import POLL, Bell, Soon, keep
from crm.services import inbox
from crm.services.marks import MarkRead
from crm.services.media import MediaTools
from crm.services.notices import NoticeService
from storage.backup_store import BackupStore
from storage.backups import Backups
from storage.database import Database
from storage.objects import open_objects
from storage.vault import Vault, read_key_file

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

INBOX_LINGER = 0.01
"""Seconds that a webhook waits for others: applied together, each costs a fraction."""


class Program:
    """One running Centralita."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        engine: Engine,
        bell: Bell,
        files: Bell,
        telegram: Telegram | None,
        links: Links,
        metrics: Metrics,
        learn: Callable[[str], None] = lambda secret: None,
    ) -> None:
        self.settings, self.clock, self.database, self.engine = settings, clock, database, engine
        self._arrived, self._bell, self._files = asyncio.Event(), bell, files
        self._intake = database.intake(Soon(self._arrived, INBOX_LINGER))
        self.telegram, self.links, self.metrics = telegram, links, metrics
        self._stands_by = False
        self._notices = NoticeService(database, telegram.notifier, clock) if telegram else None
        self._backlog_full = False
        self._door = self._whatsapp()
        proxies = settings.whatsapp.trusted_proxies
        self._token_door = TokenDoor(engine.token_forms, engine.onboarding, clock, learn, proxies)
        crons = settings.jobs.model_dump()
        self.schedule = Schedule(database, clock, all_jobs(engine), crons)

    # --- HTTP ----------------------------------------------------------------------------------------------------------------

    def application(self, parts: frozenset[Part] = ALL) -> web.Application:
        """The HTTP surface: the house's own pages, and the doors of Meta and Telegram where their parts are run."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        networks = self.settings.server.metrics_networks
        app.add_routes(pages(self.engine.housekeeping.backlog, self._numbers, networks))
        if Part.WEB in parts:
            app.add_routes(self._door.routes())
            app.add_routes(MediaDoor(self.engine.media, self.links, self.clock).routes())
            app.add_routes(self._token_door.routes())
        if Part.BOT in parts and self.telegram is not None:
            app.add_routes(
                [web.route(r.method, r.path, self._unless_standing_by(r.handler)) for r in self.telegram.routes()]
            )
        return app

    async def runner(self, parts: frozenset[Part] = ALL, *, shutdown_timeout: float = 60.0) -> web.AppRunner:
        """The surface, ready to listen. Deliveries of webhooks enter it ahead of everything else."""
        runner = web.AppRunner(self.application(parts), access_log=None, shutdown_timeout=shutdown_timeout)
        await runner.setup()
        if Part.WEB in parts and runner.server is not None:
            runner.server.request_handler = self._door.ahead_of(runner.server.request_handler)
        return runner

    def _whatsapp(self) -> Door:
        whatsapp = self.settings.whatsapp
        door = WebhookSettings(
            verify_token=whatsapp.verify_token.get_secret_value(),
            app_secrets=tuple(secret.get_secret_value() for secret in whatsapp.app_secrets),
            per_second=whatsapp.per_source_per_second,
            burst=whatsapp.per_source_burst,
            trusted_proxies=whatsapp.trusted_proxies,
            allowed_networks=whatsapp.allowed_networks,
        )
        return Door(door, self._intake, self.clock, meter=self.metrics, backlog_full=lambda: self._backlog_full)

    async def _numbers(self) -> bytes:
        return await self.metrics.page(lambda: self.engine.reports.status(None))

    def _unless_standing_by(self, handler: Handler) -> Handler:
        """Another process handles the agents' updates: Telegram shall come again, perhaps to that one."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return web.Response(status=503) if self._stands_by else await handler(request)

        return handle

    @property
    def serves_agents(self) -> bool:
        """Whether the agents' bot runs in this process, and not in another of the cluster."""
        return self.telegram is not None and self.telegram.ready.is_set()

    # --- pumps ---------------------------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event, parts: frozenset[Part] = ALL) -> None:
        """Keep the pumps and the clockwork of these parts going until `stop`; what is in hand is finished."""
        await self.engine.agents.appoint(self.settings.telegram.admins)
        try:
            async with asyncio.TaskGroup() as group:
                for work in self._works(parts):
                    group.create_task(work(stop))
                await stop.wait()
                self._ring()
        except BaseExceptionGroup as failed:
            foreseen, _ = failed.split(CrmError)
            raise (foreseen.exceptions[0] if foreseen else failed) from None

    def _works(self, parts: frozenset[Part]) -> list[Work]:
        works: list[Work] = []
        if Part.WEB in parts:
            works += [lambda stop: keep("backlog", self._watch_backlog, asyncio.Event(), stop)]
        if Part.WORKER in parts:
            works += [lambda stop: keep("inbox", self._inbox_turn, self._arrived, stop)]
            works += [lambda stop: keep("history", self._history_turn, self._bell.listener(), stop)]
            works += [Downloads(self.engine.media, self._files).run]
            works += [
                lambda stop: self._alone("sending", Dispatcher(self.engine.outbox, self.clock, self._bell).run, stop)
            ]
        if Part.SCHEDULER in parts:
            works += [self._keep_time]
        if Part.BOT in parts and self.telegram is not None:
            self._stands_by = True
            works += [lambda stop: self._alone("agents", self._talk, stop)]
        return works

    async def _alone(self, part: str, work: Work, stop: asyncio.Event) -> None:
        await alone(self.settings.storage.url, part, work, stop, self._ring)

    def _ring(self) -> None:
        self._arrived.set()
        self._bell.ring()
        self._files.ring()

    async def _keep_time(self, stop: asyncio.Event) -> None:
        try:
            await self.schedule.start()
            await stop.wait()
        finally:
            self.schedule.stop()

    async def _talk(self, stop: asyncio.Event) -> None:
        if self.telegram is None:
            return
        try:
            self._stands_by = False
            await self.telegram.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(keep("notices", self._notices_turn, self._bell.listener(), stop))
                group.create_task(keep("marks", self._marks_turn, self._bell.listener(), stop))
        finally:
            self._stands_by = True
            await self.telegram.stop()

    async def drain(self) -> datetime | None:
        """Work until nothing is due now; return when something will be."""
        while True:
            if self.telegram is not None:
                await self.telegram.idle()
            worked = await self.engine.inbox.run_once() + await self.engine.importer.run_once()
            worked += await self.engine.media.run_once() + await self._tell()
            due = await self.engine.outbox.due()
            claims = [await self.engine.outbox.run_once(account) for account in due.ready]
            if worked or any(claim.taken for claim in claims) or await self.engine.marks.run_once():
                continue
            moments = [
                due.later,
                self.engine.marks.due(),
                await self.engine.media.due(),
                await self.engine.importer.due(),
                *(claim.next_at for claim in claims),
            ]
            return min((moment for moment in moments if moment is not None), default=None)

    async def _tell(self) -> int:
        return 0 if self._notices is None else await self._notices.run_once()

    async def _notices_turn(self) -> float:
        return 0.0 if await self._tell() else POLL

    async def _marks_turn(self) -> float:
        """Marks are wished for by agents, so they are made where agents are served."""
        await self.engine.marks.run_once()
        later = self.engine.marks.due()
        return POLL if later is None else max(0.05, min(POLL, (later - self.clock.now()).total_seconds()))

    async def _inbox_turn(self) -> float:
        full = await self.engine.inbox.run_once() >= inbox.BATCH
        return 0.0 if full or self.engine.inbox.left else POLL

    async def _history_turn(self) -> float:
        return 0.0 if await self.engine.importer.run_once() else POLL

    async def _watch_backlog(self) -> float:
        self._backlog_full = await self.engine.housekeeping.backlog() > self.settings.whatsapp.max_backlog
        return POLL


@asynccontextmanager
async def open_program(
    settings: Settings,
    clock: Clock | None = None,
    limits: Limits | None = None,
    metrics: Metrics | None = None,
    learn: Callable[[str], None] = lambda secret: None,
    patience: float = 30,
) -> AsyncIterator[Program]:
    """Open the database and wire the program; closes in the right order.

    `limits` are Telegram's, unless it is a simulated one; `learn` hears every access token that is used, so that no log shows it.
    `patience` is how many seconds Meta may take to answer before its silence counts as one.
    """
    clock, bell, files = clock or SystemClock(), Bell(), Bell()
    vault, rates = open_vault(settings), load(settings.costs.rate_cards)
    whatsapp = settings.whatsapp
    secrets = [secret.get_secret_value() for secret in whatsapp.app_secrets]
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(settings.storage.url))
        engines: list[Engine] = []

        async def token_for(account_id: int) -> str:
            token = await engines[0].accounts.token_for(account_id)
            learn(token)
            return token

        def forget_tokens() -> None:
            engines[0].accounts.forget_tokens()

        graph = await stack.enter_async_context(
            GraphClient(
                GraphSettings(
                    base_url=whatsapp.graph_url,
                    version=whatsapp.graph_version,
                    app_id=whatsapp.app_id or None,
                    app_secret=secrets[0] if secrets else None,
                    media_hosts=settings.media.hosts,
                    read_seconds=patience,
                ),
                token_for,
                forget_tokens,
            )
        )
        metrics = metrics or Metrics()
        meta = Metered(graph, graph, metrics)
        engine = Engine(
            Outside(
                store=database,
                clock=clock,
                reader=MeteredReader(WhatsAppReader(), metrics),
                sender=meta,
                marker=MeteredMarker(graph, metrics),
                uploader=MeteredUploader(graph, metrics),
                gateway=meta,
                registry=MeteredRegistry(graph, metrics),
                expected=Expected(whatsapp.app_id, settings.server.webhook_url),
                phones=MeteredLink(graph, metrics),
                vault=vault,
                classify=lambda code, detail: classify(code, detail or ""),
                preflight=fitted,
                rates=rates,
                budgets=settings.costs.budgets,
                on_charged=metrics.charge,
                automatic_per_day=settings.sequences.per_day,
                worker=f"{socket.gethostname()}:{os.getpid()}",
                consent=settings.inbox.consent,
                unknown_after=settings.unknown_after,
                time_zone=settings.time_zone,
                media=MediaTools(
                    store=MeteredStore(open_objects(settings.media.url, settings.storage.url), metrics),
                    source=MeteredSource(graph, metrics),
                    pictures=MeteredPictures(SafePictures(), metrics),
                    limit=settings.media.max_mb * 1024 * 1024,
                    keep=settings.media.keep,
                    wake=files.ring,
                ),
                backups=Backups(database, vault, BackupStore.open(settings.backups.url, settings.storage.url)),
                backup_rules=settings.backups.rules,
                mark_read=MarkRead(settings.sending.mark_read),
                wake=bell.ring,
            )
        )
        engines.append(engine)
        links = Links(vault.signers(PURPOSE), settings.server.public_url, settings.media.links_live)
        telegram = _telegram(settings, limits or Limits(), links)
        if telegram is not None:
            telegram.connect(engine)
        yield Program(settings, clock, database, engine, bell, files, telegram, links, metrics, learn)


def _telegram(settings: Settings, limits: Limits, links: Links) -> Telegram | None:
    """The agents' door, when there is a bot token."""
    wanted = settings.telegram
    if not wanted.token.get_secret_value():
        return None
    if wanted.mode == "webhook" and not settings.server.public_url:
        raise Misconfigured("server.public_url", "is empty, and telegram.mode webhook needs it")
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
            limits=limits,
            link=links.to,
            form_address=settings.server.form_address if settings.server.takes_secrets else None,
        )
    )


def open_vault(settings: Settings) -> Vault:
    """The vault, with its keys from the environment or the key file. Raises Misconfigured."""
    keys = [key.strip() for key in settings.vault.keys.get_secret_value().split(",") if key.strip()]
    path = Path(settings.vault.key_file)
    if not keys and not path.exists():
        raise Misconfigured("vault.key_file", f"there is no key at {path}: run `centralita init` first")
    return Vault(keys or read_key_file(path))
