"""Claim, read, apply, settle: the inbox pump's one turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import assert_never

import structlog

from crm import effects
from crm.clock import Clock
from crm.erasing import ErasedPeople
from crm.errors import Unreadable
from crm.model.alerts import AlertKind, Severity
from crm.model.costs import Charge
from crm.model.erasure import Body
from crm.model.events import (
    TIME_UNKNOWN,
    AccountEvent,
    BookEntry,
    Broken,
    Control,
    Echo,
    Edited,
    Event,
    HistoryDeclined,
    HistorySlice,
    Inbound,
    MarketingPreference,
    Past,
    Revoked,
    StatusUpdate,
    Unknown,
)
from crm.model.messages import DeliveryStatus
from crm.model.records import replace
from crm.model.webhooks import NEW_KIND, StoredElement, StoredWebhook
from crm.plans import Plans
from crm.policy import consent, erasure
from crm.policy.pricing import RateCards
from crm.ports import Reader, Store, UnitOfWork
from crm.refusals import Classify
from crm.services.inbox import account_events, charges, echoes, history, inbound, limits, placing, statuses
from crm.services.inbox.batch import Batch

log = structlog.get_logger(__name__)

Work = tuple[StoredWebhook, list[Event] | Unreadable]

BATCH = 100
"""Webhooks applied in one transaction."""
MAX_ATTEMPTS = 8
CAREFUL = BATCH
"""So many webhooks are taken one by one after a start, each counted before it is tried: one of them may have killed the process before
this one, and must not do so for ever."""
BACK_OFF = timedelta(seconds=5)
LARGEST_TOGETHER = 4 * 1024 * 1024
"""Bytes of webhooks applied in one transaction, unless a single one is larger."""


@dataclass(frozen=True, slots=True)
class InboxRules:
    """`consent` are the words that opt out and in; `classify` is the WhatsApp border's error table; `rates` price what arrived; people
    of whom nothing else is known live in `zone`."""

    classify: Classify
    consent: consent.Words
    rates: RateCards
    zone: str = "UTC"


class Inbox:
    """Turns stored webhooks into state."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        clock: Clock,
        plans: Plans,
        rules: InboxRules,
        erased: ErasedPeople,
        on_applied: Callable[[], None] = lambda: None,
        on_files: Callable[[], None] = lambda: None,
        on_charged: Callable[[Sequence[Charge]], None] = lambda charges: None,
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._plans = plans
        self._rules = rules
        self._erased = erased
        self._on_applied, self._on_files = on_applied, on_files
        self._on_charged = on_charged
        self._files_came = False
        self._careful = CAREFUL
        self._at_most = BATCH
        self.left = False
        """Whether the last turn may have left webhooks behind, because it was full."""

    async def run_once(self, limit: int = BATCH) -> int:
        """Apply up to `limit` waiting webhooks; return how many were taken."""
        now = self._clock.now()
        self.left = False
        if self._careful > 0:
            taken = await self._carefully(now, min(limit, self._careful))
            self._careful -= taken
        else:
            taken = await self._together(now, limit)
        if taken:
            self._on_applied()
        if self._files_came:
            self._files_came = False
            self._on_files()
        return taken

    async def _together(self, now: datetime, limit: int) -> int:
        """Claim, read and apply in one transaction; if that fails, one by one."""
        work: list[Work] = []
        try:
            async with self._store.begin() as uow:
                asked = min(limit, self._at_most)
                claimed = self._within(await uow.webhooks.claim(now, asked), asked)
                work = [(webhook, self._read(webhook)) for webhook in claimed]
                readable = [(webhook, events) for webhook, events in work if not isinstance(events, Unreadable)]
                new = await self._apply(uow, readable, now) if readable else []
        except Exception as error:
            if not work:
                raise
            log.warning("inbox.batch_failed", size=len(work), error=_said(error))
            for webhook, _ in work:
                await self._apply_alone(webhook, now)
            return len(work)
        self._on_charged(new)
        for webhook, events in readable:
            _log(webhook, events)
        for webhook, read in work:
            if isinstance(read, Unreadable):
                await self._bury(webhook, _said(read), now)
        return len(work)

    def _within(self, claimed: list[StoredWebhook], asked: int) -> list[StoredWebhook]:
        """As many as may be held in memory together: a phone's history comes in webhooks of megabytes. The others wait for the next
        turn, which asks for no more than this one could take."""
        sizes = list(accumulate(len(webhook.body) for webhook in claimed))
        count = max(1, sum(size <= LARGEST_TOGETHER for size in sizes))
        cut = count < len(claimed)
        self.left = cut or len(claimed) == asked
        self._at_most = count if cut else min(self._at_most * 2, BATCH)
        return claimed[:count]

    async def _carefully(self, now: datetime, limit: int) -> int:
        async with self._store.begin() as uow:
            claimed = await uow.webhooks.claim(now, limit)
        for webhook in claimed:
            await self._apply_alone(webhook, now)
        return len(claimed)

    def _read(self, webhook: StoredWebhook) -> list[Event] | Unreadable:
        try:
            return self._reader.read(webhook.body)
        except Unreadable as error:
            return error

    async def _apply(
        self, uow: UnitOfWork, work: Sequence[tuple[StoredWebhook, list[Event]]], now: datetime
    ) -> list[Charge]:
        """Apply webhooks and mark them done; return what is new in the ledger, which counts once this is committed."""
        batch = Batch(uow, now, await self._plans.all(uow, now), self._erased)
        await batch.load(event for _, events in work for event in events)
        for webhook, events in work:
            batch.webhook_id, batch.received_at = webhook.id, webhook.received_at
            for event in events:
                self._apply_event(batch, event)
            await _forget(uow, webhook, [each for each in events if batch.is_erased(each)])
        echoes.settle_walks(batch)
        placing.place_walks(batch, self._rules.zone)
        await limits.count_typed(batch)
        await batch.flush()
        self._files_came = self._files_came or bool(batch.media)
        await uow.webhooks.done([webhook.id for webhook, _ in work], now)
        return await charges.enter(batch, self._rules.rates)

    async def _apply_alone(self, webhook: StoredWebhook, now: datetime) -> None:
        """One webhook by itself; if even that fails, each of its events, and what still fails is kept by name."""
        async with self._store.begin() as uow:
            attempt = await uow.webhooks.tried(webhook.id)
        if attempt is None:  # another process has applied it meanwhile
            return
        if attempt > MAX_ATTEMPTS:
            await self._bury(webhook, "in hand whenever the process died", now)
            return
        events = self._read(webhook)
        if isinstance(events, Unreadable):
            await self._bury(webhook, _said(events), now)
            return
        try:
            async with self._store.begin() as uow:
                new = await self._apply(uow, [(webhook, events)], now)
            self._on_charged(new)
            _log(webhook, events)
            return
        except Exception as error:
            reason = _said(error)
        failed: list[tuple[Event, str]] = []
        for event in events:
            try:
                await self._apply_one(webhook, event, now)
            except Exception as error:
                failed.append((event, _said(error)))
        if not failed:
            async with self._store.begin() as uow:
                await uow.webhooks.done([webhook.id], now)
        elif attempt < MAX_ATTEMPTS:
            async with self._store.begin() as uow:
                again = now + BACK_OFF * 4 ** min(attempt - 1, 6)
                await uow.webhooks.failed(webhook.id, f"{failed[0][0].position}: {failed[0][1]}"[:500], again)
        else:
            await self._bury(webhook, reason, now, failed)

    async def _apply_one(self, webhook: StoredWebhook, event: Event, now: datetime) -> None:
        async with self._store.begin() as uow:
            batch = Batch(uow, now, await self._plans.all(uow, now), self._erased)
            batch.webhook_id, batch.received_at = webhook.id, webhook.received_at
            await batch.load([event])
            self._apply_event(batch, event)
            echoes.settle_walks(batch)
            placing.place_walks(batch, self._rules.zone)
            await limits.count_typed(batch)
            await batch.flush()
            self._files_came = self._files_came or bool(batch.media)
            new = await charges.enter(batch, self._rules.rates)
        self._on_charged(new)

    async def _bury(
        self, webhook: StoredWebhook, reason: str, now: datetime, failed: Sequence[tuple[Event, str]] = ()
    ) -> None:
        """Park a webhook as dead: visible, and replayable."""
        async with self._store.begin() as uow:
            await uow.webhooks.dead(webhook.id, reason[:500])
            kept = [
                StoredElement(
                    uow.ids.next(),
                    webhook.id,
                    event.position,
                    type(event).__name__.lower(),
                    "dead",
                    why[:500],
                    None,
                    now,
                )
                for event, why in failed
            ]
            if kept:
                await uow.webhooks.keep_elements(kept)
            params = {"webhook_id": webhook.id, "error": reason[:200]}
            alarm = effects.Alarm(AlertKind.WEBHOOK_DEAD, Severity.WARNING, "webhook_dead", params, admins_only=True)
            await effects.raise_alerts(uow, [alarm], now)

    def _apply_event(self, batch: Batch, event: Event) -> None:
        if batch.is_erased(event):
            return
        if isinstance(event, Inbound | Echo) and event.at > batch.now:
            event = replace(event, at=batch.now)  # a clock that runs ahead must not hold a window open
        if isinstance(event, AccountEvent) and (event.at == TIME_UNKNOWN or event.at > batch.received_at):
            event = replace(event, at=batch.received_at)  # nor may it outweigh all later news
        match event:
            case Inbound():
                inbound.apply(batch, event, self._rules.consent)
                known = batch.message(event.wamid)
                if known is not None:
                    statuses.unpark(batch, known, self._rules.classify)
            case StatusUpdate():
                statuses.apply(batch, event, self._rules.classify)
            case Echo():
                echoes.apply(batch, event, self._rules.classify)
            case Edited():
                statuses.edited(batch, event)
            case Revoked():
                statuses.revoked(batch, event)
            case MarketingPreference():
                inbound.preference(batch, event)
            case AccountEvent():
                limits.apply(batch, event, self._rules.classify)
                account_events.apply(batch, event, self._rules.classify)
            case HistorySlice():
                history.keep(batch, event)
            case HistoryDeclined():
                history.declined(batch, event)
            case BookEntry():
                history.book(batch, event)
            case Past():
                history.apply(batch, event, self._rules.classify)
            case Control():
                inbound.handed_over(batch, event)
            case Unknown():
                kept = ("kept", "has no effect here") if event.expected else ("unknown", NEW_KIND)
                batch.set_aside(event.position, event.kind, *kept, event.payload)
            case Broken():
                batch.broken(event)
                params = {"webhook_id": batch.webhook_id, "error": f"{event.position}: {event.reason}"[:200]}
                batch.alarms.append(
                    effects.Alarm(AlertKind.WEBHOOK_DEAD, Severity.WARNING, "webhook_dead", params, admins_only=True)
                )
            case _:
                assert_never(event)


async def _forget(uow: UnitOfWork, webhook: StoredWebhook, erased: Sequence[Event]) -> None:
    """A webhook that came after the erasure says nothing of the person any more, either."""
    if erased:
        sought = {trace for each in erased for trace in erasure.traces_of(each)}
        await uow.erasure.rewrite([Body(webhook.id, erasure.redacted(webhook.body, sought))])
        log.info("erased_person_passed_over", webhook_id=webhook.id, events=len(erased))


def _said(error: Exception) -> str:
    """An error in one short line, without what a database driver repeats of the row."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:300]


def _log(webhook: StoredWebhook, events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, Inbound):
            log.info("whatsapp.message.received", webhook_id=webhook.id, message_id=event.wamid, kind=event.kind)
        elif isinstance(event, StatusUpdate) and event.status is DeliveryStatus.FAILED:
            log.error("whatsapp.send.failed", webhook_id=webhook.id, message_id=event.wamid, meta_code=event.error_code)
