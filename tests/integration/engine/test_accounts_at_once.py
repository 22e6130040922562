"""Two processes that change one number at the same moment: neither undoes what the other did. Only PostgreSQL lets them meet."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest

from crm.model.accounts import Account, AccountState
from crm.model.limits import Usage
from crm.model.outbox import Accepted, Parcel
from crm.model.records import replace
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote

WAITERS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def somebody_waits(url: str) -> None:
    """Return once a transaction waits for another."""
    watcher = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with asyncio.timeout(60):
            while not await watcher.fetchval(WAITERS):
                pass
    finally:
        await watcher.close()


async def paused_meanwhile(desk: Desk, url: str, held: asyncio.Event) -> None:
    """An agent's pause whose transaction ends only when another waits for it."""
    async with desk.database.begin() as uow:
        account = await uow.accounts.get(desk.account.id)
        assert account is not None
        await uow.accounts.save(changed=[replace(account, state=AccountState.PAUSED, held_reason=None)])
        held.set()
        await somebody_waits(url)


async def as_it_is(desk: Desk) -> Account:
    async with desk.database.read() as uow:
        account = await uow.accounts.get(desk.account.id)
    assert account is not None
    return account


@pytest.fixture
def meanwhile(postgres_url: str) -> Callable[[Desk], Awaitable["asyncio.Task[None]"]]:
    """Begin a pause and return once it holds the number."""

    async def begin(desk: Desk) -> "asyncio.Task[None]":
        held = asyncio.Event()
        task = asyncio.create_task(paused_meanwhile(desk, postgres_url, held))
        await held.wait()
        return task

    return begin


Meanwhile = Callable[[Desk], Awaitable["asyncio.Task[None]"]]


async def test_a_word_about_call_limits_undoes_no_pause(postgres_url: str, meanwhile: Meanwhile) -> None:
    async with await Database.open(postgres_url) as database:
        desk = await open_desk(database)
        await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
        (leo,) = await desk.engine.contacts.find(desk.admin, "Leo")
        (talk,) = (await desk.engine.contacts.card(desk.admin, leo.id)).conversations
        await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "Sí")
        desk.meta.usage = Usage(business=90)
        answers, pauses = desk.meta.send, []

        async def send(parcel: Parcel) -> Accepted:
            pauses.append(await meanwhile(desk))
            return await answers(parcel)

        desk.meta.send = send  # type: ignore[method-assign]
        assert (await desk.engine.outbox.due()).ready
        assert (await desk.engine.outbox.run_once(desk.account.id)).taken
        assert pauses
        await asyncio.gather(*pauses)
        after = await as_it_is(desk)
        assert (after.state, after.limits.used) == (AccountState.PAUSED, 90)


async def test_a_hold_that_is_over_undoes_no_pause(postgres_url: str, meanwhile: Meanwhile) -> None:
    async with await Database.open(postgres_url) as database:
        desk = await open_desk(database)
        over = replace(
            desk.account, state=AccountState.HELD, held_reason="spam", held_until=desk.clock.now() - timedelta(hours=1)
        )
        async with database.begin() as uow:
            await uow.accounts.save(changed=[over])
        pause = await meanwhile(desk)
        await desk.engine.housekeeping.release_holds()
        await pause
        assert (await as_it_is(desk)).state is AccountState.PAUSED
