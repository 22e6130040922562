"""Writing what people are called, inside the caller's transaction, so that each name has one holder."""

from collections.abc import Iterable, Sequence

from crm.model.contacts import Contact, Identity, IdentityKind
from crm.model.records import replace
from crm.policy import identities
from crm.ports import UnitOfWork


async def call(
    uow: UnitOfWork, contacts: Sequence[Contact], names: Iterable[Identity], before: Sequence[Identity]
) -> list[Contact]:
    """Let these contacts be called by their `names`, and by no others, and save them with their newest. The names of whoever shares one
    of them are given too, and `before` is all of it as it is stored; who holds what is settled here. Returns the contacts as saved."""
    ours = {contact.id for contact in contacts}
    settled = identities.held_by_newest(_following(names))
    others = {row.contact_id for row in settled if row.contact_id not in ours and row not in before}
    rows = {
        (row.key, row.contact_id): row
        for row in [*await uow.contacts.identities(others), *settled]
        if row.contact_id in ours | others
    }
    await uow.contacts.identify(list(rows.values()), ours | others)
    found = {contact.id: contact for contact in [*contacts, *(await uow.contacts.load(others)).values()]}
    changed: list[Contact] = []
    for number, contact in found.items():
        wa_id, bsuid, username = identities.called(row for row in rows.values() if row.contact_id == number)
        changed.append(replace(contact, wa_id=wa_id, bsuid=bsuid, username=username or contact.username))
    await uow.contacts.save(changed=changed)
    return [contact for contact in changed if contact.id in ours]


def _following(names: Iterable[Identity]) -> list[Identity]:
    """Each contact's usernames follow each other; the other names as they are."""
    names = list(names)
    of = {row.contact_id for row in names}
    nicks = [nick for each in of for nick in identities.nicks(row for row in names if row.contact_id == each)]
    return [*(row for row in names if row.kind is not IdentityKind.USERNAME), *nicks]
