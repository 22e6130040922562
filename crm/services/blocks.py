"""Block detection: the job that suspects (the brief's flow 4), and the agents' reactivation by hand.

The job knows when it is blind: an account on which nothing at all was delivered lately may be cut off, or its statuses lost; then
silence proves nothing and nobody is suspected there.
"""

from collections import Counter
from datetime import datetime, timedelta

import structlog

from crm import decisions, effects
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import NotFound, Refused
from crm.model.agents import Agent
from crm.model.alerts import AlertKind, Severity
from crm.model.answers import IssuePage
from crm.model.audit import AuditEntry
from crm.model.blocks import DeliveryIssue, Evidence, IssueState, Suspicion
from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.messages import DeliveryStatus
from crm.model.outbox import Origin, OutboxState
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Reason
from crm.plans import Plans
from crm.policy import blocks, permissions, sequences
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork
from crm.walks import arrived_after_all, stand_back

log = structlog.get_logger(__name__)

BATCH = 500
PULSE = timedelta(hours=72)
"""An account that delivered nothing for this long gives no evidence."""


class BlockService:
    def __init__(self, store: Store, clock: Clock, plans: Plans) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans

    async def detect(self) -> dict[str, int]:
        """Judge every conversation with unanswered silence, a page in a transaction; return counts by verdict."""
        now = self._clock.now()
        counts: Counter[str] = Counter(blind=0)
        after, full = 0, True
        while full:
            async with self._store.begin() as uow:
                found = await uow.blocks.evidence(now - blocks.SILENCE, after, BATCH)
                alive = await uow.blocks.delivered_accounts(now - PULSE)
                judged = [(e, blocks.judge(e)) for e in found if e.account_id in alive]
                counts["blind"] += len(found) - len(judged)
                verdicts = [(e, s) for e, s in judged if s is not None]
                if verdicts:
                    await self._believe(uow, verdicts, counts)
            full = len(found) == BATCH
            after = found[-1].conversation_id if found else after
        return dict(counts)

    async def _believe(self, uow: UnitOfWork, verdicts: list[tuple[Evidence, Suspicion]], counts: Counter[str]) -> None:
        now = self._clock.now()
        ids = [evidence.conversation_id for evidence, _ in verdicts]
        conversations = await uow.conversations.load(ids)
        contacts = await uow.contacts.load({evidence.contact_id for evidence, _ in verdicts})
        known = {issue.conversation_id: issue for issue in await uow.blocks.open_of(ids)}
        plans = await self._plans.all(uow, now)
        confirmed = {e.conversation_id for e, s in verdicts if s.state is BlockState.CONFIRMED}
        await _cancel_queued(uow, ids, confirmed, now)
        walks = [w for w in await uow.enrollments.open_of(ids) if w.sequence_id in plans]
        new, changed, moved, alarms = [], [], [], []
        for evidence, suspicion in verdicts:
            conversation = conversations[evidence.conversation_id]
            decided(
                What.SUSPICION_RAISED,
                suspicion.state.value,
                contact_id=evidence.contact_id,
                conversation_id=conversation.id,
                probability=suspicion.probability,
                undelivered=len(evidence.undelivered),
            )
            moved.append(replace(conversation, block_state=suspicion.state))
            issue = known.get(conversation.id)
            if issue is None:
                issue = _issue(uow.ids.next(), evidence, suspicion, now)
                new.append(issue)
            else:
                changed.append(
                    replace(
                        issue,
                        level=suspicion.state,
                        probability=suspicion.probability,
                        message_ids=evidence.undelivered,
                    )
                )
            alarms.append(_alarm(conversation, contacts[evidence.contact_id], evidence, suspicion))
            counts[suspicion.state.value] += 1
            log.info(
                "whatsapp.block.detected",
                contact_id=evidence.contact_id,
                conversation_id=conversation.id,
                probability=suspicion.probability,
            )
        paused = [
            _stop(walk, confirmed, sequences.pause(walk, plan, Reason.PROBABLE_BLOCK, now))
            for walk in walks
            if (plan := plans.of(walk)) is not None
        ]
        decisions.walks(walks, paused)
        await uow.conversations.save(changed=moved)
        await uow.blocks.save(new, changed)
        await uow.enrollments.save(
            changed=[after for after, before in zip(paused, walks, strict=True) if after != before]
        )
        await effects.raise_alerts(uow, alarms, now)
        await uow.audit.add(
            [
                AuditEntry(
                    now,
                    "job:blocks",
                    "block.suspected",
                    f"conversation:{e.conversation_id}",
                    {"state": e.state.value},
                    {"state": s.state.value, "probability": s.probability},
                    f"{len(e.undelivered)} in a row undelivered since {e.oldest_sent_at.isoformat()}",
                )
                for e, s in verdicts
            ]
        )

    async def page(self, by: Agent, after: int | None = None, limit: int = 8) -> IssuePage:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            lines = await uow.blocks.page(by, after, limit + 1)
        shown = lines[:limit]
        return IssuePage(tuple(shown), shown[-1][0].id if len(lines) > limit else None)

    async def reactivate(self, by: Agent, conversation_id: int) -> None:
        """A person says that the contact did not block us: sends are allowed again, walks go on, evidence counts from now."""
        permissions.require(by, Capability.REACTIVATE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            conversation = await uow.conversations.visible(by, conversation_id)
            if conversation is None:
                raise NotFound("conversation-not-found")
            if conversation.block_state is BlockState.CLEAR:
                raise Refused("not-blocked")
            cleared = replace(conversation, block_state=BlockState.CLEAR, block_evidence_from=now)
            await uow.conversations.save(changed=[cleared])
            decided(
                What.SUSPICION_CLEARED, "agent", contact_id=conversation.contact_id, conversation_id=conversation.id
            )
            closed = [
                replace(i, state=IssueState.REACTIVATED, closed_at=now, closed_by=by.id, closed_why="agent")
                for i in await uow.blocks.open_of([conversation.id])
            ]
            await uow.blocks.save(changed=closed)
            plans = await self._plans.all(uow, now)
            resumed: list[Enrollment] = []
            for walk in await uow.enrollments.open_of([conversation.id]):
                stopped = walk.reason in (Reason.PROBABLE_BLOCK, Reason.CONFIRMED_BLOCK)
                plan = plans.of(walk)
                if stopped and plan is not None:
                    resumed.append(sequences.resume(walk, plan, now))
                    decisions.walk(walk, resumed[-1])
            await uow.enrollments.save(changed=resumed)
            before = {"state": conversation.block_state.value}
            entry = AuditEntry(
                now,
                f"agent:{by.id}",
                "block.reactivated",
                f"conversation:{conversation.id}",
                before,
                {"state": "clear"},
            )
            await uow.audit.add([entry])


def _issue(number: int, evidence: Evidence, suspicion: Suspicion, now: datetime) -> DeliveryIssue:
    return DeliveryIssue(
        id=number,
        account_id=evidence.account_id,
        contact_id=evidence.contact_id,
        conversation_id=evidence.conversation_id,
        level=suspicion.state,
        probability=suspicion.probability,
        message_ids=evidence.undelivered,
        state=IssueState.OPEN,
        opened_at=now,
    )


def _alarm(conversation: Conversation, contact: Contact, evidence: Evidence, suspicion: Suspicion) -> effects.Alarm:
    confirmed = suspicion.state is BlockState.CONFIRMED
    kind = AlertKind.CONFIRMED_BLOCK if confirmed else AlertKind.PROBABLE_BLOCK
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "conversation_id": conversation.id,
        "probability": suspicion.probability,
        "messages": len(evidence.undelivered),
    }
    return effects.Alarm(
        kind,
        Severity.WARNING,
        f"{kind.value}:{conversation.id}",
        params,
        account_id=conversation.account_id,
        contact_id=contact.id,
        agent_id=conversation.agent_id,
    )


