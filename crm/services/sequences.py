"""Sequences: the job that sends their due steps (the brief's flow 2), and what people do with them.

The job claims a hundred due enrollments at a time and writes each batch in one transaction: window open, to the outbox; closed, to
pending manual with the step skipped; in both cases the walk moves on.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from crm import decisions, effects
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import NotFound, Refused
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.alerts import AlertKind, Severity
from crm.model.answers import MOST_COUNTED, SequenceCard
from crm.model.audit import AuditEntry
from crm.model.contacts import Person
from crm.model.conversations import BlockState, Conversation
from crm.model.messages import Draft, Message
from crm.model.outbox import Origin, OutboxItem
from crm.model.pending import PendingManual
from crm.model.records import replace
from crm.model.sequences import DueEnrollment, Enrollment, EnrollmentState, Reason, SequenceState, Trigger
from crm.model.sequences import Sequence as Plan
from crm.plans import Plans
from crm.policy import identities, permissions, sending, sequences
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

log = structlog.get_logger(__name__)

BATCH = 100


class SequenceService:
    def __init__(self, store: Store, clock: Clock, plans: Plans, on_queued: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._on_queued = on_queued

    # --- the job ---------------------------------------------------------------------------------------------------------------

    async def process_due(self) -> dict[str, int]:
        """Send every due step of every active sequence, end the walks whose sequence is no more; return counts by outcome."""
        now = self._clock.now()
        async with self._store.read() as uow:
            plans = await self._plans.all(uow, now)
        totals: Counter[str] = Counter()
        for plan in plans.values():
            while plan.state is SequenceState.ACTIVE:
                counts = await self._process_batch(plan, now)
                totals.update(counts)
                if sum(counts.values()) < BATCH:
                    break
        while stranded := await self._end_stranded(now):
            totals["ended"] += stranded
        return dict(totals)

    async def _end_stranded(self, now: datetime) -> int:
        """A batch of walks whose sequence was archived or is gone: nobody would ever take their next step."""
        async with self._store.begin() as uow:
            walks = await uow.enrollments.stranded(BATCH)
            ended = [sequences.leave(walk, Reason.ARCHIVED) for walk in walks]
            await uow.enrollments.save(changed=ended)
            decisions.walks(walks, ended)
            await uow.audit.add(
                [
                    AuditEntry(
                        now,
                        "job:sequences",
                        "enrollment.ended",
                        f"enrollment:{after.id}",
                        {"state": before.state.value},
                        {"state": after.state.value, "reason": Reason.ARCHIVED.value},
                        "the sequence is archived or gone",
                    )
                    for before, after in zip(walks, ended, strict=True)
                ]
            )
        return len(walks)

    async def _process_batch(self, plan: Plan, now: datetime) -> Counter[str]:
        async with self._store.begin() as uow:
            due = await uow.enrollments.claim_due(plan.id, now, BATCH)
            if not due:
                return Counter()
            accounts = {account.id: account for account in await uow.accounts.all()}
            work = _Step(uow, plan, now)
            for each in due:
                work.take(each, accounts.get(each.enrollment.account_id))
            await work.write()
        for contact_id, position in work.skipped:
            log.warning("whatsapp.window.closed", contact_id=contact_id, skipped_step=position, sequence_id=plan.id)
        self._on_queued()
        return work.counts

    # --- people ----------------------------------------------------------------------------------------------------------------

    async def all(self, by: Agent) -> list[SequenceCard]:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            plans = await uow.sequences.all()
            counts = await uow.enrollments.counts([plan.id for plan in plans], MOST_COUNTED + 1)
            return [_card(plan, counts) for plan in plans]

    async def card(self, by: Agent, sequence_id: int) -> SequenceCard:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            plan = await _plan(uow, sequence_id)
            return _card(plan, await uow.enrollments.counts([plan.id], MOST_COUNTED + 1))

    async def pause(self, by: Agent, sequence_id: int) -> SequenceCard:
        return await self._set_state(by, sequence_id, SequenceState.PAUSED)

    async def resume(self, by: Agent, sequence_id: int) -> SequenceCard:
        return await self._set_state(by, sequence_id, SequenceState.ACTIVE)

    async def _set_state(self, by: Agent, sequence_id: int, state: SequenceState) -> SequenceCard:
        permissions.require(by, Capability.SEQUENCES)
        now = self._clock.now()
        async with self._store.begin() as uow:
            plan = await _plan(uow, sequence_id)
            changed = replace(plan, state=state, updated_at=now)
            await uow.sequences.save(changed=[changed])
            await uow.audit.add([_entry(by, "sequence.state", plan, plan.state.value, state.value, now)])
            return _card(changed, await uow.enrollments.counts([plan.id], MOST_COUNTED + 1))

    async def enroll(self, by: Agent, sequence_id: int, conversation_id: int) -> Enrollment:
        """Start a contact's walk by hand. Refused while the contact is opted out, blocked, or already walking it."""
        permissions.require(by, Capability.ENROLL)
        now = self._clock.now()
        async with self._store.begin() as uow:
            plan = await _plan(uow, sequence_id)
            conversation = await uow.conversations.visible(by, conversation_id)
            if conversation is None:
                raise NotFound("conversation-not-found")
            return await _enroll(uow, plan, conversation, f"agent:{by.id}", now)

    async def enroll_by_name(self, actor: str, key: str, who: int | Person, account_id: int | None) -> Enrollment:
        """From the command line: a contact by our id or Meta's, in the one conversation that can be meant."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            plan = await uow.sequences.by_key(key)
            if plan is None:
                raise NotFound("sequence-not-found", sequence=key)
            contact_id = who if isinstance(who, int) else await _known(uow, who)
            if plan.account_id is not None and account_id not in (None, plan.account_id):
                raise Refused("sequence-of-another-account", account_id=plan.account_id)
            wanted = account_id or plan.account_id
            accounts = [account.id for account in await uow.accounts.all()] if wanted is None else [wanted]
            found = await uow.conversations.find([(contact_id, account) for account in accounts])
            if not found:
                raise NotFound("conversation-not-found", contact_id=contact_id)
            if len(found) > 1:
                raise Refused("several-accounts", accounts=", ".join(str(account) for _, account in sorted(found)))
            return await _enroll(uow, plan, next(iter(found.values())), actor, now)

    async def pause_enrollment(self, by: Agent, enrollment_id: int) -> Enrollment:
        return await self._move(by, enrollment_id, "enrollment.paused")

    async def resume_enrollment(self, by: Agent, enrollment_id: int) -> Enrollment:
        return await self._move(by, enrollment_id, "enrollment.resumed")

    async def _move(self, by: Agent, enrollment_id: int, action: str) -> Enrollment:
        permissions.require(by, Capability.ENROLL)
        now = self._clock.now()
        async with self._store.begin() as uow:
            walk = (await uow.enrollments.load([enrollment_id])).get(enrollment_id)
            if walk is None or await uow.conversations.visible(by, walk.conversation_id) is None:
                raise NotFound("enrollment-not-found")
            plan = await _plan(uow, walk.sequence_id)
            pausing = action == "enrollment.paused"
            moved = sequences.pause(walk, plan, Reason.AGENT, now) if pausing else sequences.resume(walk, plan, now)
            if moved == walk:
                raise Refused("nothing-to-resume" if action == "enrollment.resumed" else "nothing-to-pause")
            await uow.enrollments.save(changed=[moved])
            decisions.walk(walk, moved)
            await uow.audit.add([_walk_entry(f"agent:{by.id}", action, moved, walk.state.value, now)])
            return moved

    # --- files -----------------------------------------------------------------------------------------------------------------

    async def publish(self, actor: str, plans: Sequence[Plan]) -> list[Plan]:
        """Create or replace sequences by key (their ids are assigned here). Open walks go on at their position in the new plan."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            done: list[Plan] = []
            for plan in plans:
                known = await uow.sequences.by_key(plan.key)
                if known is None:
                    saved = replace(plan, id=uow.ids.next(), version=1, updated_at=now)
                    await uow.sequences.save(new=[saved])
                else:
                    saved = replace(plan, id=known.id, version=known.version + 1, updated_at=now)
                    await uow.sequences.save(changed=[saved])
                done.append(saved)
                before = {"version": known.version} if known else None
                entry = AuditEntry(
                    now, actor, "sequence.published", f"sequence:{saved.id}", before, {"version": saved.version}
                )
                await uow.audit.add([entry])
            return done

    async def plans(self) -> list[Plan]:
        """Every sequence, for export."""
        async with self._store.read() as uow:
            return await uow.sequences.all()


