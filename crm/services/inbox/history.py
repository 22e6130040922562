"""What a phone in coexistence hands over after onboarding is kept, and nothing else happens: nobody is told, no window opens, no
sequence moves, nothing counts as evidence of a block (reference 8).

A webhook of the history only becomes slices here; `importer.py` applies them one by one. A message of the history and the same one
heard live end the same in either order: what was heard live counts, and the history adds nothing to it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crm.model.audit import AuditEntry
from crm.model.contents import Reaction, kind_of
from crm.model.conversations import Conversation
from crm.model.events import BookEntry, Echo, HistoryDeclined, HistorySlice, Past
from crm.model.imports import PLACEHOLDER, Slice
from crm.model.messages import Direction, Message, Source
from crm.model.outbox import OutboxItem, OutboxState
from crm.model.records import replace
from crm.model.sequences import Reason, Trigger
from crm.policy import delivery, imports, sequences
from crm.refusals import Classify
from crm.services.inbox import statuses
from crm.services.inbox.batch import Batch

UNPHASED = 9
"""Where a slice stands that does not say of which days it is: files of messages that came before it."""
CLOCKS_APART = timedelta(minutes=1)


def keep(batch: Batch, event: HistorySlice) -> None:
    """Keep a slice for the importer, and what its webhook says of the whole import's progress."""
    account = batch.account(event.phone_number_id)
    if account is None:
        told = {"phase": event.phase, "progress": event.progress, "messages": event.size}
        batch.set_aside(event.position, "history", "unknown", "no such phone number id here", told)
        return
    batch.put_import(imports.heard(batch.imported(account.id), event.phase, event.progress, batch.received_at))
    phase = UNPHASED if event.phase is None else min(event.phase, UNPHASED)
    if event.size:
        batch.slices.append(
            Slice(batch.uow.ids.next(), account.id, batch.webhook_id, phase, event.size, event.content, batch.now)
        )


def declined(batch: Batch, event: HistoryDeclined) -> None:
    """The owner does not share the history. Where Meta names no number, it is the one that was asked and has brought nothing."""
    if event.phone_number_id is not None:
        account = batch.account(event.phone_number_id)
        concerned = [account.id] if account is not None else []
    else:
        waiting = [i for i in batch.imports.values() if i.history_asked_at is not None and i.heard_at is None]
        concerned = [each.account_id for each in waiting]
    if len(concerned) != 1:
        batch.set_aside(event.position, "history", "unknown", "declined by the owner of no number known here", {})
        return
    batch.put_import(imports.declined(batch.imported(concerned[0]), batch.received_at))


def book(batch: Batch, event: BookEntry) -> None:
    """An address book calls somebody by a name. Who never wrote is no contact, and is called so from the first message on."""
    account = batch.account(event.phone_number_id)
    if account is None:
        batch.set_aside(event.position, "state_sync", "unknown", "no such phone number id here", {})
        return
    batch.book(account, event.person, event.name, min(event.at, batch.received_at))


def apply(batch: Batch, event: Past, classify: Classify) -> None:
    """Apply one message of the history."""
    account = batch.account(event.phone_number_id)
    if account is None:
        batch.set_aside(event.position, "history", "unknown", "no such phone number id here", {})
        return
    known = batch.message(event.wamid)
    if known is not None:
        if known.imported:
            _complete(batch, known, event)
        return
    at = min(event.at, batch.now)
    contact = batch.contact(event.person, account, at)
    conversation = batch.conversation(contact, account)
    ours = our_unsettled(batch, conversation, event, since=at) if event.ours else None
    if ours is not None:
        message = batch.name_message(batch.messages.rows[ours.id], event.wamid)
        batch.outbox.put(ours.id, replace(ours, state=OutboxState.ACCEPTED, lease_until=None))
        statuses.unpark(batch, message, classify)
        return
    message = batch.add_message(_made(batch, event, conversation, at))
    if event.attachment is not None:
        batch.want(message, event.attachment)
    _touch(batch, conversation, at, ours=event.ours)
    statuses.unpark(batch, message, classify)


