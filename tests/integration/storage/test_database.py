"""What a unit of work promises: all or nothing, one at a time where it must be, and our own errors."""

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from crm.errors import Conflict, CrmError, Misconfigured, Unreadable
from crm.ports import Intake, Store
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.ids import BLOCK, ENOUGH
from storage.statements import Engine, Statement
from tests.builders import (
    NOW,
    a_contact,
    a_conversation,
    a_message,
    a_pending,
    a_sequence,
    an_account,
    an_agent,
    an_alert,
    save,
)


class Oops(Exception):
    """Something a service raises."""


async def contacts(database: Database) -> int:
    async with database.read() as uow:
        return await uow.overview.contacts()


def sqlite_path(url: str) -> Path:
    return Path(url.split("///", 1)[1])


def log_of(url: str) -> Path:
    return Path(f"{sqlite_path(url)}-wal")


async def test_it_is_the_store_the_engine_asks_for(database: Database) -> None:
    store: Store = database
    intake: Intake = database.intake()
    async with store.read() as uow:
        assert await uow.webhooks.backlog() == 0
    assert await intake.store(bytes(16), b"{}", NOW)


class TestAllOrNothing:
    async def test_an_exception_takes_everything_back(self, database: Database) -> None:
        with pytest.raises(Oops):  # noqa: PT012
            async with database.begin() as uow:
                await save(uow, a_contact())
                raise Oops
        assert await contacts(database) == 0

    async def test_a_cancellation_takes_everything_back(self, database: Database) -> None:
        inside = asyncio.Event()

        async def work() -> None:
            async with database.begin() as uow:
                await save(uow, a_contact())
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await contacts(database) == 0
        async with database.begin() as uow:
            await save(uow, a_contact())
        assert await contacts(database) == 1

    async def test_a_cancellation_in_the_middle_of_a_statement_leaves_the_database_usable(
        self, database: Database
    ) -> None:
        for turns in range(12):

            async def work() -> None:
                async with database.begin() as uow:
                    await uow.contacts.save(new=[a_contact() for _ in range(50)])

            task = asyncio.create_task(work())
            for _ in range(turns):
                await asyncio.wait([asyncio.create_task(asyncio.Event().wait())], timeout=0)
            task.cancel()
            await asyncio.wait([task])
        before = await contacts(database)
        assert before % 50 == 0
        async with database.begin() as uow:
            await save(uow, a_contact())
        assert await contacts(database) == before + 1

    async def test_a_swallowed_conflict_still_commits_nothing(self, database: Database) -> None:
        """PostgreSQL would turn the COMMIT into a silent ROLLBACK; here both databases say so."""
        async with database.begin() as uow:
            await save(uow, an_agent(telegram_id=1))
        with pytest.raises(Conflict, match="duplicate"):  # noqa: PT012
            async with database.begin() as uow:
                await save(uow, a_contact())
                with pytest.raises(Conflict):
                    await uow.agents.save(new=[an_agent(telegram_id=1)])
        assert await contacts(database) == 0

    async def test_nothing_runs_after_a_failed_statement(self, database: Database) -> None:
        with pytest.raises(Conflict):  # noqa: PT012
            async with database.begin() as uow:
                with pytest.raises(Conflict):
                    await save(uow, a_message())
                await uow.contacts.load([1])

    async def test_a_unit_of_work_sees_its_own_writes_and_others_only_after_the_commit(
        self, database: Database
    ) -> None:
        async with database.begin() as uow:
            await save(uow, a_contact())
            assert await uow.overview.contacts() == 1
            assert await contacts(database) == 0
        assert await contacts(database) == 1


class TestReading:
    async def test_it_sees_one_moment(self, database: Database) -> None:
        async with database.read() as reader:
            assert await reader.overview.contacts() == 0

            async def write() -> None:
                async with database.begin() as uow:
                    await save(uow, a_contact())

            await asyncio.create_task(write())
            assert await reader.overview.contacts() == 0
        assert await contacts(database) == 1

    async def test_it_cannot_write(self, database: Database) -> None:
        for aggregate, thing in (("contacts", a_contact()), ("alerts", an_alert()), ("sequences", a_sequence())):
            with pytest.raises(RuntimeError, match="cannot write"):
                async with database.read() as uow:
                    await getattr(uow, aggregate).save(new=[thing])
            with pytest.raises(RuntimeError, match="cannot write"):
                async with database.read() as uow:
                    await getattr(uow, aggregate).save(changed=[thing])
        with pytest.raises(RuntimeError, match="cannot write"):
            async with database.read() as uow:
                await uow.webhooks.done([1], NOW)

    async def test_the_database_itself_refuses_a_claim_by_a_reader(self, database: Database) -> None:
        with pytest.raises((CrmError, sqlite3.OperationalError)):
            async with database.read() as uow:
                await uow.notices.claim(NOW, NOW, 1)

    async def test_more_readers_than_connections_take_turns(self, sqlite_url: str) -> None:
        async with await Database.open(sqlite_url, readers=2) as database:
            assert await asyncio.gather(*(contacts(database) for _ in range(20))) == [0] * 20


