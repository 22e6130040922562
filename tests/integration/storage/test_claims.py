"""Work is handed out once, in order, and comes back when its worker died. On PostgreSQL two nodes take different rows."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.sequences import DueEnrollment, EnrollmentState
from crm.model.webhooks import StoredElement, WebhookState
from storage.database import Database
from storage.statements import Engine
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_contact,
    a_conversation,
    a_notice,
    a_sequence,
    an_account,
    an_enrollment,
    an_outbox_item,
    save,
)

LEASE = NOW + MINUTE


async def arrive(database: Database, bodies: Sequence[bytes], at: datetime = NOW) -> list[int]:
    """Store webhooks, a second apart, and return their ids."""
    intake = database.intake()
    for number, body in enumerate(bodies):
        await intake.store(body.ljust(16, b"-"), body, at + timedelta(seconds=number))
    async with database.read() as uow:
        newest = await uow.webhooks.listing(list(WebhookState), len(bodies))
    return [view.id for view in reversed(newest)]


def ids(things: Iterable[OutboxItem]) -> list[int]:
    return [thing.id for thing in things]


class TestWebhooks:
    async def test_they_are_claimed_in_order_and_come_back_when_nothing_was_settled(self, database: Database) -> None:
        stored = await arrive(database, [b"a", b"b", b"c"], NOW - HOUR)
        for _ in range(2):
            async with database.begin() as uow:
                claimed = await uow.webhooks.claim(NOW, 2)
            assert [(one.id, one.body) for one in claimed] == [(stored[0], b"a"), (stored[1], b"b")]
        assert claimed[0].received_at == NOW - HOUR

    async def test_each_attempt_is_counted_while_the_webhook_waits(self, database: Database) -> None:
        first, second = await arrive(database, [b"a", b"b"], NOW - HOUR)
        async with database.begin() as uow:
            assert [await uow.webhooks.tried(each) for each in (first, first, second)] == [1, 2, 1]
            await uow.webhooks.done([first], NOW)
            assert await uow.webhooks.tried(first) is None

    async def test_each_end_is_final_or_comes_back_when_it_should(self, database: Database) -> None:
        done, failed, dead = await arrive(database, [b"a", b"b", b"c"], NOW - HOUR)
        async with database.begin() as uow:
            await uow.webhooks.claim(NOW, 9)
            await uow.webhooks.done([done], NOW)
            await uow.webhooks.failed(failed, "no\x00pe", NOW + HOUR)
            await uow.webhooks.dead(dead, "never")
        async with database.begin() as uow:
            assert await uow.webhooks.claim(NOW + 59 * MINUTE, 9) == []
            assert await uow.webhooks.backlog() == 1
            assert await uow.webhooks.counts() == {
                WebhookState.NEW: 0,
                WebhookState.DONE: 1,
                WebhookState.FAILED: 1,
                WebhookState.DEAD: 1,
            }
            views = await uow.webhooks.listing([WebhookState.FAILED, WebhookState.DEAD], 9)
            assert [(view.id, view.state, view.error) for view in views] == [
                (dead, WebhookState.DEAD, "never"),
                (failed, WebhookState.FAILED, "nope"),
            ]
            assert views[1].next_attempt_at == NOW + HOUR
            assert [one.id for one in await uow.webhooks.claim(NOW + HOUR, 9)] == [failed]

    async def test_dead_and_failed_ones_can_be_tried_again(self, database: Database) -> None:
        done, failed, dead = await arrive(database, [b"a", b"b", b"c"], NOW - HOUR)
        async with database.begin() as uow:
            await uow.webhooks.claim(NOW, 9)
            await uow.webhooks.done([done], NOW)
            await uow.webhooks.failed(failed, "x", NOW + DAY)
            await uow.webhooks.dead(dead, "x")
            assert await uow.webhooks.retry([dead, done], NOW) == 1
            assert await uow.webhooks.retry([], NOW) == 0
            assert [one.id for one in await uow.webhooks.claim(NOW, 9)] == [dead]
            assert await uow.webhooks.tried(dead) == 1, "from the start"
            await uow.webhooks.dead(dead, "x")
            assert await uow.webhooks.retry(None, NOW) == 2
            assert {one.id for one in await uow.webhooks.claim(NOW, 9)} == {failed, dead}

    async def test_old_done_ones_are_pruned_a_few_at_a_time(self, database: Database) -> None:
        stored = await arrive(database, [b"a", b"b", b"c", b"d", b"e"], NOW - DAY)
        async with database.begin() as uow:
            await uow.webhooks.done(stored[:3] + stored[4:], NOW)
            assert await uow.webhooks.prune(NOW, 2) == 2
            assert await uow.webhooks.prune(NOW, 9) == 1, "neither the waiting one nor the newest"
            assert await uow.webhooks.prune(NOW, 9) == 0
            assert {view.id for view in await uow.webhooks.listing(list(WebhookState), 9)} == set(stored[3:])

    async def test_an_element_replaces_the_one_at_its_place(self, database: Database) -> None:
        element = StoredElement(5, 1, "entry[0]", "reaction", "unknown", "new kind", {"x": ["ñ"]}, NOW)
        dead = replace(element, id=6, position="entry[1]", state="dead")
        again = replace(element, id=7, reason="still")
        async with database.begin() as uow:
            await uow.webhooks.keep_elements([element, dead])
            await uow.webhooks.keep_elements([again])
            assert await uow.webhooks.elements("unknown", 9) == [replace(again, id=5)]
            assert await uow.webhooks.elements("dead", 9) == [dead]
            assert await uow.webhooks.element_counts() == {"unknown": 1, "dead": 1}
            await uow.webhooks.drop_elements([1])
            assert await uow.webhooks.element_counts() == {}


class TestNotices:
    async def test_urgent_ones_come_first_and_postponed_ones_later(self, database: Database) -> None:
        low, high, later = a_notice(priority=5), a_notice(priority=1), a_notice(due_at=NOW + HOUR)
        async with database.begin() as uow:
            await uow.notices.add([low, high, later])
            assert await uow.notices.next_due_at() == NOW
            assert [one.id for one in await uow.notices.claim(NOW, LEASE, 1)] == [high.id]
            assert [one.id for one in await uow.notices.claim(NOW, LEASE, 9)] == [low.id]
            assert await uow.notices.next_due_at() == LEASE
            await uow.notices.done([high.id])
            await uow.notices.postpone(low.id, NOW + DAY)
            assert await uow.notices.next_due_at() == NOW + HOUR
            assert [one.id for one in await uow.notices.claim(NOW + HOUR, NOW + 3 * HOUR, 9)] == [later.id]
            claimed = await uow.notices.claim(NOW + DAY, NOW + 2 * DAY, 9)
            assert {(one.id, one.due_at, one.attempts) for one in claimed} == {
                (low.id, NOW + DAY, 2),
                (later.id, NOW + HOUR, 2),
            }
            await uow.notices.done([low.id, later.id])
            assert await uow.notices.next_due_at() is None


class TestOutbox:
    async def test_live_replies_overtake_sequences(self, database: Database) -> None:
        sequence_late = an_outbox_item(account_id=1, due_at=NOW)
        sequence_early = an_outbox_item(account_id=1, due_at=NOW - HOUR)
        approval = an_outbox_item(account_id=1, origin=Origin.APPROVAL)
        reply = an_outbox_item(account_id=1, origin=Origin.REPLY)
        tomorrow = an_outbox_item(account_id=1, origin=Origin.REPLY, due_at=NOW + DAY)
        foreign = an_outbox_item(account_id=2)
        async with database.begin() as uow:
            await save(
                uow,
                an_account(id=1),
                an_account(id=2),
                sequence_late,
                sequence_early,
                approval,
                reply,
                tomorrow,
                foreign,
            )
        async with database.begin() as uow:
            first = await uow.outbox.claim_due({1: 3}, "w", NOW, LEASE)
            assert ids(first) == [reply.id, approval.id, sequence_early.id]
            assert first[0] == replace(reply, state=OutboxState.SENDING, attempts=1, lease_until=LEASE)
            assert ids(await uow.outbox.claim_due({1: 3}, "w", NOW, LEASE)) == [sequence_late.id]
            assert await uow.outbox.claim_due({1: 3}, "w", NOW, LEASE) == []
            assert await uow.outbox.load([reply.id]) == {reply.id: first[0]}

    async def test_each_account_gives_up_to_its_own_number(self, database: Database) -> None:
        items = [an_outbox_item(account_id=number) for number in (1, 1, 1, 2, 2, 3)]
        async with database.begin() as uow:
            await save(uow, *(an_account(id=number) for number in (1, 2, 3)), *items)
        async with database.begin() as uow:
            claimed = await uow.outbox.claim_due({2: 9, 1: 2}, "w", NOW, LEASE)
            assert ids(claimed) == [items[3].id, items[4].id, items[0].id, items[1].id]

    async def test_every_account_with_something_queued_is_named(self, database: Database) -> None:
        one, two, idle = an_account(), an_account(), an_account()
        items = (
            an_outbox_item(account_id=one.id, due_at=NOW + HOUR, origin=Origin.REPLY),
            an_outbox_item(account_id=one.id, due_at=NOW),
            an_outbox_item(account_id=two.id, due_at=NOW + DAY),
            an_outbox_item(account_id=idle.id, state=OutboxState.ACCEPTED),
        )
        async with database.begin() as uow:
            await save(uow, one, two, idle, *items)
            assert await uow.outbox.accounts_due(NOW) == {one.id: NOW, two.id: NOW + DAY}

    async def test_a_dead_workers_items_are_found(self, database: Database) -> None:
        expired = an_outbox_item(state=OutboxState.SENDING, lease_until=NOW - MINUTE)
        working = an_outbox_item(state=OutboxState.SENDING, lease_until=NOW + MINUTE)
        unknown = an_outbox_item(state=OutboxState.UNKNOWN, lease_until=NOW - HOUR)
        async with database.begin() as uow:
            await save(uow, expired, working, unknown)
            assert await uow.outbox.lease_expired(NOW, 9) == [expired]
            assert await uow.outbox.unknown_since(NOW, 9) == [unknown]
            assert await uow.outbox.unknown_since(NOW - HOUR, 9) == []

    async def test_items_are_found_by_their_opaque_id_and_conversation(self, database: Database) -> None:
        thread = a_conversation()
        queued, sent = an_outbox_item(of=thread), an_outbox_item(of=thread, state=OutboxState.ACCEPTED)
        async with database.begin() as uow:
            await save(uow, queued, sent, an_outbox_item())
            assert await uow.outbox.by_opaque([sent.opaque, "none"]) == {sent.opaque: sent}
            assert await uow.outbox.unsettled_of([thread.id]) == [queued]
            assert await uow.outbox.counts() == {"queued": 2, "accepted": 1}
            assert await uow.outbox.counts(thread.account_id) == {"queued": 1, "accepted": 1}


class TestEnrollments:
    async def test_the_longest_due_come_first_with_their_facts(self, database: Database) -> None:
        account, contacts = an_account(), [a_contact() for _ in range(4)]
        threads = [a_conversation(contact=contact, account=account) for contact in contacts]
        due = [
            an_enrollment(of=thread, sequence_id=1, next_due_at=NOW - number * HOUR)
            for number, thread in enumerate(threads[:3])
        ]
        future = an_enrollment(of=threads[3], sequence_id=1, next_due_at=NOW + HOUR)
        paused = an_enrollment(of=threads[0], sequence_id=2, state=EnrollmentState.PAUSED, next_due_at=None)
        async with database.begin() as uow:
            await save(uow, account, *contacts, *threads, *due, future, paused)
        async with database.begin() as uow:
            assert await uow.enrollments.claim_due(1, NOW, 2) == [
                DueEnrollment(due[2], contacts[2], threads[2]),
                DueEnrollment(due[1], contacts[1], threads[1]),
            ]
            assert await uow.enrollments.claim_due(2, NOW, 2) == []

    async def test_the_next_due_time_over_several_sequences(self, database: Database) -> None:
        one, two, empty = a_sequence(), a_sequence(), a_sequence()
        thread = a_conversation(contact=(contact := a_contact()))
        async with database.begin() as uow:
            await save(
                uow,
                contact,
                thread,
                one,
                two,
                empty,
                an_enrollment(of=thread, sequence=one, next_due_at=NOW + DAY),
                an_enrollment(of=thread, sequence=two, next_due_at=NOW + HOUR),
            )
            assert await uow.enrollments.next_due_at([one.id, two.id, empty.id]) == NOW + HOUR
            assert await uow.enrollments.next_due_at([one.id]) == NOW + DAY
            assert await uow.enrollments.next_due_at([empty.id]) is None
            assert await uow.enrollments.next_due_at([]) is None


class TestTwoNodes:
    """Two units of work at once on PostgreSQL; SQLite has one writer, so there is nothing to show."""

    async def test_they_take_different_rows_without_waiting(self, database: Database) -> None:
        if database.engine is Engine.SQLITE:
            return
        stored = await arrive(database, [b"a", b"b", b"c"], NOW - HOUR)
        thread = a_conversation(contact=(contact := a_contact()))
        items = [an_outbox_item(account_id=1) for _ in range(3)]
        notices = [a_notice() for _ in range(3)]
        enrollments = [an_enrollment(of=thread, sequence_id=number) for number in range(3)]
        async with database.begin() as uow:
            await save(uow, an_account(id=1), contact, thread, *items, *notices, *enrollments)

        async with database.begin() as first:
            await first.webhooks.claim(NOW, 2)
            await first.outbox.claim_due({1: 2}, "one", NOW, LEASE)
            await first.notices.claim(NOW, LEASE, 2)
            assert len(await first.enrollments.claim_due(1, NOW, 9)) == 1
            taken = await self.another_node(database)
        assert taken == ([stored[2]], [items[2].id], [notices[2].id], 0)

    async def another_node(self, database: Database) -> tuple[list[int], list[int], list[int], int]:
        async def work() -> tuple[list[int], list[int], list[int], int]:
            async with database.begin() as uow:
                return (
                    [one.id for one in await uow.webhooks.claim(NOW, 9)],
                    ids(await uow.outbox.claim_due({1: 9}, "two", NOW, LEASE)),
                    [one.id for one in await uow.notices.claim(NOW, LEASE, 9)],
                    len(await uow.enrollments.claim_due(2, NOW, 9)),
                )

        return await asyncio.create_task(work())
