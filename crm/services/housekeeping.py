"""Forgetting what is no longer needed, letting go of holds whose time is over, and taking up what a dead process held."""

import asyncio
from datetime import datetime, timedelta

import structlog

from crm import decisions, effects, health
from crm.clock import Clock
from crm.health import HealthDesk
from crm.model.accounts import Account, AccountState, freed
from crm.model.audit import AuditEntry
from crm.model.webhooks import NewKind, WebhookState, WebhookView
from crm.ports import Store

log = structlog.get_logger(__name__)

WEBHOOKS_FOR = timedelta(days=30)
PARKED_FOR = timedelta(days=30)
UPDATES_FOR = timedelta(hours=48)
NOTICES_FOR = timedelta(days=7)
"""How long a notice waits for somebody who can be told. What it speaks of stays: in the conversation, the queue, the alerts."""
RUNS_FOR = timedelta(days=30)
UPLOADS_FOR = timedelta(days=30)
QUICK_FOR = timedelta(days=30)
COMMITTED_FOR = timedelta(days=40)
REACH_FOR = timedelta(days=2)
"""Whom a portfolio reached counts for a day; longer, because a message that fails late gives back the place of an earlier one."""
PRUNED_AT_ONCE = 5_000


class HousekeepingService:
    def __init__(self, store: Store, clock: Clock, desk: HealthDesk) -> None:
        self._store, self._clock, self._health = store, clock, desk

    async def prune(self) -> dict[str, int]:
        """Delete what is old enough: applied webhooks, parked facts, handled updates, untold notices, runs of jobs, names of
        uploads, forms that ended."""
        now = self._clock.now()
        webhooks = 0
        while True:
            async with self._store.begin() as uow:
                gone = await uow.webhooks.prune(now - WEBHOOKS_FOR, PRUNED_AT_ONCE)
            webhooks += gone
            if gone < PRUNED_AT_ONCE:
                break
        async with self._store.begin() as uow:
            parked = await uow.parked.prune(now - PARKED_FOR)
            updates = await uow.desk.prune_updates(now - UPDATES_FOR)
            untold = await uow.notices.prune(now - NOTICES_FOR)
            runs = await uow.jobs.prune(now - RUNS_FOR)
            uploads = await uow.uploads.prune(now - UPLOADS_FOR)
            slices = await uow.imports.prune(now - WEBHOOKS_FOR)
            quick = await uow.echoes.prune(now - QUICK_FOR)
            forms = await uow.token_forms.prune(now)
            reached = await uow.reach.prune(now - REACH_FOR)
            committed = await uow.ledger.prune(now - COMMITTED_FOR)
            marks = await uow.erasure.prune(now)
        return {
            "webhooks": webhooks,
            "parked": parked,
            "updates": updates,
            "notices": untold,
            "runs": runs,
            "uploads": uploads,
            "slices": slices,
            "quick": quick,
            "forms": forms,
            "reached": reached,
            "committed": committed,
            "marks": marks,
        }

    async def take_over(self) -> dict[str, int]:
        """Take up what an earlier process held when it died. Only for a process that knows itself alone."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            left = await uow.leases.end(now)
            left["jobs"] = await uow.jobs.bury(now)
        if any(left.values()):
            log.warning("left_behind", **left)
        return left

    async def release_holds(self) -> dict[str, int]:
        """Accounts held until a moment that has passed send again, unless Meta blocks them; one that Meta cannot be asked about waits for
        the next run, for nothing could leave from it now."""
        began = self._clock.now()
        async with self._store.read() as uow:
            over = [each for each in await uow.accounts.all() if _is_over(each, began)]
        facts = dict(zip((a.id for a in over), await asyncio.gather(*map(self._health.asked, over)), strict=True))
        asked = {account_id: said for account_id, said in facts.items() if not health.unreachable(said)}
        if not asked:
            return {"released": 0}
        now = self._clock.now()
        async with self._store.begin() as uow:
            held_now = [await uow.accounts.get(number) for number in sorted(asked)]
            waiting = [each for each in held_now if each is not None and _is_over(each, now)]
            verdicts = [health.resumed(each, freed(each, now), asked[each.id], now) for each in waiting]
            await uow.accounts.save(changed=[account for account, _, _ in verdicts])
            released = []
            for held, (again, alarms, told) in zip(waiting, verdicts, strict=True):
                decisions.account(held, again)
                await uow.audit.add(told)
                await effects.raise_alerts(uow, alarms, now)
                if again.held_reason != health.REASON:
                    released.append(held)
            await uow.audit.add(
                [
                    AuditEntry(now, "job:holds", "account.released", f"account:{a.id}", why=a.held_reason)
                    for a in released
                ]
            )
        return {"released": len(released)}

    async def webhooks(self, states: set[WebhookState], limit: int) -> list[WebhookView]:
        async with self._store.read() as uow:
            return await uow.webhooks.listing(states, limit)

    async def new_kinds(self, limit: int) -> list[NewKind]:
        """The kinds of webhook that this version does not know, most frequent first."""
        async with self._store.read() as uow:
            return await uow.webhooks.new_kinds(limit)

    async def retry_webhooks(self, ids: list[int] | None) -> int:
        """Apply dead and failed webhooks again from the start."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            count = await uow.webhooks.retry(ids, now)
            await uow.audit.add([AuditEntry(now, "cli", "webhooks.retried", "webhooks", after={"count": count})])
            return count

    async def backlog(self) -> int:
        async with self._store.read() as uow:
            return await uow.webhooks.backlog()


def _is_over(account: Account, now: datetime) -> bool:
    return account.state is AccountState.HELD and account.held_until is not None and account.held_until <= now
