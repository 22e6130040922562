"""The record of every change; nothing here changes or deletes an entry."""

from collections.abc import Sequence

import sqlalchemy as sa

from crm.model.audit import AuditEntry
from storage.statements import Statement, insert, number, text
from storage.tables import audit_log
from storage.transaction import Transaction
from storage.types import dumps_or_none, loads_or_none, micros, moment

_ADD = insert(audit_log, without=("id",))
_OF = Statement(
    sa.select(
        audit_log.c.at,
        audit_log.c.actor,
        audit_log.c.action,
        audit_log.c.subject,
        audit_log.c.before,
        audit_log.c.after,
        audit_log.c.why,
    )
    .where(audit_log.c.subject == text("about"))
    .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
    .limit(number("at_most"))
)


class Audit:
    """Written in batches, read by subject."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        await self._tx.many(_ADD, map(_row, entries))

    async def of(self, subject: str, limit: int) -> list[AuditEntry]:
        rows = await self._tx.rows(_OF, about=subject, at_most=limit)
        return [
            AuditEntry(moment(at), actor, action, about, loads_or_none(before), loads_or_none(after), why)
            for at, actor, action, about, before, after, why in rows
        ]


def _row(e: AuditEntry) -> tuple[object, ...]:
    before, after = dumps_or_none(e.before), dumps_or_none(e.after)
    return (micros(e.at), e.actor, e.action, e.subject, before, after, e.why)
