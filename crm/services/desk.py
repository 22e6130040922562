"""What the Telegram side must remember over a restart: updates, which message shows what, and open dialogs."""

from collections.abc import Mapping
from typing import Any

from crm.clock import Clock
from crm.model.agents import Agent
from crm.model.audit import AuditEntry
from crm.ports import Store

BLANK = b'{"update_id": %d}'
"""An update without anything in it, which can still be read."""


class DeskService:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def add_update(self, update_id: int, body: bytes) -> bool:
        """Keep an update before it is handled; False when it is already there."""
        async with self._store.begin() as uow:
            return await uow.desk.add_update(update_id, body, self._clock.now())

    async def unhandled_updates(self) -> list[tuple[int, bytes]]:
        async with self._store.read() as uow:
            return await uow.desk.unhandled_updates()

    async def update_handled(self, update_id: int) -> None:
        async with self._store.begin() as uow:
            await uow.desk.update_handled(update_id, self._clock.now())

    async def leaked(self, by: Agent, update_id: int) -> None:
        """Somebody typed a secret into the chat: what was kept of that update goes, and the audit says that it happened."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.desk.blank_update(update_id, BLANK % update_id)
            await uow.audit.add(
                [AuditEntry(now, f"agent:{by.id}", "secret.leaked", f"agent:{by.id}", why="typed in chat")]
            )

    async def remember(self, chat_id: int, message_id: int, kind: str, subject_id: int) -> None:
        async with self._store.begin() as uow:
            await uow.desk.remember(chat_id, message_id, kind, subject_id, self._clock.now())

    async def recall(self, chat_id: int, message_id: int) -> dict[str, int]:
        async with self._store.read() as uow:
            return await uow.desk.recall(chat_id, message_id)

    async def copies(self, kind: str, subject_id: int) -> list[tuple[int, int]]:
        async with self._store.read() as uow:
            return await uow.desk.copies(kind, subject_id)

    async def dialog(self, chat_id: int) -> Mapping[str, Any] | None:
        async with self._store.read() as uow:
            return await uow.desk.dialog(chat_id)

    async def set_dialog(self, chat_id: int, state: Mapping[str, Any] | None) -> None:
        async with self._store.begin() as uow:
            await uow.desk.set_dialog(chat_id, state, self._clock.now())
