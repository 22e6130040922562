"""A program in this process: quick to open, easy to look into, impossible to kill."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.app import Program, open_program
from bot.config import Settings
from crm.clock import Clock
from sandbox.hosting.console import Console
from sandbox.hosting.host import HostRefused, State
from sandbox.hosting.settings import PATIENCE, UNHURRIED, known_as
from storage.migrate import migrate

LOOPBACK = "127.0.0.1"


class LocalHost(Console):
    """An open program, listening on loopback."""

    def __init__(self, program: Program, url: str) -> None:
        super().__init__(program)
        self.program, self.url = program, url
        self.state: State = "running"
        self.starts = 1
        self.time_zone = program.settings.time_zone

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, clock: Clock) -> AsyncIterator["LocalHost"]:
        """Open a program and let it serve until the end of the block."""
        await migrate(settings.storage.url)
        door = socket.create_server((LOOPBACK, 0))
        url = f"http://{LOOPBACK}:{door.getsockname()[1]}"
        async with open_program(known_as(url, settings), clock, UNHURRIED, patience=PATIENCE) as program:
            runner = await program.runner()
            try:
                await web.SockSite(runner, door).start()
                yield cls(program, url)
            finally:
                if program.telegram is not None:
                    await program.telegram.stop()
                await runner.cleanup()

    async def begin(self) -> None:
        """Let it talk with the agents."""
        if self.program.telegram is not None:
            await self.program.telegram.start()

    def kill(self) -> None:
        raise HostRefused("this program runs inside the sandbox: it cannot be killed alone")

    async def restart(self) -> None:
        raise HostRefused("this program runs inside the sandbox: it cannot be started anew")

    async def lose_database(self, *, lost: bool) -> None:
        raise HostRefused("this program runs inside the sandbox: its database cannot be stopped")
