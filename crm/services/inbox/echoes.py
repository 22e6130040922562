"""Somebody on our side wrote from the WhatsApp Business app (the brief's flow 3): keep it as manual, and see whether it fulfils
something that was waiting: an open card, a queued message, or the next step of a walk.

What was typed counts, not what it was edited to afterwards, so that an edit that overtakes its message changes nothing. The steps are
matched again over all unmatched echoes whenever one comes, so that two that arrive in the wrong order end the same.
"""

from collections import defaultdict
from collections.abc import Iterable

from crm import effects
from crm.decisions import What, decided
from crm.model.alerts import NoticeKind
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.contents import Reaction
from crm.model.conversations import META_AGENT, Conversation
from crm.model.events import Echo
from crm.model.messages import Delivery, DeliveryStatus, Direction, Message, Source
from crm.model.outbox import OutboxState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.policy import automatic, control, matching, sequences
from crm.refusals import Classify
from crm.services.inbox import history, statuses
from crm.services.inbox.batch import Batch
from crm.services.inbox.limits import TYPED_WITHIN


def apply(batch: Batch, event: Echo, classify: Classify) -> None:
    """Apply one echo; one of our own sends, or a second copy, changes nothing."""
    account = batch.account(event.phone_number_id)
    if account is None:
        batch.set_aside(event.position, event.kind, "unknown", "no such phone number id here", dict(event.payload))
        return
    known = batch.message(event.wamid)
    if known is not None and not known.imported:
        return
    contact = batch.contact(event.person, account, event.at)
    conversation = batch.conversation(contact, account)
    if event.by_meta:
        _answered_by_meta(batch, event, contact, conversation, classify)
        return
    ours = history.our_unsettled(batch, conversation, event) if known is None else None
    if ours is not None:
        message = batch.name_message(batch.messages.rows[ours.id], event.wamid)
        batch.outbox.put(ours.id, replace(ours, state=OutboxState.ACCEPTED, lease_until=None))
        statuses.unpark(batch, message, classify)
        return
    by_itself = _is_automatic(batch, conversation, event)
    message = history.live(
        batch,
        known,
        Message(
            id=batch.uow.ids.next(),
            account_id=account.id,
            contact_id=contact.id,
            conversation_id=conversation.id,
            wamid=event.wamid,
            direction=Direction.OUT,
            source=Source.AUTOMATIC if by_itself else Source.MANUAL,
            kind=event.kind,
            text=event.text,
            payload=event.payload,
            at=event.at,
            created_at=batch.now,
            status=DeliveryStatus.SENT,
            delivery=Delivery(sent_at=event.at),
        ),
    )
    batch.as_typed[message.id] = event.text
    if event.attachment is not None and message.id not in batch.with_file:
        batch.want(message, event.attachment)
    if batch.now - event.at < TYPED_WITHIN:
        batch.typed[account.id] += 1
    talked = replace(conversation, last_interaction_at=max(conversation.last_interaction_at or event.at, event.at))
    if by_itself:
        batch.conversations.put(conversation.id, talked)
        statuses.unpark(batch, batch.messages.rows[message.id], classify)
        return
    typed_at = max(conversation.last_manual_at or event.at, event.at)
    conversation = batch.conversations.put(conversation.id, replace(talked, last_manual_at=typed_at))
    if not _fulfil_waiting(batch, conversation, message):
        batch.to_settle.add(conversation.id)
    statuses.unpark(batch, batch.messages.rows[message.id], classify)
    _tell(batch, event, contact, conversation, message)


def _answered_by_meta(
    batch: Batch, event: Echo, contact: Contact, conversation: Conversation, classify: Classify
) -> None:
    """Meta's own agent answered: it stands in the conversation and fulfils nothing of ours."""
    if batch.message(event.wamid) is not None:
        return
    message = batch.add_message(
        Message(
            id=batch.uow.ids.next(),
            account_id=conversation.account_id,
            contact_id=contact.id,
            conversation_id=conversation.id,
            wamid=event.wamid,
            direction=Direction.OUT,
            source=Source.META_AGENT,
            kind=event.kind,
            text=event.text,
            payload=event.payload,
            at=event.at,
            created_at=batch.now,
            status=DeliveryStatus.SENT,
            delivery=Delivery(sent_at=event.at),
        )
    )
    if event.attachment is not None:
        batch.want(message, event.attachment)
    last = max(conversation.last_interaction_at or event.at, event.at)
    known = control.believed(replace(conversation, last_interaction_at=last), META_AGENT, event.at)
    conversation = batch.conversations.put(conversation.id, known)
    statuses.unpark(batch, message, classify)
    _tell(batch, event, contact, conversation, message)


