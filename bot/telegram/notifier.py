"""The Notifier port: a durable notice becomes a message in an agent's chat, in the agent's language.

What a message shows is remembered, so that answering it answers the customer and a card can be drawn again wherever it hangs. Telegram's
refusals are translated for the pump: the agent cannot be reached at all, this one notice is refused, or it will be tried again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from telegram import Message, ReactionTypeEmoji
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram import painter, showing
from bot.telegram.governor import Priority, Shed, seconds
from bot.telegram.screen import Screen
from bot.telegram.views import accounts, alerts, conversations, imports, media, pending
from bot.texts import Say, Texts
from crm.engine import Engine
from crm.errors import CrmError, NotFound, Unavailable
from crm.model.agents import REPLIED, Agent
from crm.model.alerts import Notice, NoticeKind, Severity
from crm.model.media import Media, MediaState
from crm.model.pending import PendingState
from crm.ports import AgentUnreachable, NoticePostponed, NoticeUndeliverable

log = structlog.get_logger(__name__)

LONGEST_WAIT = 60.0
REFUSED_TOKEN_WAIT = timedelta(minutes=5)
STORE_WAIT = timedelta(seconds=30)
ERASING_WAIT = 15.0
VARIATION = "\ufe0f"
"""WhatsApp writes a heart with it, Telegram without."""
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")


class TelegramNotifier:
    """Delivers notices through the bot."""

    def __init__(
        self,
        bot: ExtBot[int],
        engine: Callable[[], Engine],
        texts: Texts,
        link: Callable[[int, datetime], str | None] = lambda media_id, now: None,
    ) -> None:
        self._bot = bot
        self._link = link
        self._engine = engine
        self._texts = texts

    async def deliver(self, notice: Notice, agent: Agent | None) -> None:
        """Show a notice to its agent, draw every copy of a card again, or take a message out of its chat."""
        if notice.kind is NoticeKind.ERASED:
            await self._take_out(int(notice.params["chat_id"]), notice.subject_id)
            return
        if agent is None:
            await self._redraw(notice.subject_id, notice)
            return
        if notice.kind is NoticeKind.MEDIA:
            await self._show_file(notice, agent)
            return
        if notice.kind is NoticeKind.IMPORT and await self._edited(notice, agent):
            return
        above = await self._answered(notice, agent)
        if above is not None and await self._reacted(notice, agent, above):
            return
        screen = await self._screen(notice, agent, quote=above is None)
        if screen is None:
            return
        try:
            message = await painter.send(
                self._bot,
                agent.telegram_id,
                screen,
                priority=Priority.PUSH,
                silent=_silent(notice),
                answers=above,
            )
        except TelegramError as refusal:
            raise await self._meaning(refusal, notice, agent) from refusal
        await self._remember(agent.telegram_id, message.message_id, screen, notice)

    async def _screen(self, notice: Notice, agent: Agent, *, quote: bool = True) -> Screen | None:
        """What the notice looks like now; None when there is nothing to tell any more. With `quote` it says itself which message it
        is about, since none of this chat can be shown above it."""
        say = self._say(agent)
        match notice.kind:
            case NoticeKind.INBOUND:
                return conversations.inbound(notice.params, notice.conversation_id, agent, say, quote=quote)
            case NoticeKind.MANUAL:
                return conversations.manual(notice.params, notice.conversation_id, agent, say)
            case NoticeKind.CHANGED:
                return conversations.changed(notice.params, notice.conversation_id, agent, say)
            case NoticeKind.ALERT:
                return alerts.push(notice.subject_id, notice.params, agent, say)
            case NoticeKind.PENDING | NoticeKind.CARD:
                return await self._card(notice.subject_id, agent, say)
            case NoticeKind.IMPORT:
                return await self._import(notice.subject_id, say)
            case NoticeKind.TOKEN:
                params = notice.params
                return accounts.token_replaced(notice.subject_id, str(params["account"]), str(params["by"]), say)
            case NoticeKind.MEDIA | NoticeKind.ERASED:  # no screen alone
                return None

    async def _card(self, pending_id: int, agent: Agent, say: Say) -> Screen | None:
        try:
            card = await self._engine().pending.card(agent, pending_id)
        except NotFound:
            return None
        return pending.card(card, agent, say) if card.pending.state is PendingState.OPEN else None

    async def _import(self, account_id: int, say: Say) -> Screen | None:
        try:
            return imports.progress(await self._engine().imports.progress(account_id), say)
        except NotFound:
            return None

    async def _edited(self, notice: Notice, agent: Agent) -> bool:
        """Draw the newest message that shows this again; False when there is none that can be changed any more."""
        copies = await self._engine().desk.copies("import", notice.subject_id)
        message_id = max((number for chat, number in copies if chat == agent.telegram_id), default=None)
        screen = await self._import(notice.subject_id, self._say(agent))
        if screen is None or message_id is None:
            return screen is None
        try:
            await painter.edit(self._bot, agent.telegram_id, message_id, screen, priority=Priority.REFRESH)
        except painter.MessageGone:
            return False
        except TelegramError as refusal:
            raise await self._meaning(refusal, notice, agent) from refusal
        return True

    async def _remember(self, chat_id: int, message_id: int, screen: Screen, notice: Notice) -> None:
        shows = dict(screen.shows)
        if notice.kind in (NoticeKind.INBOUND, NoticeKind.MANUAL):
            shows["message"] = notice.subject_id
        for kind, subject in shows.items():
            await self._engine().desk.remember(chat_id, message_id, kind, subject)

    # --- what is about another message -------------------------------------------------------------------------------------------

    async def _answered(self, notice: Notice, agent: Agent) -> int | None:
        """The message of this chat that shows what the notice is about: what the customer answers or changed."""
        match notice.kind:
            case NoticeKind.INBOUND:
                about = notice.params.get("about")
                message_id = about.get("message_id") if isinstance(about, dict) else None
            case NoticeKind.CHANGED:
                message_id = notice.params.get("message_id")
            case _:
                return None
        return await self._shown(message_id, agent) if isinstance(message_id, int) else None

    async def _shown(self, message_id: int, agent: Agent) -> int | None:
        """The first message in the agent's chat that shows this one, or with which the agent said it."""
        for kind in ("message", REPLIED):
            copies = await self._engine().desk.copies(kind, message_id)
            if found := [number for chat, number in copies if chat == agent.telegram_id]:
                return min(found)
        return None

    async def _reacted(self, notice: Notice, agent: Agent, above: int) -> bool:
        """Show a reaction where it was put; False when this is none, or Telegram has no such reaction and it must be told in words."""
        if notice.kind is not NoticeKind.INBOUND or notice.params.get("kind") != "reaction":
            return False
        emoji = notice.params.get("text")
        bare = emoji.replace(VARIATION, "") if isinstance(emoji, str) else ""
        reaction = [ReactionTypeEmoji(bare)] if bare else []
        try:
            await self._bot.set_message_reaction(agent.telegram_id, above, reaction, rate_limit_args=int(Priority.PUSH))
        except BadRequest as refusal:
            if _is_about_the_chat(refusal):
                raise await self._meaning(refusal, notice, agent) from refusal
            return False
        except TelegramError as refusal:
            raise await self._meaning(refusal, notice, agent) from refusal
        return True

    # --- files ------------------------------------------------------------------------------------------------------------------

    async def _show_file(self, notice: Notice, agent: Agent) -> None:
        """Show a customer's file under the message that told of it, or say why there is none."""
        engine, say = self._engine(), self._say(agent)
        found = await engine.media.find(notice.subject_id)
        if found is None:
            return
        above = await self._above(notice, agent)
        content, small = await self._content(found), await self._small(found)
        shown = media.shown(found, notice.params, agent, say, alone=above is None)
        silent, sent = above is not None, None
        try:
            if content is not None:
                show = showing.Show(agent.telegram_id, found, content, shown, above, silent, small)
                sent = await self._tried(showing.send(self._bot, show), found)
            screen = self._instead(found, notice, agent, say)
            if sent is None and small is not None:
                show = showing.Show(agent.telegram_id, found, small, screen, above, silent)
                sent = await self._tried(showing.send_small(self._bot, show), found)
            if sent is None:
                sent = await painter.send(
                    self._bot, agent.telegram_id, screen, priority=Priority.PUSH, silent=silent, answers=above
                )
        except TelegramError as refusal:
            raise await self._meaning(refusal, notice, agent) from refusal
        for kind, subject in shown.shows.items():
            await engine.desk.remember(agent.telegram_id, sent.message_id, kind, subject)

    async def _tried(self, sending: Awaitable[Message], found: Media) -> Message | None:
        """The message, or None when Telegram does not take the file: then it is told in another way."""
        try:
            return await sending
        except BadRequest as refusal:
            if _is_about_the_chat(refusal):
                raise
            log.error("telegram_file_not_shown", media_id=found.id, problem=str(refusal).lower())
            return None

    async def _small(self, found: Media) -> bytes | None:
        """The small picture beside the file, if it has one. Whatever keeps it away keeps nobody from the file."""
        if found.state is not MediaState.STORED or found.thumbnail_key is None:
            return None
        try:
            return await self._engine().media.content(found.thumbnail_key)
        except CrmError as trouble:
            log.warning("media_without_thumbnail", media_id=found.id, code=trouble.code)
            return None

    async def _content(self, found: Media) -> bytes | None:
        """The bytes, if Telegram may take them. A store that does not answer now will answer later."""
        if found.state is not MediaState.STORED or found.key is None or (found.size or 0) > showing.LARGEST:
            return None
        try:
            return await self._engine().media.content(found.key)
        except NotFound:
            log.error("media_file_lost", media_id=found.id)
            return None
        except Unavailable as trouble:
            raise NoticePostponed(STORE_WAIT) from trouble

    def _instead(self, found: Media, notice: Notice, agent: Agent, say: Say) -> Screen:
        if found.state is not MediaState.STORED:
            return media.missing(found, notice.params, agent, say)
        link = self._link(found.id, self._engine().clock.now())
        return media.elsewhere(found, notice.params, link, agent, say)

    async def _above(self, notice: Notice, agent: Agent) -> int | None:
        """The message in this chat that told of the file's message."""
        message_id = notice.params.get("message_id")
        return await self._shown(message_id, agent) if isinstance(message_id, int) else None

    # --- cards that hang in chats ------------------------------------------------------------------------------------------------

    async def _redraw(self, pending_id: int, notice: Notice) -> None:
        """Every copy, as its own reader may see it. A copy that Telegram will not change any more is forgotten."""
        later: NoticePostponed | None = None
        for chat_id, message_id in await self._engine().desk.copies("pending", pending_id):
            agent = await self._engine().agents.by_telegram(chat_id)
            if agent is None or not agent.active:
                continue
            try:
                card = await self._engine().pending.card(agent, pending_id)
            except NotFound:
                continue
            try:
                screen = pending.card(card, agent, self._say(agent))
                await painter.edit(self._bot, chat_id, message_id, screen, priority=Priority.REFRESH)
            except painter.MessageGone:
                await self._engine().desk.remember(chat_id, message_id, "pending", 0)
            except TelegramError as refusal:
                meaning = await self._meaning(refusal, notice, agent)
                later = meaning if isinstance(meaning, NoticePostponed) else later
        if later is not None:
            raise later

    async def _take_out(self, chat_id: int, message_id: int) -> None:
        """Delete a message; one that is too old for that (48 hours) is left without its words. What is gone, is gone."""
        try:
            await self._bot.delete_message(chat_id, message_id, rate_limit_args=int(Priority.REFRESH))
        except BadRequest as refusal:
            if "can't be deleted" in str(refusal).lower():
                await self._blank(chat_id, message_id)
        except Forbidden:
            log.info("telegram_message_out_of_reach", chat_id=chat_id)
        except TelegramError as trouble:
            wait = seconds(trouble) if isinstance(trouble, RetryAfter) else ERASING_WAIT
            raise NoticePostponed(timedelta(seconds=wait)) from trouble

    async def _blank(self, chat_id: int, message_id: int) -> None:
        agent = await self._engine().agents.by_telegram(chat_id)
        say = self._say(agent) if agent is not None else self._texts.say("en", "UTC", self._engine().clock.now())
        try:
            await painter.edit(self._bot, chat_id, message_id, Screen(say("erased-message")), priority=Priority.REFRESH)
        except painter.MessageGone:
            return
        except BadRequest as refusal:
            log.info("telegram_message_not_blanked", chat_id=chat_id, problem=str(refusal).lower())

    # --- refusals ----------------------------------------------------------------------------------------------------------------

    async def _meaning(
        self, refusal: TelegramError, notice: Notice, agent: Agent
    ) -> AgentUnreachable | NoticeUndeliverable | NoticePostponed:
        """What Telegram's refusal means for this notice (telegram.md 5.4)."""
        said = str(refusal).lower()
        match refusal:
            case RetryAfter():
                return NoticePostponed(timedelta(seconds=seconds(refusal)))
            case Shed():
                return NoticePostponed(timedelta(seconds=1))
            case Forbidden():
                return await self._unreachable(agent, said)
            case BadRequest() if _is_about_the_chat(refusal):
                return await self._unreachable(agent, said)
            case BadRequest() | ChatMigrated():
                log.error("telegram_notice_refused", notice_id=notice.id, kind=notice.kind.value, problem=said)
                return NoticeUndeliverable(said)
            case InvalidToken():
                log.critical("telegram_token_refused")
                return NoticePostponed(REFUSED_TOKEN_WAIT)
            case _:
                return NoticePostponed(timedelta(seconds=min(2.0 ** min(notice.attempts, 10), LONGEST_WAIT)))

    async def _unreachable(self, agent: Agent, said: str) -> AgentUnreachable:
        log.warning("telegram_agent_unreachable", agent_id=agent.id, problem=said)
        await self._engine().agents.unreachable(agent)
        return AgentUnreachable(said)

    def _say(self, agent: Agent) -> Say:
        return self._texts.say(agent.language, agent.time_zone, self._engine().clock.now())


def _is_about_the_chat(refusal: TelegramError) -> bool:
    said = str(refusal).lower()
    return any(words in said for words in _NO_CHAT)


def _silent(notice: Notice) -> bool:
    """What rings: a customer, a card, and alerts that are more than information."""
    if notice.kind is NoticeKind.ALERT:
        return notice.params.get("severity") == Severity.INFO.value
    return notice.kind in (NoticeKind.MANUAL, NoticeKind.IMPORT)
