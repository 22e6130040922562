"""How a walk begins by hand, by a tag or by an import: asked by several use cases, decided in one place."""

from datetime import datetime

from crm import decisions
from crm.errors import Refused
from crm.model.audit import AuditEntry
from crm.model.conversations import BlockState, Conversation
from crm.model.sequences import Enrollment, Sequence, SequenceState, Trigger
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
