"""Texts that came from a phone within seconds of a contact's message, by what they are recognised by."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from storage.statements import Statement, number, one_of
from storage.tables import quick_echoes
from storage.transaction import Transaction
from storage.types import micros
from storage.upserts import keep_first

_column = quick_echoes.c

_SAVE = keep_first(quick_echoes)
_QUICK = Statement(
    sa.select(_column.account_id, _column.sign, _column.contact_id).where(
        one_of(_column.account_id, "account_ids"), one_of(_column.sign, "signs")
    )
)
_PRUNE = Statement(sa.delete(quick_echoes).where(_column.at < number("before")))


class Echoes:
    """Once for each contact."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def quick(self, account_ids: Collection[int], signs: Collection[str]) -> set[tuple[int, str, int]]:
        rows = await self._tx.rows(_QUICK, account_ids=list(account_ids), signs=list(signs)) if signs else []
        return {(row[0], row[1], row[2]) for row in rows}

    async def save(self, quick: Collection[tuple[int, str, int]], now: datetime) -> None:
        at = micros(now)
        await self._tx.many(_SAVE, [(*each, at) for each in sorted(quick)])

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))
