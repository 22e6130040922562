"""Whom each portfolio reached outside their windows, and how many it may in a day.

A contact has one row for each portfolio: the time of the last such message, and which one it was, so that one that never arrives gives
its place back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crm.model.limits import Portfolio, Reach
from storage.statements import Statement, capped, inserting, number, one_of, text
from storage.tables import portfolios, reach
from storage.transaction import Transaction
from storage.types import micros, micros_or_none, moment, moment_or_none
from storage.upserts import put

_column = reach.c


def _counting() -> Statement:
    """A message to somebody who was reached before takes the row over; the same message a second time changes nothing but its time."""
    forms: list[Any] = []
    for kind in (sqlite.insert, postgresql.insert):
        form = inserting(kind(reach), reach)
        same = _column.outbox_id == form.excluded.outbox_id
        before = sa.case((same, _column.before_at), else_=_column.at)
        changed = {"at": form.excluded.at, "outbox_id": form.excluded.outbox_id, "before_at": before}
        forms.append(form.on_conflict_do_update(index_elements=["portfolio", "contact_id"], set_=changed))
    return Statement(forms[0], postgres=forms[1])


_PORTFOLIOS = Statement(sa.select(portfolios).where(one_of(portfolios.c.id, "ids")).order_by(portfolios.c.id))
_SAVE_PORTFOLIO = put(portfolios, ("id",), newest="said_at")
_COUNT = _counting()
# Without a word about the time, or SQLite would rather read the whole day of the portfolio than look these contacts up.
_REACHED = Statement(
    sa.select(_column.contact_id, _column.at).where(
        _column.portfolio == text("portfolio"), one_of(_column.contact_id, "contacts")
    )
)
_USED = Statement(
    sa.select(sa.func.count()).select_from(
        capped(reach, _column.portfolio == text("portfolio"), _column.at > number("since"))
    )
)
_FREED = Statement(
    sa.select(_column.at)
    .where(_column.portfolio == text("portfolio"), _column.at > number("since"))
    .order_by(_column.at)
    .offset(number("skip"))
    .limit(number("at_most"))
)
_mine = (
    _column.portfolio == text("portfolio"),
    _column.contact_id == number("contact_id"),
    _column.outbox_id == number("outbox_id"),
)
_RESTORE = Statement(
    sa.update(reach)
    .where(*_mine, _column.before_at.is_not(None))
    .values(at=_column.before_at, before_at=sa.null(), outbox_id=sa.literal_column("0"))
)
_FORGET = Statement(sa.delete(reach).where(*_mine))
_PRUNE = Statement(sa.delete(reach).where(_column.at < number("before")))


class ReachBook:
    """Counted ahead of Meta: a message takes its place before it leaves."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def portfolios(self, ids: Collection[str]) -> dict[str, Portfolio]:
        if not ids:
            return {}
        rows = await self._tx.rows(_PORTFOLIOS, ids=list(ids))
        return {row[0]: Portfolio(row[0], row[1], moment(row[2]), moment_or_none(row[3])) for row in rows}

    async def save_portfolio(self, portfolio: Portfolio) -> None:
        row = (portfolio.id, portfolio.most, micros(portfolio.said_at), micros_or_none(portfolio.told_at))
        await self._tx.many(_SAVE_PORTFOLIO, [row])

    async def count(self, reached: Sequence[Reach]) -> None:
        rows = sorted(
            (r.portfolio, r.contact_id, micros(r.at), r.outbox_id, micros_or_none(r.before_at)) for r in reached
        )
        await self._tx.many(_COUNT, rows)

    async def reached(self, portfolio: str, contacts: Collection[int], since: datetime) -> set[int]:
        if not contacts:
            return set()
        rows = await self._tx.rows(_REACHED, portfolio=portfolio, contacts=list(contacts))
        return {contact_id for contact_id, at in rows if at > micros(since)}

    async def used(self, portfolio: str, since: datetime, most: int) -> int:
        return int(await self._tx.value(_USED, portfolio=portfolio, since=micros(since), most=most) or 0)

    async def freed(self, portfolio: str, since: datetime, skip: int, limit: int) -> list[datetime]:
        rows = await self._tx.rows(_FREED, portfolio=portfolio, since=micros(since), skip=skip, at_most=limit)
        return [moment(row[0]) for row in rows]

    async def give_back(self, places: Collection[tuple[str, int, int]]) -> None:
        for portfolio, contact_id, outbox_id in sorted(places):
            mine = {"portfolio": portfolio, "contact_id": contact_id, "outbox_id": outbox_id}
            if not await self._tx.run(_RESTORE, **mine):
                await self._tx.run(_FORGET, **mine)

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))
