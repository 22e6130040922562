"""The threads: windows, assignment, beliefs about blocks."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.conversations import BlockState, Conversation
from crm.model.records import maker
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, one_of, overwrite
from storage.tables import contacts, conversations, forwards
from storage.transaction import Transaction
from storage.types import members, micros, micros_or_none, moment, moment_or_none
from storage.visibility import conversation_visible, seen_by

_make = maker(Conversation)
_STATES = members(BlockState)

_FIND = holding(
    sa.select(conversations).where(one_of(conversations.c.contact_id, "contact_ids")).order_by(conversations.c.id)
)
_LOAD = holding(sa.select(conversations).where(one_of(conversations.c.id, "ids")).order_by(conversations.c.id))
_INSERT = insert(conversations)
_OVERWRITE = overwrite(conversations, steady=("contact_id", "account_id", "created_at", "block_state"))
# The rows are locked in order first (PostgreSQL), so that two who touch the same ones never wait in a circle.
_TOUCH = Statement(
    sa.update(conversations)
    .where(
        conversations.c.id.in_(
            sa.select(conversations.c.id)
            .where(one_of(conversations.c.id, "ids"))
            .order_by(conversations.c.id)
            .with_for_update(key_share=True)
            .cte("touched")
            .select()
        ),
        sa.func.coalesce(conversations.c.last_interaction_at, 0) < number("at"),
    )
    .values(last_interaction_at=number("at"))
)
_OF_CONTACT = Statement(
    sa.select(conversations)
    .where(conversations.c.contact_id == number("contact_id"), conversation_visible())
    .order_by(sa.func.coalesce(conversations.c.last_interaction_at, 0).desc(), conversations.c.id.desc())
)
_VISIBLE = holding(
    sa.select(conversations).where(
        conversations.c.id == number("conversation_id"),
        conversation_visible(),
        ~sa.exists(
            sa.select(sa.literal_column("1")).where(
                contacts.c.id == conversations.c.contact_id, contacts.c.erased_at.is_not(None)
            )
        ),
    )
)
_BECAME = Statement(sa.select(forwards.c.kept_id).where(forwards.c.gone_id == number("gone")))


class Conversations:
    """By contact and account, by id, and as a person may see them."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def find(self, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Conversation]:
        if not pairs:
            return {}
        rows = await self._tx.rows(_FIND, contact_ids=list({contact_id for contact_id, _ in pairs}))
        wanted = set(pairs)
        return {(row[1], row[2]): conversation(row) for row in rows if (row[1], row[2]) in wanted}

    async def between(self, contact_ids: Collection[int]) -> list[Conversation]:
        return [conversation(row) for row in await self._tx.rows(_FIND, contact_ids=list(contact_ids))]

    async def load(self, ids: Collection[int]) -> dict[int, Conversation]:
        if not ids:
            return {}
        return {row[0]: conversation(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def save(self, new: Sequence[Conversation] = (), changed: Sequence[Conversation] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def touch(self, ids: Collection[int], at: datetime) -> None:
        if ids:
            await self._tx.run(_TOUCH, ids=list(ids), at=micros(at))

    async def of_contact(self, viewer: Agent, contact_id: int) -> list[Conversation]:
        rows = await self._tx.rows(_OF_CONTACT, contact_id=contact_id, **seen_by(viewer))
        return [conversation(row) for row in rows]

    async def visible(self, viewer: Agent, conversation_id: int) -> Conversation | None:
        row = await self._tx.first(_VISIBLE, conversation_id=conversation_id, **seen_by(viewer))
        if row is None:
            became = await self._tx.value(_BECAME, gone=conversation_id)
            row = became and await self._tx.first(_VISIBLE, conversation_id=became, **seen_by(viewer))
        return None if row is None else conversation(row)


def _row(c: Conversation) -> tuple[object, ...]:
    return (
        c.id,
        c.contact_id,
        c.account_id,
        micros(c.created_at),
        c.agent_id,
        micros_or_none(c.first_inbound_at),
        micros_or_none(c.last_inbound_at),
        micros_or_none(c.last_manual_at),
        micros_or_none(c.last_interaction_at),
        micros_or_none(c.window_refuted_at),
        micros_or_none(c.ad_entry_at),
        micros_or_none(c.free_entry_until),
        c.block_state.value,
        micros_or_none(c.block_evidence_from),
        micros_or_none(c.pair_free_at),
        c.control,
        micros_or_none(c.control_at),
    )


def conversation(r: Row) -> Conversation:
    """Read a whole row."""
    return _make(
        r[0],
        r[1],
        r[2],
        moment(r[3]),
        r[4],
        moment_or_none(r[5]),
        moment_or_none(r[6]),
        moment_or_none(r[7]),
        moment_or_none(r[8]),
        moment_or_none(r[9]),
        moment_or_none(r[10]),
        moment_or_none(r[11]),
        _STATES[r[12]],
        moment_or_none(r[13]),
        moment_or_none(r[14]),
        r[15],
        moment_or_none(r[16]),
    )