def _is_automatic(batch: Batch, conversation: Conversation, event: Echo) -> bool:
    """Whether the app wrote this by itself; what is as quick is remembered, for the next ones to be told by."""
    sign = automatic.sign_of(event, conversation)
    if sign is None:
        return False
    here = (conversation.account_id, sign)
    others = {contact for *same, contact in batch.quick if tuple(same) == here} - {conversation.contact_id}
    mine = (*here, conversation.contact_id)
    if mine not in batch.quick:
        batch.quick.add(mine)
        batch.quick_new.add(mine)
    return len(others) >= automatic.OTHERS


def settle_walks(batch: Batch) -> None:
    """Match the unmatched echoes of each touched conversation against its walks' next steps, until none fits."""
    typed: dict[int, list[int]] = defaultdict(list)
    for message in batch.messages.rows.values() if batch.to_settle else ():
        if message.source is Source.MANUAL and message.conversation_id in batch.to_settle:
            typed[message.conversation_id].append(message.id)
    for conversation_id in sorted(batch.to_settle):
        contact = batch.contacts.rows[batch.conversations.rows[conversation_id].contact_id]
        for walk, _ in batch.open_walks(conversation_id):
            while _fulfil_next(batch, walk.id, contact, typed[conversation_id]):
                pass


def _fulfil_next(batch: Batch, walk_id: int, contact: Contact, by_hand: Iterable[int]) -> bool:
    walk = batch.walks.rows[walk_id]
    plan = batch.plans.of(walk)
    if plan is None or walk.position >= len(plan.steps):
        return False
    wanted = sequences.render(sequences.wording(plan.steps[walk.position], walk), contact)
    typed = sorted(
        (
            m
            for m in map(batch.messages.rows.__getitem__, by_hand)
            if m.enrollment_id is None and not m.imported and m.at >= walk.started_at
        ),
        key=lambda m: (m.at, m.wamid or ""),
    )
    for message in typed:
        if matching.fulfils(batch.as_typed.get(message.id, message.text), wanted):
            decided(What.STEP_BY_HAND, "echo", contact_id=contact.id, enrollment_id=walk.id, step=walk.position)
            batch.messages.put(message.id, replace(message, enrollment_id=walk.id, step=walk.position))
            batch.walks.put(walk.id, sequences.fulfilled(walk, plan, walk.position, message.at))
            batch.audit.append(
                AuditEntry(
                    batch.now,
                    "phone",
                    "enrollment.step_by_hand",
                    f"enrollment:{walk.id}",
                    {"position": walk.position},
                    {"position": walk.position + 1},
                    f"message:{message.id}",
                )
            )
            return True
    return False


def _fulfil_waiting(batch: Batch, conversation: Conversation, message: Message) -> bool:
    """Close the card, or call back the queued message, that says what was typed."""
    cards = {card.id: card for card in batch.cards(conversation.id) if card.state is PendingState.OPEN}
    number = matching.best(message.text, [(card.id, card.text) for card in cards.values()])
    if number is not None:
        card = cards[number]
        batch.close_card(card, PendingState.BY_HAND)
        _claim(batch, message, card.enrollment_id, card.step)
        batch.audit.append(
            AuditEntry(batch.now, "phone", "pending.by_hand", f"pending:{card.id}", why=f"message:{message.id}")
        )
        return True
    waiting = (item for item in batch.queued(conversation.id) if item.state is OutboxState.QUEUED)
    queued = {item.id: item for item in waiting if not isinstance(item.content, Reaction)}
    number = matching.best(message.text, [(item.id, item.text) for item in queued.values()])
    if number is not None:
        item = queued[number]
        batch.cancel(item, "by-hand")
        _claim(batch, message, item.enrollment_id, item.step)
        return True
    return False


def _claim(batch: Batch, message: Message, enrollment_id: int | None, step: int | None) -> None:
    if enrollment_id is not None:
        batch.messages.put(message.id, replace(message, enrollment_id=enrollment_id, step=step))


def _tell(batch: Batch, event: Echo, contact: Contact, conversation: Conversation, message: Message) -> None:
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "account": batch.accounts.rows[conversation.account_id].name,
        "text": (event.text or "")[:1000],
        "kind": event.kind,
        "message_id": message.id,
        "at": event.at.isoformat(),
        "closes_at": None,
        **({"standby": True} if event.by_meta else {}),
    }
    batch.tell(conversation, NoticeKind.MANUAL, message, params, effects.MANUAL_PRIORITY)
