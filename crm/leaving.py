"""Ending walks before their last step, inside the caller's transaction: what they still have in the queue is called back, and the cards
that wait for them are closed. Nothing of an ended walk leaves any more."""

from collections.abc import Sequence
from datetime import datetime

from crm import decisions, effects, walks
from crm.decisions import What, decided
from crm.model.messages import DeliveryStatus
from crm.model.outbox import Origin, OutboxState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.model.sequences import Enrollment, Reason
from crm.policy import sequences
from crm.ports import UnitOfWork


async def end(uow: UnitOfWork, leaving: Sequence[Enrollment], reason: Reason, actor: str, now: datetime) -> None:
    """End these open walks."""
    if not leaving:
        return
    left = [sequences.leave(walk, reason) for walk in leaving]
    await uow.enrollments.save(changed=left)
    decisions.walks(leaving, left)
    await uow.audit.add(
        [
            replace(walks.entry(actor, "enrollment.ended", after, before.state.value, now), why=reason.value)
            for before, after in zip(leaving, left, strict=True)
        ]
    )
    ended, talks = {walk.id for walk in leaving}, {walk.conversation_id for walk in leaving}
    await _call_back(uow, talks, ended, reason)
    cards = [card for card in await uow.pending.open_of(talks) if card.enrollment_id in ended]
    if cards:
        closed = [card.closed(PendingState.OBSOLETE, now) for card in cards]
        decisions.cards(cards, closed)
        await uow.pending.save(changed=closed)
        await uow.notices.add(effects.redraw(uow, [card.id for card in cards], now))


async def _call_back(uow: UnitOfWork, talks: set[int], ended: set[int], reason: Reason) -> None:
    queued = [
        item
        for item in await uow.outbox.unsettled_of(talks)
        if item.enrollment_id in ended and item.origin is Origin.SEQUENCE and item.state is OutboxState.QUEUED
    ]
    if not queued:
        return
    for item in queued:
        decided(What.SEND_CANCELLED, reason.value, outbox_id=item.id, contact_id=item.contact_id)
    await uow.outbox.save(
        changed=[replace(item, state=OutboxState.CANCELLED, error=reason.value, dedupe=None) for item in queued]
    )
    messages = await uow.messages.load([item.id for item in queued])
    await uow.messages.save(changed=[replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()])
