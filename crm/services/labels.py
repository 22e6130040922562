"""What agents write down about a contact: tags, fields, notes. A tag that is added ends the walks that it ends and begins the plans that
it begins, in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from crm import leaving, walks
from crm.clock import Clock
from crm.errors import NotFound, Refused
from crm.model.agents import Agent
from crm.model.answers import Tagged
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.notes import Note
from crm.model.records import replace
from crm.model.sequences import Reason, SequenceState, Trigger
from crm.model.sequences import Sequence as Plan
from crm.plans import Book, Plans
from crm.policy import labels, permissions, sequences
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork


class LabelService:
    """`by` None is the operator at the command line."""

    def __init__(
        self, store: Store, clock: Clock, plans: Plans, zone: str, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._zone = zone
        self._on_change = on_change

    async def tag(self, by: Agent | None, contact_id: int, words: str) -> Tagged:
        """Add a tag. Tagged again, a contact begins nothing again."""
        added = labels.tag(words)
        _require(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            contact = await _reach(uow, by, contact_id)
            if added in contact.tags:
                return Tagged(contact)
            after = replace(contact, tags=labels.tagged(contact.tags, added))
            await _keep(uow, contact, after, _actor(by), "contact.tagged", now)
            done = await self._moved(uow, by, after, added, now)
        self._on_change()
        return done

    async def untag(self, by: Agent | None, contact_id: int, words: str) -> Contact:
        """Take a tag away. What it began goes on: a person ends that. Raises NotFound when the contact does not bear it."""
        gone = labels.tag(words)
        _require(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            contact = await _reach(uow, by, contact_id)
            if gone not in contact.tags:
                raise NotFound("tag-not-found", tag=gone)
            after = replace(contact, tags=contact.tags - {gone})
            await _keep(uow, contact, after, _actor(by), "contact.untagged", now)
        return after

    async def set_field(self, by: Agent | None, contact_id: int, name: str, value: str) -> Contact:
        """Set a field, or clear it with an empty value."""
        key = labels.field_name(name)
        _require(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            contact = await _reach(uow, by, contact_id)
            after = replace(contact, fields=labels.with_field(contact.fields, key, value))
            if dict(after.fields) != dict(contact.fields):
                await _keep(uow, contact, after, _actor(by), "contact.field", now)
        return after

    async def note(self, by: Agent | None, contact_id: int, words: str) -> Note:
        """Write something down for the team."""
        text = labels.note(words)
        _require(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            contact = await _reach(uow, by, contact_id)
            if len(await uow.notes.of(contact.id, labels.MOST_NOTES)) >= labels.MOST_NOTES:
                raise Refused("notes-too-many", most=labels.MOST_NOTES)
            note = Note(uow.ids.next(), contact.id, by.id if by is not None else None, text, now)
            await uow.notes.add([note])
            subject = f"contact:{contact.id}"
            await uow.audit.add([AuditEntry(now, _actor(by), "contact.noted", subject, None, {"note": note.id})])
        return note

    async def notes(self, contact_id: int, limit: int) -> list[Note]:
        """The newest notes, for the operator; agents see them on the contact's card."""
        async with self._store.read() as uow:
            return await uow.notes.of(await uow.merges.now(contact_id), limit)

    async def _moved(self, uow: UnitOfWork, by: Agent | None, contact: Contact, added: str, now: datetime) -> Tagged:
        """End what the tag ends; then begin what it begins, each plan in the conversation that was last spoken in (of those that the
        agent may answer)."""
        actor, book = _actor(by), await self._plans.all(uow, now)
        talks = await uow.conversations.between([contact.id])
        reached = talks if by is None else await uow.conversations.of_contact(by, contact.id)
        reached = sorted(reached, key=_spoken_in, reverse=True)
        standing = await uow.enrollments.open_of([talk.id for talk in talks])
        ending = [walk for walk in standing if (plan := book.of(walk)) is not None and added in plan.rules.exit_tags]
        await leaving.end(uow, ending, Reason.TAG, actor, now)
        begun: list[str] = []
        refused: list[tuple[str, str]] = []
        for plan in _begun_by(book, added):
            talk = next((each for each in reached if plan.account_id in (None, each.account_id)), None)
            if talk is None:
                continue
            try:
                started = await uow.enrollments.last_started([each.id for each in talks], plan.id)
                if not sequences.may_begin(plan, max(started.values(), default=None), now):
                    raise Refused("already-enrolled", sequence=plan.name)
                await walks.enroll(uow, plan, talk, actor, now, Trigger.TAG, self._zone)
            except Refused as refusal:
                refused.append((plan.name, refusal.code))
            else:
                begun.append(plan.name)
        names = tuple(plan.name for walk in ending if (plan := book.of(walk)) is not None)
        return Tagged(contact, tuple(begun), names, tuple(refused))


def _begun_by(book: Book, tag: str) -> list[Plan]:
    """The plans that take whoever gets this tag. One that the same tag ends takes nobody."""
    return [
        plan
        for _, plan in sorted(book.items())
        if plan.trigger is Trigger.TAG
        and plan.state is SequenceState.ACTIVE
        and plan.rules.entry_tag == tag
        and tag not in plan.rules.exit_tags
    ]


def _spoken_in(talk: Conversation) -> tuple[datetime, int]:
    return talk.last_interaction_at or talk.created_at, talk.id


def _require(by: Agent | None) -> None:
    if by is not None:
        permissions.require(by, Capability.LABEL)


async def _reach(uow: UnitOfWork, by: Agent | None, contact_id: int) -> Contact:
    """The contact, wherever a merge took them. An agent reaches whom they see."""
    number = await uow.merges.now(contact_id)
    contact = (await uow.contacts.load([number])).get(number)
    if contact is None or (by is not None and not await uow.conversations.of_contact(by, number)):
        raise NotFound("contact-not-found")
    return contact


async def _keep(uow: UnitOfWork, before: Contact, after: Contact, actor: str, action: str, now: datetime) -> None:
    """Write the contact, and in the audit log what of it is otherwise."""
    await uow.contacts.save(changed=[after])
    was, became = _said(before, after)
    await uow.audit.add([AuditEntry(now, actor, action, f"contact:{after.id}", was, became)])


def _said(before: Contact, after: Contact) -> tuple[dict[str, object], dict[str, object]]:
    """The audit log is for ever, and what people told us may have to be erased: it keeps tags, but of a field only its name."""
    if before.tags != after.tags:
        return {"tags": sorted(before.tags)}, {"tags": sorted(after.tags)}
    changed = [
        key for key in sorted({*before.fields, *after.fields}) if before.fields.get(key) != after.fields.get(key)
    ]
    return (
        {"fields": [key for key in changed if key in before.fields]},
        {"fields": [key for key in changed if key in after.fields]},
    )


def _actor(by: Agent | None) -> str:
    return f"agent:{by.id}" if by is not None else "cli"
