"""Parts of the work that only one process may do at a time, claimed in the database they all share.

On PostgreSQL a claim is an advisory lock on a session of its own: it ends with the process, however that ends, and needs no clock
that nodes would have to agree on. A process that loses its session must stop that part, for another may have begun it. A
SQLite file is served by one process (`presence.py`), so there every claim is granted.
"""

from contextlib import suppress
from zlib import crc32

import asyncpg

from storage.errors import raise_translated, translate_postgres
from storage.postgres import OPTIONS
from storage.statements import Engine
from storage.urls import locate

_KIND = 0x63656E74
_ANSWER_WITHIN = 5.0
"""A session that is silent for longer is taken for lost."""
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""How a session that is no more says so; the third when it broke in the middle of a word."""


class PartClaim:
    """One process's right to do one part."""

    def __init__(self, session: asyncpg.Connection | None) -> None:
        self._session = session

    async def holds(self) -> bool:
        """Ask the database whether the session that carries the claim is still there."""
        if self._session is None:
            return True
        try:
            await self._session.fetchval("SELECT 1", timeout=_ANSWER_WITHIN)
        except _LOST:
            return False
        return True

    async def release(self) -> None:
        """Give the part to whoever waits for it."""
        if self._session is None:
            return
        try:
            await self._session.close(timeout=_ANSWER_WITHIN)
        except _LOST:
            with suppress(Exception):
                self._session.terminate()


async def claim_part(url: str, part: str) -> PartClaim | None:
    """Claim a part; None while another process has it."""
    location = locate(url)
    if location.engine is Engine.SQLITE:
        return PartClaim(None)
    try:
        session = await asyncpg.connect(location.dsn, **OPTIONS)
    except Exception as error:
        raise_translated(error, translate_postgres)
    try:
        taken = await session.fetchval("SELECT pg_try_advisory_lock($1::int, $2::int)", _KIND, _key(part))
    except BaseException:
        session.terminate()
        raise
    claim = PartClaim(session)
    if taken:
        return claim
    await claim.release()
    return None


def _key(part: str) -> int:
    """A number of 32 bits with a sign, as PostgreSQL takes it; the same in every process."""
    return crc32(part.encode()) - 2**31
