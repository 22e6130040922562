"""The block job looks at everybody in one run, however many there are about whom nothing can be decided."""

import pytest

from crm.model.accounts import Account
from crm.model.conversations import BlockState, Conversation
from crm.services.blocks import BATCH
from storage.database import Database
from tests.builders import DAY, a_contact, a_conversation, a_sent_message, an_account, save
from tests.integration.engine.desk import NOON, Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def silent_threads(
    desk: Desk, account: Account, count: int, silent: int, **changes: object
) -> list[Conversation]:
    """So many conversations with so many messages in a row that nobody took."""
    people = [a_contact() for _ in range(count)]
    long_ago = {"last_inbound_at": NOON - 60 * DAY, "last_interaction_at": NOON - 60 * DAY}
    threads = [a_conversation(contact=person, account=account, **{**long_ago, **changes}) for person in people]
    sent = [a_sent_message(of=thread, sent_at=NOON - (9 - n) * DAY) for thread in threads for n in range(silent)]
    async with desk.database.begin() as uow:
        await save(uow, *people, *threads, *sent)
    return threads


async def beliefs(desk: Desk, threads: list[Conversation]) -> list[BlockState]:
    async with desk.database.read() as uow:
        found = await uow.conversations.load([thread.id for thread in threads])
    return [found[thread.id].block_state for thread in threads]


async def test_those_about_whom_nothing_can_be_decided_do_not_hide_the_others(desk: Desk) -> None:
    """Blind ones (their account hears nothing) and old suspicions that stay as they are fill more than a page before the decidable."""
    deaf, control = an_account(), a_contact()
    heard = a_conversation(contact=control, account=desk.account)
    async with desk.database.begin() as uow:
        await save(uow, deaf, control, heard, a_sent_message(of=heard, sent_at=NOON - DAY, delivered_at=NOON - DAY))
    blind = await silent_threads(desk, deaf, BATCH, 3)
    known = await silent_threads(desk, desk.account, BATCH // 2, 2, block_state=BlockState.PROBABLE)
    first = await silent_threads(desk, desk.account, 1, 2)
    last = await silent_threads(desk, desk.account, 1, 3)
    assert max(t.id for t in (*blind, *known)) < first[0].id
    assert await desk.engine.blocks.detect() == {"blind": BATCH, "probable": 1, "confirmed": 1}
    assert await beliefs(desk, [*first, *last]) == [BlockState.PROBABLE, BlockState.CONFIRMED]
    assert set(await beliefs(desk, blind)) == {BlockState.CLEAR}


async def test_a_page_that_is_just_full_is_not_the_end(desk: Desk) -> None:
    blind = await silent_threads(desk, an_account(), BATCH * 2, 2)
    assert await desk.engine.blocks.detect() == {"blind": len(blind)}
