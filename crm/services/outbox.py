"""The outbox: what must leave is claimed with a lease, handed to Meta outside any transaction, and settled.

The decision to send is taken again at the claim, on fresh facts. A worker that dies between claim and settlement leaves items whose
lease runs out; these may have left, so they become `unknown` and wait for a status or an echo, and in the end for a person. Nothing
here ever sends the same item twice on a guess.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from crm import effects, refusals
from crm.clock import Clock
from crm.errors import SendFailed
from crm.model.accounts import Account, AccountState
from crm.model.alerts import AlertKind, Severity
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.costs import Category
from crm.model.messages import DeliveryStatus, Message
from crm.model.outbox import Accepted, Address, Origin, OutboxItem, OutboxState, Parcel
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.sequences import Enrollment
from crm.policy import delivery, pacing, retries, sending
from crm.ports import Sender, Store, UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any send may take; a worker that has not settled by then is taken for dead."""


_HEARD = {DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ, DeliveryStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did. `next_at` tells when the account's pace allows more, None when nothing is due."""

    claimed: int
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    item: OutboxItem
    accepted: Accepted | None
    failure: SendFailed | None


class OutboxService:
    """Sends what is due. `worker` names this process in leases."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        clock: Clock,
        worker: str,
        unknown_after: timedelta,
        classify: refusals.Classify,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._worker = worker
        self._unknown_after = unknown_after
        self._classify = classify
        self._on_change = on_change
        self._paces: dict[int, pacing.Pace] = {}

    async def due(self) -> tuple[list[int], datetime | None]:
        """Accounts with something to send now, and when the next of the others is due."""
        now = self._clock.now()
        async with self._store.read() as uow:
            due = await uow.outbox.accounts_due(now)
            open_accounts = {a.id for a in await uow.accounts.all() if a.state is AccountState.ACTIVE}
        waiting = {account: at for account, at in due.items() if account in open_accounts}
        ready = [account for account, at in waiting.items() if at <= now]
        later = [at for at in waiting.values() if at > now]
        return ready, min(later, default=None)

    async def run_once(self, account_id: int, limit: int = 100) -> Turn:
        """Claim, send and settle up to `limit` items of one account."""
        now = self._clock.now()
        granted, next_at = self._grant(account_id, now, limit)
        if granted == 0:
            return Turn(0, next_at)
        async with self._store.begin() as uow:
            account = await uow.accounts.get(account_id)
            if account is None or account.state is not AccountState.ACTIVE:
                return Turn(0)
            self._fit(account, now)
            items = await uow.outbox.claim_due(account_id, self._worker, now, now + LEASE, granted)
            parcels = await self._check(uow, account, items, now) if items else []
        if not items:
            return Turn(0)
        results = await asyncio.gather(*(self._send(item, parcel) for item, parcel in parcels))
        if results:
            await self._settle(account_id, results)
        self._on_change()
        return Turn(len(items), self._clock.now())

    # --- pace ----------------------------------------------------------------------------------------------------------------

    def _grant(self, account_id: int, now: datetime, wanted: int) -> tuple[int, datetime | None]:
        pace = self._paces.get(account_id)
        if pace is None:
            return 1, None
        self._paces[account_id], granted = pacing.grant(pace, now, wanted)
        return granted, None if granted else pace.next_at

    def _fit(self, account: Account, now: datetime) -> None:
        """Follow the account's settings, and recover from a slow-down."""
        allowed = pacing.ceiling(account.messages_per_second, coexistence=account.coexistence)
        pace = self._paces.get(account.id)
        if pace is None:
            gap = timedelta(seconds=1 / allowed)
            self._paces[account.id] = pacing.Pace(allowed, now + gap)
        elif pace.rate != allowed:
            self._paces[account.id] = pacing.recovered(pace, allowed, now)

    # --- the claim's second look -----------------------------------------------------------------------------------------------

    async def _check(
        self, uow: UnitOfWork, account: Account, items: Sequence[OutboxItem], now: datetime
    ) -> list[tuple[OutboxItem, Parcel]]:
        """Decide again on fresh facts; what may go becomes a parcel, what may not is held, refused or deferred here."""
        contacts = await uow.contacts.load({item.contact_id for item in items})
        conversations = await uow.conversations.load({item.conversation_id for item in items})
        walking = {item.enrollment_id for item in items if item.enrollment_id is not None}
        walks = await uow.enrollments.load(walking) if walking else {}
        marketing = await self._marketing(uow, account, items)
        parcels: list[tuple[OutboxItem, Parcel]] = []
        changed: list[OutboxItem] = []
        stopped: list[OutboxItem] = []
        cards: list[PendingManual] = []
        before = dict(conversations)
        for item in items:
            conversation, contact = conversations[item.conversation_id], contacts[item.contact_id]
            allowed_at, booked = pacing.pair(conversation.pair_free_at, now)
            if allowed_at > now:
                changed.append(_again(item, allowed_at, burns_attempt=False))
                continue
            facts = sending.SendFacts(
                contact,
                conversation,
                account,
                item.origin,
                item.template,
                marketing=(item.template.name, item.template.language) in marketing if item.template else False,
                sequence_started_at=_started(item, walks),
            )
            match sending.decide(facts, now):
                case sending.Send(basis=basis):
                    conversations[conversation.id] = replace(conversation, pair_free_at=booked)
                    sent = replace(item, basis=basis)
                    if basis is not item.basis:
                        changed.append(sent)
                    parcels.append((sent, _parcel(account, contact, sent)))
                case sending.Hold(reason=reason):
                    held = replace(item, state=OutboxState.HELD, lease_until=None, error=reason.value)
                    stopped.append(held)
                    cards.append(effects.waiting(uow, effects.outgoing_of(item), reason, now, outbox_id=item.id))
                    log.warning("whatsapp.window.closed", contact_id=contact.id, outbox_id=item.id)
                case sending.Refuse(code=code):
                    stopped.append(replace(item, state=OutboxState.CANCELLED, lease_until=None, error=code))
        moved = [c for number, c in conversations.items() if c is not before[number]]
        if moved:
            await uow.conversations.save(changed=moved)
        if changed or stopped:
            await uow.outbox.save(changed=[*changed, *stopped])
        if stopped:
            messages = await uow.messages.load([item.id for item in stopped])
            gone = [replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()]
            await uow.messages.save(changed=gone)
            await uow.pending.save(new=cards)
            await uow.notices.add(effects.shown_cards(uow, cards, await uow.agents.all(), now))
        return parcels

    async def _marketing(self, uow: UnitOfWork, account: Account, items: Iterable[OutboxItem]) -> set[tuple[str, str]]:
        """Which of the templates are marketing."""
        if not any(item.template for item in items):
            return set()
        known = await uow.templates.of(account.waba_id)
        return {(t.name, t.language) for t in known if t.category.lower() == Category.MARKETING.value}

    # --- the call and its end --------------------------------------------------------------------------------------------------

    async def _send(self, item: OutboxItem, parcel: Parcel) -> _Result:
        try:
            return _Result(item, await self._sender.send(parcel), None)
        except SendFailed as failure:
            return _Result(item, None, failure)

    async def _settle(self, account_id: int, results: Sequence[_Result]) -> None:
        """Write how each send ended. A status may have come first and settled an item already: then only the wamid is learnt."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            items = await uow.outbox.load([result.item.id for result in results])
            messages = await uow.messages.load(items.keys())
            conversations = await uow.conversations.load({item.conversation_id for item in items.values()})
            account = await uow.accounts.get(account_id)
            if account is None:
                return
            settlement = _Settlement(uow, account, items, messages, conversations, now)
            for result in results:
                if result.accepted is not None:
                    settlement.accept(result.item.id, result.accepted)
                elif result.failure is not None:
                    if result.failure.code == "rate-limit" and account_id in self._paces:
                        self._paces[account_id] = pacing.slowed(self._paces[account_id], now)
                    await settlement.fail(result.item.id, result.failure)
            await settlement.hear(self._classify)
            await settlement.write()
        for result in results:
            if result.accepted is not None:
                log.info(
                    "whatsapp.message.sent",
                    contact_id=result.item.contact_id,
                    message_id=result.accepted.wamid,
                    outbox_id=result.item.id,
                    status="accepted",
                )
            elif result.failure is not None:
                log.error(
                    "whatsapp.send.failed",
                    contact_id=result.item.contact_id,
                    outbox_id=result.item.id,
                    error=result.failure.code,
                    meta_code=result.failure.meta_code,
                )

    # --- what nobody settled ---------------------------------------------------------------------------------------------------

    async def reconcile(self) -> dict[str, int]:
        """Dead workers' items become unknown; items unknown for too long go to a person."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            lost = await uow.outbox.lease_expired(now, 500)
            await uow.outbox.save(changed=[replace(i, state=OutboxState.UNKNOWN, lease_until=now) for i in lost])
            asked = await uow.outbox.unknown_since(now - self._unknown_after, 500)
            contacts = await uow.contacts.load({item.contact_id for item in asked})
            cards = [
                effects.waiting(uow, effects.outgoing_of(i), PendingReason.UNKNOWN_OUTCOME, now, outbox_id=i.id)
                for i in asked
            ]
            await uow.outbox.save(
                changed=[replace(i, state=OutboxState.HELD, lease_until=None, error="unknown") for i in asked]
            )
            await uow.pending.save(new=cards)
            team = await uow.agents.all()
            await uow.notices.add(effects.shown_cards(uow, cards, team, now))
            alarms = [
                effects.Alarm(
                    AlertKind.UNKNOWN_OUTCOME,
                    Severity.WARNING,
                    f"unknown_outcome:{card.account_id}",
                    {"contact": contacts[card.contact_id].title, "contact_id": card.contact_id, "pending_id": card.id},
                    account_id=card.account_id,
                )
                for card in cards
            ]
            await effects.raise_alerts(uow, alarms, now)
        return {"lost": len(lost), "asked": len(asked)}


class _Settlement:
    """The facts of one settlement and the changes to them."""

    def __init__(
        self,
        uow: UnitOfWork,
        account: Account,
        items: dict[int, OutboxItem],
        messages: dict[int, Message],
        conversations: dict[int, Conversation],
        now: datetime,
    ) -> None:
        self._uow, self._now = uow, now
        self._account = self._first_account = account
        self._items, self._messages, self._conversations = items, messages, conversations
        self._touched: set[int] = set()
        self._cards: list[PendingManual] = []
        self._alarms: list[effects.Alarm] = []
        self._asked: set[int] = set()
        self._verdicts: list[refusals.Verdict] = []
        self._contacts: dict[int, Contact] = {}

    def accept(self, number: int, accepted: Accepted) -> None:
        item = self._items[number]
        if item.state in (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD):
            if item.state is OutboxState.HELD:
                self._asked.add(number)
            self._items[number] = replace(item, state=OutboxState.ACCEPTED, lease_until=None, error=None)
        self._touched.add(number)
        known = self._messages.get(number)
        if known is not None:
            merged = delivery.merge(known.delivery, DeliveryStatus.ACCEPTED, self._now)
            self._messages[number] = replace(
                known,
                wamid=known.wamid or accepted.wamid,
                delivery=merged,
                status=delivery.status(merged),
                at=self._now,
            )
        conversation = self._conversations[item.conversation_id]
        last = max(conversation.last_interaction_at or self._now, self._now)
        self._conversations[conversation.id] = replace(conversation, last_interaction_at=last)

    async def hear(self, classify: refusals.Classify) -> None:
        """Apply statuses that came by wamid alone before the call had told us the wamid."""
        by_wamid = {m.wamid: n for n, m in self._messages.items() if n in self._touched and m.wamid}
        for fact in await self._uow.parked.take(by_wamid.keys()) if by_wamid else ():
            if fact.kind not in _HEARD:
                continue
            number = by_wamid[fact.wamid]
            known, item = self._messages[number], self._items[number]
            code, detail = fact.data.get("error_code"), fact.data.get("error_detail")
            merged = delivery.merge(known.delivery, DeliveryStatus(fact.kind), fact.at, code, detail)
            self._messages[number] = replace(known, delivery=merged, status=delivery.status(merged))
            if self._messages[number].status is DeliveryStatus.FAILED and item.state is OutboxState.ACCEPTED:
                self._items[number] = replace(item, state=OutboxState.FAILED)
                await self._believe(item, classify(code, detail))

    async def fail(self, number: int, failure: SendFailed) -> None:
        item = self._items[number]
        if item.state is not OutboxState.SENDING:
            return
        self._touched.add(number)
        match retries.after(failure, item.attempts, self._now):
            case retries.Again(at=at, burns_attempt=burns):
                again = _again(item, at, burns_attempt=burns)
                self._items[number] = replace(again, error=failure.code, error_code=failure.meta_code)
            case retries.Perhaps():
                self._items[number] = replace(
                    item,
                    state=OutboxState.UNKNOWN,
                    lease_until=self._now,
                    error=failure.code,
                    error_code=failure.meta_code,
                )
            case retries.Suspend():
                again = _again(item, self._now, burns_attempt=False)
                self._items[number] = replace(again, error=failure.code, error_code=failure.meta_code)
                await self._believe(item, failure)
            case retries.Never():
                self._items[number] = replace(
                    item, state=OutboxState.FAILED, lease_until=None, error=failure.code, error_code=failure.meta_code
                )
                known = self._messages.get(number)
                if known is not None:
                    merged = delivery.merge(
                        known.delivery,
                        DeliveryStatus.FAILED,
                        self._now,
                        failure.meta_code,
                        failure.detail or failure.code,
                    )
                    self._messages[number] = replace(known, delivery=merged, status=delivery.status(merged))
                await self._believe(item, failure)

    async def _believe(self, item: OutboxItem, failure: SendFailed) -> None:
        if item.contact_id not in self._contacts:
            self._contacts.update(await self._uow.contacts.load([item.contact_id]))
        contact = self._contacts[item.contact_id]
        conversation = self._conversations[item.conversation_id]
        verdict = refusals.judge(failure, item.basis, self._account, conversation, contact, self._now, self._now)
        self._account = verdict.account
        self._conversations[conversation.id] = verdict.conversation
        self._contacts[contact.id] = verdict.contact
        self._verdicts.append(verdict)
        if verdict.to_pending:
            outgoing = effects.outgoing_of(item)
            reason = PendingReason.REJECTED_BY_META
            self._cards.append(effects.waiting(self._uow, outgoing, reason, self._now, outbox_id=item.id))
        elif not isinstance(retries.after(failure, item.attempts, self._now), retries.Suspend):
            told = failure.meta_code or failure.code
            self._alarms.append(refusals.send_failed(verdict, failure.meta_code, told, failure.detail))

    async def write(self) -> None:
        uow = self._uow
        await uow.outbox.save(changed=[self._items[number] for number in self._touched])
        await uow.messages.save(changed=[self._messages[n] for n in self._touched if n in self._messages])
        await uow.conversations.save(changed=list(self._conversations.values()))
        if self._account is not self._first_account:
            await uow.accounts.save(changed=[self._account])
        if self._contacts:
            await uow.contacts.save(changed=list(self._contacts.values()))
        if self._cards:
            await uow.pending.save(new=self._cards)
            await uow.notices.add(effects.shown_cards(uow, self._cards, await uow.agents.all(), self._now))
        await uow.audit.add([entry for verdict in self._verdicts for entry in verdict.audit])
        alarms = [*self._alarms, *(alarm for verdict in self._verdicts for alarm in verdict.alarms)]
        await effects.raise_alerts(uow, alarms, self._now)
        await self._close_proven()

    async def _close_proven(self) -> None:
        """A send that was asked about and then accepted after all needs nobody any more."""
        if not self._asked:
            return
        cards = await self._uow.pending.open_of({self._items[n].conversation_id for n in self._asked})
        closed = [
            replace(c, state=PendingState.OBSOLETE, version=c.version + 1, resolved_at=self._now)
            for c in cards
            if c.outbox_id in self._asked
        ]
        await self._uow.pending.save(changed=closed)
        await self._uow.notices.add(effects.redraw(self._uow, [c.id for c in closed], self._now))


def _again(item: OutboxItem, at: datetime, *, burns_attempt: bool) -> OutboxItem:
    attempts = item.attempts if burns_attempt else item.attempts - 1
    return replace(item, state=OutboxState.QUEUED, due_at=at, lease_until=None, attempts=attempts)


def _started(item: OutboxItem, walks: dict[int, Enrollment]) -> datetime | None:
    walk = walks.get(item.enrollment_id) if item.enrollment_id is not None else None
    return walk.started_at if walk is not None and item.origin is not Origin.REPLY else None


def _parcel(account: Account, contact: Contact, item: OutboxItem) -> Parcel:
    to = Address(f"+{contact.wa_id}" if contact.wa_id else None, contact.bsuid)
    return Parcel(account.phone_number_id, account.id, to, item.opaque, item.text, item.template, item.reply_to_wamid)