def _stop(walk: Enrollment, confirmed: set[int], paused: Enrollment) -> Enrollment:
    """A confirmed block keeps the walk paused under its own name, so that a reactivation can let it go on."""
    if walk.conversation_id not in confirmed or paused.state is not EnrollmentState.PAUSED:
        return paused
    ours = paused.reason in (Reason.PROBABLE_BLOCK, Reason.CONFIRMED_BLOCK)
    return replace(paused, reason=Reason.CONFIRMED_BLOCK) if ours else paused


async def _cancel_queued(uow: UnitOfWork, conversation_ids: list[int], confirmed: set[int], now: datetime) -> None:
    """What is still queued for them must not leave: a sequence's messages, and everything once it is confirmed. The walks stand before
    the steps that do not leave: a reactivated contact gets them."""
    queued = [
        item
        for item in await uow.outbox.unsettled_of(conversation_ids)
        if item.state is OutboxState.QUEUED and (item.origin is Origin.SEQUENCE or item.conversation_id in confirmed)
    ]
    if not queued:
        return
    steps = [item for item in queued if item.origin is Origin.SEQUENCE]
    for item in queued:
        decided(What.SEND_CANCELLED, "blocked", outbox_id=item.id, contact_id=item.contact_id)
    await uow.outbox.save(
        changed=[
            replace(item, state=OutboxState.CANCELLED, error="blocked", dedupe=None if item in steps else item.dedupe)
            for item in queued
        ]
    )
    messages = await uow.messages.load([item.id for item in queued])
    await uow.messages.save(changed=[replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()])
    arrived = await arrived_after_all(uow, steps)
    walks = await uow.enrollments.load({item.enrollment_id for item in steps if item.enrollment_id is not None})
    begun_again = {
        (walk.conversation_id, walk.sequence_id): walk.id for walk in await uow.enrollments.open_of(conversation_ids)
    }
    back = [
        (walk, item)
        for item in steps
        if item.id not in arrived and (walk := walks.get(item.enrollment_id or 0)) is not None
        if begun_again.get((walk.conversation_id, walk.sequence_id), walk.id) == walk.id
    ]
    await stand_back(uow, back, now)
