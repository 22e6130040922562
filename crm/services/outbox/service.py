"""Claim, send, settle: the three steps of the outbox pump, and what becomes of items that nobody settled."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from crm import effects, refusals
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import CrmError, Scope, SendFailed, SendPostponed, SendRejected, Unavailable
from crm.model.accounts import Account, AccountState
from crm.model.alerts import AlertKind, Severity
from crm.model.outbox import Accepted, OutboxItem, OutboxState, Parcel
from crm.model.pending import PendingReason
from crm.model.records import replace
from crm.policy import limits, pacing, usage
from crm.policy.pricing import RateCards
from crm.ports import Sender, Store
from crm.purse import BOTTOMLESS, Purse
from crm.services.outbox import uploads
from crm.services.outbox.claims import Ticket, check
from crm.services.outbox.places import Places
from crm.services.outbox.settlement import Settlement, accept_plainly
from crm.services.outbox.uploads import FileTools

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any send may take; a worker that has not settled by then is taken for dead."""
ROOM = timedelta(seconds=60)
"""What must be left of the lease when a call begins: longer than the call itself may take."""
MOST_TOGETHER = 200
"""Items claimed in one transaction: more would hold up whoever wants to write in between."""


@dataclass(frozen=True, slots=True)
class Due:
    """Accounts with something to send now, and when the next of the others is due."""

    ready: list[int]
    later: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one claim brought. `taken` counts also what was held or put off; `next_at` is when a pace allows more."""

    tickets: list[Ticket] = field(default_factory=list)
    taken: int = 0
    next_at: datetime | None = None

    @property
    def full(self) -> bool:
        """There may be more at once, which did not fit."""
        return self.taken >= MOST_TOGETHER


@dataclass(frozen=True, slots=True)
class Sent:
    """How one call ended."""

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
        files: FileTools,
        rates: RateCards,
        on_change: Callable[[], None] = lambda: None,
        purse: Purse = BOTTOMLESS,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._worker = worker
        self._unknown_after = unknown_after
        self._classify = classify
        self._rates = rates
        self._files = uploads.Handing(store, files, clock)
        self._files_in_order = uploads.FilesInOrder()
        self._on_change = on_change
        self._paces: dict[int, pacing.Pace] = {}
        self._places = Places()
        self._purse = purse

    async def due(self) -> Due:
        """Look whose turn it is; every account's pace follows its settings."""
        now = self._clock.now()
        async with self._store.read() as uow:
            due = await uow.outbox.accounts_due(now)
            active = [account for account in await uow.accounts.all() if account.state is AccountState.ACTIVE]
        for account in active:
            self._fit(account, now)
        waiting = {
            account.id: max(due[account.id], account.limits.rests_until or due[account.id])
            for account in active
            if account.id in due
        }
        ready = [account for account, at in waiting.items() if at <= now]
        later = [at for at in waiting.values() if at > now]
        return Due(ready, min(later, default=None))

    async def claim(self, room: Mapping[int, int]) -> Claim:
        """Claim for these accounts in their order, each up to its room and its pace. One account's trouble stops no other."""
        now = self._clock.now()
        granted, waits = self._grant(room, now)
        if not granted:
            return Claim(next_at=min(waits, default=None))
        try:
            tickets, taken = await self._claim(granted, now)
        except CrmError:
            raise
        except Exception:
            if len(granted) == 1:
                raise
            log.exception("outbox_claim_failed", accounts=len(granted))
            tickets, taken = await self._claim_apart(granted, now)
        for account_id, count in granted.items():
            self._paces[account_id] = pacing.returned(self._paces[account_id], count - taken[account_id])
        waits += [self._paces[account_id].next_at for account_id in granted if taken[account_id]]
        return Claim(tickets, sum(taken.values()), min(waits, default=None))

    async def send(self, ticket: Ticket) -> Sent:
        """Hand one claimed item to Meta, unless its lease is nearly over: then another may judge it lost already."""
        item, parcel = ticket.item, ticket.parcel
        try:
            _in_time(item, self._clock.now())
            accepted = await (self._sender.send(parcel) if parcel.enclosed is None else self._send_file(item, parcel))
            return Sent(item, accepted, None)
        except SendFailed as failure:
            return Sent(item, None, failure)

    async def _send_file(self, item: OutboxItem, parcel: Parcel) -> Accepted:
        """Hand the file over, then send. Meta may have forgotten a file of earlier; its refusal is proof that nothing left."""

        def in_time() -> None:
            _in_time(item, self._clock.now())

        self._files_in_order.check(item, self._clock.now())
        failure: SendFailed | None = None
        try:
            return await self._file_sent(parcel, in_time)
        except SendFailed as problem:
            failure = problem
            raise
        finally:
            self._files_in_order.ended(item, failure)

    async def _file_sent(self, parcel: Parcel, in_time: Callable[[], None]) -> Accepted:
        parcel = await self._files.ready(parcel, in_time)
        try:
            return await self._sender.send(parcel)
        except SendRejected as refusal:
            if not uploads.may_be_forgotten(parcel, refusal):
                raise
        parcel = await self._files.ready(await self._files.forget(parcel), in_time)
        return await self._sender.send(parcel)

    async def settle(self, sent: Sequence[Sent]) -> None:
        """Write how calls ended, together; what cannot be written that way is written one by one. Raises Unavailable.

        What nobody can write stays leased; when the lease is over it counts as perhaps sent.
        """
        try:
            await self._settle(sent)
        except Unavailable:
            raise
        except Exception:
            log.exception("outbox_settle_failed", size=len(sent), outbox_id=sent[0].item.id)
            for each in sent if len(sent) > 1 else ():
                await self.settle([each])
            return
        try:
            await self._heed_usage(sent)
        except Unavailable:
            log.warning("usage_not_kept")  # the next answer says it again
        for each in sent:
            _log(each)
        if any(each.failure for each in sent):
            self._on_change()

    async def run_once(self, account_id: int, limit: int = 100) -> Claim:
        """Claim, send and settle up to `limit` items of one account; each conversation's in order."""
        claim = await self.claim({account_id: limit})
        lines: defaultdict[int, list[Ticket]] = defaultdict(list)
        for ticket in claim.tickets:
            lines[ticket.item.conversation_id].append(ticket)
        ends = await asyncio.gather(*(self._in_order(line) for line in lines.values()))
        if ends:
            await self.settle([sent for line in ends for sent in line])
        if claim.taken:
            self._on_change()
        return claim

    async def reconcile(self) -> dict[str, int]:
        """Dead workers' items become unknown; items unknown for too long go to a person."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            lost = await uow.outbox.lease_expired(now, 500)
            await uow.outbox.save(changed=[replace(i, state=OutboxState.UNKNOWN, lease_until=now) for i in lost])
            for item in lost:
                decided(What.SEND_UNKNOWN, "lease-over", outbox_id=item.id, contact_id=item.contact_id)
            asked = await uow.outbox.unknown_since(now - self._unknown_after, 500)
            for item in asked:
                decided(What.SEND_HELD, "unknown-for-too-long", outbox_id=item.id, contact_id=item.contact_id)
            dropped = [item for item in asked if not effects.fit_for_a_card(item)]
            asked = [item for item in asked if effects.fit_for_a_card(item)]
            contacts = await uow.contacts.load({item.contact_id for item in asked})
            cards = [
                effects.waiting(uow, effects.outgoing_of(i), PendingReason.UNKNOWN_OUTCOME, now, outbox_id=i.id)
                for i in asked
            ]
            await uow.outbox.save(
                changed=[
                    *(replace(i, state=OutboxState.HELD, lease_until=None, error="unknown") for i in asked),
                    *(replace(i, state=OutboxState.FAILED, lease_until=None, error="unknown") for i in dropped),
                ]
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

    # --- pace ----------------------------------------------------------------------------------------------------------------

    def _fit(self, account: Account, now: datetime) -> None:
        """Follow the account's settings and what Meta grants, and recover from a slow-down."""
        allowed = pacing.ceiling(account, usage.share(account.limits, now))
        self._paces[account.id] = pacing.fitted(self._paces.get(account.id), account.limits, allowed, now)

    def _grant(self, room: Mapping[int, int], now: datetime) -> tuple[dict[int, int], list[datetime]]:
        """How many each account may send now, and when those that must wait may go on."""
        granted: dict[int, int] = {}
        waits: list[datetime] = []
        left = MOST_TOGETHER
        for account_id, most in room.items():
            pace = self._paces.get(account_id)
            if pace is None or left == 0:
                continue
            self._paces[account_id], count = pacing.grant(pace, now, min(most, left))
            if count:
                granted[account_id] = count
                left -= count
            else:
                waits.append(pace.next_at)
        return granted, waits

    # --- the transactions -------------------------------------------------------------------------------------------------------

    async def _claim(self, granted: Mapping[int, int], now: datetime) -> tuple[list[Ticket], Counter[int]]:
        async with self._store.begin() as uow:
            accounts = {a.id: a for a in await uow.accounts.all() if a.state is AccountState.ACTIVE}
            accounts = {number: a for number, a in accounts.items() if not limits.resting(a, now)}
            wanted = {account_id: count for account_id, count in granted.items() if account_id in accounts}
            items = await uow.outbox.claim_due(wanted, self._worker, now, now + LEASE)
            tickets = await check(uow, accounts, items, now, self._places, self._purse, self._rates) if items else []
        return tickets, Counter(item.account_id for item in items)

    async def _claim_apart(self, granted: Mapping[int, int], now: datetime) -> tuple[list[Ticket], Counter[int]]:
        tickets: list[Ticket] = []
        taken: Counter[int] = Counter()
        for account_id, count in granted.items():
            try:
                found, counted = await self._claim({account_id: count}, now)
            except Exception:
                log.exception("outbox_claim_failed", account_id=account_id)
                continue
            tickets += found
            taken += counted
        return tickets, taken

    async def _in_order(self, line: Sequence[Ticket]) -> list[Sent]:
        return [await self.send(ticket) for ticket in line]

    async def _settle(self, sent: Sequence[Sent]) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            taken = ((each.item.id, each.accepted) for each in sent if each.accepted is not None)
            wamids = {number: accepted.wamid for number, accepted in taken if not accepted.held_for_quality}
            plain = await accept_plainly(uow, wamids, now)
            await uow.conversations.touch({each.item.conversation_id for each in sent if each.item.id in plain}, now)
            rest = [each for each in sent if each.item.id not in plain]
            if not rest:
                return
            items = await uow.outbox.load([each.item.id for each in rest])
            messages = await uow.messages.load(items.keys())
            settlement = Settlement(uow, items, messages, now)
            for each in rest:
                if each.accepted is not None:
                    settlement.accept(each.item.id, each.accepted)
                elif each.failure is not None:
                    await settlement.fail(each.item.id, each.failure)
            await settlement.hear(self._classify)
            await settlement.write()
        for account in settlement.changed_accounts:
            self._fit(account, now)

    async def _heed_usage(self, sent: Sequence[Sent]) -> None:
        """Send less when Meta's answers say that its call limits are nearly used up."""
        heard = usage.together(
            (each.item.account_id, each.accepted.usage) for each in sent if each.accepted is not None
        )
        if not heard:
            return
        now = self._clock.now()
        async with self._store.begin() as uow:
            known = {account.id: account for account in await uow.accounts.all()}
            wanted = [account.id for account in usage.heeded(known.values(), heard, now)]
            before = {number: fresh for number in wanted if (fresh := await uow.accounts.get(number)) is not None}
            changed = [each for each in usage.heeded((known | before).values(), heard, now) if each.id in before]
            await uow.accounts.save(changed=changed)
            resting = [a for a in changed if a.limits.rests_until != before[a.id].limits.rests_until]
            alarms = [refusals.told_slowed(account, account.limits.rests_for or usage.APP) for account in resting]
            await effects.raise_alerts(uow, alarms, now)
        for account in changed:
            self._fit(account, now)


def _in_time(item: OutboxItem, now: datetime) -> None:
    """Raise when so little is left of the lease that another might judge the item lost while it is sent."""
    if item.lease_until is None or now > item.lease_until - ROOM:
        raise SendPostponed("lease-short", scope=Scope.NUMBER, wait=timedelta(0))


def _log(sent: Sent) -> None:
    known = {"contact_id": sent.item.contact_id, "outbox_id": sent.item.id}
    if sent.accepted is not None:
        log.info("whatsapp.message.sent", **known, message_id=sent.accepted.wamid, status="accepted")
    elif sent.failure is not None:
        log.error("whatsapp.send.failed", **known, error=sent.failure.code, meta_code=sent.failure.meta_code)
