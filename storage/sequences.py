"""The drip plans, and the versions of them that somebody may still walk."""

from collections.abc import Sequence

import sqlalchemy as sa
from pydantic import TypeAdapter

from crm.model.sequences import Rules, SequenceState, Step, Trigger
from crm.model.sequences import Sequence as Plan
from storage.statements import Row, Statement, insert, number, overwrite, text
from storage.tables import revisions, sequence_versions, sequences
from storage.transaction import Transaction
from storage.types import members, micros, moment
from storage.upserts import keep_first

_STEPS = TypeAdapter(tuple[Step, ...])
_RULES = TypeAdapter(Rules)

_STATES = members(SequenceState)
_TRIGGERS = members(Trigger)

_ALL = Statement(
    sa.select(sequences)
    .where(sequences.c.state != sa.literal_column("'archived'"))
    .order_by(sequences.c.name, sequences.c.id)
)
_GET = Statement(sa.select(sequences).where(sequences.c.id == number("sequence_id")))
_BY_KEY = Statement(sa.select(sequences).where(sequences.c.key == text("key")))
_INSERT = insert(sequences)
_OVERWRITE = overwrite(sequences)
_KEEP = keep_first(sequence_versions)
_VERSIONS = Statement(
    sa.select(
        sequences.c.id,
        sequences.c.key,
        sequences.c.name,
        sequences.c.state,
        sequences.c.trigger,
        sequences.c.account_id,
        sequence_versions.c.steps,
        sequence_versions.c.version,
        sequence_versions.c.created_at,
        sequence_versions.c.rules,
    )
    .join_from(sequence_versions, sequences, sequences.c.id == sequence_versions.c.sequence_id)
    .where(sequences.c.state != sa.literal_column("'archived'"))
    .order_by(sequences.c.id, sequence_versions.c.version)
)
_ours = revisions.c.name == sa.literal_column("'sequences'")
_REVISION = Statement(sa.select(revisions.c.number).where(_ours))
_REVISE = Statement(sa.update(revisions).where(_ours).values(number=revisions.c.number + sa.literal_column("1")))


class Sequences:
    """Few, often read, seldom changed; every change moves the revision."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def all(self) -> list[Plan]:
        return [_plan(row) for row in await self._tx.rows(_ALL)]

    async def get(self, sequence_id: int) -> Plan | None:
        row = await self._tx.first(_GET, sequence_id=sequence_id)
        return None if row is None else _plan(row)

    async def by_key(self, key: str) -> Plan | None:
        row = await self._tx.first(_BY_KEY, key=key)
        return None if row is None else _plan(row)

    async def save(self, new: Sequence[Plan] = (), changed: Sequence[Plan] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))
        if new or changed:
            await self._tx.run(_REVISE)

    async def keep_versions(self, plans: Sequence[Plan]) -> None:
        rows = [(plan.id, plan.version, _steps(plan), _rules(plan), micros(plan.updated_at)) for plan in plans]
        await self._tx.many(_KEEP, rows)

    async def versions(self) -> list[Plan]:
        return [_plan(row) for row in await self._tx.rows(_VERSIONS)]

    async def revision(self) -> int:
        revision: int = await self._tx.value(_REVISION)
        return revision


def _steps(plan: Plan) -> str:
    return _STEPS.dump_json(plan.steps, exclude_defaults=True).decode()


def _rules(plan: Plan) -> str:
    return _RULES.dump_json(plan.rules, exclude_defaults=True).decode()


def _row(p: Plan) -> tuple[object, ...]:
    return (
        p.id,
        p.key,
        p.name,
        p.state.value,
        p.trigger.value,
        p.account_id,
        _steps(p),
        p.version,
        micros(p.updated_at),
        _rules(p),
    )


def _plan(r: Row) -> Plan:
    return Plan(
        id=r[0],
        key=r[1],
        name=r[2],
        state=_STATES[r[3]],
        trigger=_TRIGGERS[r[4]],
        account_id=r[5],
        steps=_STEPS.validate_json(r[6]),
        version=r[7],
        updated_at=moment(r[8]),
        rules=_RULES.validate_json(r[9]),
    )
