"""What counts as evidence of a block, and what does not."""

from crm.model.blocks import Evidence, IssueState
from crm.model.conversations import BlockState, Conversation
from crm.model.messages import DeliveryStatus, Message, Source
from storage.database import Database
from tests.builders import DAY, HOUR, NOW, a_contact, a_conversation, a_sent_message, an_account, an_issue, save

ACCOUNT = an_account()
CONTACT = a_contact()
SILENT_SINCE = NOW - 3 * DAY


def thread(**changes: object) -> Conversation:
    """A conversation whose customer wrote long ago."""
    return a_conversation(contact=CONTACT, account=ACCOUNT, **{"last_inbound_at": NOW - 60 * DAY, **changes})


async def evidence(
    database: Database, conversation: Conversation, *messages: Message, limit: int = 10
) -> list[Evidence]:
    async with database.begin() as uow:
        await save(uow, ACCOUNT, CONTACT, conversation, *messages)
    async with database.read() as uow:
        return await uow.blocks.evidence(SILENT_SINCE, 0, limit)


async def test_two_that_never_arrived_are_evidence(database: Database) -> None:
    one = thread()
    old = a_sent_message(of=one, sent_at=NOW - 5 * DAY)
    new = a_sent_message(of=one, sent_at=NOW - 4 * DAY, source=Source.MANUAL)
    assert await evidence(database, one, old, new) == [
        Evidence(one.id, CONTACT.id, ACCOUNT.id, BlockState.CLEAR, (new.id, old.id), NOW - 5 * DAY)
    ]


async def test_one_alone_is_none(database: Database) -> None:
    one = thread()
    assert await evidence(database, one, a_sent_message(of=one, sent_at=NOW - 5 * DAY)) == []


async def test_at_most_five_are_named_newest_first(database: Database) -> None:
    one = thread(block_state=BlockState.PROBABLE)
    sent = [a_sent_message(of=one, sent_at=NOW - (10 - n) * DAY) for n in range(7)]
    (found,) = await evidence(database, one, *sent)
    assert found.undelivered == tuple(message.id for message in reversed(sent[2:]))
    assert found.oldest_sent_at == sent[2].at
    assert found.state is BlockState.PROBABLE


async def test_counting_stops_at_what_arrived(database: Database) -> None:
    one = thread()
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for n in (9, 8, 6, 5)]
    arrived = a_sent_message(of=one, sent_at=NOW - 7 * DAY, delivered_at=NOW - DAY)
    (found,) = await evidence(database, one, *silent, arrived)
    assert found.undelivered == (silent[3].id, silent[2].id)


async def test_a_late_delivery_of_the_newest_refutes_all(database: Database) -> None:
    one = thread()
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for n in (9, 8)]
    read = a_sent_message(of=one, sent_at=NOW - HOUR, read_at=NOW)
    assert await evidence(database, one, *silent, read) == []


async def test_counting_stops_at_the_customers_message(database: Database) -> None:
    one = thread(last_inbound_at=NOW - 8 * DAY)
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for n in (9, 8, 7)]
    assert await evidence(database, one, *silent) == []


async def test_counting_starts_again_after_a_reactivation(database: Database) -> None:
    one = thread(block_evidence_from=NOW - 8 * DAY)
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for n in (10, 9, 7, 6)]
    (found,) = await evidence(database, one, *silent)
    assert found.undelivered == (silent[3].id, silent[2].id)


async def test_what_failed_or_is_too_young_or_never_sent_is_passed_over(database: Database) -> None:
    one = thread()
    first = a_sent_message(of=one, sent_at=NOW - 9 * DAY)
    failed = a_sent_message(of=one, sent_at=NOW - 8 * DAY, failed_at=NOW - 8 * DAY)
    accepted = a_sent_message(
        of=one, sent_at=NOW - 7 * DAY, status=DeliveryStatus.ACCEPTED, delivery=type(first.delivery)(NOW - 7 * DAY)
    )
    second = a_sent_message(of=one, sent_at=NOW - 6 * DAY)
    young = a_sent_message(of=one, sent_at=NOW - DAY)
    (found,) = await evidence(database, one, first, failed, accepted, second, young)
    assert found.undelivered == (second.id, first.id)


async def test_confirmed_conversations_need_no_more_evidence(database: Database) -> None:
    one = thread(block_state=BlockState.CONFIRMED)
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for n in (9, 8, 7)]
    assert await evidence(database, one, *silent) == []


async def test_pages_follow_one_another_without_a_gap(database: Database) -> None:
    """A suspicion that stays as it is must not stand in another's way."""
    threads = [thread(account_id=number) for number in range(2, 7)]
    silent = [a_sent_message(of=one, sent_at=NOW - n * DAY) for one in threads for n in (9, 8)]
    seen, after = [], 0
    async with database.begin() as uow:
        await save(uow, ACCOUNT, CONTACT, *threads, *silent)
        while page := await uow.blocks.evidence(SILENT_SINCE, after, 2):
            seen.append([one.conversation_id for one in page])
            after = page[-1].conversation_id
    ids = [one.id for one in threads]
    assert seen == [ids[:2], ids[2:4], ids[4:]]


async def test_accounts_that_hear_deliveries(database: Database) -> None:
    deaf, hearing = an_account(), an_account()
    one = thread(account_id=deaf.id)
    other = thread(account_id=hearing.id)
    long_ago = a_sent_message(of=one, sent_at=NOW - 9 * DAY, delivered_at=NOW - 9 * DAY)
    read_lately = a_sent_message(of=other, sent_at=NOW - 9 * DAY, delivered_at=NOW - 9 * DAY, read_at=NOW - HOUR)
    async with database.begin() as uow:
        await save(uow, deaf, hearing, CONTACT, one, other, long_ago, read_lately)
        assert await uow.blocks.delivered_accounts(NOW - DAY) == {hearing.id}
        assert await uow.blocks.delivered_accounts(NOW - 9 * DAY) == {deaf.id, hearing.id}
        assert await uow.blocks.delivered_accounts(NOW) == set()


async def test_issues_are_kept_with_their_end(database: Database) -> None:
    one = thread()
    open_issue = an_issue(of=one, message_ids=(3, 2))
    closed = an_issue(
        of=one,
        state=IssueState.REACTIVATED,
        level=BlockState.CONFIRMED,
        closed_at=NOW,
        closed_by=5,
        closed_why="called",
    )
    async with database.begin() as uow:
        await save(uow, ACCOUNT, CONTACT, one, open_issue, closed)
    async with database.read() as uow:
        assert await uow.blocks.open_of([one.id]) == [open_issue]
        assert await uow.blocks.open_of([]) == []
        assert await uow.blocks.counts() == {"open": 1, "reactivated": 1}
