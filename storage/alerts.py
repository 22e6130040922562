"""Facts that agents must see, counted until somebody acknowledges them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.alerts import Alert, AlertKind, Severity
from storage.claims import holding
from storage.statements import Row, Statement, literal, number, one_of, overwrite
from storage.tables import ALERT_OPEN, alerts
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, micros_or_none, moment, moment_or_none
from storage.upserts import keep_first
from storage.visibility import contact_visible, seen_by

_KINDS = members(AlertKind)
_SEVERITIES = members(Severity)

_OPEN_BY_KEY = holding(sa.select(alerts).where(one_of(alerts.c.key, "keys"), literal(ALERT_OPEN)).order_by(alerts.c.id))
_INSERT = keep_first(alerts)
_OVERWRITE = overwrite(alerts)
_GET = holding(sa.select(alerts).where(alerts.c.id == number("alert_id")))
_PAGE = Statement(
    sa.select(alerts)
    .where(
        literal(ALERT_OPEN),
        alerts.c.id < number("before_id"),
        sa.or_(alerts.c.contact_id.is_(None), contact_visible(alerts.c.contact_id)),
    )
    .order_by(alerts.c.id.desc())
    .limit(number("at_most"))
)
_RAISED_AT = Statement(
    sa.select(alerts.c.key, sa.func.max(alerts.c.raised_at)).where(one_of(alerts.c.key, "keys")).group_by(alerts.c.key)
)
_COUNT_OPEN = Statement(sa.select(sa.func.count()).select_from(alerts).where(literal(ALERT_OPEN)))


class Alerts:
    """At most one open alert per key."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def open_by_key(self, keys: Collection[str]) -> dict[str, Alert]:
        if not keys:
            return {}
        return {row[3]: _alert(row) for row in await self._tx.rows(_OPEN_BY_KEY, keys=list(keys))}

    async def raised_at(self, keys: Collection[str]) -> dict[str, datetime]:
        rows = await self._tx.rows(_RAISED_AT, keys=list(keys)) if keys else []
        return {key: moment(at) for key, at in rows}

    async def save(self, new: Sequence[Alert] = (), changed: Sequence[Alert] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def get(self, alert_id: int) -> Alert | None:
        row = await self._tx.first(_GET, alert_id=alert_id)
        return None if row is None else _alert(row)

    async def page(self, viewer: Agent, after: int | None, limit: int) -> list[Alert]:
        before_id = 2**62 if after is None else after
        rows = await self._tx.rows(_PAGE, before_id=before_id, at_most=limit, **seen_by(viewer))
        return [_alert(row) for row in rows]

    async def count_open(self) -> int:
        count: int = await self._tx.value(_COUNT_OPEN)
        return count


def _row(a: Alert) -> tuple[object, ...]:
    return (
        a.id,
        a.kind.value,
        a.severity.value,
        a.key,
        dumps(a.params),
        a.count,
        micros(a.raised_at),
        micros(a.last_at),
        a.account_id,
        a.contact_id,
        micros_or_none(a.acknowledged_at),
        a.acknowledged_by,
    )


def _alert(r: Row) -> Alert:
    return Alert(
        id=r[0],
        kind=_KINDS[r[1]],
        severity=_SEVERITIES[r[2]],
        key=r[3],
        params=loads(r[4]),
        count=r[5],
        raised_at=moment(r[6]),
        last_at=moment(r[7]),
        account_id=r[8],
        contact_id=r[9],
        acknowledged_at=moment_or_none(r[10]),
        acknowledged_by=r[11],
    )
