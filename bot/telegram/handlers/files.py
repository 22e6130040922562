"""An agent's file on its way to a customer: set aside so that the chat goes on, made fit, and told about under the file itself.

What takes its time says so in a line, and the line becomes what came of it. All of it is the one update: a process that dies in
between handles it again, finds the line that it had written, and the engine knows whether the file has left already.
"""

import asyncio
from types import TracebackType
from typing import Self

import structlog
from telegram.error import TelegramError

from bot.telegram import errors, files, painter
from bot.telegram.context import Context
from bot.telegram.files import Handed
from bot.telegram.governor import Priority
from bot.telegram.screen import Screen
from bot.telegram.views import conversations as views
from crm.model.media import KeptFile

log = structlog.get_logger(__name__)

NOTE = "note"
"""What the desk remembers of an agent's file: the line under it."""


async def kept(ctx: Context, file: Handed) -> KeptFile:
    """The file, fit for WhatsApp and kept. Films wait for films only, and what waits is not fetched yet."""
    async with ctx.rooms.of(file.kind):
        content = await files.fetched(ctx.bot, file)
        return await ctx.engine.files.keep(ctx.agent, file.kind, content, file.mime_type, file.name)


class Note:
    """The line under an agent's file; it `appears` when the file takes its time. `shown` is one that an earlier try has written."""

    def __init__(self, ctx: Context, message_id: int, shown: int | None, *, appears: bool = False) -> None:
        self._ctx, self._message_id, self._shown, self._appears = ctx, message_id, shown or None, appears
        self._timer: asyncio.TimerHandle | None = None
        self._appearing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._appears and self._shown is None:
            self._timer = asyncio.get_running_loop().call_later(self._ctx.rooms.patience, self._begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(
            error, Exception
        ):  # it is told elsewhere; who is only cut off comes again and goes on with this line
            await self.goes()
        self._quiet()

    async def there(self) -> bool:
        """Whether it is, or is about to be, in the chat."""
        self._quiet()
        if self._appearing is not None:
            await self._appearing
        return self._shown is not None

    async def becomes(self, screen: Screen) -> None:
        """Say what came of it: in place of the line, or under the file."""
        await self.there()
        await self._ctx.show(screen, new=True, at=self._shown, answers=self._message_id)
        await self._forget()

    async def goes(self) -> None:
        """Take the line away."""
        if await self.there() and self._shown is not None:
            try:
                await self._ctx.bot.delete_message(
                    self._ctx.chat_id, self._shown, rate_limit_args=int(Priority.REFRESH)
                )
            except TelegramError as trouble:
                log.info("telegram_note_not_deleted", problem=errors.harmless(trouble))
            await self._forget()

    def _quiet(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        self._appearing = asyncio.ensure_future(self._appear())

    async def _appear(self) -> None:
        ctx = self._ctx
        try:
            sent = await painter.send(ctx.bot, ctx.chat_id, views.preparing(ctx.say), answers=self._message_id)
            self._shown = sent.message_id
            await ctx.engine.desk.remember(ctx.chat_id, self._message_id, NOTE, sent.message_id)
        except Exception as trouble:  # a courtesy: without it the file goes its way all the same
            log.warning("telegram_note_not_shown", problem=errors.harmless(trouble))

    async def _forget(self) -> None:
        if self._shown is not None:
            self._shown = None
            await self._ctx.engine.desk.remember(self._ctx.chat_id, self._message_id, NOTE, 0)
