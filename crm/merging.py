"""Making one contact of two inside the caller's transaction; `crm.parting` is the way back.

It serves what Meta says (the inbox) and what a person decides (the contact service). What is decided about each fact is
`crm.policy.merging`; rows move inside the database.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from crm import decisions, effects
from crm.decisions import What, decided
from crm.errors import Conflict
from crm.model.audit import AuditEntry
from crm.model.blocks import DeliveryIssue, IssueState
from crm.model.conversations import Conversation
from crm.model.merges import Joined, Merge, MergeWhy
from crm.model.messages import DeliveryStatus
from crm.model.outbox import Origin, OutboxState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Reason
from crm.model.sequences import Sequence as Plan
from crm.policy import merging, sequences
from crm.ports import UnitOfWork

WALKS = 100
"""So many walks of one conversation are looked at: more than anybody walks."""


async def merge(
    uow: UnitOfWork, kept_id: int, gone_id: int, why: MergeWhy, actor: str, plans: Mapping[int, Plan], now: datetime
) -> Merge:
    """Make the contact `gone` part of `kept`. The names of `gone` are forgotten here; the caller writes what `kept` is called."""
    talks = await uow.conversations.between({kept_id, gone_id})
    found = await uow.contacts.load({kept_id, gone_id})
    if len(found) < 2:
        raise Conflict("contact-changed")
    kept, gone = found[kept_id], found[gone_id]
    names = tuple(row for row in await uow.contacts.identities({kept_id, gone_id}) if row.contact_id in found)
    merge_id = uow.ids.next()
    after = merging.contact(kept, gone, certain=why.certain)
    await uow.contacts.save(changed=[after])
    joined: list[Joined] = []
    ended: list[Enrollment] = []
    closed: list[DeliveryIssue] = []
    into = {each.account_id: each for each in talks if each.contact_id == kept_id}
    for talk in (each for each in talks if each.contact_id == gone_id):
        one = _Conversations(uow, into.get(talk.account_id), talk, kept_id, plans, now)
        joined.append(await one.join(merge_id, opted_out=after.opted_out))
        ended += one.ended
        closed += one.closed
    if after.opted_out and not kept.opted_out:
        for talk in into.values():
            await _leave(uow, await uow.enrollments.open_of([talk.id]), Reason.OPTED_OUT)
    await uow.merges.forget(merge_id, gone_id, kept_id)
    done = Merge(merge_id, now, actor, why, kept, gone, after, names, tuple(joined), tuple(ended), tuple(closed))
    await uow.merges.add(done)
    decided(What.CONTACTS_MERGED, why.value, contact_id=kept_id, gone_id=gone_id, merge_id=merge_id)
    entry = AuditEntry(
        now, actor, "contact.merged", f"contact:{kept_id}", {"contact": gone_id}, {"merge": merge_id}, why.value
    )
    await uow.audit.add([entry])
    return done


class _Conversations:
    """Two conversations with one account that become one."""

    def __init__(
        self,
        uow: UnitOfWork,
        into: Conversation | None,
        gone: Conversation,
        contact_id: int,
        plans: Mapping[int, Plan],
        now: datetime,
    ) -> None:
        self._uow, self._into, self._gone, self._contact_id = uow, into, gone, contact_id
        self._plans, self._now = plans, now
        self.ended: list[Enrollment] = []
        self.closed: list[DeliveryIssue] = []

    async def join(self, merge_id: int, *, opted_out: bool) -> Joined:
        uow, into, gone = self._uow, self._into, self._gone
        if into is None:
            after = replace(gone, id=uow.ids.next(), contact_id=self._contact_id)
            await uow.conversations.save(new=[after])
        else:
            after = merging.conversation(into, gone)
            await uow.conversations.save(changed=[after])
            await self._settle_walks(into)
            await self._settle_issues(into)
        if opted_out:
            await _leave(uow, await uow.enrollments.open_of([gone.id]), Reason.OPTED_OUT)
        await uow.merges.move(merge_id, gone.id, after.id, self._contact_id)
        return Joined(gone, into, after)

    async def _settle_walks(self, into: Conversation) -> None:
        uow = self._uow
        mine = await uow.enrollments.of_conversation(into.id, WALKS)
        theirs = await uow.enrollments.of_conversation(self._gone.id, WALKS)
        before = {walk.id: walk for walk in [*mine, *theirs]}
        changed = merging.walks(mine, theirs, into, self._gone, self._plans)
        stopped = {n for n, walk in changed.items() if walk.state is not EnrollmentState.ACTIVE}
        back = await self._call_back({before[n].conversation_id for n in stopped}, stopped)
        for number, step in back.items():
            plan = self._plans.get(changed[number].sequence_id)
            if plan is not None and changed[number].state is not EnrollmentState.EXITED:
                changed[number] = sequences.called_back(changed[number], plan, step, self._now)
            elif plan is not None:
                before[number] = sequences.called_back(before[number], plan, step, self._now)
        self.ended = [before[n] for n, walk in changed.items() if walk.state is EnrollmentState.EXITED]
        decisions.walks([before[n] for n in changed], changed.values())
        if changed:
            await uow.enrollments.save(changed=list(changed.values()))
        gone = {walk.id for walk in self.ended}
        cards = [
            card
            for card in (await uow.pending.open_of([into.id, self._gone.id]) if gone else ())
            if card.enrollment_id in gone
        ]
        if cards:
            closed = [card.closed(PendingState.OBSOLETE, self._now) for card in cards]
            decisions.cards(cards, closed)
            await uow.pending.save(changed=closed)
            await uow.notices.add(effects.redraw(uow, [card.id for card in cards], self._now))

    async def _call_back(self, conversation_ids: set[int], walks: set[int]) -> dict[int, int]:
        """Cancel what is queued for these walks; return the first step of each that did not leave."""
        uow = self._uow
        queued = [
            item
            for item in (await uow.outbox.unsettled_of(conversation_ids) if walks else ())
            if item.enrollment_id in walks and item.origin is Origin.SEQUENCE and item.state is OutboxState.QUEUED
        ]
        if not queued:
            return {}
        for item in queued:
            decided(What.SEND_CANCELLED, "merged", outbox_id=item.id, contact_id=item.contact_id)
        cancelled = [replace(item, state=OutboxState.CANCELLED, error="merged", dedupe=None) for item in queued]
        await uow.outbox.save(changed=cancelled)
        messages = await uow.messages.load([item.id for item in queued])
        await uow.messages.save(changed=[replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()])
        steps: dict[int, int] = {}
        for item in queued:
            if item.enrollment_id is not None and item.step is not None:
                steps[item.enrollment_id] = min(item.step, steps.get(item.enrollment_id, item.step))
        return steps

    async def _settle_issues(self, into: Conversation) -> None:
        """One open suspicion at most: the newest, and none where nothing is suspected any more."""
        issues = await self._uow.blocks.open_of([into.id, self._gone.id])
        if not merging.suspected(merging.conversation(into, self._gone)):
            superfluous = issues
        else:
            superfluous = sorted(issues, key=lambda each: (each.opened_at, each.id))[:-1]
        if superfluous:
            self.closed = list(superfluous)
            refuted = [
                replace(issue, state=IssueState.REFUTED, closed_at=self._now, closed_why="merged")
                for issue in superfluous
            ]
            await self._uow.blocks.save(changed=refuted)


async def _leave(uow: UnitOfWork, walks: Sequence[Enrollment], reason: Reason) -> None:
    left = [sequences.leave(walk, reason) for walk in walks]
    if left:
        decisions.walks(walks, left)
        await uow.enrollments.save(changed=left)
