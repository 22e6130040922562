"""PostgreSQL: a pool of connections; each transaction has one to itself.

Rows that a writing unit of work loads are locked until its end (`claims.py`), so that two nodes never overwrite each
other. `jit=off` and a statement cache that never expires keep short queries short; a statement that is planned while its table is
nearly empty would read the whole table for ever after, so with `enable_seqscan=off` every plan uses its index from the
first day (seen here: claims ten times as slow as the table grew). No transaction-mode PgBouncer in between.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from storage.errors import StorageUnavailable, raise_translated, translate_postgres
from storage.statements import Engine, Row
from storage.transaction import Transaction
from storage.waiting import to_the_end

SETTINGS = {"jit": "off", "enable_seqscan": "off", "application_name": "centralita", "lock_timeout": "10000"}
OPTIONS: dict[str, Any] = {
    "server_settings": SETTINGS,
    "statement_cache_size": 512,
    "max_cached_statement_lifetime": 0,
    "timeout": 10,
    "command_timeout": 60,
}


async def _keep_as_it_is(connection: asyncpg.Connection) -> None:
    """We leave nothing behind on a connection, so a reset would only cost a round trip."""


class PostgresDriver:
    """A connection from the pool."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Row]:
        rows: list[Row] = await self._connection.fetch(sql, *arguments)
        return rows

    async def execute(self, sql: str, arguments: Sequence[Any]) -> int:
        status = await self._connection.execute(sql, *arguments)
        return int(status.rsplit(" ", 1)[-1])

    async def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._connection.executemany(sql, rows)

    async def execute_either(self, first: str, second: str, rows: Sequence[tuple[Row, Row]]) -> None:
        for one, other in rows:
            if await self.execute(first, one) == 0:
                await self.execute(second, other)


class PostgresBackend:
    """Transactions on one server."""

    engine = Engine.POSTGRES

    def __init__(self, pool: asyncpg.Pool, dsn: str) -> None:
        self._pool = pool
        self.dsn = dsn

    @classmethod
    async def open(cls, dsn: str, *, pool_size: int) -> "PostgresBackend":
        """Connect to the server."""
        try:
            pool = await asyncpg.create_pool(dsn, min_size=1, max_size=pool_size, reset=_keep_as_it_is, **OPTIONS)
        except Exception as error:
            raise_translated(error, translate_postgres)
        return cls(pool, dsn)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A writing transaction."""
        async with self._connection("BEGIN", writing=True) as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A reading transaction on one snapshot."""
        async with self._connection("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", writing=False) as transaction:
            yield transaction

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def _connection(self, begin: str, *, writing: bool) -> AsyncIterator[Transaction]:
        try:
            connection = await self._pool.acquire(timeout=30)
        except Exception as error:
            raise_translated(error, translate_postgres)
        try:
            transaction = Transaction(PostgresDriver(connection), self.engine, translate_postgres, writing=writing)
            try:
                await _order(connection, begin)
                yield transaction
                if transaction.failure is not None:
                    raise transaction.failure
                await to_the_end(_order(connection, "COMMIT"))
            except BaseException:
                await to_the_end(_give_up(connection))
                raise
        finally:
            await to_the_end(self._pool.release(connection))


async def _order(connection: asyncpg.Connection, command: str) -> None:
    try:
        answer = await connection.execute(command)
    except Exception as error:
        raise_translated(error, translate_postgres)
    if command == "COMMIT" and answer != "COMMIT":
        raise StorageUnavailable(f"COMMIT was answered with {answer}")


async def _give_up(connection: asyncpg.Connection) -> None:
    """Roll back; a connection that cannot even do that is cut. A lost one has left the pool already."""
    try:
        if connection.is_in_transaction():
            await connection.execute("ROLLBACK")
    except Exception:
        with suppress(Exception):
            connection.terminate()
