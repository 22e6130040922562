"""How a walk begins by hand, by a tag or by an import, and how it stands before a step again that did not leave: asked by several use
cases, decided in one place."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import datetime

from crm import decisions
from crm.effects import AGAIN
from crm.errors import Refused
from crm.model.audit import AuditEntry
from crm.model.conversations import BlockState, Conversation
from crm.model.messages import DeliveryStatus
from crm.model.outbox import OutboxItem
from crm.model.sequences import Enrollment, Sequence, SequenceState, Trigger
from crm.plans import Book
from crm.policy import planner, sequences
from crm.ports import UnitOfWork


async def enroll(
    uow: UnitOfWork, plan: Sequence, conversation: Conversation, actor: str, now: datetime, trigger: Trigger, zone: str
) -> Enrollment:
    """Start a contact's walk. Refused while the plan takes nobody, the contact opted out or is blocked, or walks it already."""
    contact = (await uow.contacts.load([conversation.contact_id]))[conversation.contact_id]
    if plan.state is not SequenceState.ACTIVE:
        raise Refused("sequence-not-active", sequence=plan.name)
    if contact.opted_out:
        raise Refused("opted-out")
    if conversation.block_state is BlockState.CONFIRMED:
        raise Refused("blocked")
    open_walks = await uow.enrollments.open_of([conversation.id])
    if any(walk.sequence_id == plan.id for walk in open_walks):
        raise Refused("already-enrolled", sequence=plan.name)
    walk = sequences.start(uow.ids.next(), plan, conversation, at=now, trigger=trigger)
    account = await uow.accounts.get(conversation.account_id)
    if account is not None:
        walk = planner.planned(walk, plan, planner.Subject(contact, conversation, account, zone), now)
    await uow.enrollments.save(new=[walk])
    decisions.walk(None, walk)
    await uow.audit.add([entry(actor, "enrollment.started", walk, None, now)])
    return walk


def entry(actor: str, action: str, walk: Enrollment, before: str | None, now: datetime) -> AuditEntry:
    """What the audit keeps of a change of a walk."""
    subject = f"enrollment:{walk.id}"
    known = {"state": before} if before else None
    return AuditEntry(now, actor, action, subject, known, {"state": walk.state.value})


async def stand_back(uow: UnitOfWork, back: Many[tuple[Enrollment, OutboxItem]], now: datetime) -> None:
    """Let the walks stand before the steps that do not leave, unless a later one has left already."""
    book = Book(await uow.sequences.all(), await uow.sequences.versions())
    before = {walk.id: walk for walk, _ in back}
    after = dict(before)
    for known, item in sorted(back, key=lambda each: (each[1].step or 0, each[1].id), reverse=True):
        walk = after[known.id]
        plan = book.of(walk)
        if plan is not None and item.step is not None and item.step == walk.position - 1:
            after[walk.id] = sequences.called_back(walk, plan, item.step, now)
    moved = [number for number, walk in after.items() if walk != before[number]]
    if moved:
        await uow.enrollments.save(changed=[after[number] for number in moved])
        decisions.walks([before[number] for number in moved], [after[number] for number in moved])


async def arrived_after_all(uow: UnitOfWork, items: Iterable[OutboxItem]) -> set[int]:
    """Messages that stand in for one that had failed, itself perhaps a stand-in, where one of those arrived nevertheless (rarely both are
    told; reference 1.2)."""
    behind = {item.id: first for item in items if (first := _stands_in_for(item)) is not None}
    found: set[int] = set()
    while behind:
        messages = await uow.messages.load(behind.values())
        earlier = await uow.outbox.load(behind.values())
        reached = {n for n, m in messages.items() if m.status in (DeliveryStatus.DELIVERED, DeliveryStatus.READ)}
        found |= {item_id for item_id, first in behind.items() if first in reached}
        behind = {
            item_id: before
            for item_id, first in behind.items()
            if item_id not in found and first in earlier and (before := _stands_in_for(earlier[first])) is not None
        }
    return found


def _stands_in_for(item: OutboxItem) -> int | None:
    return int(item.dedupe[len(AGAIN) :]) if item.dedupe and item.dedupe.startswith(AGAIN) else None
