"""The ledger: what each message that arrived cost, entered once under Meta's id for it and never changed.

Amounts lie as whole millionths of their currency, so that the databases add them up exactly.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm.model.costs import Charge, Commitment, Part, Total
from storage.statements import Row, Statement, number, one_of, text
from storage.tables import charges, commitments, enrollments, messages
from storage.transaction import Transaction
from storage.types import micros
from storage.upserts import keep_first, put

MILLION = 1_000_000
_column = charges.c

_KNOWN = Statement(sa.select(_column.wamid).where(one_of(_column.wamid, "wamids")))
_ADD = keep_first(charges)
_KEYS: Mapping[Part | None, sa.ColumnElement[Any]] = {
    None: sa.null(),
    Part.ACCOUNT: _column.account_id,
    Part.CATEGORY: _column.category,
    Part.MARKET: _column.market,
    Part.SEQUENCE: enrollments.c.sequence_id,
}


def _adding(part: Part | None, *, of_account: bool) -> Statement:
    key = _KEYS[part]
    free = sa.func.sum(sa.case((_column.amount == sa.literal_column("0"), sa.literal_column("1")), else_=sa.null()))
    counts = (sa.func.count(), free, sa.func.count() - sa.func.count(_column.amount))
    found = sa.select(key.label("key"), _column.currency, sa.func.sum(_column.amount), *counts)
    if part is Part.SEQUENCE:
        found = found.join_from(charges, enrollments, enrollments.c.id == _column.enrollment_id, isouter=True)
    else:
        found = found.select_from(charges)
    found = found.where(_column.at >= number("since"), _column.at < number("until"))
    if of_account:
        found = found.where(_column.account_id == number("account_id"))
    return Statement(found.group_by(*([] if part is None else [key]), _column.currency))


_TOTALS = {(part, of_account): _adding(part, of_account=of_account) for part in _KEYS for of_account in (False, True)}


def _charged(*, of_account: bool) -> Statement:
    of = [_column.account_id == number("account_id")] if of_account else []
    period = (_column.at >= number("since"), _column.at < number("until"), _column.currency == text("currency"))
    return Statement(sa.select(sa.func.sum(_column.amount)).where(*of, *period))


def _ahead(*, of_account: bool) -> Statement:
    each = commitments.c
    of = [each.account_id == number("account_id")] if of_account else []
    period = (each.at >= number("since"), each.at < number("until"), each.currency == text("currency"))
    living = messages.c.status.not_in([sa.literal_column("'failed'"), sa.literal_column("'cancelled'")])
    return Statement(
        sa.select(sa.func.sum(each.amount))
        .join_from(commitments, messages, messages.c.id == each.outbox_id)
        .where(*of, *period, living)
    )


_CHARGED = {of_account: _charged(of_account=of_account) for of_account in (False, True)}
_AHEAD = {of_account: _ahead(of_account=of_account) for of_account in (False, True)}
_COMMIT = put(commitments, ("outbox_id",))
_RELEASE = Statement(sa.delete(commitments).where(one_of(commitments.c.outbox_id, "ids")))
_PRUNE = Statement(sa.delete(commitments).where(commitments.c.at < number("before")))


class Ledger:
    """Charges are only added; a commitment goes as its charge comes."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, given: Sequence[Charge]) -> list[Charge]:
        known = {row[0] for row in await self._tx.rows(_KNOWN, wamids=[each.wamid for each in given])}
        new: dict[str, Charge] = {}
        for each in given:
            if each.wamid not in known:
                new.setdefault(each.wamid, each)
        await self._tx.many(_ADD, sorted(map(_row, new.values()), key=lambda row: str(row[0])))
        if new:
            await self.release([each.message_id for each in new.values()])
        return list(new.values())

    async def commit(self, promised: Sequence[Commitment]) -> None:
        rows = [(c.outbox_id, c.account_id, int(c.amount * MILLION), c.currency, micros(c.at)) for c in promised]
        await self._tx.many(_COMMIT, sorted(rows))

    async def release(self, outbox_ids: Collection[int]) -> None:
        await self._tx.run(_RELEASE, ids=sorted(outbox_ids))

    async def used(
        self, currency: str, since: datetime, until: datetime, account_id: int | None
    ) -> tuple[Decimal, Decimal]:
        asked = {"currency": currency, "since": micros(since), "until": micros(until)}
        one = {} if account_id is None else {"account_id": account_id}
        charged = await self._tx.value(_CHARGED[account_id is not None], **asked, **one)
        ahead = await self._tx.value(_AHEAD[account_id is not None], **asked, **one)
        return _exact(charged), _exact(ahead)

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))

    async def totals(self, part: Part | None, since: datetime, until: datetime, account_id: int | None) -> list[Total]:
        period = {"since": micros(since), "until": micros(until)}
        one = {} if account_id is None else {"account_id": account_id}
        rows = await self._tx.rows(_TOTALS[part, account_id is not None], **period, **one)
        return sorted(map(_total, rows), key=lambda total: (total.key is None, total.key or "", total.currency))


def _row(charge: Charge) -> tuple[object, ...]:
    return (
        charge.wamid,
        charge.message_id,
        charge.account_id,
        charge.enrollment_id,
        charge.market,
        charge.category,
        charge.type,
        None if charge.amount is None else int(charge.amount * MILLION),
        charge.currency,
        charge.card_date.isoformat(),
        micros(charge.at),
    )


def _total(row: Row) -> Total:
    key, currency, amount, messages, free, unpriced = row
    return Total(None if key is None else str(key), currency, _exact(amount), messages, int(free or 0), unpriced)


def _exact(millionths: Any) -> Decimal:
    return Decimal(int(millionths or 0)).scaleb(-6)
