"""Contacts that became one: what was joined, the rows that moved, and where whoever asks for what is gone finds it.

Rows move by sets inside the database, however many messages a conversation has, and each move is noted so that it can be taken back.
"""

from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from crm.model.merges import Merge, MergeWhy
from storage.statements import Row, Statement, insert, number, text
from storage.tables import (
    alerts,
    contacts,
    conversations,
    delivery_issues,
    enrollments,
    forwards,
    identities,
    merged_rows,
    merges,
    messages,
    notes,
    notices,
    outbox,
    pending,
    tg_messages,
)
from storage.transaction import Transaction
from storage.types import micros, micros_or_none, moment, moment_or_none

_FACTS = TypeAdapter(Merge)
"""A merge as JSON. A read-only mapping, which pydantic does not know, is written as the dict that is read back."""
_MOVING = (enrollments, outbox, messages, pending, delivery_issues)
"""Whatever belongs to a conversation and its contact; the outbox before the messages, by whose index it is found."""
_CHAT = "conversation"
"""How `tg_messages` calls a message that shows a conversation."""


def _noting(name: str, row: Any, part: Any, conversation: Any, *where: Any) -> Statement:
    found = sa.select(number("merge_id"), sa.literal_column(f"'{name}'"), row, part, conversation).where(*where)
    return Statement(sa.insert(merged_rows).from_select([c.name for c in merged_rows.c], found).inline())


def _noted(name: str) -> Any:
    return sa.select(merged_rows.c.row_id).where(
        merged_rows.c.merge_id == number("merge_id"),
        merged_rows.c.noun == sa.literal_column(f"'{name}'"),
        merged_rows.c.conversation_id == number("back_to"),
    )


def _belongs(table: sa.Table) -> list[Any]:
    here = table.c.conversation_id == number("gone")
    if table is not outbox:
        return [here]
    return [table.c.id.in_(sa.select(messages.c.id).where(messages.c.conversation_id == number("gone"))), here]


_ZERO: Any = sa.literal_column("0")
_NOTE = [_noting(each.name, each.c.id, _ZERO, each.c.conversation_id, *_belongs(each)) for each in _MOVING]
_MOVE = [
    Statement(
        sa.update(each).where(*_belongs(each)).values(conversation_id=number("kept"), contact_id=number("contact"))
    )
    for each in _MOVING
]
_RETURN = [
    Statement(
        sa.update(each)
        .where(each.c.conversation_id == number("kept"), each.c.id.in_(_noted(each.name)))
        .values(conversation_id=number("back_to"), contact_id=number("contact"))
    )
    for each in _MOVING
]
_NOTE_CHATS = _noting(
    tg_messages.name,
    tg_messages.c.chat_id,
    tg_messages.c.message_id,
    tg_messages.c.subject_id,
    tg_messages.c.kind == sa.literal_column(f"'{_CHAT}'"),
    tg_messages.c.subject_id == number("gone"),
)
_MOVE_CHATS = Statement(
    sa.update(tg_messages)
    .where(tg_messages.c.kind == sa.literal_column(f"'{_CHAT}'"), tg_messages.c.subject_id == number("gone"))
    .values(subject_id=number("kept"))
)
_RETURN_CHATS = Statement(
    sa.update(tg_messages)
    .where(
        tg_messages.c.kind == sa.literal_column(f"'{_CHAT}'"),
        tg_messages.c.subject_id == number("kept"),
        sa.exists(
            sa.select(sa.literal_column("1")).where(
                merged_rows.c.merge_id == number("merge_id"),
                merged_rows.c.noun == sa.literal_column(f"'{tg_messages.name}'"),
                merged_rows.c.row_id == tg_messages.c.chat_id,
                merged_rows.c.part == tg_messages.c.message_id,
                merged_rows.c.conversation_id == number("back_to"),
            )
        ),
    )
    .values(subject_id=number("back_to"))
)
_MOVE_NOTICES = Statement(
    sa.update(notices).where(notices.c.conversation_id == number("gone")).values(conversation_id=number("kept"))
)
_NOTE_ALERTS = _noting(
    alerts.name, alerts.c.id, _ZERO, sa.func.coalesce(alerts.c.contact_id, _ZERO), alerts.c.contact_id == number("gone")
)
_MOVE_ALERTS = Statement(
    sa.update(alerts).where(alerts.c.contact_id == number("gone")).values(contact_id=number("kept"))
)
_RETURN_ALERTS = Statement(
    sa.update(alerts).where(alerts.c.id.in_(_noted(alerts.name))).values(contact_id=number("back_to"))
)
_NOTE_NOTES = _noting(notes.name, notes.c.id, _ZERO, notes.c.contact_id, notes.c.contact_id == number("gone"))
_MOVE_NOTES = Statement(sa.update(notes).where(notes.c.contact_id == number("gone")).values(contact_id=number("kept")))
_RETURN_NOTES = Statement(
    sa.update(notes).where(notes.c.id.in_(_noted(notes.name))).values(contact_id=number("back_to"))
)
_GIVE = Statement(
    sa.update(messages)
    .where(messages.c.id == number("message_id"))
    .values(conversation_id=number("conversation"), contact_id=number("contact"))
)
_SINCE = Statement(
    sa.select(messages.c.id)
    .where(
        messages.c.conversation_id == number("kept"),
        messages.c.created_at >= number("since"),
        messages.c.direction == sa.literal_column("'in'"),
    )
    .order_by(messages.c.id)
)
_EMPTY = Statement(
    sa.select(
        ~sa.or_(
            *(
                sa.exists(sa.select(sa.literal_column("1")).where(each.c.conversation_id == number("kept")))
                for each in _MOVING
                if each is not outbox
            )
        )
    )
)

