"""By which of Meta's names a contact is written to from one of our numbers (reference 1.5): the phone, else the id that the contact has in
the portfolio of that number. A phone is good from everywhere, an id is not."""

from collections.abc import Collection, Mapping

from crm.model.accounts import Account
from crm.model.contacts import Contact, Identity, IdentityKind
from crm.model.outbox import Address
from crm.ports import UnitOfWork


async def ids_of(uow: UnitOfWork, contacts: Collection[Contact]) -> Mapping[int, list[Identity]]:
    """The names of those of whom we have no phone; where everybody has one, nothing is asked."""
    hidden = {contact.id for contact in contacts if not contact.wa_id}
    found: dict[int, list[Identity]] = {}
    for row in await uow.contacts.identities(hidden):
        found.setdefault(row.contact_id, []).append(row)
    return found


def address(contact: Contact, account: Account, ids: Mapping[int, list[Identity]]) -> Address | None:
    """Where to write to the contact from this number; None when Meta has told us no name that is good there."""
    if contact.wa_id:
        return Address(f"+{contact.wa_id}", None)
    good = [
        row
        for row in ids.get(contact.id, ())
        if row.kind is IdentityKind.BSUID and row.current and row.portfolio in (account.portfolio, account.waba_id)
    ]
    newest = max(good, key=lambda row: (row.portfolio == account.portfolio, row.since, row.value), default=None)
    return Address(None, newest.value) if newest is not None else None
