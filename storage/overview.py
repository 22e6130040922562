"""Counts for screens and metrics, each from an index alone."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from crm.model.conversations import BlockState
from storage.statements import Statement, capped, literal, number, one_of
from storage.tables import (
    CONVERSATION_SUSPECT,
    OUTBOX_QUEUED,
    OUTBOX_UNKNOWN,
    WEBHOOK_DEAD,
    WEBHOOK_WAITS,
    accounts,
    contacts,
    conversations,
    messages,
    outbox,
    webhook_logs,
)
from storage.transaction import Transaction
from storage.types import micros


def _is(state: str) -> sa.ColumnElement[bool]:
    return conversations.c.block_state == sa.literal_column(f"'{state}'")


_MESSAGES = Statement(
    sa.select(messages.c.direction, messages.c.kind, messages.c.status, sa.func.count()).group_by(
        messages.c.direction, messages.c.kind, messages.c.status
    )
)
_CONTACTS = Statement(sa.select(sa.func.count()).select_from(contacts))
_OPEN_WINDOWS = Statement(
    sa.select(sa.func.count()).select_from(conversations).where(conversations.c.last_inbound_at > number("since"))
)
_CONVERSATIONS = Statement(sa.select(sa.func.count()).select_from(conversations))
_SUSPECT = Statement(
    sa.select(conversations.c.block_state, sa.func.count())
    .where(literal(CONVERSATION_SUSPECT))
    .group_by(conversations.c.block_state)
)

# Without a word about `lease_until`, which every unknown send has, SQLite would rather read the whole outbox than its index.
_GLANCE = {
    name: Statement(sa.select(sa.func.count()).select_from(capped(*found)))
    for name, found in {
        "contacts": (contacts,),
        "window": (conversations, conversations.c.last_inbound_at > number("since")),
        "waiting": (webhook_logs, literal(WEBHOOK_WAITS)),
        "dead": (webhook_logs, literal(WEBHOOK_DEAD)),
        "unknown": (outbox, literal(OUTBOX_UNKNOWN), outbox.c.lease_until >= sa.literal_column("0")),
        "probable": (conversations, literal(CONVERSATION_SUSPECT), _is("probable")),
        "confirmed": (conversations, literal(CONVERSATION_SUSPECT), _is("confirmed")),
    }.items()
}
_queued = capped(outbox, outbox.c.account_id == accounts.c.id, literal(f"outbox.{OUTBOX_QUEUED}"))
_QUEUED = Statement(
    sa.select(accounts.c.id, sa.select(sa.func.count()).select_from(_queued).scalar_subquery())
    .where(one_of(accounts.c.id, "account_ids"))
    .order_by(accounts.c.id)
)


class Overview:
    """How much there is of everything."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def messages_by_kind_and_status(self) -> dict[tuple[str, str, str], int]:
        rows = await self._tx.rows(_MESSAGES)
        return {(direction, kind, status): count for direction, kind, status, count in rows}

    async def contacts(self) -> int:
        count: int = await self._tx.value(_CONTACTS)
        return count

    async def conversations_with_open_window(self, since: datetime) -> int:
        count: int = await self._tx.value(_OPEN_WINDOWS, since=micros(since))
        return count

    async def glance(self, since: datetime, most: int) -> dict[str, int]:
        counts = {}
        for name, statement in _GLANCE.items():
            values = {"since": micros(since)} if name == "window" else {}
            counts[name] = await self._tx.value(statement, most=most, **values)
        return counts

    async def queued(self, account_ids: Collection[int], most: int) -> dict[int, int]:
        return await self._tx.pairs(_QUEUED, account_ids=list(account_ids), most=most)

    async def blocks(self) -> dict[str, int]:
        suspect = await self._tx.pairs(_SUSPECT)
        total: int = await self._tx.value(_CONVERSATIONS)
        return {BlockState.CLEAR.value: total - sum(suspect.values()), **suspect}
