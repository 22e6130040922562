"""The one insert that goes straight to the driver, because customers' messages wait for it: group commit.

Requests queue up while a batch is being committed; then one transaction takes what waits (up to 256, without lingering)
and every request is answered when its row is durable. A row that the database refuses fails alone; a request that was
cancelled harms nobody.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import asyncpg

from crm.errors import CrmError
from storage.errors import StorageUnavailable, translate_postgres, translate_sqlite
from storage.postgres import OPTIONS, PostgresBackend
from storage.sqlite import SqliteBackend
from storage.types import micros

KEY_LENGTH = 16
MOST_TOGETHER = 256
MOST_WAITING = 5_000

Row = tuple[bytes, bytes, int, int]

_COLUMNS = "dedup_key, body, received_at, ready_at, state"


class Writer(Protocol):
    """Keeps a batch durably. Errors are the driver's own.

    With `gathers` a batch waits for those who stand at the door: where a commit costs our own processor's time, fewer and larger ones
    take in more; where it costs another's, work goes on meanwhile and waiting would only lose time.
    """

    gathers: bool

    async def write(self, rows: Sequence[Row]) -> set[bytes]:
        """Return the keys that were not there before."""
        ...

    def translate(self, error: Exception) -> CrmError | None: ...
    async def close(self) -> None: ...


_Waiting = tuple[Row, asyncio.Future[bool]]


class Intake:
    """Takes webhooks in. `on_stored` is called after every batch that brought something new."""

    def __init__(self, writer: Writer, on_stored: Callable[[], None] = lambda: None) -> None:
        self._writer = writer
        self._on_stored = on_stored
        self._queue: list[_Waiting] = []
        self._flusher: asyncio.Task[None] | None = None

    def store(self, dedup_key: bytes, body: bytes, received_at: datetime) -> asyncio.Future[bool]:
        """Keep one webhook; the answer is True when it is new, False when it was there, in both cases once that is durable."""
        if len(dedup_key) != KEY_LENGTH:
            raise ValueError(f"a key has {KEY_LENGTH} bytes, not {len(dedup_key)}")
        if len(self._queue) >= MOST_WAITING:
            raise StorageUnavailable("too many webhooks wait to be stored")
        at = micros(received_at)
        row = (dedup_key, body, at, at)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.append((row, answer))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        return answer

    async def close(self) -> None:
        """Store what still waits, then let go of the database."""
        if self._flusher is not None:
            await asyncio.wait([self._flusher])
        await self._writer.close()

    async def _flush(self) -> None:
        try:
            while self._queue:
                if self._writer.gathers:
                    await self._gather()
                batch = [waiting for waiting in self._queue[:MOST_TOGETHER] if not waiting[1].done()]
                del self._queue[:MOST_TOGETHER]
                await self._keep(batch)
        finally:
            self._flusher = None
            left, self._queue = self._queue, []
            for waiting in left:  # only when this task itself was cancelled
                _answer(waiting, StorageUnavailable("shutting down"))

    async def _gather(self) -> None:
        """Go on until a turn of the loop brings nobody new or the batch is full."""
        seen, loop = 0, asyncio.get_running_loop()
        while seen < len(self._queue) < MOST_TOGETHER:
            seen, turn = len(self._queue), loop.create_future()
            loop.call_soon(turn.set_result, None)
            await turn

    async def _keep(self, batch: list[_Waiting]) -> None:
        try:
            await self._write(batch)
        except Exception as error:
            problem = self._writer.translate(error)
            if isinstance(problem, StorageUnavailable):
                problem.__cause__ = error
                for waiting in batch:
                    _answer(waiting, problem)
                return
            for waiting in batch:
                await self._keep_alone(waiting)
        except asyncio.CancelledError:
            for waiting in batch:
                _answer(waiting, StorageUnavailable("shutting down"))
            raise

    async def _keep_alone(self, waiting: _Waiting) -> None:
        try:
            await self._write([waiting])
        except Exception as error:
            problem = StorageUnavailable(f"{type(error).__name__}: {error}"[:200])
            problem.__cause__ = error
            _answer(waiting, problem)

    async def _write(self, batch: list[_Waiting]) -> None:
        if not batch:
            return
        new = await self._writer.write([row for row, _ in batch])
        for waiting in batch:
            key = waiting[0][0]
            _answer(waiting, key in new)
            new.discard(key)
        self._on_stored()


def _answer(waiting: _Waiting, outcome: bool | Exception) -> None:
    answer = waiting[1]
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


class SqliteWriter:
    """Writes through the writing connection, ahead of everybody else, in one crossing of threads."""

    gathers = True

    def __init__(self, backend: SqliteBackend) -> None:
        self._backend = backend

    async def write(self, rows: Sequence[Row]) -> set[bytes]:
        return await self._backend.urgently(_write_sqlite, rows)

    def translate(self, error: Exception) -> CrmError | None:
        return translate_sqlite(error)

    async def close(self) -> None:
        """The connection belongs to the backend."""


_SQLITE = f"INSERT OR IGNORE INTO webhook_logs ({_COLUMNS}) VALUES (?, ?, ?, ?, 'new')"  # noqa: S608


def _write_sqlite(raw: sqlite3.Connection, rows: Sequence[Row]) -> set[bytes]:
    raw.execute("BEGIN IMMEDIATE")
    try:
        before = raw.total_changes
        (last_id,) = raw.execute("SELECT coalesce(max(id), 0) FROM webhook_logs").fetchone()
        raw.executemany(_SQLITE, rows)
        if raw.total_changes - before == len(rows):
            new = {row[0] for row in rows}
        else:
            new = {key for (key,) in raw.execute("SELECT dedup_key FROM webhook_logs WHERE id > ?", (last_id,))}
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return new


class PostgresWriter:
    """Writes through a connection of its own, one round trip per batch; a lost connection is opened anew."""

    gathers = False

    def __init__(self, backend: PostgresBackend) -> None:
        self._dsn = backend.dsn
        self._connection: asyncpg.Connection | None = None

    async def write(self, rows: Sequence[Row]) -> set[bytes]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._dsn, **OPTIONS)
        columns = list(zip(*rows, strict=True))
        records = await self._connection.fetch(_POSTGRES, *columns)
        return {record[0] for record in records}

    def translate(self, error: Exception) -> CrmError | None:
        return translate_postgres(error)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


_POSTGRES = f"""
INSERT INTO webhook_logs ({_COLUMNS})
SELECT *, 'new' FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[])
ON CONFLICT (dedup_key) DO NOTHING
RETURNING dedup_key
"""  # noqa: S608
