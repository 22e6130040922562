"""The record of every change, and the seals that close it; nothing here changes or deletes an entry."""

from collections.abc import Sequence

import sqlalchemy as sa

from crm.model.audit import AuditEntry, Seal
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, text
from storage.tables import audit_log, audit_seals
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
_FOLLOWING = Statement(
    sa.select(audit_log).where(audit_log.c.id > number("after")).order_by(audit_log.c.id).limit(number("at_most"))
)
_BETWEEN = Statement(
    sa.select(audit_log)
    .where(audit_log.c.id > number("after"), audit_log.c.id <= number("up_to"))
    .order_by(audit_log.c.id)
)
_LAST_SEAL = holding(sa.select(audit_seals).order_by(audit_seals.c.up_to.desc()).limit(sa.literal_column("1")))
_SEALS = Statement(
    sa.select(audit_seals)
    .where(audit_seals.c.up_to > number("after"))
    .order_by(audit_seals.c.up_to)
    .limit(number("at_most"))
)
_SEAL = insert(audit_seals)


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

    async def following(self, after: int, limit: int) -> list[tuple[int, AuditEntry]]:
        return [_numbered(row) for row in await self._tx.rows(_FOLLOWING, after=after, at_most=limit)]

    async def between(self, after: int, up_to: int) -> list[tuple[int, AuditEntry]]:
        return [_numbered(row) for row in await self._tx.rows(_BETWEEN, after=after, up_to=up_to)]

    async def last_seal(self) -> Seal | None:
        row = await self._tx.first(_LAST_SEAL)
        return None if row is None else _seal(row)

    async def seal(self, seal: Seal) -> None:
        await self._tx.many(_SEAL, [(seal.up_to, seal.count, seal.digest, micros(seal.sealed_at))])

    async def seals(self, after: int, limit: int) -> list[Seal]:
        return [_seal(row) for row in await self._tx.rows(_SEALS, after=after, at_most=limit)]


def _numbered(r: Row) -> tuple[int, AuditEntry]:
    return r[0], AuditEntry(moment(r[1]), r[2], r[3], r[4], loads_or_none(r[5]), loads_or_none(r[6]), r[7])


def _seal(r: Row) -> Seal:
    return Seal(r[0], r[1], r[2], moment(r[3]))


def _row(e: AuditEntry) -> tuple[object, ...]:
    before, after = dumps_or_none(e.before), dumps_or_none(e.after)
    return (micros(e.at), e.actor, e.action, e.subject, before, after, e.why)
