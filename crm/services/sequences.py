"""Sequences: the job that sends their due steps (the brief's flow 2), and what people do with them.

The job claims a hundred due enrollments at a time and writes each batch in one transaction: window open, to the outbox; closed, to
pending manual with the step skipped; in both cases the walk moves on.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm import decisions, effects, walks
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import NotFound, Refused
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.alerts import AlertKind, Severity
from crm.model.answers import MOST_COUNTED, SequenceCard
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact, Person
from crm.model.contents import Buttons, Choice
from crm.model.media import Media, enclosed
from crm.model.messages import Draft, Message, TemplateRef, saying
from crm.model.outbox import Origin, OutboxItem
from crm.model.pending import PendingManual
from crm.model.records import replace
from crm.model.sequences import DueEnrollment, Enrollment, EnrollmentState, Reason, SequenceState, Step, Trigger
from crm.model.sequences import Sequence as Plan
from crm.plans import Book, Plans
from crm.policy import hours, identities, permissions, planner, sending, sequences
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

log = structlog.get_logger(__name__)

BATCH = 100
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StepForecast:
    """One step as it would go. `open`: the window will be open then, as far as is known; else it waits for an agent, who has a template
    for it or not."""

    position: int
    at: datetime
    how: planner.Placed
    open: bool
    text: str
    has_template: bool


@dataclass(frozen=True, slots=True)
class Walking:
    """`zone` is where people live of whom nothing else is known; plans tell a contact at most `per_day` messages in 24 hours (0: any)."""

    zone: str = "UTC"
    per_day: int = 0


class SequenceService:
    def __init__(
        self, store: Store, clock: Clock, plans: Plans, walking: Walking, on_queued: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._walking = walking
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
                counts = await self._process_batch(plan, plans, now)
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

    async def _process_batch(self, plan: Plan, book: Book, now: datetime) -> Counter[str]:
        async with self._store.begin() as uow:
            due = await uow.enrollments.claim_due(plan.id, now, BATCH)
            if not due:
                return Counter()
            accounts = {account.id: account for account in await uow.accounts.all()}
            work = _Step(uow, plan, book, self._walking, now)
            await work.look_back(due)
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
            return await walks.enroll(
                uow, plan, conversation, f"agent:{by.id}", now, Trigger.MANUAL, self._walking.zone
            )

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
            return await walks.enroll(
                uow, plan, next(iter(found.values())), actor, now, Trigger.MANUAL, self._walking.zone
            )

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
            plan = (await self._plans.all(uow, now)).of(walk) or await _plan(uow, walk.sequence_id)
            pausing = action == "enrollment.paused"
            moved = sequences.pause(walk, plan, Reason.AGENT, now) if pausing else sequences.resume(walk, plan, now)
            if moved == walk:
                raise Refused("nothing-to-resume" if action == "enrollment.resumed" else "nothing-to-pause")
            await uow.enrollments.save(changed=[moved])
            decisions.walk(walk, moved)
            await uow.audit.add([walks.entry(f"agent:{by.id}", action, moved, walk.state.value, now)])
            return moved

    async def preview(
        self, by: Agent | None, plan: Plan, contact_id: int, account_id: int | None = None
    ) -> list[StepForecast]:
        """When each step of a plan would leave for this contact, were it enrolled now: by which basis, and at what price if by template.

        The plan need not be stored. Whoever asks from the command line sees everybody (`by` None).
        """
        now = self._clock.now()
        async with self._store.read() as uow:
            contact = (await uow.contacts.load([contact_id])).get(contact_id)
            if contact is None:
                raise NotFound("contact-not-found")
            if by is None:
                accounts = [account.id for account in await uow.accounts.all() if account_id in (None, account.id)]
                found = list((await uow.conversations.find([(contact_id, each) for each in accounts])).values())
            else:
                permissions.require(by, Capability.READ)
                found = await uow.conversations.of_contact(by, contact_id)
            talk = next((each for each in found if plan.account_id in (None, each.account_id)), None)
            account = await uow.accounts.get(talk.account_id) if talk else None
            if talk is None or account is None:
                raise NotFound("conversation-not-found", contact_id=contact_id)
            walk = sequences.start(0, plan, talk, at=now, trigger=Trigger.MANUAL)
            subject = planner.Subject(contact, talk, account, self._walking.zone)
            return [
                StepForecast(
                    each.position,
                    each.place.at,
                    each.place.how,
                    each.place.open,
                    each.text,
                    has_template=plan.steps[each.position].template is not None,
                )
                for each in planner.forecast(walk, plan, subject, now)
            ]

    # --- files -----------------------------------------------------------------------------------------------------------------

    async def publish(self, actor: str, plans: Sequence[Plan], *, move: bool = False) -> list[Plan]:
        """Create or replace sequences by key (their ids are assigned here).

        A plan that says something else becomes a new version; who walks an older one keeps it, or moves over with `move`.
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            done = [await _published(uow, plan, actor, now) for plan in plans]
        for plan in done if move else ():
            await self.move_over(actor, plan.id)
        return done

    async def move_over(self, actor: str, sequence_id: int) -> int:
        """Take everybody who walks an older version over to the present one; return how many."""
        moved = 0
        while True:
            now = self._clock.now()
            async with self._store.begin() as uow:
                book = await self._plans.all(uow, now)
                plan = await _plan(uow, sequence_id)
                found = await uow.enrollments.of_older(plan.id, plan.version, BATCH)
                over = [sequences.moved_over(walk, book.of(walk) or plan, plan) for walk in found]
                await uow.enrollments.save(changed=over)
                decisions.walks(found, over)
                for walk in over:
                    change = {"version": plan.version, "position": walk.position}
                    subject = f"enrollment:{walk.id}"
                    await uow.audit.add([AuditEntry(now, actor, "enrollment.moved", subject, None, change)])
            moved += len(found)
            if len(found) < BATCH:
                return moved

    async def plans(self) -> list[Plan]:
        """Every sequence, for export."""
        async with self._store.read() as uow:
            return await uow.sequences.all()


