"""SQLite: one writing connection behind a gate, a few reading ones beside it, each with a thread of its own
(aiosqlite).

WAL lets readers and the writer go on side by side; `synchronous=FULL` makes a commit survive a power cut. A second
process (a command beside `serve`) waits for the lock like everybody else. aiosqlite's `_execute` is used to do a whole
step (execute and fetch, or a whole intake batch) with one crossing of threads instead of three.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import quote

import aiosqlite

from crm.errors import Misconfigured
from storage.errors import raise_translated, translate_sqlite
from storage.gate import Gate
from storage.statements import Engine, Row
from storage.transaction import Transaction
from storage.urls import SETTING
from storage.waiting import to_the_end

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5_000
_COMMON = f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
_WRITER = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; "
    "PRAGMA wal_autocheckpoint=1000; PRAGMA cache_size=-{kb};"
)
_READER = "PRAGMA query_only=1; PRAGMA cache_size=-8192;"


def claim_single_process(path: Path) -> IO[bytes]:
    """Make this process the only one that serves this file; hold the result as long as it does."""
    lock = Path(f"{path}.lock").open("ab")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise Misconfigured(SETTING, f"another process serves {path} already") from error
    return lock


class SqliteDriver:
    """A connection and its thread."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: Path, *, mode: str, pragmas: str) -> "SqliteDriver":
        """Connect and set up."""
        uri = f"file:{quote(str(path))}?mode={mode}"
        connection = await aiosqlite.connect(uri, uri=True, isolation_level=None, cached_statements=512)
        driver = cls(connection)
        try:
            await driver.call(sqlite3.Connection.executescript, _COMMON + pragmas)
        except BaseException:
            await driver.close()
            raise
        return driver

    async def call(self, step: Callable[..., T], *arguments: Any) -> T:
        """Do one step with the raw connection in its thread."""
        raw = self._connection._conn
        result: T = await self._connection._execute(step, raw, *arguments)  # type: ignore[no-untyped-call]
        return result

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Row]:
        return await self.call(_fetch, sql, arguments)

    async def execute(self, sql: str, arguments: Sequence[Any]) -> int:
        return await self.call(_execute, sql, arguments)

    async def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self.call(_executemany, sql, rows)

    async def execute_either(self, first: str, second: str, rows: Sequence[tuple[Row, Row]]) -> None:
        await self.call(_execute_either, first, second, rows)

    async def close(self) -> None:
        await self._connection.close()


def _fetch(raw: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> list[Row]:
    return raw.execute(sql, arguments).fetchall()


def _execute(raw: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> int:
    return raw.execute(sql, arguments).rowcount


def _executemany(raw: sqlite3.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    raw.executemany(sql, rows)


def _execute_either(raw: sqlite3.Connection, first: str, second: str, rows: Sequence[tuple[Row, Row]]) -> None:
    cursor = raw.cursor()
    for one, other in rows:
        if cursor.execute(first, one).rowcount == 0:
            cursor.execute(second, other)


def _begin(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN IMMEDIATE")


def _snapshot(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN")


def _commit(raw: sqlite3.Connection) -> None:
    raw.execute("COMMIT")


def _rollback(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        raw.execute("ROLLBACK")


def _tidy(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA analysis_limit=400")
    raw.execute("PRAGMA optimize")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class SqliteBackend:
    """Transactions on one file."""

    engine = Engine.SQLITE

    def __init__(self, writer: SqliteDriver, readers: Sequence[SqliteDriver]) -> None:
        self._writer = writer
        self._readers = readers
        self._gate = Gate()
        self._free: asyncio.LifoQueue[SqliteDriver] = asyncio.LifoQueue()
        for reader in readers:
            self._free.put_nowait(reader)

    @classmethod
    async def open(cls, path: Path, *, readers: int, synchronous: str, cache_kb: int) -> "SqliteBackend":
        """Open the file, which must exist."""
        opened: list[SqliteDriver] = []
        try:
            writing = _WRITER.format(synchronous=synchronous, kb=cache_kb)
            opened.append(await SqliteDriver.open(path, mode="rw", pragmas=writing))
            for _ in range(readers):
                opened.append(await SqliteDriver.open(path, mode="ro", pragmas=_READER))
        except Exception as error:
            for driver in opened:
                await driver.close()
            raise_translated(error, translate_sqlite)
        return cls(opened[0], opened[1:])

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A writing transaction, one at a time."""
        await self._gate.acquire()
        transaction = Transaction(self._writer, self.engine, translate_sqlite, writing=True)
        try:
            await _step(self._writer, _begin)
            yield transaction
            if transaction.failure is not None:
                raise transaction.failure
            await to_the_end(_step(self._writer, _commit))
        except BaseException:
            await to_the_end(_step(self._writer, _rollback))
            raise
        finally:
            self._gate.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A reading transaction: what was committed when it made its first query."""
        reader = await self._free.get()
        try:
            await _step(reader, _snapshot)
            yield Transaction(reader, self.engine, translate_sqlite, writing=False)
        finally:
            try:
                await to_the_end(_step(reader, _rollback))
            finally:
                self._free.put_nowait(reader)

    async def urgently(self, step: Callable[..., T], *arguments: Any) -> T:
        """Do one whole step with the writing connection, ahead of the others that wait."""
        await self._gate.acquire(urgent=True)
        try:
            return await to_the_end(self._writer.call(step, *arguments))
        finally:
            self._gate.release()

    async def close(self) -> None:
        """Close every connection; the log is folded back into the file."""
        for reader in self._readers:
            await reader.close()
        try:
            await self._writer.call(_tidy)
        except sqlite3.Error:  # somebody reads or writes beside us: the next start does it
            pass
        finally:
            await self._writer.close()


async def _step(driver: SqliteDriver, step: Callable[..., None]) -> None:
    try:
        await driver.call(step)
    except Exception as error:
        raise_translated(error, translate_sqlite)
