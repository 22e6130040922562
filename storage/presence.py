"""Who serves a database, so that a start can tell whether the leases it finds belong to the living.

A SQLite file is served by one process. A PostgreSQL may be served by many nodes: each holds a shared advisory lock as long as its
session lives, and who gets it exclusively at the start is alone. A killed process loses its lock with its connection. The
judgement may err (a node whose session broke still works on): therefore what is taken over from the dead is only ever
applied again where that is idempotent, and never sent again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg

from storage.errors import raise_translated, translate_postgres
from storage.postgres import OPTIONS
from storage.sqlite import claim_single_process
from storage.statements import Engine
from storage.urls import locate

_KEY = 0x63656E75  # one more than the lock of the migrations
_WAIT = "1s"
"""How long a start waits for the session of a process that was just killed to end. Beside living nodes it is spent in vain."""


@dataclass(slots=True)
class Presence:
    """A place among those that serve a database. While `alone`, nobody else may begin."""

    alone: bool
    _session: asyncpg.Connection | None = field(default=None, repr=False)

    async def let_others_in(self) -> None:
        """What had to be done alone is done."""
        if self.alone and self._session is not None:
            await self._session.execute(f"SELECT pg_advisory_lock_shared({_KEY})")
            await self._session.execute(f"SELECT pg_advisory_unlock({_KEY})")
        self.alone = False


@asynccontextmanager
async def present(url: str) -> AsyncIterator[Presence]:
    """Be one of those who serve this database, until the end of the block. A SQLite file that is served raises Misconfigured."""
    location = locate(url)
    if location.engine is Engine.SQLITE:
        with claim_single_process(location.path):
            yield Presence(alone=True)
        return
    try:
        session = await asyncpg.connect(location.dsn, **OPTIONS)
    except Exception as error:
        raise_translated(error, translate_postgres)
    try:
        yield await _among_nodes(session)
    finally:
        with suppress(Exception):  # a session that broke has ended already
            await session.close()


async def _among_nodes(session: asyncpg.Connection) -> Presence:
    try:
        await session.execute(f"SET lock_timeout = '{_WAIT}'")
        try:
            await session.execute(f"SELECT pg_advisory_lock({_KEY})")
            return Presence(alone=True, _session=session)
        except asyncpg.LockNotAvailableError:
            await session.execute("SET lock_timeout = 0")
            await session.execute(f"SELECT pg_advisory_lock_shared({_KEY})")
            return Presence(alone=False, _session=session)
    except Exception as error:
        raise_translated(error, translate_postgres)
