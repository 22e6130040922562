"""Who serves a database, and what may be taken out of the hands of the dead."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from crm.errors import Misconfigured
from crm.model.jobs import DIED
from crm.model.media import MediaState
from crm.model.outbox import OutboxState
from storage.database import Database
from storage.presence import present
from tests.builders import HOUR, NOW, a_media, a_notice, an_account, an_outbox_item, save

LEASE = timedelta(minutes=2)


class TestPresence:
    async def test_only_one_process_serves_a_file(self, sqlite_url: str) -> None:
        async with present(sqlite_url) as presence:
            assert presence.alone
            await presence.let_others_in()
            with pytest.raises(Misconfigured, match=r"storage\.url.*another process"):
                async with present(sqlite_url):
                    pass
        async with present(sqlite_url) as again:
            assert again.alone

    async def test_the_first_node_of_a_postgresql_is_alone_and_the_second_is_not(self, postgres_url: str) -> None:
        async with present(postgres_url) as first:
            assert first.alone
            await first.let_others_in()
            async with present(postgres_url) as second:
                assert not second.alone
        async with present(postgres_url) as third:
            assert third.alone

    async def test_nobody_begins_while_somebody_is_alone(self, postgres_url: str) -> None:
        async with present(postgres_url) as first:
            beginning = asyncio.create_task(_alone(postgres_url))
            await _waits_for_a_lock(postgres_url)
            assert not beginning.done()
            await first.let_others_in()
            assert not await beginning

    async def test_a_killed_node_leaves_its_place(self, postgres_url: str) -> None:
        """Its session ends with it, as a killed process's does."""
        async with present(postgres_url) as first:
            await first.let_others_in()
            killer = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
            await killer.close()
            assert await _alone(postgres_url)


async def _alone(url: str) -> bool:
    async with present(url) as presence:
        return presence.alone


async def _waits_for_a_lock(url: str) -> None:
    """Return when some session waits for an advisory lock."""
    watcher = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with asyncio.timeout(60):
            while not await watcher.fetchval(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            ):
                pass
    finally:
        await watcher.close()


class TestLeases:
    async def test_what_was_in_hand_can_be_taken_up_at_once(self, database: Database) -> None:
        async with database.begin() as uow:
            await save(uow, a_notice(), a_media(state=MediaState.WANTED, key=None, ready_at=NOW))
            assert await uow.notices.claim(NOW, NOW + LEASE, 9)
            assert await uow.media.claim_due(NOW, NOW + LEASE, 9)
        async with database.begin() as uow:
            assert await uow.leases.end(NOW) == {"sends": 0, "notices": 1, "files": 1, "slices": 0}
            assert len(await uow.notices.claim(NOW, NOW + LEASE, 9)) == 1
            assert len(await uow.media.claim_due(NOW, NOW + LEASE, 9)) == 1

    async def test_a_send_in_hand_becomes_unknown_and_is_never_claimed_again(self, database: Database) -> None:
        account = an_account()
        item = an_outbox_item(account_id=account.id)
        waiting = an_outbox_item(account_id=account.id, due_at=NOW + HOUR)
        async with database.begin() as uow:
            await save(uow, account, item, waiting)
            assert await uow.outbox.claim_due({account.id: 9}, "dead", NOW, NOW + LEASE)
        async with database.begin() as uow:
            assert (await uow.leases.end(NOW))["sends"] == 1
            found = await uow.outbox.load([item.id, waiting.id])
            assert (found[item.id].state, found[item.id].lease_until) == (OutboxState.UNKNOWN, NOW)
            assert found[waiting.id] == waiting
            assert await uow.outbox.claim_due({account.id: 9}, "heir", NOW, NOW + LEASE) == []

    async def test_what_waits_for_its_time_goes_on_waiting(self, database: Database) -> None:
        async with database.begin() as uow:
            await save(uow, a_notice(due_at=NOW + HOUR))
        async with database.begin() as uow:
            assert await uow.leases.end(NOW) == {"sends": 0, "notices": 0, "files": 0, "slices": 0}

    async def test_a_run_that_never_ended_is_buried_once(self, database: Database) -> None:
        async with database.begin() as uow:
            await uow.jobs.start("sequences", NOW - HOUR, NOW)
            await uow.jobs.finish("sequences", NOW - HOUR, NOW, "done")
            await uow.jobs.start("sequences", NOW, NOW)
            assert (await uow.jobs.bury(NOW), await uow.jobs.bury(NOW)) == (1, 0)
            last = await uow.jobs.last("sequences")
        assert last is not None
        assert (last.outcome, last.finished_at) == (DIED, NOW)


async def _arrive(database: Database, *bodies: bytes) -> None:
    intake = database.intake()
    for body in bodies:
        await intake.store(body.ljust(16), body, NOW)
