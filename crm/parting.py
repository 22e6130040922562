"""Making two contacts again of what a merge had joined, inside the caller's transaction.

What came since stays with the contact that stayed, but for the customer's messages that name the other. Nothing begins to leave because
of it: a walk that the merge had ended stands until a person lets it go on.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm import naming
from crm.decisions import What, decided
from crm.errors import Refused
from crm.model.accounts import Account
from crm.model.audit import AuditEntry
from crm.model.contacts import Identity, Person
from crm.model.conversations import Conversation
from crm.model.merges import Joined, Merge
from crm.model.messages import Message
from crm.model.records import replace
from crm.model.sequences import Reason
from crm.model.sequences import Sequence as Plan
from crm.policy import identities, merging, sequences
from crm.ports import UnitOfWork

Writer = Callable[[Mapping[str, Any]], Person | None]
"""Whom a message's payload names as its author; the border that made the payload knows."""


async def undo(
    uow: UnitOfWork, merge: Merge, actor: str, plans: Mapping[int, Plan], writer: Writer, now: datetime
) -> Merge:
    """Take the merge back. Raises Refused when that was done already, or when a later merge must be undone first."""
    if merge.undone_at is not None:
        raise Refused("merge-undone")
    talks = {each.id: each for each in await uow.conversations.between({merge.kept.id})}
    contact = (await uow.contacts.load({merge.kept.id})).get(merge.kept.id)
    if contact is None or any(joined.after.id not in talks for joined in merge.conversations):
        raise Refused("merge-not-last")
    gone = merge.gone
    if contact.opted_out and not merge.after.opted_out:  # said since, and nobody knows by whom of the two
        gone = replace(gone, opted_out=True, consent_at=contact.consent_at)
    kept = merging.as_before(contact, merge.kept, merge.after)
    await uow.contacts.save(new=[gone])
    beside = await uow.contacts.identities({kept.id})
    names = _names_apart(merge, beside)
    await naming.call(uow, [kept, gone], names, beside)
    accounts = {account.id: account for account in await uow.accounts.all()}
    theirs = {row.key for row in names if row.contact_id == gone.id} - {
        row.key for row in names if row.contact_id == kept.id
    }
    for joined in merge.conversations:
        talk = talks[joined.after.id]
        since = await uow.messages.load(await uow.merges.written_since(talk.id, merge))
        account = accounts.get(talk.account_id)
        told = [message for message in since.values() if _keys(writer(message.payload), account) & theirs]
        await _part(uow, merge, joined, talk, told)
    await _walk_again(uow, merge, plans, now)
    suspected = {
        each.conversation_id for each in await uow.blocks.open_of([each.gone.id for each in merge.conversations])
    }
    suspected |= {each.conversation_id for each in await uow.blocks.open_of(list(talks))}
    await uow.blocks.save(changed=[each for each in merge.issues if each.conversation_id not in suspected])
    await uow.merges.give_alerts_back(merge.id, gone.id)
    done = replace(merge, undone_at=now, undone_by=actor)
    await uow.merges.undone(done)
    decided(What.CONTACTS_PARTED, "undone", contact_id=kept.id, gone_id=gone.id, merge_id=merge.id)
    entry = AuditEntry(
        now, actor, "contact.parted", f"contact:{kept.id}", {"merge": merge.id}, {"contact": gone.id}, "undone"
    )
    await uow.audit.add([entry])
    return done


def _keys(person: Person | None, account: Account | None) -> set[str]:
    if person is None or account is None:
        return set()
    return {each.key for each in identities.namings(person, account.portfolio)}


def _names_apart(merge: Merge, beside: Sequence[Identity]) -> list[Identity]:
    """Everybody called what they were; what was learnt since stays where it is."""
    kept, gone = merge.kept.id, merge.gone.id
    had = {(row.key, row.contact_id): row for row in merge.names}
    names: list[Identity] = []
    for row in beside:
        owners = [number for number in (kept, gone) if (row.key, number) in had] or [kept]
        mine = row.contact_id == kept
        names += [identities.parted(row, had.get((row.key, n)), n) for n in owners] if mine else [row]
    return names


async def _part(uow: UnitOfWork, merge: Merge, joined: Joined, talk: Conversation, told: Sequence[Message]) -> None:
    """One conversation becomes two again; what was `told` since by the one who had gone goes with them."""
    gone = joined.gone
    await uow.conversations.save(new=[gone])
    await uow.merges.give_back(merge.id, talk.id, gone.id, gone.contact_id)
    told = [message for message in told if message.conversation_id == talk.id]
    for message in told:
        await uow.merges.give(message.id, gone.id, gone.contact_id)
    if told:
        await uow.conversations.save(changed=[merging.wrote(gone, [message.at for message in told])])
    before = joined.into or Conversation(talk.id, talk.contact_id, talk.account_id, talk.created_at)
    await uow.conversations.save(changed=[merging.as_before(talk, before, joined.after)])
    if joined.into is None:
        await uow.merges.drop_if_empty(talk.id)


async def _walk_again(uow: UnitOfWork, merge: Merge, plans: Mapping[int, Plan], now: datetime) -> None:
    found = await uow.enrollments.load([walk.id for walk in merge.walks])
    again = [
        sequences.pause(before, plans[before.sequence_id], Reason.AGENT, now)
        for before in merge.walks
        if before.id in found and found[before.id].reason is Reason.MERGED and before.sequence_id in plans
    ]
    if again:
        await uow.enrollments.save(changed=again)
