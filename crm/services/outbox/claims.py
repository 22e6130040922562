"""The claim's second look: what was queued is judged again on the facts of this moment.

What may go becomes a ticket with everything the call needs; what may not is held for an agent, refused, or put off here, in the
claim's own transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm import addressing, effects, refusals
from crm.decisions import What, decided
from crm.model.accounts import Account, Assumption
from crm.model.contacts import Contact
from crm.model.messages import DeliveryStatus, TemplateRef
from crm.model.outbox import Address, Enclosed, Origin, OutboxItem, OutboxState, Parcel
from crm.model.pending import PendingManual, PendingReason
from crm.model.records import replace
from crm.model.sequences import Enrollment
from crm.model.templates import Template
from crm.policy import ordering, pacing, pricing, sending, templates, windows
from crm.policy.pricing import RateCards
from crm.ports import UnitOfWork
from crm.purse import Paid, Purse
from crm.services.outbox.places import WAITS, Places
from crm.services.outbox.standing import standing
from crm.services.outbox.uploads import enclosed_in
from crm.walks import arrived_after_all, stand_back

log = structlog.get_logger(__name__)

NOTHING_ASSUMED: frozenset[Assumption] = frozenset()
ZERO = timedelta(0)
UNADDRESSED = "contact-unaddressed"
"""Meta has given us no name by which this number could write to the contact."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One claimed item and the parcel to hand to Meta before its lease ends."""

    item: OutboxItem
    parcel: Parcel


