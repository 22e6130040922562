"""The child: the real program, started as `centralita serve` starts it, but on the sandbox's clock and without pumps of its own.

What the pumps would do, `drain` does when the time machine asks at the door. Its log goes to standard output, a JSON object a line.
It ends in order when its standard input closes, which also happens when the parent is killed; and if that takes too long, at once.
"""

import asyncio
import os
import sys
import threading
from contextlib import AsyncExitStack
from io import StringIO
from pathlib import Path

import structlog
from aiohttp import web

from bot import logs
from bot.app import Program, open_program
from bot.config import Settings, load
from bot.process import run
from bot.redaction import Redactor
from sandbox.hosting.clock import SharedClock
from sandbox.hosting.console import Console
from sandbox.hosting.door import application
from sandbox.hosting.settings import PATIENCE, UNHURRIED
from storage.migrate import migrate
from storage.presence import present

SECRET, CLOCK = "SANDBOX_DOOR_SECRET", "SANDBOX_CLOCK"
"""The variables of the environment that name the door's secret and the clock's file."""
LOOPBACK = "127.0.0.1"
END_WITHIN = 5.0

log = structlog.get_logger(__name__)


class Lines(StringIO):
    """Standard output, with a count of the lines that were written."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def write(self, text: str) -> int:
        self.count += text.count("\n")
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def main() -> int:
    """Serve until the parent lets go."""
    settings, lines = load(None), Lines()
    redactor = Redactor(logs.secrets_of(settings))
    logs.configure(settings.logs, redactor, lines)
    run(serve(settings, redactor, lines, os.environ[SECRET], SharedClock(Path(os.environ[CLOCK]))))
    return 0


async def serve(settings: Settings, redactor: Redactor, lines: Lines, secret: str, clock: SharedClock) -> None:
    """Begin as `centralita serve` does: take over what a dead one held, catch up with the jobs, open the doors."""
    over = _parent_lets_go()
    async with present(settings.storage.url) as presence:
        await migrate(settings.storage.url)
        async with open_program(settings, clock, UNHURRIED, learn=redactor.learn, patience=PATIENCE) as program:
            if presence.alone:
                await program.engine.housekeeping.take_over()
            await presence.let_others_in()
            await program.engine.agents.appoint(settings.telegram.admins)
            await program.schedule.catch_up()
            await _serve(program, secret, lines, over)


async def _serve(program: Program, secret: str, lines: Lines, over: asyncio.Event) -> None:
    async with AsyncExitStack() as stack:
        public = await program.runner(shutdown_timeout=1.0)
        stack.push_async_callback(public.cleanup)
        await web.TCPSite(public, LOOPBACK, program.settings.server.port).start()
        door = web.AppRunner(application(Console(program), secret, lambda: lines.count), access_log=None)
        await door.setup()
        stack.push_async_callback(door.cleanup)
        await web.TCPSite(door, LOOPBACK, 0).start()
        if program.telegram is not None:
            stack.push_async_callback(program.telegram.stop)
            await program.telegram.start()
        log.info("serving", port=public.addresses[0][1], door=door.addresses[0][1])
        await over.wait()


def _parent_lets_go() -> asyncio.Event:
    """An event that is set when standard input ends. The thread outlives a stuck loop, so the process always ends."""
    over, loop = asyncio.Event(), asyncio.get_running_loop()

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        loop.call_soon_threadsafe(over.set)
        threading.Event().wait(END_WITHIN)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()
    return over