class _Step:
    """One batch of due steps of one sequence: what to write, gathered."""

    def __init__(self, uow: UnitOfWork, plan: Plan, now: datetime) -> None:
        self._uow, self._plan, self._now = uow, plan, now
        self._items: list[OutboxItem] = []
        self._messages: list[Message] = []
        self._cards: list[PendingManual] = []
        self._walks: list[Enrollment] = []
        self._alarms: dict[str, effects.Alarm] = {}
        self.counts: Counter[str] = Counter()
        self.skipped: list[tuple[int, int]] = []

    def take(self, due: DueEnrollment, account: Account | None) -> None:
        walk, plan = due.enrollment, self._plan
        if account is None or account.state is AccountState.REMOVED:
            self._end(walk, Reason.REMOVED)
            return
        if walk.position >= len(plan.steps):
            self._end(walk, Reason.FINISHED)
            return
        step = plan.steps[walk.position]
        facts = sending.SendFacts(
            due.contact, due.conversation, account, Origin.SEQUENCE, sequence_started_at=walk.started_at
        )
        outgoing = effects.Outgoing(
            account_id=account.id,
            contact_id=due.contact.id,
            conversation_id=due.conversation.id,
            origin=Origin.SEQUENCE,
            draft=Draft(sequences.render(step.text, due.contact.name)),
            basis=None,
            enrollment_id=walk.id,
            step=walk.position,
            dedupe=f"{walk.id}:{walk.position}",
        )
        match sending.decide(facts, self._now):
            case sending.Send(basis=basis):
                item, message = effects.posted(self._uow, replace(outgoing, basis=basis), self._now)
                self._items.append(item)
                self._messages.append(message)
                self._move(walk, sequences.advance(walk, plan, self._now))
                self.counts["queued"] += 1
            case sending.Hold(reason=reason):
                draft = Draft(outgoing.draft.text, step.template)
                ids = {"contact_id": due.contact.id, "enrollment_id": walk.id, "step": walk.position}
                decided(What.STEP_SKIPPED, reason.value, **ids)
                self._cards.append(effects.waiting(self._uow, replace(outgoing, draft=draft), reason, self._now))
                self._move(walk, sequences.advance(walk, plan, self._now))
                self.skipped.append((due.contact.id, walk.position))
                self._warn(due, account)
                self.counts["held"] += 1
            case sending.Wait(until=until):
                self._move(walk, replace(walk, next_due_at=until))
                self.counts["later"] += 1
            case sending.Refuse(code=code):
                self._end(walk, Reason.OPTED_OUT if code == "opted-out" else Reason.CONFIRMED_BLOCK)

    def _end(self, walk: Enrollment, reason: Reason) -> None:
        self._move(walk, sequences.leave(walk, reason))
        self.counts["ended"] += 1

    def _move(self, before: Enrollment, after: Enrollment) -> None:
        decisions.walk(before, after)
        self._walks.append(after)

    def _warn(self, due: DueEnrollment, account: Account) -> None:
        """One alert per account and sequence, counted: a thousand closed windows are one fact for an agent."""
        key = f"outside_window:{account.id}:{self._plan.id}"
        params = {"contact": due.contact.title, "account": account.name, "sequence": self._plan.name}
        self._alarms.setdefault(
            key, effects.Alarm(AlertKind.OUTSIDE_WINDOW, Severity.INFO, key, params, account_id=account.id)
        )

    async def write(self) -> None:
        uow = self._uow
        await uow.enrollments.save(changed=self._walks)
        if self._items:
            await uow.messages.save(new=self._messages)
            await uow.outbox.save(new=self._items)
        if self._cards:
            await uow.pending.save(new=self._cards)
        await effects.raise_alerts(uow, list(self._alarms.values()), self._now)


