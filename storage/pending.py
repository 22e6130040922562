"""Messages that wait for an agent's choice."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.contacts import Contact
from crm.model.messages import TemplateRef
from crm.model.pending import PendingManual, PendingReason, PendingState
from storage import contacts as people
from storage.claims import holding
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite, text
from storage.tables import PENDING_OPEN, accounts, contacts, conversations, pending
from storage.transaction import Transaction
from storage.types import (
    content_or_none,
    content_text,
    members,
    micros,
    micros_or_none,
    moment,
    moment_or_none,
    template_ref,
    template_text,
)
from storage.visibility import conversation_visible, seen_by

_REASONS = members(PendingReason)
_STATES = members(PendingState)
_column = pending.c
_WIDTH = len(pending.c)
_FIRST = (-(2**31), -(2**62), 0)

_INSERT = insert(pending)
_OVERWRITE = overwrite(pending)
_OPEN_OF = holding(
    sa.select(pending)
    .where(one_of(_column.conversation_id, "conversation_ids"), literal(PENDING_OPEN))
    .order_by(_column.id)
)
_OF_WALKS = Statement(sa.select(pending).where(one_of(_column.enrollment_id, "enrollment_ids")).order_by(_column.id))
_GET = holding(sa.select(pending).where(_column.id == number("pending_id")))
_PAGE = Statement(
    sa.select(pending, *people.COLUMNS)
    .join_from(pending, conversations, conversations.c.id == _column.conversation_id)
    .join(contacts, contacts.c.id == _column.contact_id)
    .where(
        literal(PENDING_OPEN),
        sa.tuple_(_column.priority, _column.added_at, _column.id)
        > sa.tuple_(number("priority"), number("added_at"), number("after_id")),
        conversation_visible(),
    )
    .order_by(_column.priority, _column.added_at, _column.id)
    .limit(number("at_most"))
)
_WAITING_FOR = holding(
    sa.select(pending)
    .where(
        literal(PENDING_OPEN),
        one_of(_column.reason, "reasons"),
        _column.account_id.in_(sa.select(accounts.c.id).where(accounts.c.waba_id == text("waba_id"))),
        sa.func.substr(_column.template, 1, sa.cast(number("length"), sa.Integer)) == text("beginning"),
    )
    .order_by(_column.id)
    .limit(number("at_most")),
    pending,
)
_COUNT_OPEN = Statement(sa.select(sa.func.count()).select_from(capped(pending, literal(PENDING_OPEN))))
_COUNT_SEEN = Statement(
    sa.select(sa.func.count()).select_from(
        sa.select(_column.id)
        .join(conversations, conversations.c.id == _column.conversation_id)
        .where(literal(PENDING_OPEN), conversation_visible())
        .limit(number("most"))
        .subquery()
    )
)
_ALL = 2**31


class Pending:
    """By urgency, as far as a person may see them."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def save(self, new: Sequence[PendingManual] = (), changed: Sequence[PendingManual] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def open_of(self, conversation_ids: Collection[int]) -> list[PendingManual]:
        if not conversation_ids:
            return []
        rows = await self._tx.rows(_OPEN_OF, conversation_ids=list(conversation_ids))
        return sorted(map(_pending, rows), key=lambda one: (one.added_at, one.id))

    async def of_walks(self, enrollment_ids: Collection[int]) -> list[PendingManual]:
        if not enrollment_ids:
            return []
        return [_pending(row) for row in await self._tx.rows(_OF_WALKS, enrollment_ids=list(enrollment_ids))]

    async def get(self, pending_id: int) -> PendingManual | None:
        row = await self._tx.first(_GET, pending_id=pending_id)
        return None if row is None else _pending(row)

    async def page(
        self, viewer: Agent, after: tuple[int, datetime, int] | None, limit: int
    ) -> list[tuple[PendingManual, Contact]]:
        priority, added_at, after_id = _FIRST if after is None else (after[0], micros(after[1]), after[2])
        rows = await self._tx.rows(
            _PAGE, priority=priority, added_at=added_at, after_id=after_id, at_most=limit, **seen_by(viewer)
        )
        return [(_pending(row), people.contact(row[_WIDTH:])) for row in rows]

    async def waiting_for(
        self, waba_id: str, name: str, language: str, reasons: Collection[PendingReason], limit: int
    ) -> list[PendingManual]:
        beginning = template_text(TemplateRef(name, language)) or ""
        beginning = beginning[
            : beginning.index(',"parameters"')
        ]  # what every reference to this template is written with
        rows = await self._tx.rows(
            _WAITING_FOR,
            reasons=sorted(reason.value for reason in reasons),
            waba_id=waba_id,
            beginning=beginning,
            length=len(beginning),
            at_most=limit,
        )
        return [_pending(row) for row in rows]

    async def count_open(self, viewer: Agent | None = None, most: int | None = None) -> int:
        limit = _ALL if most is None else most
        if viewer is None:
            count: int = await self._tx.value(_COUNT_OPEN, most=limit)
        else:
            count = await self._tx.value(_COUNT_SEEN, most=limit, **seen_by(viewer))
        return count


def _row(p: PendingManual) -> tuple[object, ...]:
    return (
        p.id,
        p.account_id,
        p.contact_id,
        p.conversation_id,
        p.text,
        template_text(p.template),
        p.reason.value,
        p.priority,
        micros(p.added_at),
        p.state.value,
        p.version,
        p.enrollment_id,
        p.step,
        p.outbox_id,
        p.agent_id,
        micros_or_none(p.resolved_at),
        p.resolved_by,
        p.media_id,
        content_text(p.content),
        p.reply_to_wamid,
    )


def _pending(r: Row) -> PendingManual:
    return PendingManual(
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        template_ref(r[5]),
        _REASONS[r[6]],
        r[7],
        moment(r[8]),
        _STATES[r[9]],
        r[10],
        r[11],
        r[12],
        r[13],
        r[14],
        moment_or_none(r[15]),
        r[16],
        r[17],
        content_or_none(r[18]),
        r[19],
    )