async def check(
    uow: UnitOfWork,
    accounts: Mapping[int, Account],
    items: Sequence[OutboxItem],
    now: datetime,
    places: Places,
    purse: Purse,
    rates: RateCards,
) -> list[Ticket]:
    """Decide again on fresh facts about items just claimed; all their accounts are given."""
    contacts = await uow.contacts.load({item.contact_id for item in items})
    conversations = await uow.conversations.load({item.conversation_id for item in items})
    walking = {item.enrollment_id for item in items if item.enrollment_id is not None}
    walks = await uow.enrollments.load(walking) if walking else {}
    known = await _templates(uow, accounts, items)
    files = await enclosed_in(uow, items, now)
    earlier = await _earlier(uow, items)
    arrived = await arrived_after_all(uow, items)
    ids = await addressing.ids_of(uow, contacts.values())
    alarms: list[effects.Alarm] = []
    tickets: list[Ticket] = []
    outside: list[OutboxItem] = []
    paid: list[Paid] = []
    changed: dict[int, OutboxItem] = {}
    stopped: list[OutboxItem] = []
    cards: list[PendingManual] = []
    back: list[tuple[Enrollment, OutboxItem]] = []
    before = dict(conversations)
    for item in items:
        account, contact = accounts[item.account_id], contacts[item.contact_id]
        conversation = conversations[item.conversation_id]
        if item.id in arrived:
            decided(What.SEND_CANCELLED, "arrived-after-all", outbox_id=item.id, contact_id=contact.id)
            stopped.append(replace(item, state=OutboxState.CANCELLED, lease_until=None, error="arrived-after-all"))
            continue
        if (walk := standing(item, walks)) is not None:
            decided(What.SEND_CANCELLED, "called-back", outbox_id=item.id, contact_id=contact.id)
            stopped.append(
                replace(item, state=OutboxState.CANCELLED, lease_until=None, error="called-back", dedupe=None)
            )
            back.append((walk, item))
            continue
        allowed_at, booked = pacing.pair(conversation.pair_free_at, now)
        if allowed_at > now:
            changed[item.id] = again(item, allowed_at, burns_attempt=False)
            decided(What.SEND_POSTPONED, "pair", outbox_id=item.id, contact_id=contact.id, until=allowed_at)
            continue
        to = addressing.address(contact, account, ids)
        if to is None:
            decided(What.SEND_REFUSED, UNADDRESSED, outbox_id=item.id, contact_id=contact.id)
            stopped.append(replace(item, state=OutboxState.CANCELLED, lease_until=None, error=UNADDRESSED))
            verdict = refusals.Verdict(account, conversation, contact)
            alarms.append(refusals.send_failed(verdict, None, UNADDRESSED, ""))
            continue
        template = known.get(_key(account, item.template)) if item.template is not None else None
        facts = sending.SendFacts(
            contact,
            conversation,
            account,
            item.origin,
            item.template,
            marketing=template is not None and template.is_marketing(now),
            utility=template is not None and template.is_utility(now),
            sequence_started_at=_started(item, walks),
            farewell=item.dedupe is not None and item.dedupe.startswith(sending.FAREWELL),
        )
        turn = earlier(item, now)
        decision = sending.decide(facts, now)
        if item.template is not None:
            decision = _by_template(decision, item.template, template, files.get(item.id), contact, now)
            if isinstance(decision, sending.Send) and template is not None and item.template.agreed is not None:
                price = pricing.quote(rates, contact, conversation, template.priced_as(now), now)
                if pricing.dearer(item.template.agreed, price):
                    decision = sending.Hold(PendingReason.TEMPLATE_PRICE)
        match decision:
            case sending.Send() if isinstance(turn, ordering.Wait):
                changed[item.id] = again(item, turn.until, burns_attempt=False)
                decided(What.SEND_POSTPONED, "order", outbox_id=item.id, contact_id=contact.id, until=turn.until)
            case sending.Send() if isinstance(turn, ordering.Broken):
                decided(What.SEND_HELD, "order", outbox_id=item.id, contact_id=contact.id)
                stopped.append(replace(item, state=OutboxState.HELD, lease_until=None, error="order"))
                reason = PendingReason.REJECTED_BY_META
                cards.append(effects.waiting(uow, effects.outgoing_of(item), reason, now, outbox_id=item.id))
            case sending.Send(basis=basis):
                decided(What.SEND_CONFIRMED, basis.value, outbox_id=item.id, contact_id=contact.id)
                conversations[conversation.id] = replace(conversation, pair_free_at=booked)
                if basis is not item.basis:
                    item = changed[item.id] = replace(item, basis=basis)
                if (
                    item.template is not None
                    and windows.open_window(conversation, NOTHING_ASSUMED, now, margin=ZERO) is None
                ):
                    outside.append(item)
                if template is not None:
                    paid.append(Paid(item, contact, conversation, template.priced_as(now)))
                tickets.append(Ticket(item, _parcel(account, to, item, files.get(item.id))))
            case sending.Hold(reason=reason) if not effects.fit_for_a_card(item):
                decided(What.SEND_REFUSED, reason.value, outbox_id=item.id, contact_id=contact.id)
                stopped.append(replace(item, state=OutboxState.CANCELLED, lease_until=None, error=reason.value))
            case sending.Wait(code=code, until=until):
                decided(What.SEND_POSTPONED, code, outbox_id=item.id, contact_id=contact.id, until=until)
                changed[item.id] = replace(again(item, until, burns_attempt=False), error=code)
            case sending.Hold(reason=reason):
                decided(What.SEND_HELD, reason.value, outbox_id=item.id, contact_id=contact.id)
                stopped.append(replace(item, state=OutboxState.HELD, lease_until=None, error=reason.value))
                cards.append(effects.waiting(uow, effects.outgoing_of(item), reason, now, outbox_id=item.id))
                if reason is PendingReason.WINDOW_CLOSED:
                    log.warning("whatsapp.window.closed", contact_id=contact.id, outbox_id=item.id)
            case sending.Refuse(code=code):
                decided(What.SEND_REFUSED, code, outbox_id=item.id, contact_id=contact.id)
                stopped.append(replace(item, state=OutboxState.CANCELLED, lease_until=None, error=code))
    for item in await purse.beyond(uow, accounts, paid, now) if paid else []:
        reason = PendingReason.BUDGET
        decided(What.SEND_HELD, reason.value, outbox_id=item.id, contact_id=item.contact_id)
        changed.pop(item.id, None)
        stopped.append(replace(item, state=OutboxState.HELD, lease_until=None, error=reason.value))
        cards.append(effects.waiting(uow, effects.outgoing_of(item), reason, now, outbox_id=item.id))
    unpaid = {item.id for item in stopped}
    tickets = [ticket for ticket in tickets if ticket.item.id not in unpaid]
    outside = [item for item in outside if item.id not in unpaid]
    if outside:
        late = await places.take(uow, accounts, outside, now)
        for item in [ticket.item for ticket in tickets if ticket.item.id in late]:
            until = late[item.id]
            decided(What.SEND_POSTPONED, WAITS, outbox_id=item.id, contact_id=item.contact_id, until=until)
            changed[item.id] = replace(again(item, until, burns_attempt=False), error=WAITS)
        tickets = [ticket for ticket in tickets if ticket.item.id not in late]
    moved = [c for number, c in conversations.items() if c is not before[number]]
    if moved:
        await uow.conversations.save(changed=moved)
    if changed or stopped:
        await uow.outbox.save(changed=[*changed.values(), *stopped])
    if back:
        await stand_back(uow, back, now)
    if stopped:
        messages = await uow.messages.load([item.id for item in stopped])
        gone = [replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()]
        await uow.messages.save(changed=gone)
        await uow.pending.save(new=cards)
        await uow.notices.add(effects.shown_cards(uow, cards, await uow.agents.all(), now))
        await effects.raise_alerts(uow, alarms, now)
    return tickets