def live(batch: Batch, known: Message | None, message: Message) -> Message:
    """Keep a message heard live; one that the history had told of before is now what it would have been without it."""
    if known is None:
        return batch.add_message(message)
    words = replace(message, id=known.id, created_at=known.created_at, imported=False)
    if known.edited_at is not None:
        words = replace(words, text=known.text, edited_at=known.edited_at)
    words = replace(words, revoked_at=known.revoked_at, reaction=known.reaction, reaction_at=known.reaction_at)
    if words.direction is Direction.OUT:
        heard = replace(known.delivery, sent_at=min(known.delivery.sent_at or message.at, message.at))
        words = replace(words, delivery=heard, status=delivery.status(heard))
        words = replace(words, pricing_category=known.pricing_category, pricing_type=known.pricing_type)
    return batch.messages.put(known.id, words)


def our_unsettled(
    batch: Batch, conversation: Conversation, event: Echo | Past, since: datetime | None = None
) -> OutboxItem | None:
    """A send of ours whose answer never came, said in exactly these words: that the phone shows it is its proof (reference, trap 8).
    What the phone showed before we wrote ours (`since`) proves nothing."""
    for item in batch.queued(conversation.id):
        unsettled = item.state in (OutboxState.UNKNOWN, OutboxState.SENDING) and item.text == event.text
        if unsettled and _same_kind(item, event) and (since is None or since >= item.created_at - CLOCKS_APART):
            return item
    return None


def _same_kind(item: OutboxItem, event: Echo | Past) -> bool:
    """The same words may be a text or a reaction; two reactions are the same only on the same message."""
    match item.content:
        case None:
            return event.kind != "reaction"
        case Reaction(wamid=wamid):
            said = event.payload.get("reaction")
            return isinstance(said, Mapping) and said.get("message_id") == wamid
        case content:
            return kind_of(content) == event.kind


def _made(batch: Batch, event: Past, conversation: Conversation, at: datetime) -> Message:
    return Message(
        id=batch.uow.ids.next(),
        account_id=conversation.account_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        wamid=event.wamid,
        direction=Direction.OUT if event.ours else Direction.IN,
        source=Source.MANUAL if event.ours else Source.CUSTOMER,
        kind=event.kind,
        text=event.text,
        payload=event.payload,
        at=at,
        created_at=batch.now,
        status=event.status,
        imported=True,
    )


def _complete(batch: Batch, known: Message, event: Past) -> None:
    """A second word about a message of the history: a file takes its placeholder's place, the further status counts."""
    message = known
    if message.direction is Direction.OUT:
        message = replace(message, status=delivery.stronger(message.status, event.status))
    if message.kind == PLACEHOLDER and event.kind != PLACEHOLDER:
        text = message.text if message.edited_at is not None else event.text
        message = replace(message, kind=event.kind, text=text, payload=event.payload)
    batch.messages.put(message.id, message)
    if event.attachment is not None and message.id not in batch.with_file:
        batch.want(message, event.attachment)


def _touch(batch: Batch, conversation: Conversation, at: datetime, *, ours: bool) -> None:
    after = replace(conversation, last_interaction_at=max(conversation.last_interaction_at or at, at))
    if not ours:
        after = replace(after, first_inbound_at=min(conversation.first_inbound_at or at, at))
    batch.conversations.put(conversation.id, after)
    if not ours:
        no_newcomer(batch, conversation.id, at, "wrote before, says the history")


def no_newcomer(batch: Batch, conversation_id: int, at: datetime, why: str) -> None:
    """Somebody who wrote at `at`, and not to us, was no newcomer afterwards. A first greeting that began before we knew this, and of
    which nothing has left yet, never leaves: it would have not begun."""
    for walk, _ in batch.open_walks(conversation_id):
        if walk.trigger is Trigger.FIRST_MESSAGE and walk.position == 0 and at < walk.started_at:
            batch.walks.put(walk.id, sequences.leave(walk, Reason.REMOVED))
            batch.audit.append(
                AuditEntry(
                    batch.now,
                    "engine",
                    "enrollment.removed",
                    f"enrollment:{walk.id}",
                    {"state": walk.state.value},
                    None,
                    why,
                )
            )