class _Step:
    """One batch of due steps of one sequence: what to write, gathered."""

    def __init__(self, uow: UnitOfWork, plan: Plan, book: Book, walking: Walking, now: datetime) -> None:
        self._uow, self._plan, self._book, self._walking, self._now = uow, plan, book, walking, now
        self._items: list[OutboxItem] = []
        self._messages: list[Message] = []
        self._cards: list[PendingManual] = []
        self._media: list[Media] = []
        self._walks: list[Enrollment] = []
        self._alarms: dict[str, effects.Alarm] = {}
        self._told: dict[int, list[datetime]] = {}
        self.counts: Counter[str] = Counter()
        self.skipped: list[tuple[int, int]] = []

    async def look_back(self, due: Sequence[DueEnrollment]) -> None:
        """Learn what plans have told these contacts within a day, if there is a limit to it."""
        if self._walking.per_day:
            contacts = {each.contact.id for each in due}
            self._told = await self._uow.messages.automatic_since(contacts, self._now - DAY)

    def take(self, due: DueEnrollment, account: Account | None) -> None:
        walk, plan = due.enrollment, self._book.of(due.enrollment) or self._plan
        if account is None or account.state is AccountState.REMOVED:
            self._end(walk, Reason.REMOVED)
            return
        if walk.position >= len(plan.steps):
            self._move(walk, sequences.finished(walk))
            self.counts["ended"] += 1
            return
        subject = planner.Subject(due.contact, due.conversation, account, self._walking.zone)
        if self._not_yet(walk, plan, subject):
            return
        step = plan.steps[walk.position]
        facts = sending.SendFacts(
            due.contact, due.conversation, account, Origin.SEQUENCE, sequence_started_at=walk.started_at
        )
        decision = sending.decide(facts, self._now)
        if step.conditions and not self._fits(step, walk, due, decision):
            decided(
                What.STEP_PASSED_OVER,
                "conditions",
                contact_id=due.contact.id,
                enrollment_id=walk.id,
                step=walk.position,
            )
            self._move(walk, planner.planned(sequences.passed_over(walk, plan, self._now), plan, subject, self._now))
            self.counts["passed_over"] += 1
            return
        media = enclosed(self._uow.ids.next(), account.id, step.file, self._now) if step.file else None
        outgoing = effects.Outgoing(
            account_id=account.id,
            contact_id=due.contact.id,
            conversation_id=due.conversation.id,
            origin=Origin.SEQUENCE,
            draft=_draft(
                step, sequences.render(sequences.wording(step, walk), due.contact), media.id if media else None
            ),
            basis=None,
            enrollment_id=walk.id,
            step=walk.position,
            dedupe=sequences.visit(walk),
        )
        match decision:
            case sending.Send(basis=basis):
                item, message = effects.posted(self._uow, replace(outgoing, basis=basis), self._now)
                self._items.append(item)
                self._messages.append(message)
                if media is not None:
                    self._media.append(replace(media, message_id=item.id))
                self._told.setdefault(due.contact.id, []).append(self._now)
                self._advance(walk, plan, subject)
                self.counts["queued"] += 1
            case sending.Hold(reason=reason):
                draft = replace(outgoing.draft, template=_filled(step.template, due.contact))
                ids = {"contact_id": due.contact.id, "enrollment_id": walk.id, "step": walk.position}
                decided(What.STEP_SKIPPED, reason.value, **ids)
                self._cards.append(effects.waiting(self._uow, replace(outgoing, draft=draft), reason, self._now))
                if media is not None:
                    self._media.append(media)
                self._advance(walk, plan, subject)
                self.skipped.append((due.contact.id, walk.position))
                self._warn(due, account)
                self.counts["held"] += 1
            case sending.Wait(until=until):
                self._move(walk, replace(walk, next_due_at=until))
                self.counts["later"] += 1
            case sending.Refuse(code=code):
                self._end(walk, Reason.OPTED_OUT if code == "opted-out" else Reason.CONFIRMED_BLOCK)

    def _not_yet(self, walk: Enrollment, plan: Plan, subject: planner.Subject) -> bool:
        """Outside the contact's hours, or told enough for a day: the step waits for its next moment."""
        at = self._now
        told = sorted(self._told.get(subject.contact.id, ()))
        if self._walking.per_day and len(told) >= self._walking.per_day:
            at = told[-self._walking.per_day] + DAY
        if plan.rules.hours:
            at = hours.next_opening(plan.rules.hours, hours.zone_of(subject.contact, subject.zone), at)
        if at <= self._now:
            return False
        decided(What.STEP_POSTPONED, "hours" if at - self._now < DAY else "enough", enrollment_id=walk.id, until=at)
        self._move(walk, replace(walk, next_due_at=at))
        self.counts["postponed"] += 1
        return True

    def _fits(self, step: Step, walk: Enrollment, due: DueEnrollment, decision: object) -> bool:
        inbound = due.conversation.last_inbound_at
        replied = inbound is not None and inbound > walk.started_at
        window_open = isinstance(decision, sending.Send)
        return all(
            sequences.holds(each, due.contact, replied=replied, window_open=window_open) for each in step.conditions
        )

    def _advance(self, walk: Enrollment, plan: Plan, subject: planner.Subject) -> None:
        self._move(walk, planner.planned(sequences.advance(walk, plan, self._now), plan, subject, self._now))

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
        if self._media:
            await uow.media.save(new=self._media)
        if self._cards:
            await uow.pending.save(new=self._cards)
        await effects.raise_alerts(uow, list(self._alarms.values()), self._now)


