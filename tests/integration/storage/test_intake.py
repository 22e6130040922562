"""The way in: durable before the answer, each key once, one bad row or one impatient caller harms nobody else."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Sequence
from datetime import timedelta

import asyncpg
import pytest
import sqlalchemy as sa

from crm.errors import CrmError
from storage.database import Database
from storage.errors import StorageUnavailable, translate_sqlite
from storage.intake import MOST_TOGETHER, MOST_WAITING, Intake, Row
from storage.statements import Engine, Statement
from tests.builders import NOW, a_contact, save


def key(number: int) -> bytes:
    """A key in order of arrival, as real ones are."""
    return number.to_bytes(16, "big")


async def stored(database: Database) -> int:
    async with database.read() as uow:
        return sum((await uow.webhooks.counts()).values())


async def test_a_webhook_is_kept_once(database: Database) -> None:
    rings = 0

    def ring() -> None:
        nonlocal rings
        rings += 1

    intake = database.intake(ring)
    assert await intake.store(key(1), b'{"a":1}', NOW)
    assert not await intake.store(key(1), b'{"a":1}', NOW + timedelta(seconds=9))
    async with database.begin() as uow:
        (webhook,) = await uow.webhooks.claim(NOW, 9)
    assert (webhook.body, webhook.received_at) == (b'{"a":1}', NOW)
    assert rings >= 1


async def test_a_flood_is_kept_whole_and_each_new_key_is_new_to_one_caller(database: Database) -> None:
    intake = database.intake()
    await intake.store(key(0), b"known", NOW)
    keys = [key(number % 400) for number in range(1200)]
    news = await asyncio.gather(*(intake.store(one, b"body", NOW) for one in keys))
    assert sum(news) == 399
    assert await stored(database) == 400


async def test_it_works_beside_writers_and_before_their_end(database: Database) -> None:
    """On SQLite intake waits for the writer's turn to end, and the next writer for the intake's."""
    intake = database.intake()

    async def write() -> None:
        async with database.begin() as uow:
            await save(uow, a_contact())

    await asyncio.gather(*(write() for _ in range(10)), *(intake.store(key(n), b"x", NOW) for n in range(300)))
    assert await stored(database) == 300
    async with database.read() as uow:
        assert await uow.overview.contacts() == 10


async def test_impatient_callers_break_nothing(database: Database) -> None:
    intake = database.intake()
    tasks = [intake.store(key(n), b"x", NOW) for n in range(600)]
    await asyncio.wait(tasks[:1])
    for task in tasks[::3]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    kept = sum(result is True for result in results)
    assert kept >= 400
    assert await stored(database) >= kept
    assert await intake.store(key(9999), b"x", NOW)


async def test_keys_have_sixteen_bytes(database: Database) -> None:
    with pytest.raises(ValueError, match="16"):
        await database.intake().store(b"short", b"x", NOW)


async def test_a_row_that_the_database_refuses_fails_alone(database: Database) -> None:
    refuse = {
        Engine.SQLITE: "CREATE TRIGGER picky BEFORE INSERT ON webhook_logs WHEN NEW.body = x'626164' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END",
        Engine.POSTGRES: "ALTER TABLE webhook_logs ADD CHECK (body <> '\\x626164')",
    }
    async with database.writing() as transaction:
        await transaction.rows(Statement(sa.text(refuse[database.engine])))
    intake = database.intake()
    bodies = (b"good", b"bad", b"good as well")
    results = await asyncio.gather(
        *(intake.store(key(n), body, NOW) for n, body in enumerate(bodies)), return_exceptions=True
    )
    assert results[0] is True
    assert isinstance(results[1], StorageUnavailable)
    assert results[2] is True
    assert await stored(database) == 2


async def test_a_full_disk_is_said_to_everybody_who_waits(sqlite_url: str) -> None:
    async with await Database.open(sqlite_url) as database:
        path = sqlite_url.split("///", 1)[1]
        other = sqlite3.connect(path, isolation_level=None)
        async with database.writing() as transaction:
            await transaction.rows(Statement(sa.text("PRAGMA max_page_count = 1")))
        big = b"x" * 200_000
        results = await asyncio.gather(
            *(database.intake().store(key(n), big, NOW) for n in range(20)), return_exceptions=True
        )
        assert {type(result) for result in results} == {StorageUnavailable}
        assert other.execute("SELECT count(*) FROM webhook_logs").fetchone() == (0,)
        other.close()


async def test_a_lost_connection_is_opened_anew(postgres_url: str) -> None:
    async with await Database.open(postgres_url) as database:
        intake = database.intake()
        await intake.store(key(1), b"x", NOW)
        killer = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        await killer.close()
        outcomes = [await _outcome(intake.store(key(n), b"x", NOW)) for n in (2, 3)]
        assert outcomes[1] is True
        assert outcomes[0] is True or isinstance(outcomes[0], StorageUnavailable)
        assert not await intake.store(key(1), b"x", NOW), "what was answered is there"


class SlowWriter:
    """A database that answers when told to."""

    gathers = True

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.batches: list[int] = []

    async def write(self, rows: Sequence[Row]) -> set[bytes]:
        await self.go.wait()
        self.batches.append(len(rows))
        return {row[0] for row in rows}

    def translate(self, error: Exception) -> CrmError | None:
        return translate_sqlite(error)

    async def close(self) -> None: ...


async def test_too_many_waiting_are_turned_away_at_once() -> None:
    writer = SlowWriter()
    intake = Intake(writer)
    in_work = [intake.store(key(n), b"x", NOW) for n in range(MOST_TOGETHER)]
    await asyncio.wait(in_work, timeout=0.01)
    waiting = [intake.store(key(1000 + n), b"x", NOW) for n in range(MOST_WAITING)]
    await asyncio.wait(waiting, timeout=0.01)
    with pytest.raises(StorageUnavailable, match="too many"):
        await intake.store(key(99_999), b"x", NOW)
    writer.go.set()
    assert all(await asyncio.gather(*in_work, *waiting))
    assert max(writer.batches) == MOST_TOGETHER
    assert await intake.store(key(99_999), b"x", NOW)


async def test_closing_stores_what_still_waits() -> None:
    writer = SlowWriter()
    intake = Intake(writer)
    waiting = [intake.store(key(n), b"x", NOW) for n in range(300)]
    await asyncio.wait(waiting, timeout=0)
    writer.go.set()
    await intake.close()
    assert sum(writer.batches) == 300
    assert all(await asyncio.gather(*waiting))


async def _outcome(work: Awaitable[bool]) -> object:
    try:
        return await work
    except Exception as error:
        return error
