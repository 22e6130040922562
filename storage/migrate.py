"""Whether the schema is the newest, and making it so.

Alembic is only loaded when there is something to change: it and what it brings along cost 20 MB and a third of a second at every
start.
"""

import asyncio
import sqlite3
from contextlib import closing
from importlib import import_module
from urllib.parse import quote

import asyncpg

from storage.migrations import HEAD
from storage.statements import Engine
from storage.urls import Location, locate

_VERSION = "SELECT version_num FROM alembic_version"


async def migrate(url: str) -> tuple[str | None, str | None]:
    """Upgrade the database to the newest schema; return the revision before and after."""
    location = locate(url)
    if location.engine is Engine.SQLITE:
        location.path.parent.mkdir(parents=True, exist_ok=True)
        location.path.touch(mode=0o600)  # customers' messages: for the owner alone, and SQLite's side files follow
        version = await asyncio.to_thread(_sqlite_version, location)
    else:
        version = await _postgres_version(location)
    if version == HEAD:
        return HEAD, HEAD
    moved: tuple[str | None, str | None] = await import_module("storage.upgrade").upgrade(location)
    return moved


def _sqlite_version(location: Location) -> str | None:
    """The revision, or None when there is none or it cannot be told; the upgrade finds out why."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(location.path))}?mode=ro", uri=True, timeout=60)) as connection:
            row = connection.execute(_VERSION).fetchone()
            return None if row is None else str(row[0])
    except sqlite3.Error:
        return None


async def _postgres_version(location: Location) -> str | None:
    try:
        connection = await asyncpg.connect(location.dsn, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    try:
        version: str | None = await connection.fetchval(_VERSION)
    except asyncpg.PostgresError:
        return None
    finally:
        await connection.close()
    return version
