"""The people who run the switchboard, and the invitations that make them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.agents import Agent, Role
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, overwrite, text
from storage.tables import agents, invites
from storage.transaction import Transaction
from storage.types import members, micros, moment

_ROLES = members(Role)

_ALL = Statement(sa.select(agents).where(agents.c.active.is_(True)).order_by(agents.c.id))
_GET = holding(sa.select(agents).where(agents.c.id == number("agent_id")))
_BY_TELEGRAM = Statement(sa.select(agents).where(agents.c.telegram_id == number("telegram_id")))
_INSERT = insert(agents)
_OVERWRITE = overwrite(agents)
_ADD_INVITE = insert(invites, without=("used_at",))
_USE_INVITE = Statement(
    sa.update(invites)
    .where(
        invites.c.code_hash == text("hashed"),
        invites.c.used_at.is_(None),
        invites.c.expires_at > number("now"),
    )
    .values(used_at=number("now"))
    .returning(invites.c.role)
)


class Agents:
    """By our id or by their Telegram account."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def all(self) -> list[Agent]:
        return [_agent(row) for row in await self._tx.rows(_ALL)]

    async def get(self, agent_id: int) -> Agent | None:
        row = await self._tx.first(_GET, agent_id=agent_id)
        return None if row is None else _agent(row)

    async def by_telegram(self, telegram_id: int) -> Agent | None:
        row = await self._tx.first(_BY_TELEGRAM, telegram_id=telegram_id)
        return None if row is None else _agent(row)

    async def save(self, new: Sequence[Agent] = (), changed: Sequence[Agent] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def add_invite(self, code_hash: str, role: Role, expires_at: datetime) -> None:
        await self._tx.run_row(_ADD_INVITE, (code_hash, role.value, micros(expires_at)))

    async def use_invite(self, code_hash: str, now: datetime) -> Role | None:
        row = await self._tx.first(_USE_INVITE, hashed=code_hash, now=micros(now))
        return None if row is None else _ROLES[row[0]]


def _row(a: Agent) -> tuple[object, ...]:
    return (
        a.id,
        a.telegram_id,
        a.name,
        a.role.value,
        a.language,
        a.time_zone,
        a.active,
        micros(a.created_at),
        a.reachable,
    )


def _agent(r: Row) -> Agent:
    return Agent(r[0], r[1], r[2], _ROLES[r[3]], r[4], r[5], bool(r[6]), moment(r[7]), bool(r[8]))
