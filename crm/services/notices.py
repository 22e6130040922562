"""The notices pump: what agents must hear is a durable row until Telegram has it.

Notices are delivered one after another per agent and side by side over agents; the Notifier's governor knows Telegram's limits. What
an agent who cannot be reached should have heard goes to the others, unless one of them has it already; while there are no others
it waits until somebody comes back.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from crm import effects
from crm.clock import Clock
from crm.model.agents import Agent
from crm.model.alerts import Notice, NoticeKind
from crm.model.records import replace
from crm.ports import AgentUnreachable, NoticePostponed, NoticeUndeliverable, Notifier, Store, UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BACK_OFF = timedelta(seconds=2)
NOBODY_THERE = timedelta(hours=1)
"""How long a notice waits when nobody can be told; whoever comes back ends the wait at once."""

SHOWN_AS = {
    NoticeKind.INBOUND: "message",
    NoticeKind.MANUAL: "message",
    NoticeKind.PENDING: "pending",
    NoticeKind.ALERT: "alert",
    NoticeKind.MEDIA: "media",
    NoticeKind.IMPORT: "import",
    NoticeKind.TOKEN: "token",
}
"""Under which kind the desk remembers that some chat shows a notice's subject."""


@dataclass(slots=True)
class _Ends:
    """How the notices of one agent ended: told or pointless, to be tried again, or not for this agent any more."""

    done: list[int] = field(default_factory=list)
    later: list[tuple[int, datetime]] = field(default_factory=list)
    stuck: list[Notice] = field(default_factory=list)


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
            await uow.notices.done([number for each in ends for number in each.done])
            for number, due_at in (later for each in ends for later in each.later):
                await uow.notices.postpone(number, due_at)
            await _hand_over(uow, [notice for each in ends for notice in each.stuck], self._clock.now())
        return len(notices)

    async def _deliver_in_order(self, notices: Sequence[Notice], team: Mapping[int, Agent]) -> _Ends:
        ends = _Ends()
        for position, notice in enumerate(notices):
            agent = team.get(notice.agent_id) if notice.agent_id is not None else None
            if notice.agent_id is not None and (agent is None or not agent.reachable):
                ends.stuck += notices[position:]
                break
            try:
                await self._notifier.deliver(notice, agent)
                ends.done.append(notice.id)
            except AgentUnreachable:
                ends.stuck += notices[position:]
                break
            except NoticeUndeliverable as reason:
                log.warning("notice_undeliverable", notice_id=notice.id, agent_id=notice.agent_id, reason=str(reason))
                ends.done.append(notice.id)
            except NoticePostponed as reason:
                ends.later.append((notice.id, self._clock.now() + reason.wait))
            except Exception:
                log.exception("notice_failed", notice_id=notice.id, kind=notice.kind.value, attempts=notice.attempts)
                if notice.attempts >= MAX_ATTEMPTS:
                    ends.done.append(notice.id)
                else:
                    ends.later.append((notice.id, self._clock.now() + BACK_OFF * 2**notice.attempts))
        return ends


async def _hand_over(uow: UnitOfWork, stuck: Sequence[Notice], now: datetime) -> None:
    """Give the others what an unreachable agent cannot be told, each subject once."""
    if not stuck:
        return
    team = await uow.agents.all()
    able = {agent.id for agent in team if agent.reachable}
    known = await _known(uow, stuck, able)
    done: list[int] = []
    handed: list[Notice] = []
    for notice in stuck:
        others = [a for a in effects.recipients(team, None, admins_only=_for_admins(notice)) if a.reachable]
        if notice.agent_id in able:
            await uow.notices.postpone(notice.id, now)
        elif not others:
            await uow.notices.postpone(notice.id, now + NOBODY_THERE)
        else:
            done.append(notice.id)
            if (notice.kind, notice.subject_id) not in known:
                known.add((notice.kind, notice.subject_id))
                handed += [replace(notice, id=uow.ids.next(), agent_id=a.id, due_at=now, attempts=0) for a in others]
    log.info("notices_handed_over", stuck=len(stuck), ended=len(done), handed=len(handed))
    await uow.notices.done(done)
    await uow.notices.add(handed)


async def _known(uow: UnitOfWork, stuck: Sequence[Notice], able: set[int]) -> set[tuple[NoticeKind, int]]:
    """What somebody has heard already, or is about to. The notices on their way are asked first: one that is told in between is
    then among what is shown."""
    on_the_way = await uow.notices.addressed({notice.subject_id for notice in stuck})
    known = {(kind, subject) for kind, subject, agent_id in on_the_way if agent_id in able}
    for kind, shown_as in SHOWN_AS.items():
        subjects = {notice.subject_id for notice in stuck if notice.kind is kind}
        known |= {(kind, subject) for subject in await uow.desk.shown(shown_as, subjects)}
    return known


def _for_admins(notice: Notice) -> bool:
    return bool(notice.params.get(effects.FOR_ADMINS))
