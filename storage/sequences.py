"""The drip plans."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from crm.model.messages import TemplateRef
from crm.model.sequences import Sequence as Plan
from crm.model.sequences import SequenceState, Step, Trigger
from storage.statements import Row, Statement, insert, number, overwrite, text
from storage.tables import revisions, sequences
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, moment, span, template_data, template_of

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

    async def revision(self) -> int:
        revision: int = await self._tx.value(_REVISION)
        return revision


def _row(p: Plan) -> tuple[object, ...]:
    steps = [{"delay": span(step.delay), "text": step.text, "template": _written(step)} for step in p.steps]
    return (
        p.id,
        p.key,
        p.name,
        p.state.value,
        p.trigger.value,
        p.account_id,
        dumps(steps),
        p.version,
        micros(p.updated_at),
    )


def _plan(r: Row) -> Plan:
    return Plan(
        id=r[0],
        key=r[1],
        name=r[2],
        state=_STATES[r[3]],
        trigger=_TRIGGERS[r[4]],
        account_id=r[5],
        steps=tuple(
            Step(timedelta(microseconds=step["delay"]), step["text"], _template(step["template"]))
            for step in loads(r[6])
        ),
        version=r[7],
        updated_at=moment(r[8]),
    )


def _written(step: Step) -> dict[str, object] | None:
    return None if step.template is None else template_data(step.template)


def _template(data: dict[str, object] | None) -> TemplateRef | None:
    return None if data is None else template_of(data)
