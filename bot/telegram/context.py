"""What a handler has in hand: who asks, how to speak to them, the engine, and one way to show something.

Only `show` decides whether a screen is sent or takes the place of the message whose button was pressed. A press is answered exactly
once; what is said after that comes as a message.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.telegram import errors, painter
from bot.telegram.screen import Screen
from bot.telegram.views import help as help_views
from bot.texts import Say, Texts, clip
from crm.engine import Engine
from crm.errors import CrmError
from crm.model.agents import Agent
from crm.model.media import MediaKind

log = structlog.get_logger(__name__)

Data = dict[Any, Any]

LONGEST_TOAST = 200
LATE_AFTER = timedelta(seconds=120)
DIALOG_LASTS = timedelta(minutes=30)
FILMS, OTHERS = 2, 4


class Rooms:
    """How many agents' files are in hand at a time, each with its bytes in memory; films have a room of their own. Whoever waits longer
    than `patience` wants to read that something happens."""

    def __init__(self, patience: timedelta) -> None:
        self.patience = patience.total_seconds()
        self._films, self._others = asyncio.Semaphore(FILMS), asyncio.Semaphore(OTHERS)

    def of(self, kind: MediaKind) -> asyncio.Semaphore:
        """The room that this kind of file needs."""
        return self._films if kind is MediaKind.VIDEO else self._others


class Context(CallbackContext[ExtBot[int], Data, Data, Data]):
    """One update's surroundings."""

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self.incoming: Update | None = None
        self._agent: Agent | None = None
        self._answered = False

    @classmethod
    def from_update(cls, update: object, application: Any) -> "Context":
        context = super().from_update(update, application)
        context.incoming = update if isinstance(update, Update) else None
        return context

    # --- who and where ---------------------------------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        engine: Engine = self.bot_data["engine"]
        return engine

    @property
    def texts(self) -> Texts:
        texts: Texts = self.bot_data["texts"]
        return texts

    @property
    def rooms(self) -> Rooms:
        rooms: Rooms = self.bot_data["rooms"]
        return rooms

    @property
    def can_take_secrets(self) -> bool:
        """Whether there is an address of ours over TLS, where a secret can be typed."""
        return self.bot_data["form_address"] is not None

    def form_address(self, secret: str) -> str:
        """The address of a form, if there can be one."""
        address: Callable[[str], str] = self.bot_data["form_address"]
        return address(secret)

    @property
    def now(self) -> datetime:
        return self.engine.clock.now()

    @property
    def agent(self) -> Agent:
        """Who asks; the gate has settled it."""
        if self._agent is None:
            raise RuntimeError("a handler ran for a stranger")
        return self._agent

    @agent.setter
    def agent(self, agent: Agent) -> None:
        self._agent = agent

    @property
    def known(self) -> bool:
        return self._agent is not None

    @property
    def say(self) -> Say:
        return self.texts.say(self.agent.language, self.agent.time_zone, self.now)

    @property
    def chat_id(self) -> int:
        chat = self.incoming.effective_chat if self.incoming else None
        if chat is None:
            raise RuntimeError("an update without a chat")
        return chat.id

    @property
    def query(self) -> CallbackQuery | None:
        return self.incoming.callback_query if self.incoming else None

    @property
    def message(self) -> Message | None:
        return self.incoming.message if self.incoming else None

    @property
    def pressed_on(self) -> int | None:
        """The message whose button was pressed."""
        return self.query.message.message_id if self.query and self.query.message else None

    # --- answering -------------------------------------------------------------------------------------------------------------

    async def show(
        self, screen: Screen, *, new: bool = False, at: int | None = None, answers: int | None = None
    ) -> int:
        """Show a screen: in place of the pressed message or the one `at`, or as a new one. What it shows is remembered."""
        known: Mapping[str, int] = {}
        message_id = at if at is not None else None if new or screen.ask else self.pressed_on
        if message_id is not None:
            known = await self.engine.desk.recall(self.chat_id, message_id)
            try:
                await painter.edit(self.bot, self.chat_id, message_id, screen)
            except painter.MessageGone:
                message_id, known = None, {}
        if message_id is None:
            message_id = (await painter.send(self.bot, self.chat_id, screen, answers=answers)).message_id
        for kind, subject in painter.changed_marks(known, screen).items():
            await self.engine.desk.remember(self.chat_id, message_id, kind, subject)
        return message_id

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the press; for a typed order, or a press that was answered before, say it in the chat."""
        if self.query is None or self._answered:
            if alert or self.query is None:
                await self.show(help_views.refusal(text, self.say), new=True)
            return
        self._answered = True
        await self._answer(clip(text, LONGEST_TOAST), alert)

    async def answered(self) -> None:
        """Make sure that the press was answered, else the client keeps turning its wheel."""
        if self.query is not None and not self._answered:
            self._answered = True
            await self._answer(None, alert=False)

    async def _answer(self, text: str | None, alert: bool) -> None:
        if self.query is None:
            return
        try:
            await self.bot.answer_callback_query(self.query.id, text, show_alert=alert)
        except BadRequest as refusal:
            log.info("telegram_press_too_old", problem=str(refusal))

    async def refuse(self, error: CrmError) -> None:
        """Say why not."""
        await self.toast(errors.said(error, self.say), alert=True)

    async def fail(self, error: Exception) -> None:
        """Say that something went wrong, with a number that leads to the log."""
        text = errors.unexpected(error, self.say, update_id=self.incoming.update_id if self.incoming else None)
        try:
            await self.toast(text, alert=True)
        except TelegramError as trouble:
            log.warning("telegram_failure_not_told", problem=errors.harmless(trouble))

    # --- time and dialogs ------------------------------------------------------------------------------------------------------

    def late(self, message: Message) -> bool:
        """Did this order lie around while we were offline? Then it is asked about first (telegram.md 2.0.10)."""
        return self.now - message.date > LATE_AFTER

    async def open_dialog(self, kind: str, **facts: object) -> None:
        """What the next words in this chat will mean."""
        await self.engine.desk.set_dialog(self.chat_id, {"kind": kind, "at": self.now.isoformat(), **facts})

    async def dialog(self) -> Mapping[str, Any] | None:
        """The open dialog; one that nobody answered in time has ended."""
        state = await self.engine.desk.dialog(self.chat_id)
        if state is None:
            return None
        opened = datetime.fromisoformat(str(state["at"]))
        return state if self.now - opened <= DIALOG_LASTS else None

    async def end_dialog(self) -> bool:
        """Forget the dialog; tell whether there was one."""
        if await self.engine.desk.dialog(self.chat_id) is None:
            return False
        await self.engine.desk.set_dialog(self.chat_id, None)
        return True


App = Application[ExtBot[int], Context, Data, Data, Data, None]
