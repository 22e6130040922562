"""The notices pump: what agents must hear is a durable row until Telegram has it.

Notices are delivered one after another per agent and side by side over agents; the Notifier's governor knows Telegram's limits.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from crm.clock import Clock
from crm.model.agents import Agent
from crm.model.alerts import Notice
from crm.ports import NoticePostponed, NoticeUndeliverable, Notifier, Store

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BACK_OFF = timedelta(seconds=2)


class NoticeService:
    def __init__(self, store: Store, notifier: Notifier, clock: Clock) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock

    async def run_once(self, limit: int = 50) -> int:
        """Deliver up to `limit` due notices; return how many were claimed."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            notices = await uow.notices.claim(now, now + LEASE, limit)
            team = {agent.id: agent for agent in await uow.agents.all()} if notices else {}
        if not notices:
            return 0
        by_agent: dict[int | None, list[Notice]] = defaultdict(list)
        for notice in notices:
            by_agent[notice.agent_id].append(notice)
        ends = await asyncio.gather(*(self._deliver_in_order(each, team) for each in by_agent.values()))
        async with self._store.begin() as uow:
            await uow.notices.done([number for done, _ in ends for number in done])
            for number, due_at in (later for _, postponed in ends for later in postponed):
                await uow.notices.postpone(number, due_at)
        return len(notices)

    async def _deliver_in_order(
        self, notices: Sequence[Notice], team: dict[int, Agent]
    ) -> tuple[list[int], list[tuple[int, datetime]]]:
        done: list[int] = []
        postponed: list[tuple[int, datetime]] = []
        for notice in notices:
            agent = team.get(notice.agent_id) if notice.agent_id is not None else None
            if notice.agent_id is not None and agent is None:
                done.append(notice.id)
                continue
            try:
                await self._notifier.deliver(notice, agent)
                done.append(notice.id)
            except NoticeUndeliverable as reason:
                log.warning("notice_undeliverable", notice_id=notice.id, agent_id=notice.agent_id, reason=str(reason))
                done.append(notice.id)
            except NoticePostponed as reason:
                postponed.append((notice.id, self._clock.now() + reason.wait))
            except Exception:
                log.exception("notice_failed", notice_id=notice.id, kind=notice.kind.value, attempts=notice.attempts)
                if notice.attempts >= MAX_ATTEMPTS:
                    done.append(notice.id)
                else:
                    postponed.append((notice.id, self._clock.now() + BACK_OFF * 2**notice.attempts))
        return done, postponed
