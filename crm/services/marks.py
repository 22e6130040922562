"""What a customer sees of our side between messages: that theirs were read, and that somebody is typing (reference 3).

Courtesies, not messages: nothing is written down, the newest wish of a conversation takes the place of an earlier one, a failure is
counted (by the border) and forgotten, and they go slowly beside the messages. The typing sign marks as read too, so it is only shown for
an answer that is really on its way, and never when nothing shall be marked.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from crm.clock import Clock
from crm.errors import SendFailed
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.messages import Direction
from crm.policy import limits, pacing, permissions, usage, windows
from crm.policy.permissions import Capability
from crm.ports import Marker, Store, UnitOfWork

log = structlog.get_logger(__name__)

TYPING_AGAIN = timedelta(seconds=20)
"""Meta shows the sign for 25 seconds, or until the answer comes."""
MARKABLE = timedelta(days=30)
LOOKED_AT = 20
"""Among so many of the newest messages the customer's last one is looked for; further back it has long been read or answered."""
SHARE = 10
"""A tenth of what an account may send goes into marks at most: they must not slow messages down."""
REMEMBERED, WAITING, AT_ONCE = 10_000, 1_000, 8
NOT_WRITTEN = frozenset({"reaction", "system", "unsupported"})


class MarkRead(StrEnum):
    """When a customer's message counts as read."""

    ANSWER = "answer"
    SEEN = "seen"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class _Wish:
    by: Agent
    typing: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    """One call to make."""

    conversation_id: int
    account: Account
    wamid: str
    typing: bool


@dataclass(frozen=True, slots=True)
class _Done:
    wamid: str
    typed_at: datetime | None


class MarkService:
    """Wishes come in at once and without waiting; `run_once` fulfils them."""

    def __init__(
        self, store: Store, marker: Marker, clock: Clock, rule: MarkRead, wake: Callable[[], None] = lambda: None
    ) -> None:
        self._store, self._marker, self._clock, self._rule, self._wake = store, marker, clock, rule, wake
        self._wishes: OrderedDict[int, _Wish] = OrderedDict()
        self._done: OrderedDict[int, _Done] = OrderedDict()
        self._paces: dict[int, pacing.Pace] = {}
        self._again_at: datetime | None = None

    def answered(self, by: Agent, conversation_id: int) -> None:
        """An agent answered: what the customer wrote was read."""
        if self._rule is not MarkRead.NEVER:
            self._wish(conversation_id, _Wish(by, typing=False))

    def seen(self, by: Agent, conversation_ids: Collection[int]) -> None:
        """Somebody who may answer looked at these conversations."""
        if self._rule is MarkRead.SEEN and permissions.may(by, Capability.REPLY):
            for conversation_id in conversation_ids:
                self._wish(conversation_id, _Wish(by, typing=False))

    def typing(self, by: Agent, conversation_id: int) -> None:
        """An answer is being made that takes its time."""
        permissions.require(by, Capability.REPLY)
        if self._rule is not MarkRead.NEVER:
            self._wish(conversation_id, _Wish(by, typing=True))

    async def run_once(self) -> int:
        """Fulfil what may be fulfilled now; return how many calls were made."""
        if not self._wishes:
            return 0
        now = self._clock.now()
        wishes, self._wishes = self._wishes, OrderedDict()
        async with self._store.read() as uow:
            accounts = {each.id: each for each in await uow.accounts.all()}
            marks = [mark for key, wish in wishes.items() if (mark := await self._mark(uow, accounts, key, wish, now))]
        ready = [mark for mark in marks if not limits.resting(mark.account, now) and self._granted(mark, now)]
        waiting = [mark for mark in marks if mark not in ready]
        for mark in waiting:
            self._wishes.setdefault(mark.conversation_id, wishes[mark.conversation_id])
        self._again_at = min((self._next_at(mark.account, now) for mark in waiting), default=None)
        room = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._call(mark, room, now) for mark in ready))
        return len(ready)

    def due(self) -> datetime | None:
        """When something that had to wait may be looked at again."""
        return self._again_at if self._wishes else None

    def _wish(self, conversation_id: int, wish: _Wish) -> None:
        self._wishes[conversation_id] = wish
        self._wake()
        if len(self._wishes) > WAITING:
            self._wishes.popitem(last=False)

    async def _mark(
        self, uow: UnitOfWork, accounts: dict[int, Account], conversation_id: int, wish: _Wish, now: datetime
    ) -> _Mark | None:
        """The call that a wish needs; None when it needs none (any more)."""
        conversation = await uow.conversations.visible(wish.by, conversation_id)
        account = accounts.get(conversation.account_id) if conversation is not None else None
        if conversation is None or account is None or account.state is not AccountState.ACTIVE:
            return None
        recent = await uow.messages.recent(conversation_id, LOOKED_AT)
        newest = next(
            (m for m in recent if m.direction is Direction.IN and m.kind not in NOT_WRITTEN and m.wamid), None
        )
        if newest is None or newest.wamid is None or now - newest.at > MARKABLE:
            return None
        done = self._done.get(conversation_id)
        typing = wish.typing and windows.open_window(conversation, account.assumptions, now) is not None
        if typing and done is not None and done.typed_at is not None and now - done.typed_at < TYPING_AGAIN:
            typing = False
        if (done is not None and done.wamid == newest.wamid and not typing) or (wish.typing and not typing):
            return None
        return _Mark(conversation_id, account, newest.wamid, typing)

    def _granted(self, mark: _Mark, now: datetime) -> bool:
        account = mark.account
        rate = pacing.ceiling(account, usage.share(account.limits, now) / SHARE)
        pace = self._paces.get(account.id)
        if pace is None or pace.rate != rate:
            pace = pacing.Pace(rate, now)
        self._paces[account.id], count = pacing.grant(pace, now, 1)
        return count == 1

    def _next_at(self, account: Account, now: datetime) -> datetime:
        until = account.limits.rests_until
        return until if until is not None and now < until else self._paces[account.id].next_at

    async def _call(self, mark: _Mark, room: asyncio.Semaphore, now: datetime) -> None:
        account = mark.account
        async with room:
            try:
                await self._marker.mark_read(account.id, account.phone_number_id, mark.wamid, typing=mark.typing)
            except SendFailed as failure:
                log.info("read_mark_failed", account_id=account.id, error=failure.code, meta_code=failure.meta_code)
                return
        before = self._done.pop(mark.conversation_id, None)
        typed_at = now if mark.typing else before.typed_at if before is not None else None
        self._done[mark.conversation_id] = _Done(mark.wamid, typed_at)
        if len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
