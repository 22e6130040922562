"""Counts for screens and metrics, each from an index alone."""

from datetime import datetime

import sqlalchemy as sa

from crm.model.conversations import BlockState
from storage.statements import Statement, literal, number
from storage.tables import CONVERSATION_SUSPECT, contacts, conversations, messages
from storage.transaction import Transaction
from storage.types import micros

_MESSAGES = Statement(
    sa.select(messages.c.direction, messages.c.kind, messages.c.status, sa.func.count()).group_by(
        messages.c.direction, messages.c.kind, messages.c.status
    )
)
_CONTACTS = Statement(sa.select(sa.func.count()).select_from(contacts))
_OPEN_WINDOWS = Statement(
    sa.select(sa.func.count()).select_from(conversations).where(conversations.c.last_inbound_at > number("since"))
)
_CONVERSATIONS = Statement(sa.select(sa.func.count()).select_from(conversations))
_SUSPECT = Statement(
    sa.select(conversations.c.block_state, sa.func.count())
    .where(literal(CONVERSATION_SUSPECT))
    .group_by(conversations.c.block_state)
)


class Overview:
    """How much there is of everything."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def messages_by_kind_and_status(self) -> dict[tuple[str, str, str], int]:
        rows = await self._tx.rows(_MESSAGES)
        return {(direction, kind, status): count for direction, kind, status, count in rows}

    async def contacts(self) -> int:
        count: int = await self._tx.value(_CONTACTS)
        return count

    async def conversations_with_open_window(self, since: datetime) -> int:
        count: int = await self._tx.value(_OPEN_WINDOWS, since=micros(since))
        return count

    async def blocks(self) -> dict[str, int]:
        suspect = await self._tx.pairs(_SUSPECT)
        total: int = await self._tx.value(_CONVERSATIONS)
        return {BlockState.CLEAR.value: total - sum(suspect.values()), **suspect}
