"""Facts about messages that we do not know yet: a status may overtake its echo, an edit its message."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.ports import Parked
from storage.statements import Statement, number, one_of
from storage.tables import parked
from storage.transaction import Transaction
from storage.types import dumps, loads, micros, moment
from storage.upserts import keep_first

_ADD = keep_first(parked)
_TAKE = Statement(
    sa.delete(parked)
    .where(one_of(parked.c.wamid, "wamids"))
    .returning(parked.c.wamid, parked.c.kind, parked.c.at, parked.c.data)
)
_KNOWN = Statement(sa.select(parked.c.wamid).where(one_of(parked.c.wamid, "wamids")).distinct())
_PRUNE = Statement(sa.delete(parked).where(parked.c.kept_at < number("before")))


class ParkedFacts:
    """Kept until their message is known, or too long."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, facts: Sequence[Parked], now: datetime) -> None:
        kept_at = micros(now)
        rows = [(fact.wamid, fact.kind, micros(fact.at), dumps(fact.data), kept_at) for fact in facts]
        await self._tx.many(_ADD, sorted(rows))

    async def known(self, wamids: Collection[str]) -> set[str]:
        return {row[0] for row in await self._tx.rows(_KNOWN, wamids=list(wamids))} if wamids else set()

    async def take(self, wamids: Collection[str]) -> list[Parked]:
        if not wamids:
            return []
        rows = await self._tx.rows(_TAKE, wamids=list(wamids))
        facts = [Parked(wamid, kind, moment(at), loads(data)) for wamid, kind, at, data in rows]
        return sorted(facts, key=lambda fact: (fact.at, fact.wamid, fact.kind))

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))
