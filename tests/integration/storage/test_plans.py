"""Every hot query finds its index, on both databases (the brief's "índices críticos", P1, and those our queries need).

The plans are asked for tables with rows in them, with the bound parameters a generic plan would have: a partial index that is
only found for constants would be found here too late.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.model.blocks import IssueState
from crm.model.conversations import BlockState
from crm.model.limits import Reach
from crm.model.media import MediaState
from crm.model.messages import Source
from crm.model.outbox import OutboxState
from crm.model.pending import PendingState
from crm.model.sequences import EnrollmentState
from storage import (
    alerts,
    blocks,
    contacts,
    conversations,
    desk,
    enrollments,
    ledger,
    media,
    messages,
    notices,
    outbox,
    overview,
    parked,
    pending,
    reach,
    webhooks,
)
from storage.database import Database
from storage.statements import Engine, Statement
from storage.transaction import Transaction
from tests.builders import (
    DAY,
    MINUTE,
    NOW,
    a_charge,
    a_contact,
    a_conversation,
    a_media,
    a_message,
    a_notice,
    a_pending,
    a_sent_message,
    a_sequence,
    an_account,
    an_alert,
    an_enrollment,
    an_issue,
    an_outbox_item,
    save,
    store_webhooks,
)

HOT: dict[str, tuple[Statement, str]] = {
    "active enrollments by due time (P1)": (enrollments._CLAIM_DUE, "ix_enrollments_due"),
    "recent messages (P1)": (messages._RECENT, "ix_messages_recent"),
    "pending by priority (P1)": (pending._PAGE, "ix_pending_priority"),
    "webhooks to claim": (webhooks._CLAIM, "ix_webhook_logs_waiting"),
    "webhooks waiting": (webhooks._BACKLOG, "ix_webhook_logs_waiting"),
    "dead webhooks": (webhooks._COUNT_DEAD, "ix_webhook_logs_dead"),
    "done webhooks to prune": (webhooks._PRUNE, "ix_webhook_logs_done"),
    "outbox to claim": (outbox._CLAIM_DUE, "ix_outbox_queued"),
    "outbox of whom": (outbox._ACCOUNTS_DUE, "ix_outbox_queued"),
    "outbox of a conversation": (outbox._UNSETTLED_OF, "ix_outbox_unsettled_of"),
    "outbox leases": (outbox._LEASE_EXPIRED, "ix_outbox_sending"),
    "outbox unknown": (outbox._UNKNOWN_SINCE, "ix_outbox_unknown"),
    "outbox by opaque": (outbox._BY_OPAQUE, "uq_outbox_opaque"),
    "open enrollments": (enrollments._OPEN_OF, "uq_enrollments_open"),
    "sequences ever walked": (enrollments._ENDED_SEQUENCES, "ix_enrollments_counted"),
    "open enrollments of a sequence": (enrollments._OPEN_IN, "ix_enrollments_counted"),
    "notices about a subject": (notices._ADDRESSED, "ix_notices_subject_id"),
    "files to claim": (media._CLAIM, "ix_media_wanted"),
    "files to come": (media._NEXT_DUE_AT, "ix_media_wanted"),
    "files of messages": (media._OF_MESSAGES, "ix_media_message_id"),
    "old files": (media._KEPT_SINCE, "ix_media_kept"),
    "keys in use": (media._IN_USE, "ix_media_key"),
    "small keys in use": (media._IN_USE, "ix_media_thumbnail_key"),
    "keys to come": (media._IN_USE, "ix_media_sha256"),
    "notices to hasten": (notices._HASTEN, "ix_notices_ready_at"),
    "what chats show": (desk._SHOWN, "ix_tg_messages_subject"),
    "alerts raised lately": (alerts._RAISED_AT, "ix_alerts_key"),
    "next due time": (enrollments._NEXT_DUE_AT, "ix_enrollments_due"),
    "what a month cost": (ledger._TOTALS[None, False], "ix_charges_at"),
    "what an account cost": (ledger._TOTALS[None, True], "ix_charges_account_id"),
    "what of a budget is used": (ledger._CHARGED[False], "ix_charges_at"),
    "charges by wamid": (ledger._KNOWN, "pk_charges"),
    "messages by wamid": (messages._KNOWN, "uq_messages_wamid"),
    "messages by id": (messages._LOAD, "pk_messages"),
    "echoes to match": (messages._MANUAL_UNMATCHED, "ix_messages_recent"),
    "typed on the phone, counted": (messages._MANUAL_SINCE, "ix_messages_manual"),
    "places of a portfolio, counted": (reach._USED, "ix_reach_at"),
    "places that come free": (reach._FREED, "ix_reach_at"),
    "who was reached": (reach._REACHED, "pk_reach"),
    "contacts by identity": (contacts._KNOWN, "pk_identities"),
    "names of contacts": (contacts._BESIDE, "ix_identities_contact_id"),
    "conversations of contacts": (conversations._FIND, "uq_conversations_contact_id_account_id"),
    "conversations by id": (conversations._LOAD, "pk_conversations"),
    "who wrote lately": (contacts._LATELY, "ix_conversations_last_inbound_at"),
    "silent messages": (blocks._SUSPECT, "ix_messages_silent"),
    "accounts that deliver": (blocks._DELIVERED_ACCOUNTS, "ix_messages_reached"),
    "open issues": (blocks._OPEN_OF, "uq_delivery_issues_open"),
    "open alerts": (alerts._OPEN_BY_KEY, "uq_alerts_open"),
    "notices to claim": (notices._NEXT_DUE_AT, "ix_notices_ready_at"),
    "parked facts": (parked._TAKE, "pk_parked"),
    "walks of a sequence, counted": (enrollments._COUNTS, "ix_enrollments_counted"),
    "queued messages, counted": (overview._QUEUED, "ix_outbox_queued"),
    "waiting webhooks, counted": (overview._GLANCE["waiting"], "ix_webhook_logs_waiting"),
    "dead webhooks, counted": (overview._GLANCE["dead"], "ix_webhook_logs_dead"),
    "unknown sends, counted": (overview._GLANCE["unknown"], "ix_outbox_unknown"),
    "open windows, counted": (overview._GLANCE["window"], "ix_conversations_last_inbound_at"),
    "probable blocks, counted": (overview._GLANCE["probable"], "ix_conversations_suspect"),
    "confirmed blocks, counted": (overview._GLANCE["confirmed"], "ix_conversations_suspect"),
    "files to be fetched, counted": (media._COUNT_WANTED, "ix_media_"),
    "files that did not come, counted": (media._COUNT_LOST, "ix_media_lost"),
    "files to be fetched, listed": (media._WANTED, "ix_media_wanted"),
    "files that did not come, listed": (media._LOST, "ix_media_lost"),
    "the manual queue, counted": (pending._COUNT_SEEN, "ix_pending_"),
    "message counts": (overview._MESSAGES, "ix_messages_counted"),
    "open windows": (overview._OPEN_WINDOWS, "ix_conversations_last_inbound_at"),
    "overwriting a message": (messages._OVERWRITE.full, "pk_messages"),
    "overwriting an enrollment": (enrollments._OVERWRITE.full, "pk_enrollments"),
}

# SQLite has no name for the index that a primary key or a unique column brings.
UNNAMED = {
    "pk_messages": "INTEGER PRIMARY KEY",
    "pk_enrollments": "INTEGER PRIMARY KEY",
    "pk_conversations": "INTEGER PRIMARY KEY",
    "pk_identities": "PRIMARY KEY",
    "pk_reach": "USING PRIMARY KEY",
    "pk_charges": "USING PRIMARY KEY",
    "pk_parked": "sqlite_autoindex_parked",
    "uq_messages_wamid": "sqlite_autoindex_messages",
    "uq_outbox_opaque": "sqlite_autoindex_outbox",
    "uq_conversations_contact_id_account_id": "sqlite_autoindex_conversations",
}


@pytest.fixture
async def filled(database: Database) -> Database:
    """Enough rows that reading a whole table would be the worse plan, most of them not the ones sought."""
    accounts = [an_account() for _ in range(2)]
    sequences = [a_sequence() for _ in range(2)]
    people = [a_contact() for _ in range(1000)]
    threads = [
        a_conversation(
            contact=person,
            account=accounts[number % 2],
            last_inbound_at=NOW - number * timedelta(hours=1),
            block_state=BlockState.CLEAR if number % 50 else BlockState.PROBABLE,
        )
        for number, person in enumerate(people)
    ]
    walks = [
        an_enrollment(
            of=thread,
            sequence=sequences[number % 2],
            state=EnrollmentState.ACTIVE if number % 5 == 0 else EnrollmentState.COMPLETED,
            next_due_at=NOW + number * DAY,
        )
        for number, thread in enumerate(threads)
    ]
    said = [a_message(of=thread) for thread in threads for _ in range(2)]
    sent = [
        a_sent_message(of=thread, delivered_at=NOW if number % 20 else None) for number, thread in enumerate(threads)
    ]
    items = [
        replace(
            an_outbox_item(of=thread, due_at=NOW + number * DAY, lease_until=NOW),
            state=list(OutboxState)[min(number % 40, 3)],
        )
        for number, thread in enumerate(threads)
    ]
    waiting = [
        a_pending(of=thread, state=PendingState.SKIPPED if number % 20 else PendingState.OPEN)
        for number, thread in enumerate(threads)
    ]
    issues = [
        an_issue(of=thread, state=IssueState.REFUTED if number % 20 else IssueState.OPEN)
        for number, thread in enumerate(threads)
    ]
    files = [
        a_media(ready_at=NOW + number * MINUTE)
        if number % 20
        else a_media(state=MediaState.WANTED, key=None, ready_at=NOW + number * MINUTE)
        for number in range(1000)
    ]
    alerts = [an_alert(acknowledged_at=NOW if number % 20 else None) for number in range(1000)]
    async with database.begin() as uow:
        await save(uow, *accounts, *sequences, *people, *threads, *walks, *said, *sent, *items, *waiting)
        await save(uow, *issues, *alerts, *(a_notice(due_at=NOW + number * DAY) for number in range(1000)))
    async with database.begin() as uow:
        await save(uow, *files, *(a_sent_message(of=thread, source=Source.MANUAL) for thread in threads[::20]))
        await uow.reach.count([Reach(f"p{n % 3}", one.id, NOW + n * MINUTE, n) for n, one in enumerate(people)])
        await uow.ledger.add([a_charge(account_id=n % 50, at=NOW + n * MINUTE) for n in range(1000)])
    await store_webhooks(database, *("dead" if number % 50 == 0 else None for number in range(1000)), size=300)
    async with database.begin() as uow:
        ids = [webhook.id for webhook in await uow.webhooks.claim(NOW, 900)]
        await uow.webhooks.done(ids, NOW)
    async with database.writing() as transaction:
        await transaction.rows(Statement(sa.text("ANALYZE")))
    return database


async def plan(transaction: Transaction, statement: Statement) -> str:
    form = statement.compiled(transaction.engine, writing=True)
    if transaction.engine is Engine.SQLITE:
        rows = await transaction._driver.fetch(f"EXPLAIN QUERY PLAN {form.sql}", [None] * len(form.names))
        return "\n".join(row[3] for row in rows)
    numbered = ", ".join(["NULL"] * len(form.names))
    await transaction._driver.fetch("SET LOCAL plan_cache_mode = force_generic_plan", ())
    await transaction._driver.fetch(f"PREPARE asked AS {form.sql}", ())
    executed = f"EXECUTE asked({numbered})" if form.names else "EXECUTE asked"
    rows = await transaction._driver.fetch(f"EXPLAIN {executed}", ())
    await transaction._driver.fetch("DEALLOCATE asked", ())
    return "\n".join(row[0] for row in rows)


async def test_hot_queries_find_their_index(filled: Database) -> None:
    lost = []
    for name, (statement, index) in HOT.items():
        async with filled.writing() as transaction:
            found = await plan(transaction, statement)
        expected = UNNAMED.get(index, index) if filled.engine is Engine.SQLITE else index
        if expected not in found:
            lost.append(f"{name}: {index}\n{found}")
    assert not lost, "\n\n".join(lost)


@pytest.mark.parametrize("name", ["active enrollments by due time (P1)", "outbox to claim", "recent messages (P1)"])
async def test_the_order_comes_from_the_index(sqlite_url: str, name: str) -> None:
    """Sorting would mean to read everything that is due before taking a hundred."""
    async with await Database.open(sqlite_url) as database, database.writing() as transaction:
        assert "TEMP B-TREE" not in await plan(transaction, HOT[name][0])
