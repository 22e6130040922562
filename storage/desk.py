"""What the Telegram side remembers over a restart: updates in hand, what each message shows, dialogs, confirmations."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.statements import Statement, insert, literal, number, one_of, text
from storage.tables import UPDATE_UNHANDLED, confirmations, dialogs, tg_messages, tg_updates
from storage.transaction import Transaction
from storage.types import dumps, loads, micros
from storage.upserts import keep_first, put

_ADD_UPDATE = keep_first(tg_updates)
_UNHANDLED = Statement(
    sa.select(tg_updates.c.update_id, tg_updates.c.body)
    .where(literal(UPDATE_UNHANDLED))
    .order_by(tg_updates.c.update_id)
)
_HANDLED = Statement(
    sa.update(tg_updates).where(tg_updates.c.update_id == number("of_update")).values(handled_at=number("now"))
)
_BLANK = Statement(
    sa.update(tg_updates)
    .where(tg_updates.c.update_id == number("of_update"))
    .values(body=sa.bindparam("blank", type_=sa.LargeBinary()))
)
_PRUNE = Statement(sa.delete(tg_updates).where(tg_updates.c.handled_at < number("before")))

_REMEMBER = put(tg_messages, ("chat_id", "message_id", "kind"))
_RECALL = Statement(
    sa.select(tg_messages.c.kind, tg_messages.c.subject_id).where(
        tg_messages.c.chat_id == number("in_chat"), tg_messages.c.message_id == number("of_message")
    )
)
_COPIES = Statement(
    sa.select(tg_messages.c.chat_id, tg_messages.c.message_id)
    .where(tg_messages.c.kind == text("of_kind"), tg_messages.c.subject_id == number("subject"))
    .order_by(tg_messages.c.chat_id, tg_messages.c.message_id)
)
_SHOWN = Statement(
    sa.select(tg_messages.c.subject_id)
    .where(tg_messages.c.kind == text("of_kind"), one_of(tg_messages.c.subject_id, "subject_ids"))
    .distinct()
)

_DIALOG = Statement(sa.select(dialogs.c.state).where(dialogs.c.chat_id == number("in_chat")))
_SET_DIALOG = put(dialogs, ("chat_id",))
_END_DIALOG = Statement(sa.delete(dialogs).where(dialogs.c.chat_id == number("in_chat")))

_ADD_CONFIRMATION = insert(confirmations, without=("used_at",))
_USE_CONFIRMATION = Statement(
    sa.update(confirmations)
    .where(
        confirmations.c.token == text("shown"),
        confirmations.c.agent_id == number("by"),
        confirmations.c.used_at.is_(None),
        confirmations.c.expires_at > number("now"),
    )
    .values(used_at=number("now"))
    .returning(confirmations.c.act)
)


class Desk:
    """Small facts, one statement each."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add_update(self, update_id: int, body: bytes, now: datetime) -> bool:
        return await self._tx.run_row(_ADD_UPDATE, (update_id, body, micros(now), None)) == 1

    async def unhandled_updates(self) -> list[tuple[int, bytes]]:
        return [(update_id, bytes(body)) for update_id, body in await self._tx.rows(_UNHANDLED)]

    async def update_handled(self, update_id: int, now: datetime) -> None:
        await self._tx.run(_HANDLED, of_update=update_id, now=micros(now))

    async def blank_update(self, update_id: int, body: bytes) -> None:
        await self._tx.run(_BLANK, of_update=update_id, blank=body)

    async def prune_updates(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))

    async def remember(self, chat_id: int, message_id: int, kind: str, subject_id: int, now: datetime) -> None:
        await self._tx.run_row(_REMEMBER, (chat_id, message_id, kind, subject_id, micros(now)))

    async def recall(self, chat_id: int, message_id: int) -> dict[str, int]:
        return await self._tx.pairs(_RECALL, in_chat=chat_id, of_message=message_id)

    async def copies(self, kind: str, subject_id: int) -> list[tuple[int, int]]:
        rows = await self._tx.rows(_COPIES, of_kind=kind, subject=subject_id)
        return [(chat_id, message_id) for chat_id, message_id in rows]

    async def shown(self, kind: str, subject_ids: Collection[int]) -> set[int]:
        rows = await self._tx.rows(_SHOWN, of_kind=kind, subject_ids=list(subject_ids)) if subject_ids else []
        return {row[0] for row in rows}

    async def dialog(self, chat_id: int) -> Mapping[str, Any] | None:
        row = await self._tx.first(_DIALOG, in_chat=chat_id)
        if row is None:
            return None
        state: Mapping[str, Any] = loads(row[0])
        return state

    async def set_dialog(self, chat_id: int, state: Mapping[str, Any] | None, now: datetime) -> None:
        if state is None:
            await self._tx.run(_END_DIALOG, in_chat=chat_id)
        else:
            await self._tx.run_row(_SET_DIALOG, (chat_id, dumps(state), micros(now)))

    async def add_confirmation(self, token: str, agent_id: int, act: Mapping[str, Any], expires_at: datetime) -> None:
        await self._tx.run_row(_ADD_CONFIRMATION, (token, agent_id, dumps(act), micros(expires_at)))

    async def use_confirmation(self, token: str, agent_id: int, now: datetime) -> Mapping[str, Any] | None:
        row = await self._tx.first(_USE_CONFIRMATION, shown=token, by=agent_id, now=micros(now))
        if row is None:
            return None
        act: Mapping[str, Any] = loads(row[0])
        return act