async def _enroll(uow: UnitOfWork, plan: Plan, conversation: Conversation, actor: str, now: datetime) -> Enrollment:
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
    walk = sequences.start(
        uow.ids.next(),
        plan,
        conversation,
        at=now,
        trigger=Trigger.MANUAL,
    )
    await uow.enrollments.save(new=[walk])
    decisions.walk(None, walk)
    await uow.audit.add([_walk_entry(actor, "enrollment.started", walk, None, now)])
    return walk


async def _known(uow: UnitOfWork, person: Person) -> int:
    found = await uow.contacts.known([identities.phone_key(person.wa_id or "")])
    held = next((each for each in found if each.held), None)
    if held is None:
        raise NotFound("contact-not-found")
    return held.contact_id


async def _plan(uow: UnitOfWork, sequence_id: int) -> Plan:
    plan = await uow.sequences.get(sequence_id)
    if plan is None:
        raise NotFound("sequence-not-found")
    return plan


def _card(plan: Plan, counts: dict[tuple[int, EnrollmentState], int]) -> SequenceCard:
    return SequenceCard(plan, {state.value: counts.get((plan.id, state), 0) for state in EnrollmentState})


def _entry(by: Agent, action: str, plan: Plan, before: str, after: str, now: datetime) -> AuditEntry:
    return AuditEntry(now, f"agent:{by.id}", action, f"sequence:{plan.id}", {"state": before}, {"state": after})


def _walk_entry(actor: str, action: str, walk: Enrollment, before: str | None, now: datetime) -> AuditEntry:
    subject = f"enrollment:{walk.id}"
    known = {"state": before} if before else None
    return AuditEntry(now, actor, action, subject, known, {"state": walk.state.value})