async def _published(uow: UnitOfWork, plan: Plan, actor: str, now: datetime) -> Plan:
    known = await uow.sequences.by_key(plan.key)
    if known is None:
        saved = replace(plan, id=uow.ids.next(), version=1, updated_at=now)
        await uow.sequences.save(new=[saved])
    else:
        same = (known.steps, known.rules, known.trigger) == (plan.steps, plan.rules, plan.trigger)
        saved = replace(plan, id=known.id, version=known.version + (not same), updated_at=now)
        await uow.sequences.save(changed=[saved])
    await uow.sequences.keep_versions([saved])
    before = {"version": known.version, "state": known.state.value} if known else None
    after = {"version": saved.version, "state": saved.state.value}
    await uow.audit.add([AuditEntry(now, actor, "sequence.published", f"sequence:{saved.id}", before, after)])
    return saved


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


def _draft(step: Step, words: str, media_id: int | None) -> Draft:
    """The message of a step: words, with buttons or a file where it has them."""
    if step.buttons:
        return saying(Buttons(words, tuple(Choice(f"b{n}", title) for n, title in enumerate(step.buttons))))
    if step.file is not None and media_id is not None:
        return Draft(words, media_id=media_id, kind=step.file.kind.message_kind)
    return Draft(words)


def _filled(template: TemplateRef | None, contact: Contact) -> TemplateRef | None:
    """The template with the contact's own words in its parameters."""
    if template is None:
        return None
    filled = tuple(sequences.render(each, contact) or each for each in template.parameters)
    return replace(template, parameters=filled)
