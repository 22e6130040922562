"""The history pump: one slice of a phone's history in one transaction, so that thousands of old messages delay nobody's new one.

A slice is claimed with a lease, applied, and emptied in the transaction that applied it: a process that dies repeats at most one,
and repeating changes nothing. A slice that cannot be applied is tried message by message; what fails for good is kept as dead, and its
webhook with it, from which everything can be read again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from crm import effects
from crm.clock import Clock
from crm.erasing import ErasedPeople
from crm.model.alerts import AlertKind, Severity
from crm.model.costs import Charge
from crm.model.events import Broken, Event, Past, Unknown
from crm.model.imports import Slice
from crm.model.records import replace
from crm.model.webhooks import StoredElement
from crm.plans import Plans
from crm.ports import Reader, Store, UnitOfWork
from crm.services.inbox import charges, history
from crm.services.inbox.batch import Batch
from crm.services.inbox.service import InboxRules

log = structlog.get_logger(__name__)

AT_ONCE = 5
"""Slices taken in one turn, each applied in a transaction of its own."""
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BACK_OFF = timedelta(seconds=5)


class Importer:
    """Turns slices of history into messages."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        clock: Clock,
        plans: Plans,
        rules: InboxRules,
        erased: ErasedPeople,
        on_told: Callable[[], None] = lambda: None,
        on_files: Callable[[], None] = lambda: None,
        on_charged: Callable[[Sequence[Charge]], None] = lambda charges: None,
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._plans = plans
        self._rules = rules
        self._erased = erased
        self._on_told, self._on_files = on_told, on_files
        self._on_charged = on_charged

    async def due(self) -> datetime | None:
        """When there is something to do next: a slice to be applied, or news of the import to be told."""
        async with self._store.read() as uow:
            moments = (await uow.imports.next_due_at(), await uow.imports.next_told_at(self._clock.now()))
            return min((moment for moment in moments if moment is not None), default=None)

    async def run_once(self, limit: int = AT_ONCE) -> int:
        """Apply up to `limit` slices; return how many were taken. Costs one look when there are none."""
        now = self._clock.now()
        async with self._store.read() as uow:
            first = await uow.imports.next_due_at()
        if first is None or first > now:
            return 0
        async with self._store.begin() as uow:
            claimed = await uow.imports.claim(now, now + LEASE, limit)
        for each in claimed:
            await self._take(each)
        if claimed:
            self._on_told()
            self._on_files()
        return len(claimed)

    async def _take(self, part: Slice) -> None:
        now = self._clock.now()
        if part.attempts > MAX_ATTEMPTS:
            await self._bury(part, "in hand whenever the process died", now)
            return
        try:
            events = await self._read(part)
            await self._apply(part, events, now, last=True)
            log.info("history_imported", account_id=part.account_id, webhook_id=part.webhook_id, messages=part.size)
        except Exception as error:
            log.warning("history_slice_failed", slice_id=part.id, error=type(error).__name__)
            await self._one_by_one(part, f"{type(error).__name__}", now)

    async def _read(self, part: Slice) -> list[Event]:
        async with self._store.read() as uow:
            account = await uow.accounts.get(part.account_id)
        return self._reader.past(account.phone_number_id if account is not None else "", part.content)

    async def _apply(self, part: Slice, events: Sequence[Event], now: datetime, *, last: bool) -> None:
        """Apply messages; the last ones of a slice end it. Nothing is done for a slice that somebody else has taken meanwhile."""
        async with self._store.begin() as uow:
            if last and not await uow.imports.done(part.id, part.attempts):
                return
            new = await self._apply_in(uow, part, events, now)
        self._on_charged(new)

    async def _apply_in(self, uow: UnitOfWork, part: Slice, events: Sequence[Event], now: datetime) -> list[Charge]:
        batch = Batch(uow, now, await self._plans.all(uow, now), self._erased)
        batch.webhook_id, batch.received_at = part.webhook_id, part.created_at
        await batch.load(events)
        groups = 0
        for event in events:
            if batch.is_erased(event):
                continue
            match event:
                case Past():
                    history.apply(batch, event, self._rules.classify)
                case Unknown():
                    groups += 1
                case Broken():
                    batch.broken(event)
                case _:
                    raise TypeError(f"{type(event).__name__} in a history")
        progress = batch.imported(part.account_id)
        batch.put_import(replace(progress, groups=progress.groups + groups))
        await batch.flush()
        return await charges.enter(batch, self._rules.rates)

    async def _one_by_one(self, part: Slice, reason: str, now: datetime) -> None:
        failed: list[tuple[Event, str]] = []
        try:
            for event in await self._read(part):
                try:
                    await self._apply(part, [event], now, last=False)
                except Exception as error:
                    failed.append((event, type(error).__name__))
        except Exception as error:  # not even readable
            reason = type(error).__name__
        else:
            if not failed:
                await self._apply(part, [], now, last=True)
                return
        if part.attempts >= MAX_ATTEMPTS:
            await self._bury(part, reason, now, failed)
            return
        async with self._store.begin() as uow:
            await uow.imports.postpone(part.id, now + BACK_OFF * 4 ** min(part.attempts - 1, 6))

    async def _bury(self, part: Slice, reason: str, now: datetime, failed: Sequence[tuple[Event, str]] = ()) -> None:
        """Give a slice up: its webhook is dead, visible, and can be applied again as a whole."""
        async with self._store.begin() as uow:
            if not await uow.imports.drop(part.id, part.attempts):
                return
            await uow.webhooks.dead(part.webhook_id, f"history: {reason}"[:500])
            kept = [
                StoredElement(uow.ids.next(), part.webhook_id, e.position, "history", "dead", why[:500], None, now)
                for e, why in failed
            ]
            await uow.webhooks.keep_elements(kept)
            params = {"webhook_id": part.webhook_id, "error": reason[:200]}
            alarm = effects.Alarm(AlertKind.WEBHOOK_DEAD, Severity.WARNING, "webhook_dead", params, admins_only=True)
            await effects.raise_alerts(uow, [alarm], now)