_FORWARD = insert(forwards)
_SHORTEN = Statement(sa.update(forwards).where(forwards.c.kept_id == number("gone")).values(kept_id=number("kept")))
_RECALL = Statement(sa.delete(forwards).where(forwards.c.gone_id == number("gone")))
_NOW = Statement(sa.select(forwards.c.kept_id).where(forwards.c.gone_id == number("gone")))

_INSERT = insert(merges)
_UNDONE = Statement(
    sa.update(merges).where(merges.c.id == number("of")).values(undone_at=number("now"), undone_by=text("by"))
)
_GET = Statement(sa.select(merges).where(merges.c.id == number("of")))
_OF = Statement(
    sa.select(merges)
    .where(sa.or_(merges.c.kept_id == number("contact"), merges.c.gone_id == number("contact")))
    .order_by(merges.c.at.desc(), merges.c.id.desc())
    .limit(number("at_most"))
)
_FORGET = [
    Statement(sa.delete(identities).where(identities.c.contact_id == number("gone"))),
    Statement(sa.delete(contacts).where(contacts.c.id == number("gone"))),
]
_DROP = Statement(sa.delete(conversations).where(conversations.c.id == number("gone")))


class Merges:
    """Moves rows between contacts, and remembers it."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def move(self, merge_id: int, gone: int, kept: int, contact_id: int) -> None:
        for note, move in zip(_NOTE, _MOVE, strict=True):
            await self._tx.run(note, merge_id=merge_id, gone=gone)
            await self._tx.run(move, gone=gone, kept=kept, contact=contact_id)
        await self._tx.run(_NOTE_CHATS, merge_id=merge_id, gone=gone)
        await self._tx.run(_MOVE_CHATS, gone=gone, kept=kept)
        await self._tx.run(_MOVE_NOTICES, gone=gone, kept=kept)
        await self._forward(gone, kept)
        await self._tx.run(_DROP, gone=gone)

    async def forget(self, merge_id: int, gone: int, kept: int) -> None:
        await self._tx.run(_NOTE_ALERTS, merge_id=merge_id, gone=gone)
        await self._tx.run(_MOVE_ALERTS, gone=gone, kept=kept)
        await self._tx.run(_NOTE_NOTES, merge_id=merge_id, gone=gone)
        await self._tx.run(_MOVE_NOTES, gone=gone, kept=kept)
        await self._forward(gone, kept)
        for statement in _FORGET:
            await self._tx.run(statement, gone=gone)

    async def give_back(self, merge_id: int, kept: int, gone: int, contact_id: int) -> None:
        for statement in _RETURN:
            await self._tx.run(statement, merge_id=merge_id, kept=kept, back_to=gone, contact=contact_id)
        await self._tx.run(_RETURN_CHATS, merge_id=merge_id, kept=kept, back_to=gone)
        await self._tx.run(_RECALL, gone=gone)

    async def give_alerts_back(self, merge_id: int, contact_id: int) -> None:
        await self._tx.run(_RETURN_ALERTS, merge_id=merge_id, back_to=contact_id)
        await self._tx.run(_RETURN_NOTES, merge_id=merge_id, back_to=contact_id)
        await self._tx.run(_RECALL, gone=contact_id)

    async def written_since(self, conversation_id: int, merge: Merge) -> list[int]:
        rows = await self._tx.rows(_SINCE, kept=conversation_id, since=micros(merge.at))
        return [row[0] for row in rows]

    async def give(self, message_id: int, conversation_id: int, contact_id: int) -> None:
        await self._tx.run(_GIVE, message_id=message_id, conversation=conversation_id, contact=contact_id)

    async def drop_if_empty(self, conversation_id: int) -> bool:
        if not await self._tx.value(_EMPTY, kept=conversation_id):
            return False
        await self._tx.run(_DROP, gone=conversation_id)
        return True

    async def add(self, merge: Merge) -> None:
        await self._tx.run_row(
            _INSERT,
            (
                merge.id,
                micros(merge.at),
                merge.actor,
                merge.why.value,
                merge.kept.id,
                merge.gone.id,
                _FACTS.dump_json(merge, fallback=dict, warnings=False).decode(),
                micros_or_none(merge.undone_at),
                merge.undone_by,
            ),
        )

    async def undone(self, merge: Merge) -> None:
        await self._tx.run(_UNDONE, of=merge.id, now=micros_or_none(merge.undone_at), by=merge.undone_by)

    async def get(self, merge_id: int) -> Merge | None:
        row = await self._tx.first(_GET, of=merge_id)
        return None if row is None else _merge(row)

    async def of(self, contact_id: int, limit: int) -> list[Merge]:
        return [_merge(row) for row in await self._tx.rows(_OF, contact=contact_id, at_most=limit)]

    async def now(self, number: int) -> int:
        kept = await self._tx.value(_NOW, gone=number)
        return number if kept is None else kept

    async def _forward(self, gone: int, kept: int) -> None:
        await self._tx.run(_SHORTEN, gone=gone, kept=kept)
        await self._tx.run_row(_FORWARD, (gone, kept))


def _merge(row: Row) -> Merge:
    facts = _FACTS.validate_json(row[6])
    return Merge(
        row[0],
        moment(row[1]),
        row[2],
        MergeWhy(row[3]),
        facts.kept,
        facts.gone,
        facts.after,
        facts.names,
        facts.conversations,
        facts.walks,
        facts.issues,
        moment_or_none(row[7]),
        row[8],
    )
