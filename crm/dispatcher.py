"""The outbox pump in real time: claims overlap with calls, and calls with settlements.

Each account has calls under way up to its own limit, so that one that hangs never stops another. Messages of one conversation
leave one after the other. What calls brought is settled together, a moment later: nobody waits for it, and one commit for many
is what makes a thousand messages a second cheap.
"""

import asyncio
from collections import Counter

import structlog

from crm.clock import Clock
from crm.runner import POLL, Bell, Soon, keep
from crm.services.outbox import OutboxService, Sent, Ticket

log = structlog.get_logger(__name__)

UNDER_WAY = 400
"""Calls of one account at a time: 1,000 messages a second at 400 ms each."""
TOGETHER = 800
"""Calls of all accounts that send, shared out between them; one that hangs keeps only its own share."""
FEWEST = 8
LINGER = 0.02
"""Seconds that the first result, or the first free place, waits for others."""
MOST_SETTLED = 200
"""Results written in one transaction."""


class Dispatcher:
    """Sends what is due until told to stop; what is in hand then is finished."""

    def __init__(self, outbox: OutboxService, clock: Clock, bell: Bell) -> None:
        self._outbox, self._clock = outbox, clock
        self._woken = bell.listener()
        self._feed_soon = Soon(self._woken, LINGER)
        self._calls: set[asyncio.Task[None]] = set()
        self._under_way: Counter[int] = Counter()
        self._lines: dict[int, asyncio.Task[None]] = {}
        self._ended: list[Sent] = []
        self._something_ended = asyncio.Event()
        self._settle_soon = Soon(self._something_ended, LINGER)
        self._first, self._share = 0, UNDER_WAY

    async def run(self, stop: asyncio.Event) -> None:
        """Claim until `stop`; end when every call under way has been settled."""
        done = asyncio.Event()
        settling = asyncio.create_task(keep("settlements", self._settle, self._something_ended, done))
        try:
            await keep("outbox", self._feed, self._woken, stop)
        finally:
            while self._calls:
                await asyncio.wait(self._calls)
            done.set()
            self._something_ended.set()
            await settling
            while self._ended:
                await self._settle()

    async def _feed(self) -> float:
        """Claim what may leave now and begin the calls; say when to look again."""
        due = await self._outbox.due()
        self._share = min(UNDER_WAY, max(FEWEST, TOGETHER // max(1, len(due.ready))))
        claim = await self._outbox.claim(self._room(due.ready))
        for ticket in claim.tickets:
            self._begin(ticket)
        if claim.full:
            return 0.0
        moments = [moment for moment in (claim.next_at, due.later) if moment is not None]
        if not moments:
            return POLL
        return min(POLL, max(0.001, (min(moments) - self._clock.now()).total_seconds()))

    def _room(self, ready: list[int]) -> dict[int, int]:
        """How many calls each account may begin: none before half its share is free, for small claims cost as much as large ones.

        Every account comes first in its turn, because a claim may be full before the last.
        """
        self._first = (self._first + 1) % max(1, len(ready))
        in_turn = ready[self._first :] + ready[: self._first]
        return {account: self._free(account) for account in in_turn if self._has_room(account)}

    def _free(self, account: int) -> int:
        return self._share - self._under_way[account]

    def _has_room(self, account: int) -> bool:
        return self._free(account) * 2 >= self._share

    def _begin(self, ticket: Ticket) -> None:
        account, conversation = ticket.item.account_id, ticket.item.conversation_id
        call = asyncio.create_task(self._call(ticket, self._lines.get(conversation)))
        self._lines[conversation] = call
        self._calls.add(call)
        self._under_way[account] += 1

        def over(_: asyncio.Task[None]) -> None:
            self._calls.discard(call)
            if self._lines.get(conversation) is call:
                del self._lines[conversation]
            was_full = not self._has_room(account)
            self._under_way[account] -= 1
            if was_full and self._has_room(account):
                self._feed_soon()

        call.add_done_callback(over)

    async def _call(self, ticket: Ticket, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        try:
            sent = await self._outbox.send(ticket)
        except Exception:  # nobody knows whether it left: the lease runs out, and it counts as perhaps sent
            log.exception("outbox_call_failed", outbox_id=ticket.item.id)
            return
        self._ended.append(sent)
        self._settle_soon()

    async def _settle(self) -> float:
        batch = self._ended[:MOST_SETTLED]
        if not batch:
            return POLL
        await self._outbox.settle(batch)
        del self._ended[: len(batch)]
        return 0.0 if len(self._ended) >= MOST_SETTLED else POLL
