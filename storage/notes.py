"""What agents wrote down about contacts."""

from collections.abc import Sequence

import sqlalchemy as sa

from crm.model.notes import Note
from storage.statements import Statement, insert, number
from storage.tables import notes
from storage.transaction import Transaction
from storage.types import micros, moment

_INSERT = insert(notes)
_OF = Statement(
    sa.select(notes)
    .where(notes.c.contact_id == number("of"))
    .order_by(notes.c.at.desc(), notes.c.id.desc())
    .limit(number("at_most"))
)


class Notes:
    """By contact, newest first."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, given: Sequence[Note]) -> None:
        await self._tx.many(_INSERT, [(n.id, n.contact_id, n.agent_id, n.text, micros(n.at)) for n in given])

    async def of(self, contact_id: int, limit: int) -> list[Note]:
        rows = await self._tx.rows(_OF, of=contact_id, at_most=limit)
        return [Note(r[0], r[1], r[2], r[3], moment(r[4])) for r in rows]
