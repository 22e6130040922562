"""A part of the work belongs to one process at a time, and to another as soon as that one is gone."""

from pathlib import Path

import asyncpg
import pytest

from storage.errors import StorageUnavailable
from storage.parts import PartClaim, claim_part
from storage.urls import locate


async def taken(url: str, part: str) -> PartClaim:
    claim = await claim_part(url, part)
    assert claim is not None
    return claim


async def cut(url: str) -> None:
    """End every claim's session from outside, as a network or an administrator would."""
    connection = await asyncpg.connect(locate(url).dsn)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    finally:
        await connection.close()


async def test_a_part_that_is_taken_is_refused_until_it_is_released(postgres_url: str) -> None:
    first = await taken(postgres_url, "agents")
    assert await claim_part(postgres_url, "agents") is None
    await first.release()
    second = await taken(postgres_url, "agents")
    assert await second.holds()
    await second.release()


async def test_parts_are_claimed_apart(postgres_url: str) -> None:
    first, other = await taken(postgres_url, "agents"), await taken(postgres_url, "sending")
    await first.release()
    assert await other.holds()
    await other.release()


async def test_databases_on_one_server_do_not_disturb_each_other(postgres_url: str, empty_url: str) -> None:
    first, other = await taken(postgres_url, "agents"), await taken(empty_url, "agents")
    await first.release()
    await other.release()


async def test_who_loses_its_session_learns_that_it_lost_the_part(postgres_url: str) -> None:
    first = await taken(postgres_url, "agents")
    assert await first.holds()
    await cut(postgres_url)
    assert not await first.holds()
    second = await taken(postgres_url, "agents")
    await first.release()
    assert await second.holds()
    await second.release()


async def test_a_sqlite_file_has_one_process_and_that_has_every_part(tmp_path: Path) -> None:
    claim = await taken(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", "agents")
    assert await claim.holds()
    await claim.release()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StorageUnavailable):
        await claim_part("postgresql+asyncpg://nobody@127.0.0.1:1/none", "agents")