class TestWriting:
    async def test_no_update_is_lost_between_two_units_of_work(self, database: Database) -> None:
        """What a unit of work loads it holds: on PostgreSQL by row locks, on SQLite because there is one writer."""
        account, contact = an_account(), a_contact()
        thread = a_conversation(contact=contact, account=account, last_inbound_at=NOW)
        message, item = a_message(of=thread), a_pending(of=thread, version=0)
        async with database.begin() as uow:
            await save(uow, account, contact, thread, message, item)

        async def grow() -> None:
            async with database.begin() as uow:
                mine = await uow.pending.get(item.id)
                assert mine is not None
                conversation = (await uow.conversations.load([thread.id]))[thread.id]
                later = replace(conversation, last_inbound_at=_later(conversation.last_inbound_at))
                said = (await uow.messages.known([str(message.wamid)]))[str(message.wamid)]
                await uow.conversations.save(changed=[later])
                await uow.messages.save(changed=[replace(said, step=(said.step or 0) + 1)])
                await uow.pending.save(changed=[replace(mine, version=mine.version + 1)])

        await asyncio.gather(*(grow() for _ in range(20)))
        async with database.read() as uow:
            mine = await uow.pending.get(item.id)
            assert mine is not None
            assert mine.version == 20
            conversation = (await uow.conversations.load([thread.id]))[thread.id]
            assert conversation.last_inbound_at == NOW + timedelta(seconds=20)
            assert (await uow.messages.load([message.id]))[message.id].step == 20

    async def test_one_inside_another_is_a_bug_and_says_so(self, database: Database) -> None:
        async with database.begin():
            with pytest.raises(RuntimeError, match="inside"):
                async with database.begin():
                    pass

    async def test_changing_one_row_twice_at_once_is_a_bug_and_says_so(self, database: Database) -> None:
        """PostgreSQL would keep any of the two; so neither is kept."""
        thread = a_conversation()
        first, second = replace(thread, agent_id=1), replace(thread, agent_id=2)
        async with database.begin() as uow:
            with pytest.raises(ValueError, match=f"same id more than once: \\[{thread.id}\\]"):
                await uow.conversations.save(changed=[first, a_conversation(), second])
            with pytest.raises(ValueError, match="same id"):
                await uow.agents.save(changed=[an_agent(id=5), an_agent(id=5)])

    async def test_times_must_be_aware_utc(self, database: Database) -> None:
        for wrong in (datetime(2026, 1, 1), NOW.astimezone(timezone(timedelta(hours=1)))):  # noqa: DTZ001
            with pytest.raises(ValueError, match="aware UTC"):
                async with database.begin() as uow:
                    await save(uow, a_contact(created_at=wrong))

    async def test_what_no_column_can_hold_is_unreadable(self, database: Database) -> None:
        contact = a_contact()
        thread = a_conversation(contact=contact)
        hostile = [
            a_message(of=thread, text="half \ud800 of a pair"),
            a_message(of=thread, payload={"n": 2**70}),
            a_message(of=thread, payload={"half": "\ud800"}),
            a_message(of=thread, step=2**70),
        ]
        async with database.begin() as uow:
            await save(uow, contact, thread)
        for message in hostile:
            with pytest.raises(Unreadable, match="not-storable"):
                async with database.begin() as uow:
                    await save(uow, message)

    async def test_a_nul_in_a_text_is_refused_by_postgresql_as_unreadable(self, postgres_url: str) -> None:
        async with await Database.open(postgres_url) as database:
            with pytest.raises(Unreadable):
                async with database.begin() as uow:
                    await save(uow, a_contact(name="nul \x00"))


class TestIds:
    async def test_they_are_unique_over_processes_and_known_before_the_insert(
        self, database: Database, database_url: str
    ) -> None:
        async with await Database.open(database_url) as other:
            async with database.begin() as uow:
                mine = [uow.ids.next() for _ in range(ENOUGH)]
            async with other.begin() as uow:
                theirs = [uow.ids.next() for _ in range(ENOUGH)]
            async with database.begin() as uow:
                mine += [uow.ids.next() for _ in range(ENOUGH)]
        assert len({*mine, *theirs}) == 3 * ENOUGH
        assert min(mine + theirs) >= 36**3

    async def test_a_rolled_back_unit_of_work_loses_its_ids(self, database: Database) -> None:
        with pytest.raises(Oops):  # noqa: PT012
            async with database.begin() as uow:
                lost = uow.ids.next()
                raise Oops
        async with database.begin() as uow:
            assert uow.ids.next() > lost

    async def test_a_greedy_transaction_ends_with_a_clear_error(self, database: Database) -> None:
        async with database.begin() as uow:
            for _ in range(BLOCK):
                uow.ids.next()
            with pytest.raises(StorageUnavailable, match="ids"):
                uow.ids.next()