def again(item: OutboxItem, at: datetime, *, burns_attempt: bool) -> OutboxItem:
    """The item back in the queue, due at `at`."""
    attempts = item.attempts if burns_attempt else item.attempts - 1
    return replace(item, state=OutboxState.QUEUED, due_at=at, lease_until=None, attempts=attempts)


async def _earlier(
    uow: UnitOfWork, items: Iterable[OutboxItem]
) -> Callable[[OutboxItem, datetime], ordering.Now | ordering.Wait | ordering.Broken]:
    """How things stand with the messages that some of these stand after; asked for only where there are such."""
    wanted = {item.after_id for item in items if item.after_id is not None}
    if not wanted:
        return lambda item, now: ordering.Now()
    before, messages = await uow.outbox.load(wanted), await uow.messages.load(wanted)

    def turn(item: OutboxItem, now: datetime) -> ordering.Now | ordering.Wait | ordering.Broken:
        if item.after_id is None:
            return ordering.Now()
        return ordering.turn(before.get(item.after_id), messages.get(item.after_id), now)

    return turn


async def _templates(
    uow: UnitOfWork, accounts: Mapping[int, Account], items: Iterable[OutboxItem]
) -> dict[tuple[str, str, str], Template]:
    """The templates that these items want, by business account, name and language: one statement, and none when there are none."""
    return await uow.templates.named(
        {_key(accounts[item.account_id], item.template) for item in items if item.template}
    )


def _by_template(
    decision: sending.Send | sending.Hold | sending.Wait | sending.Refuse,
    wanted: TemplateRef,
    template: Template | None,
    enclosed: Enclosed | None,
    contact: Contact,
    now: datetime,
) -> sending.Send | sending.Hold | sending.Wait | sending.Refuse:
    """The decision with what is known of the template: what Meta would refuse, or the contact does not want any more, waits for a
    person instead of costing a call."""
    if isinstance(decision, sending.Refuse) and decision.code in ("marketing-stopped", "marketing-us"):
        return sending.Hold(PendingReason.TEMPLATE_MARKETING)
    if not isinstance(decision, sending.Send):
        return decision
    reason = templates.obstacle(template, wanted, enclosed.kind if enclosed is not None else None, contact, now)
    return decision if reason is None else sending.Hold(reason)


def _key(account: Account, template: TemplateRef) -> tuple[str, str, str]:
    return account.waba_id, template.name, template.language


def _started(item: OutboxItem, walks: Mapping[int, Enrollment]) -> datetime | None:
    walk = walks.get(item.enrollment_id) if item.enrollment_id is not None else None
    return walk.started_at if walk is not None and item.origin is not Origin.REPLY else None


def _parcel(account: Account, to: Address, item: OutboxItem, enclosed: Enclosed | None) -> Parcel:
    return Parcel(
        account.phone_number_id,
        account.id,
        to,
        item.opaque,
        item.text,
        item.template,
        item.reply_to_wamid,
        enclosed,
        item.content,
    )
