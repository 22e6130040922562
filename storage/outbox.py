"""What still has to leave: what is due, who holds it, how it ended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.outbox import PRIORITY, Origin, OutboxItem, OutboxState
from crm.model.records import maker
from crm.model.windows import Basis
from storage.claims import claim, holding, holding_free
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite, text
from storage.tables import (
    OUTBOX_QUEUED,
    OUTBOX_SENDING,
    OUTBOX_SETTLED,
    OUTBOX_UNKNOWN,
    OUTBOX_UNSETTLED,
    accounts,
    outbox,
)
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

_make = maker(OutboxItem)
_ORIGINS = members(Origin)
_STATES = members(OutboxState)
_BASES = members(Basis)
_column = outbox.c
_ITEM = tuple(column for column in outbox.c if column.name not in {"priority", "worker"})

_INSERT = insert(outbox, without=("worker",))
_OVERWRITE = overwrite(
    outbox,
    steady=("opaque", "account_id", "contact_id", "conversation_id", "origin", "created_at", "dedupe", "priority"),
    keep=("worker",),
)
_LOAD = holding(sa.select(*_ITEM).where(one_of(_column.id, "ids")).order_by(_column.id))
_BY_OPAQUE = holding(sa.select(*_ITEM).where(one_of(_column.opaque, "opaques")).order_by(_column.id))
# Per account and precedence the first due time: a few steps down an index, however long the queue is.
_ACCOUNTS_DUE = Statement(
    sa.select(
        accounts.c.id,
        *(
            sa.select(sa.func.min(_column.due_at))
            .where(
                _column.account_id == accounts.c.id,
                _column.priority == sa.literal_column(str(priority)),
                literal(f"outbox.{OUTBOX_QUEUED}"),
            )
            .scalar_subquery()
            .label(f"due_{priority}")
            for priority in PRIORITY.values()
        ),
    ).order_by(accounts.c.id)
)
# One precedence at a time: within it the index ends at `now`, so items of tomorrow are never looked at.
_CLAIM_DUE = claim(
    outbox,
    _column.id,
    sa.select(_column.id)
    .where(
        _column.account_id == number("account_id"),
        _column.priority == number("precedence"),
        _column.due_at <= number("now"),
        literal(OUTBOX_QUEUED),
    )
    .order_by(_column.due_at, _column.id)
    .limit(number("at_most")),
    {
        "state": sa.literal_column("'sending'"),
        "worker": text("by"),
        "lease_until": number("until"),
        "attempts": _column.attempts + sa.literal_column("1"),
    },
    *_ITEM,
)
_ACCEPT = Statement(
    sa.update(outbox)
    .where(one_of(_column.id, "ids"), literal(OUTBOX_SENDING))
    .values(state="accepted", lease_until=sa.null(), error=sa.null())
    .returning(_column.id)
)
_LEASE_EXPIRED = holding_free(
    sa.select(*_ITEM)
    .where(_column.lease_until < number("now"), literal(OUTBOX_SENDING))
    .order_by(_column.lease_until, _column.id)
    .limit(number("at_most")),
    outbox,
)
_UNKNOWN_SINCE = holding_free(
    sa.select(*_ITEM)
    .where(_column.lease_until < number("before"), literal(OUTBOX_UNKNOWN))
    .order_by(_column.lease_until, _column.id)
    .limit(number("at_most")),
    outbox,
)
_UNSETTLED_OF = holding(
    sa.select(*_ITEM)
    .where(one_of(_column.conversation_id, "conversation_ids"), literal(OUTBOX_UNSETTLED))
    .order_by(_column.id)
)
_CANCEL_QUEUED = Statement(
    sa.update(outbox)
    .where(_column.account_id == number("account_id"), literal(OUTBOX_QUEUED))
    .values(state="cancelled", lease_until=sa.null(), error=text("why"))
    .returning(*_ITEM)
)
_QUEUED_TEMPLATES = Statement(
    sa.select(*_ITEM)
    .where(
        one_of(_column.account_id, "account_ids"),
        _column.template.is_not(None),
        _column.due_at < number("until"),
        literal(f"outbox.{OUTBOX_QUEUED}"),
    )
    .limit(number("at_most"))
)
_TEMPLATES_QUEUED = Statement(
    sa.select(sa.func.count()).select_from(
        capped(
            outbox,
            one_of(_column.account_id, "account_ids"),
            _column.template.is_not(None),
            literal(f"outbox.{OUTBOX_QUEUED}"),
        )
    )
)
_COUNTS = [
    Statement(
        sa.select(_column.state, _column.account_id, sa.func.count())
        .where(literal(predicate))
        .group_by(_column.state, _column.account_id)
    )
    for predicate in (OUTBOX_QUEUED, OUTBOX_SENDING, OUTBOX_UNKNOWN, OUTBOX_SETTLED)
]


class Outbox:
    """Claimed by account, live replies first; settled by overwriting."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def save(self, new: Sequence[OutboxItem] = (), changed: Sequence[OutboxItem] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def load(self, ids: Collection[int]) -> dict[int, OutboxItem]:
        if not ids:
            return {}
        return {row[0]: _item(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def by_opaque(self, opaques: Collection[str]) -> dict[str, OutboxItem]:
        if not opaques:
            return {}
        return {row[1]: _item(row) for row in await self._tx.rows(_BY_OPAQUE, opaques=list(opaques))}

    async def accounts_due(self, now: datetime) -> dict[int, datetime]:
        return {account_id: moment(min(firsts.values())) for account_id, firsts in (await self._firsts()).items()}

    async def claim_due(
        self, wanted: Mapping[int, int], worker: str, now: datetime, lease_until: datetime
    ) -> list[OutboxItem]:
        firsts, at = await self._firsts(), micros(now)
        claimed: list[OutboxItem] = []
        for account_id, limit in wanted.items():
            left = limit
            for precedence, first in firsts.get(account_id, {}).items():
                if left == 0 or first > at:
                    continue
                rows = await self._tx.rows(
                    _CLAIM_DUE,
                    account_id=account_id,
                    precedence=precedence,
                    now=at,
                    until=micros(lease_until),
                    by=worker,
                    at_most=left,
                )
                claimed += sorted(map(_item, rows), key=lambda item: (item.due_at, item.id))
                left -= len(rows)
        return claimed

    async def _firsts(self) -> dict[int, dict[int, int]]:
        """Account to precedence to the earliest due time, where anything is queued."""
        found: dict[int, dict[int, int]] = {}
        for account_id, *firsts in await self._tx.rows(_ACCOUNTS_DUE):
            queued = {p: at for p, at in zip(PRIORITY.values(), firsts, strict=True) if at is not None}
            if queued:
                found[account_id] = queued
        return found

    async def accept(self, ids: Collection[int]) -> set[int]:
        return {row[0] for row in await self._tx.rows(_ACCEPT, ids=list(ids))} if ids else set()

    async def lease_expired(self, now: datetime, limit: int) -> list[OutboxItem]:
        return [_item(row) for row in await self._tx.rows(_LEASE_EXPIRED, now=micros(now), at_most=limit)]

    async def unknown_since(self, before: datetime, limit: int) -> list[OutboxItem]:
        return [_item(row) for row in await self._tx.rows(_UNKNOWN_SINCE, before=micros(before), at_most=limit)]

    async def cancel_queued(self, account_id: int, why: str) -> list[OutboxItem]:
        return [_item(row) for row in await self._tx.rows(_CANCEL_QUEUED, account_id=account_id, why=why)]

    async def unsettled_of(self, conversation_ids: Collection[int]) -> list[OutboxItem]:
        if not conversation_ids:
            return []
        return [_item(row) for row in await self._tx.rows(_UNSETTLED_OF, conversation_ids=list(conversation_ids))]

    async def queued_templates(self, account_ids: Collection[int], until: datetime, limit: int) -> list[OutboxItem]:
        asked = {"account_ids": list(account_ids), "until": micros(until), "at_most": limit}
        return [_item(row) for row in await self._tx.rows(_QUEUED_TEMPLATES, **asked)]

    async def templates_queued(self, account_ids: Collection[int], most: int) -> int:
        return int(await self._tx.value(_TEMPLATES_QUEUED, account_ids=list(account_ids), most=most) or 0)

    async def counts(self, account_id: int | None = None) -> dict[str, int]:
        counts: dict[str, int] = {}
        for statement in _COUNTS:
            for state, account, count in await self._tx.rows(statement):
                if account_id is None or account == account_id:
                    counts[state] = counts.get(state, 0) + count
        return counts


def _row(i: OutboxItem) -> tuple[object, ...]:
    return (
        i.id,
        i.opaque,
        i.account_id,
        i.contact_id,
        i.conversation_id,
        i.origin.value,
        i.state.value,
        micros(i.due_at),
        i.attempts,
        micros(i.created_at),
        i.text,
        template_text(i.template),
        i.reply_to_wamid,
        None if i.basis is None else i.basis.value,
        i.enrollment_id,
        i.step,
        i.pending_id,
        i.agent_id,
        micros_or_none(i.lease_until),
        i.error_code,
        i.error,
        i.dedupe,
        i.media_id,
        content_text(i.content),
        i.after_id,
        PRIORITY[i.origin],
    )


def _item(r: Row) -> OutboxItem:
    return _make(
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        _ORIGINS[r[5]],
        _STATES[r[6]],
        moment(r[7]),
        r[8],
        moment(r[9]),
        r[10],
        template_ref(r[11]),
        r[12],
        None if r[13] is None else _BASES[r[13]],
        r[14],
        r[15],
        r[16],
        r[17],
        moment_or_none(r[18]),
        r[19],
        r[20],
        r[21],
        r[22],
        content_or_none(r[23]),
        r[24],
    )
