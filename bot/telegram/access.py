"""The gate in front of every handler: who is this, and may they speak to the bot here?

People are known by their numeric Telegram id, never by a username. A stranger gets no answer at all, so that nobody can find out what
this bot is; the one thing a stranger may send is a one-time code, five times an hour. What was allowed yesterday is asked
again at every press: role and state are read anew each time.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

import structlog
from telegram import Chat, Update, User
from telegram.ext import ApplicationHandlerStop

from bot.telegram import parse
from bot.telegram.context import Context
from crm.model.agents import Agent

log = structlog.get_logger(__name__)

TRIES = 5
WITHIN = timedelta(hours=1)
REMEMBERED = 10_000


class Tries:
    """Counts each person's tries at a code; the oldest people are forgotten first."""

    def __init__(self, tries: int = TRIES, within: timedelta = WITHIN, remembered: int = REMEMBERED) -> None:
        self._tries, self._within, self._remembered = tries, within, remembered
        self._seen: OrderedDict[int, deque[datetime]] = OrderedDict()

    def allowed(self, user_id: int, now: datetime) -> bool:
        """Count one try; False when there were too many."""
        tries = self._seen.setdefault(user_id, deque(maxlen=self._tries))
        self._seen.move_to_end(user_id)
        while len(self._seen) > self._remembered:
            self._seen.popitem(last=False)
        while tries and now - tries[0] >= self._within:
            tries.popleft()
        if len(tries) == self._tries:
            return False
        tries.append(now)
        return True


class Gate:
    """Handler group -1: sets `ctx.agent` or stops the update."""

    def __init__(self, tries: Tries | None = None) -> None:
        self._tries = tries or Tries()

    async def check(self, update: Update, ctx: Context) -> None:
        """Let agents in; let a stranger's code through; end everything else here."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or not _is_person(update, user):
            raise ApplicationHandlerStop
        agent = await ctx.engine.agents.by_telegram(user.id)
        code = parse.start_code(update.message.text) if update.message and chat.type == Chat.PRIVATE else None
        if code is not None and not self._tries.allowed(user.id, ctx.now):
            log.warning("telegram_code_tries_exhausted", telegram_id=user.id)
            raise ApplicationHandlerStop
        if agent is None or not agent.active:
            if code is None:
                raise ApplicationHandlerStop
            return
        ctx.agent = await self._reachable(ctx, agent, chat, update)

    async def _reachable(self, ctx: Context, agent: Agent, chat: Chat, update: Update) -> Agent:
        """Somebody who writes or presses in private can be written to again."""
        if agent.reachable or chat.type != Chat.PRIVATE or update.my_chat_member is not None:
            return agent
        return await ctx.engine.agents.reachable(agent)


def _is_person(update: Update, user: User) -> bool:
    message = update.message
    return not user.is_bot and (message is None or message.sender_chat is None)
