"""What must still be told in Telegram. `ready_at` moves as it does for webhooks; what was told is forgotten."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.alerts import Notice, NoticeKind
from storage.claims import claim
from storage.statements import Row, Statement, insert, number, one_of
from storage.tables import notices
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, moment, moment_or_none
from storage.visibility import out_of_reach

_KINDS = members(NoticeKind)
_column = notices.c
_NOTICE = tuple(column for column in notices.c if column is not _column.ready_at)

_ADD = insert(notices)
_CLAIM = claim(
    notices,
    _column.id,
    sa.select(_column.id)
    .where(_column.ready_at <= number("now"))
    .order_by(_column.priority, _column.id)
    .limit(number("at_most")),
    {"ready_at": number("until"), "attempts": _column.attempts + sa.literal_column("1")},
    *_NOTICE,
)
_DONE = Statement(sa.delete(notices).where(one_of(_column.id, "ids")))
_POSTPONE = Statement(
    sa.update(notices).where(_column.id == number("notice_id")).values(due_at=number("due"), ready_at=number("due"))
)
_ADDRESSED = Statement(
    sa.select(_column.kind, _column.subject_id, _column.agent_id).where(
        one_of(_column.subject_id, "subject_ids"), _column.agent_id.is_not(None)
    )
)
# A notice in somebody's hands has a lease (`ready_at`), but was due before: it is left alone, or it would be told twice.
_HASTEN = Statement(
    sa.update(notices)
    .where(
        _column.ready_at > number("now"),
        _column.due_at > number("now"),
        sa.or_(_column.agent_id == number("back"), _column.agent_id.in_(out_of_reach())),
    )
    .values(due_at=number("now"), ready_at=number("now"), attempts=0)
)
_PRUNE = Statement(sa.delete(notices).where(_column.created_at < number("before")))
_NEXT_DUE_AT = Statement(sa.select(sa.func.min(_column.ready_at)))


class Notices:
    """Claimed by priority, forgotten when delivered."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, notices: Sequence[Notice]) -> None:
        await self._tx.many(_ADD, map(_row, notices))

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Notice]:
        rows = await self._tx.rows(_CLAIM, now=micros(now), until=micros(lease_until), at_most=limit)
        return sorted(map(_notice, rows), key=lambda notice: (notice.priority, notice.id))

    async def done(self, ids: Collection[int]) -> None:
        if ids:
            await self._tx.run(_DONE, ids=list(ids))

    async def postpone(self, notice_id: int, due_at: datetime) -> None:
        await self._tx.run(_POSTPONE, notice_id=notice_id, due=micros(due_at))

    async def addressed(self, subject_ids: Collection[int]) -> set[tuple[NoticeKind, int, int]]:
        rows = await self._tx.rows(_ADDRESSED, subject_ids=list(subject_ids)) if subject_ids else []
        return {(_KINDS[kind], subject_id, agent_id) for kind, subject_id, agent_id in rows}

    async def hasten(self, agent_id: int, now: datetime) -> None:
        await self._tx.run(_HASTEN, back=agent_id, now=micros(now))

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))

    async def next_due_at(self) -> datetime | None:
        """When something can be claimed next: the first that is due, or whose lease ends."""
        return moment_or_none(await self._tx.value(_NEXT_DUE_AT))


def _row(n: Notice) -> tuple[object, ...]:
    due_at = micros(n.due_at)
    return (
        n.id,
        n.agent_id,
        n.kind.value,
        n.subject_id,
        n.conversation_id,
        dumps(n.params),
        n.priority,
        due_at,
        n.attempts,
        micros(n.created_at),
        due_at,
    )


def _notice(r: Row) -> Notice:
    return Notice(r[0], r[1], _KINDS[r[2]], r[3], r[4], loads(r[5]), r[6], moment(r[7]), r[8], moment(r[9]))
