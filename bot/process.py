"""The process around the program: its event loop, its garbage collector, its log, its signals, its listening port.

It stops in order: nothing more is taken in, what is in hand is finished, everything is closed. What was foreseen (a wrong
setting, a port in use, a database that cannot be reached) is raised as a CrmError for the command line to say in a line.
"""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog
from aiohttp import web

from bot import logs
from bot.app import Program, open_program
from bot.config import Settings
from bot.metrics import Metrics
from bot.redaction import Redactor
from bot.roles import ALL, Part
from crm.errors import CrmError, Misconfigured
from storage.migrate import migrate
from storage.presence import present
from storage.statements import Engine
from storage.urls import locate

T = TypeVar("T")
log = structlog.get_logger(__name__)

FINISH_WITHIN = 5.0
"""Seconds that requests under way have to end when the process stops."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on the fastest event loop there is."""
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(work)


def tune() -> None:
    """Call when everything is set up: what lives until the end is not looked through again, and full collections become rare.

    With the defaults they held every webhook up for 30 ms and more, time and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def serve(settings: Settings, parts: frozenset[Part] = ALL) -> None:
    """Serve until SIGTERM or SIGINT."""
    _check(settings, parts)
    metrics, redactor = Metrics(), Redactor(logs.secrets_of(settings))
    logs.configure(settings.logs, redactor, on_rubbish=lambda: metrics.count("http_rubbish"), lasting=True)
    asked = _asked_to_stop()
    try:
        async with present(settings.storage.url) as presence:
            await migrate(settings.storage.url)
            async with open_program(settings, metrics=metrics, learn=redactor.learn) as program:
                if presence.alone:
                    await program.engine.housekeeping.take_over()
                await presence.let_others_in()
                await _serve(program, parts, asked)
    except CrmError:
        raise
    except Exception:
        log.critical("crashed", exc_info=True)
        raise SystemExit(1) from None


async def _serve(program: Program, parts: frozenset[Part], asked: asyncio.Event) -> None:
    stop = asyncio.Event()
    async with _listening(program, parts) as address:
        tune()
        running = asyncio.create_task(program.run(stop, parts))
        print(f"listening on {address}", flush=True)
        log.info("serving", parts=sorted(parts), database=program.database.engine.value)
        waiting = asyncio.create_task(asked.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        log.info("stopping")
    stop.set()
    await running
    log.info("stopped")


@asynccontextmanager
async def _listening(program: Program, parts: frozenset[Part]) -> AsyncIterator[object]:
    """Take requests until the end of the block, which waits for those under way."""
    server = program.settings.server
    runner = await program.runner(parts, shutdown_timeout=FINISH_WITHIN)
    try:
        try:
            await web.TCPSite(runner, server.host, server.port).start()
        except socket.gaierror as error:
            raise Misconfigured("server.host", f"{server.host} is no address to listen on: {error.strerror}") from None
        except OSError as error:
            setting = "server.host" if error.errno == errno.EADDRNOTAVAIL else "server.port"
            raise Misconfigured(setting, f"cannot listen on {server.host}:{server.port}: {_why(error)}") from None
        yield runner.addresses[0]
    finally:
        await runner.cleanup()


def _check(settings: Settings, parts: frozenset[Part]) -> None:
    if Part.WEB in parts and not settings.whatsapp.app_secrets:
        raise Misconfigured("whatsapp.app_secrets", "is empty: no webhook could be trusted")
    if Part.BOT in parts and parts != ALL and not settings.telegram.token.get_secret_value():
        raise Misconfigured("telegram.token", "is empty: there is no bot to run")
    if parts != ALL and locate(settings.storage.url).engine is Engine.SQLITE:
        raise Misconfigured(
            "roles", "a SQLite file is served by one process that does everything; use PostgreSQL to spread"
        )


def _asked_to_stop() -> asyncio.Event:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, asked.set)
    return asked


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it is not made for every system
        return None
    return uvloop.new_event_loop


def _why(error: OSError) -> str:
    return "the port is in use" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