class TestTrouble:
    async def test_a_full_disk_loses_nothing_that_was_there(self, sqlite_url: str) -> None:
        async with await Database.open(sqlite_url) as database:
            async with database.begin() as uow:
                await save(uow, a_contact())
            async with database.writing() as transaction:
                pages = await transaction.value(Statement(sa.text("PRAGMA page_count")))
                await transaction.rows(Statement(sa.text(f"PRAGMA max_page_count = {pages}")))
            with pytest.raises(StorageUnavailable) as caught:
                async with database.begin() as uow:
                    await uow.desk.add_update(1, b"x" * 1_000_000, NOW)
            assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
            assert await contacts(database) == 1
            async with database.writing() as transaction:
                await transaction.rows(Statement(sa.text("PRAGMA max_page_count = 1000000")))
            async with database.begin() as uow:
                assert await uow.desk.add_update(1, b"x" * 1_000_000, NOW)

    async def test_a_second_process_waits_for_the_lock_and_then_gives_up(self, sqlite_url: str) -> None:
        other = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None, check_same_thread=False)
        async with await Database.open(sqlite_url) as database:
            async with database.writing() as transaction:
                await transaction.rows(Statement(sa.text("PRAGMA busy_timeout = 200")))
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable, match="locked"):
                async with database.begin():
                    pass
            unlock = threading.Timer(0.1, other.execute, ["COMMIT"])
            unlock.start()
            async with database.begin() as uow:
                await save(uow, a_contact())
            unlock.join()
            assert await contacts(database) == 1
        other.close()

    async def test_a_lost_connection_is_replaced(self, postgres_url: str) -> None:
        async with await Database.open(postgres_url, pool_size=2) as database:
            killer = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
            with pytest.raises(StorageUnavailable):  # noqa: PT012
                async with database.begin() as uow:
                    await save(uow, a_contact())
                    await killer.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                    )
                    await uow.overview.contacts()
            await killer.close()
            async with database.begin() as uow:
                await save(uow, a_contact())
            assert await contacts(database) == 1

    async def test_a_closed_database_is_unavailable(self, database_url: str) -> None:
        database = await Database.open(database_url)
        async with database.begin() as uow:
            await save(uow, a_contact())
        await database.close()
        with pytest.raises(StorageUnavailable):
            async with database.begin():
                pass
        with pytest.raises(StorageUnavailable):
            async with database.read():
                pass

    async def test_an_unreachable_server_is_unavailable(self) -> None:
        with pytest.raises(StorageUnavailable):
            await Database.open("postgresql+asyncpg://nobody@127.0.0.1:1/none")


class TestOpening:
    async def test_a_database_without_our_schema_is_refused(self, empty_url: str) -> None:
        if empty_url.startswith("sqlite"):
            with pytest.raises(Misconfigured, match="migrate"):
                await Database.open(empty_url)
            sqlite_path(empty_url).touch()
        with pytest.raises(Misconfigured, match="has no tables"):
            await Database.open(empty_url)

    async def test_a_database_of_another_release_is_refused(self, database_url: str) -> None:
        async with await Database.open(database_url) as database, database.writing() as transaction:
            await transaction.run(Statement(sa.text("UPDATE alembic_version SET version_num = '9999'")))
        with pytest.raises(Misconfigured, match="9999"):
            await Database.open(database_url)

    @pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:geheim@h/d", "sqlite://", "sqlite:///:memory:"])
    async def test_other_places_are_refused_without_telling_the_password(self, url: str) -> None:
        with pytest.raises(Misconfigured) as caught:
            await Database.open(url)
        assert "geheim" not in str(caught.value)

    async def test_the_writer_is_durable_and_checks_keys(self, sqlite_url: str) -> None:
        expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2, "busy_timeout": 5000}
        async with await Database.open(sqlite_url) as database:
            async with database.writing() as transaction:
                for pragma, value in expected.items():
                    assert await transaction.value(Statement(sa.text(f"PRAGMA {pragma}"))) == value
            async with database.reading() as transaction:
                assert await transaction.value(Statement(sa.text("PRAGMA query_only"))) == 1
                with pytest.raises(StorageUnavailable, match="readonly"):
                    await transaction.rows(Statement(sa.text("DELETE FROM contacts")))
        assert not log_of(sqlite_url).exists(), "a clean end folds the log back"

    async def test_postgresql_does_not_compile_short_queries(self, postgres_url: str) -> None:
        async with await Database.open(postgres_url) as database, database.reading() as transaction:
            assert database.engine is Engine.POSTGRES
            assert await transaction.value(Statement(sa.text("SHOW jit"))) == "off"


def _later(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment + timedelta(seconds=1)
