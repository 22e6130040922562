"""Who is who, for people: what a contact is called, who may be the same person, making one contact of two, and taking that back."""

from collections.abc import Callable

from crm import merging, naming, parting
from crm.clock import Clock
from crm.errors import NotFound, Refused
from crm.model.agents import Agent, Role
from crm.model.answers import Known
from crm.model.contacts import Contact, Identity
from crm.model.merges import Merge, MergeWhy
from crm.plans import Plans
from crm.policy import identities, permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

SHOWN_MERGES = 10


class IdentityService:
    """Agents act on what they see whole; `by` None is the operator at the command line."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        plans: Plans,
        writer: parting.Writer,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._writer = writer
        self._on_change = on_change

    async def known(self, contact_id: int) -> Known:
        """All that a contact is and was called, who may be the same, and what was merged; for the operator."""
        async with self._store.read() as uow:
            number = await uow.merges.now(contact_id)
            contact = (await uow.contacts.load([number])).get(number)
            if contact is None:
                raise NotFound("contact-not-found", contact_id=contact_id)
            names = [row for row in await uow.contacts.identities([number]) if row.contact_id == number]
            alike = await uow.contacts.alike(None, number)
            merges = await uow.merges.of(number, SHOWN_MERGES)
        return Known(contact, tuple(identities.in_order(names)), tuple(alike), tuple(merges))

    async def duplicates(self, limit: int) -> list[tuple[Contact, Contact]]:
        """Pairs that may be one person, the oldest contact of each first; for the operator."""
        async with self._store.read() as uow:
            return await uow.contacts.pairs_alike(limit)

    async def merge(self, by: Agent | None, one_id: int, other_id: int) -> Merge:
        """Make one contact of two; the one that has been known for longer stays."""
        if by is not None:
            permissions.require(by, Capability.MERGE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            plans = await self._plans.all(uow, now)
            found = await uow.contacts.load({one_id, other_id})
            if one_id == other_id:
                raise Refused("merge-same")
            if len(found) < 2:
                raise NotFound("contact-not-found")
            await _sees_all(uow, by, {one_id, other_id})
            kept, gone = sorted(found.values(), key=lambda each: (each.created_at, each.id))
            beside = await uow.contacts.identities({kept.id, gone.id})
            merge = await merging.merge(uow, kept.id, gone.id, MergeWhy.BY_HAND, _actor(by), plans, now)
            await naming.call(uow, [merge.after], _joined(beside, kept.id, gone.id), beside)
        self._on_change()
        return merge

    async def unmerge(self, by: Agent | None, merge_id: int) -> Merge:
        """Make two contacts again of what a merge, Meta's or a person's, had joined."""
        if by is not None:
            permissions.require(by, Capability.MERGE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            plans = await self._plans.all(uow, now)
            merge = await uow.merges.get(merge_id)
            if merge is None:
                raise NotFound("merge-not-found")
            await _sees_all(uow, by, {merge.kept.id})
            undone = await parting.undo(uow, merge, _actor(by), plans, self._writer, now)
        self._on_change()
        return undone


def _actor(by: Agent | None) -> str:
    return f"agent:{by.id}" if by is not None else "cli"


async def _sees_all(uow: UnitOfWork, by: Agent | None, contact_ids: set[int]) -> None:
    """Whoever sees only a part of what would move must not move it."""
    if by is None or by.role is Role.ADMIN:
        return
    seen = {talk.id for number in contact_ids for talk in await uow.conversations.of_contact(by, number)}
    if not seen:
        raise NotFound("contact-not-found")
    if any(talk.id not in seen for talk in await uow.conversations.between(contact_ids)):
        raise Refused("merge-not-yours")


def _joined(beside: list[Identity], kept: int, gone: int) -> list[Identity]:
    """What the one contact is called who was two; beside whoever shares a name."""
    mine = {row.key: row for row in beside if row.contact_id == kept}
    theirs = {row.key: row for row in beside if row.contact_id == gone}
    names = [row for row in beside if row.contact_id not in (kept, gone)]
    for key in mine.keys() | theirs.keys():
        one, other = mine.get(key), theirs.get(key)
        if one is not None:
            names.append(identities.together(one, other) if other is not None else one)
        elif other is not None:
            names.append(identities.moved(other, kept))
    return names
