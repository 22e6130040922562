"""What speaks for a block, and the suspicions that were raised.

A silent message was sent by Meta and neither arrived nor failed. It counts while nothing newer of its conversation
arrived, the customer has not written since and no older verdict covers it. Two things at the same second are taken as
the customer's favour.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.blocks import DeliveryIssue, Evidence, IssueState
from crm.model.contacts import Contact
from crm.model.conversations import BlockState
from storage import contacts as people
from storage.claims import holding
from storage.statements import Row, Statement, insert, literal, number, one_of, overwrite
from storage.tables import (
    ISSUE_OPEN,
    MESSAGE_REACHED,
    MESSAGE_SILENT,
    accounts,
    contacts,
    conversations,
    delivery_issues,
    messages,
)
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, micros_or_none, moment, moment_or_none
from storage.visibility import conversation_visible, seen_by

MOST_SHOWN = 5

_LEVELS = members(BlockState)
_STATES = members(IssueState)
_issue = delivery_issues.c
_WIDTH = len(delivery_issues.c)

_arrived = messages.alias("arrived")
_LONG_AGO: sa.ColumnElement[int] = sa.literal_column("0")
_CONFIRMED: sa.ColumnElement[str] = sa.literal_column("'confirmed'")
_silent = (
    literal(MESSAGE_SILENT),
    messages.c.sent_at <= number("silent_since"),
    conversations.c.block_state != _CONFIRMED,
    messages.c.at > sa.func.coalesce(conversations.c.last_inbound_at, _LONG_AGO),
    messages.c.at > sa.func.coalesce(conversations.c.block_evidence_from, _LONG_AGO),
    ~sa.exists(
        sa.select(_LONG_AGO).where(
            _arrived.c.conversation_id == messages.c.conversation_id,
            _arrived.c.at >= messages.c.at,
            _arrived.c.reached_at.is_not(None),
        )
    ),
)
# In the order of the index, so that a page ends where it is full, and the next one begins there.
_SUSPECT = Statement(
    sa.select(messages.c.conversation_id)
    .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
    .where(messages.c.conversation_id > number("after_id"), *_silent)
    .group_by(messages.c.conversation_id)
    .having(sa.func.count() >= sa.literal_column("2"))
    .order_by(messages.c.conversation_id)
    .limit(number("at_most"))
)
_SILENT_OF = Statement(
    sa.select(
        messages.c.conversation_id,
        messages.c.contact_id,
        messages.c.account_id,
        conversations.c.block_state,
        messages.c.id,
        messages.c.sent_at,
    )
    .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
    .where(one_of(messages.c.conversation_id, "conversation_ids"), *_silent)
    .order_by(messages.c.conversation_id, messages.c.at.desc(), messages.c.id.desc())
)
_DELIVERED_ACCOUNTS = Statement(
    sa.select(accounts.c.id).where(
        sa.exists(
            sa.select(_LONG_AGO).where(
                messages.c.account_id == accounts.c.id,
                messages.c.reached_at >= number("since"),
                literal(MESSAGE_REACHED),
            )
        )
    )
)
_INSERT = insert(delivery_issues)
_OVERWRITE = overwrite(delivery_issues)
_OPEN_OF = holding(
    sa.select(delivery_issues)
    .where(one_of(_issue.conversation_id, "conversation_ids"), literal(ISSUE_OPEN))
    .order_by(_issue.id)
)
_PAGE = Statement(
    sa.select(delivery_issues, *people.COLUMNS)
    .join_from(delivery_issues, conversations, conversations.c.id == _issue.conversation_id)
    .join(contacts, contacts.c.id == _issue.contact_id)
    .where(literal(ISSUE_OPEN), _issue.id < number("before_id"), conversation_visible())
    .order_by(_issue.id.desc())
    .limit(number("at_most"))
)
_COUNTS = Statement(sa.select(_issue.state, sa.func.count()).group_by(_issue.state))


class Blocks:
    """Evidence for the judge, and the open and closed cases."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def evidence(self, silent_since: datetime, after: int, limit: int) -> list[Evidence]:
        """The oldest time is that of the oldest message named."""
        since = micros(silent_since)
        rows = await self._tx.rows(_SUSPECT, silent_since=since, after_id=after, at_most=limit)
        suspects = [row[0] for row in rows]
        if not suspects:
            return []
        silent: dict[int, list[Row]] = defaultdict(list)
        for row in await self._tx.rows(_SILENT_OF, silent_since=since, conversation_ids=suspects):
            silent[row[0]].append(row)
        return [_evidence(silent[conversation_id][:MOST_SHOWN]) for conversation_id in suspects]

    async def delivered_accounts(self, since: datetime) -> set[int]:
        return {row[0] for row in await self._tx.rows(_DELIVERED_ACCOUNTS, since=micros(since))}

    async def save(self, new: Sequence[DeliveryIssue] = (), changed: Sequence[DeliveryIssue] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def open_of(self, conversation_ids: Collection[int]) -> list[DeliveryIssue]:
        if not conversation_ids:
            return []
        return [_read(row) for row in await self._tx.rows(_OPEN_OF, conversation_ids=list(conversation_ids))]

    async def page(self, viewer: Agent, after: int | None, limit: int) -> list[tuple[DeliveryIssue, Contact]]:
        before_id = 2**62 if after is None else after
        rows = await self._tx.rows(_PAGE, before_id=before_id, at_most=limit, **seen_by(viewer))
        return [(_read(row), people.contact(row[_WIDTH:])) for row in rows]

    async def counts(self) -> dict[str, int]:
        return await self._tx.pairs(_COUNTS)


def _evidence(silent: Sequence[Row]) -> Evidence:
    conversation_id, contact_id, account_id, state, *_ = silent[0]
    return Evidence(
        conversation_id=conversation_id,
        contact_id=contact_id,
        account_id=account_id,
        state=_LEVELS[state],
        undelivered=tuple(row[4] for row in silent),
        oldest_sent_at=moment(min(row[5] for row in silent)),
    )


def _row(i: DeliveryIssue) -> tuple[object, ...]:
    return (
        i.id,
        i.account_id,
        i.contact_id,
        i.conversation_id,
        i.level.value,
        i.probability,
        dumps(i.message_ids),
        i.state.value,
        micros(i.opened_at),
        micros_or_none(i.closed_at),
        i.closed_by,
        i.closed_why,
    )


def _read(r: Row) -> DeliveryIssue:
    return DeliveryIssue(
        id=r[0],
        account_id=r[1],
        contact_id=r[2],
        conversation_id=r[3],
        level=_LEVELS[r[4]],
        probability=r[5],
        message_ids=tuple(loads(r[6])),
        state=_STATES[r[7]],
        opened_at=moment(r[8]),
        closed_at=moment_or_none(r[9]),
        closed_by=r[10],
        closed_why=r[11],
    )
