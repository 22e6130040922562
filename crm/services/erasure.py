"""Erasing one person, on their request or by law: everything that says something of them goes, what is counted stays.

Walks end and what waits is called back first; while a message to them is on its way to Meta, nothing is erased, for its outcome would
come back to nobody. The person is remembered by hashes alone (`crm/erasing.py`), so that webhooks of before, which may come late, say
nothing more, and an objection outlives the person. What it costs, and what is left, is docs/decisions/0013-erasing-a-person.md.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from crm import effects, erasing, leaving
from crm.clock import Clock
from crm.erasing import ErasedPeople
from crm.errors import Conflict, NotFound, Refused, Unavailable
from crm.model.agents import Agent
from crm.model.alerts import Notice, NoticeKind
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact, Identity
from crm.model.conversations import Conversation
from crm.model.erasure import Body, Erased, Footprint
from crm.model.outbox import OutboxState
from crm.model.sequences import Reason
from crm.policy import erasure, permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

log = structlog.get_logger(__name__)

LOOKED_THROUGH = 5_000
"""Stored webhooks that are searched in one transaction."""
CONTACTS_AT_ONCE = 1_000
TRIES = 3
"""Webhooks that arrive meanwhile may be in the way."""
ERASED_PRIORITY = 4


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom it is about: the contact, those that became part of it, its conversations and its names."""

    contact: Contact
    ids: list[int]
    talks: list[Conversation]
    names: list[Identity]

    @property
    def talk_ids(self) -> list[int]:
        return [talk.id for talk in self.talks]


class ErasureService:
    """`by` None is the operator at the command line. `forget_files` deletes the bytes that nothing names any more."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        people: ErasedPeople,
        forget_files: Callable[[], Awaitable[object]],
        on_change: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._people = people
        self._forget_files = forget_files
        self._on_change = on_change

    async def preview(self, by: Agent | None, contact_id: int) -> Footprint:
        """What would go."""
        _require(by)
        async with self._store.read() as uow:
            person = await _person(uow, contact_id)
            return Footprint(person.contact, await uow.erasure.weigh(person.ids, person.talk_ids))

    async def erase(self, by: Agent | None, contact_id: int) -> Erased:
        """Erase. Refused while a message to the person is leaving; NotFound for whoever is no contact (any more)."""
        _require(by)
        now = self._clock.now()
        for attempt in range(1, TRIES + 1):
            searched, found = await self._search(contact_id)
            try:
                async with self._store.begin() as uow:
                    done = await self._erase(uow, by, contact_id, searched, found, now)
                break
            except Conflict:
                if attempt == TRIES:
                    raise
        log.info("contact_erased", contact_id=done.contact_id, **done.counts)
        self._on_change()
        try:
            await self._forget_files()
        except Unavailable as trouble:  # the rows remember which: the job `media` goes on until they are gone
            log.warning("erased_files_wait", contact_id=done.contact_id, code=trouble.code)
        return done

    async def erase_again(self) -> list[int]:
        """Erase whom a restored backup brought back: contacts known since before the moment at which they were erased."""
        again: list[int] = []
        after = 0
        while True:
            async with self._store.read() as uow:
                names = await uow.erasure.names(after, CONTACTS_AT_ONCE)
                marks = await self._people.among(uow, set(erasure.words(names)))
            for row in names:
                known = [marks[word] for word in erasure.words([row]) if word in marks]
                if row.contact_id not in again and any(row.since <= mark.at for mark in known):
                    again.append(row.contact_id)
            if not names:
                break
            after = names[-1].contact_id
        for contact_id in again:
            await self.erase(None, contact_id)
        return again

    async def _search(self, contact_id: int) -> tuple[int, list[int]]:
        """The stored webhooks that speak of the person, and up to which one was looked: without keeping anybody waiting."""
        async with self._store.read() as uow:
            traces = erasure.traces((await _person(uow, contact_id)).names)
            newest = await uow.erasure.newest_webhook()
        found: list[int] = []
        for after in range(0, newest, LOOKED_THROUGH):
            async with self._store.read() as uow:
                found += await uow.erasure.mentioning(traces, after, min(after + LOOKED_THROUGH, newest))
        return newest, found

    async def _erase(
        self, uow: UnitOfWork, by: Agent | None, contact_id: int, searched: int, found: list[int], now: datetime
    ) -> Erased:
        before = await _person(uow, contact_id)
        await uow.erasure.hold(before.talk_ids)
        person = await _person(uow, contact_id)  # as it is now that nobody else can change it
        contact, talks = person.contact, person.talk_ids
        if any(item.state is OutboxState.SENDING for item in await uow.outbox.unsettled_of(talks)):
            raise Refused("erase-leaving")
        counts = await uow.erasure.weigh(person.ids, talks)
        await leaving.end(uow, await uow.enrollments.open_of(talks), Reason.ERASED, _actor(by), now)
        traces = erasure.traces(person.names)
        since = now - erasing.NEWS_FOR
        late = erasing.words_of_messages(*await uow.erasure.messages(talks, since))
        await self._people.remember(uow, contact, erasure.words(person.names), late, now)
        shown = await uow.erasure.copies(person.ids, talks)
        newest = await uow.erasure.newest_webhook()
        found = [*found, *await uow.erasure.mentioning(traces, searched, newest)]
        bodies = await uow.erasure.bodies(found)
        await uow.erasure.rewrite([Body(b.id, erasure.redacted(b.content, traces)) for b in bodies])
        slices = await uow.erasure.slices(traces)
        await uow.erasure.rewrite_slices([Body(b.id, erasure.redacted(b.content, traces)) for b in slices])
        keys = {row.key for row in person.names}
        await uow.erasure.erase(person.ids, talks, keys, traces, now)
        await uow.notices.add([_out_of_chat(uow, chat, message, now) for chat, message in shown])
        counts["webhooks"] = len(bodies)
        await uow.audit.add(
            [AuditEntry(now, _actor(by), "contact.erased", f"contact:{contact.id}", None, dict(counts))]
        )
        return Erased(contact.id, counts)


def _require(by: Agent | None) -> None:
    if by is not None:
        permissions.require(by, Capability.ERASE)


def _actor(by: Agent | None) -> str:
    return f"agent:{by.id}" if by is not None else "cli"


async def _person(uow: UnitOfWork, contact_id: int) -> _Person:
    number = await uow.merges.now(contact_id)
    ids = [number, *await uow.erasure.was(number)]
    talks = await uow.conversations.between(ids)
    contact = (await uow.contacts.load([number])).get(number)
    if contact is None:
        raise NotFound("contact-not-found")
    beside = await uow.contacts.identities([number])
    others = {
        row.key for row in beside if row.contact_id != number and row.held
    }  # a phone that somebody else has by now is theirs
    names = [row for row in beside if row.contact_id == number and row.key not in others]
    return _Person(contact, ids, talks, names)


def _out_of_chat(uow: UnitOfWork, chat_id: int, message_id: int, now: datetime) -> Notice:
    """Take what agents were shown out of their chats."""
    params = {"chat_id": chat_id}
    return effects.notice(uow, None, NoticeKind.ERASED, message_id, now, params=params, priority=ERASED_PRIORITY)
