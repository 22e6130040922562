"""Meta tells how far a message got: merge it, believe a failure at its right scope, settle a send whose outcome was unknown.

A status may come before the send call has returned (it is matched by the opaque id), for a message typed on the phone whose echo has
not come yet (it is parked), twice, or in any order.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from crm import effects
from crm.errors import SendFailed
from crm.model.alerts import NoticeKind
from crm.model.events import Edited, Revoked, StatusUpdate
from crm.model.messages import DeliveryStatus, Direction, Message
from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.policy import delivery, limits, marks
from crm.ports import Parked
from crm.refusals import Classify, Verdict, judge, send_failed
from crm.services.inbox import refutation, template_events
from crm.services.inbox.batch import Batch

SETTLED = {
    DeliveryStatus.ACCEPTED: OutboxState.ACCEPTED,
    DeliveryStatus.SENT: OutboxState.ACCEPTED,
    DeliveryStatus.DELIVERED: OutboxState.ACCEPTED,
    DeliveryStatus.READ: OutboxState.ACCEPTED,
    DeliveryStatus.PLAYED: OutboxState.ACCEPTED,
    DeliveryStatus.FAILED: OutboxState.FAILED,
}
UNPROVEN = {OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD}
"""States of an item of which nobody knows yet whether its last try left."""
REACTION = "reaction"
"""The kind under which a reaction waits for its message."""
ARRIVED = {DeliveryStatus.DELIVERED, DeliveryStatus.READ, DeliveryStatus.PLAYED}
SHOWN = 1000
"""Characters of a message that a notice about a change of it carries."""


def apply(batch: Batch, event: StatusUpdate, classify: Classify) -> None:
    """Apply one status."""
    message = batch.message(event.wamid)
    if message is None or message.imported:  # a phone's history may have told of our own send before we knew its name
        message = batch.message_by_opaque(event.opaque) or message
    if message is None:
        batch.park.append(Parked(event.wamid, event.status.value, event.at, _as_data(event)))
        return
    if message.direction is Direction.IN:
        return
    if event.status is DeliveryStatus.FAILED and _of_an_earlier_try(batch, message, event.wamid):
        batch.park.append(Parked(event.wamid, event.status.value, event.at, _as_data(event)))
        return
    if message.wamid is None and batch.message(event.wamid) is None:
        message = batch.name_message(message, event.wamid)
    unpark(batch, merge(batch, message, event, classify), classify)


def _of_an_earlier_try(batch: Batch, message: Message, wamid: str) -> bool:
    """Meta may refuse at once and say the same by a status later (reference 3), under a wamid that no answer told us. The next try bears
    the same opaque id, and has not failed: it may have left, even where nobody knows. Such a status waits for its wamid, in case the try
    under way turns out to be it."""
    if message.wamid is not None:
        return message.wamid != wamid
    item = batch.outbox.rows.get(message.id)
    if item is None or item.error_code is None:
        return False
    return item.state in UNPROVEN


def merge(batch: Batch, message: Message, event: StatusUpdate, classify: Classify) -> Message:
    """Add a status to a known message and act on what it means."""
    known = message.delivery
    merged = delivery.merge(known, event.status, event.at, event.error_code, event.error_detail)
    status = delivery.status(merged)
    changed = replace(
        message,
        delivery=merged,
        status=delivery.stronger(message.status, status) if message.imported else status,
        pricing_category=message.pricing_category if message.pricing_type else event.pricing_category,
        pricing_type=message.pricing_type or event.pricing_type,
    )
    batch.messages.put(message.id, changed)
    conversation = batch.conversations.rows.get(message.conversation_id)
    if conversation is not None and event.free_entry_until is not None:
        until = max(conversation.free_entry_until or event.free_entry_until, event.free_entry_until)
        conversation = batch.conversations.put(conversation.id, replace(conversation, free_entry_until=until))
    _settle(batch, changed)
    if _is_charged(changed) and not _is_charged(message):
        batch.charged.append((event.wamid, changed))
    if conversation is not None and event.status in ARRIVED:
        refutation.refute(batch, conversation, event.at, by="delivered")
    if changed.status is DeliveryStatus.FAILED and known.failed_at is None:
        _failed(batch, changed, event, classify)
    return changed


def _is_charged(message: Message) -> bool:
    """Meta charges for what arrives (reference 5.3), and says how in one status or another: in whatever order, both are known once."""
    told = message.delivery
    arrived = told.delivered_at or told.read_at or told.played_at
    return arrived is not None and message.pricing_type is not None


def unpark(batch: Batch, message: Message, classify: Classify) -> None:
    """Apply what was heard of a message before we knew it, in earlier batches or in this one."""
    for fact in batch.take_parked(message.wamid or ""):
        current = batch.messages.rows[message.id]
        if fact.kind == "edit":
            text = fact.data.get("text")
            edited(batch, Edited("parked", "", fact.wamid, fact.at, text if isinstance(text, str) else None))
        elif fact.kind == "revoke":
            revoked(batch, Revoked("parked", "", fact.wamid, fact.at))
        elif fact.kind == REACTION:
            emoji = fact.data.get("emoji")
            reacted(batch, fact.wamid, emoji if isinstance(emoji, str) else None, fact.at)
        elif message.direction is Direction.OUT:  # a status of what they wrote says nothing, before or after it comes
            merge(batch, current, _from_data(fact), classify)


def edited(batch: Batch, event: Edited) -> None:
    """The newest wording counts."""
    message = batch.message(event.wamid)
    if message is None:
        batch.park.append(Parked(event.wamid, "edit", event.at, {"text": event.text}))
        return
    changed = batch.messages.put(message.id, marks.edited(message, event.text, event.at))
    if changed.text != message.text:
        _tell_change(batch, "edit", message, changed)


def revoked(batch: Batch, event: Revoked) -> None:
    """The message was deleted for everyone."""
    message = batch.message(event.wamid)
    if message is None:
        batch.park.append(Parked(event.wamid, "revoke", event.at, {}))
        return
    changed = batch.messages.put(message.id, marks.revoked(message, event.at))
    if message.revoked_at is None:
        _tell_change(batch, "revoke", message, changed)


def reacted(batch: Batch, wamid: str, emoji: str | None, at: datetime) -> None:
    """The contact's newest reaction to a message, theirs or ours."""
    message = batch.message(wamid)
    if message is None:
        batch.park.append(Parked(wamid, REACTION, at, {"emoji": emoji}))
    else:
        batch.messages.put(message.id, marks.reacted(message, emoji, at))


def _tell_change(batch: Batch, change: str, before: Message, after: Message) -> None:
    """Let those who read a message hear that it reads differently, or is gone."""
    conversation = batch.conversations.rows.get(after.conversation_id)
    contact, account = batch.contacts.rows.get(after.contact_id), batch.accounts.rows.get(after.account_id)
    if conversation is None or contact is None or account is None:
        return
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "account": account.name,
        "change": change,
        "kind": after.kind,
        "before": (before.text or "")[:SHOWN],
        "text": (after.text or "")[:SHOWN],
        "ours": after.direction is Direction.OUT,
        "message_id": after.id,
    }
    batch.tell(conversation, NoticeKind.CHANGED, after, params, effects.INBOUND_PRIORITY)


def _settle(batch: Batch, message: Message) -> None:
    """What Meta says of a message settles its outbox item, whatever the send call itself came back with."""
    item = batch.outbox.rows.get(message.id)
    state = SETTLED.get(message.status)
    if item is None or state is None or item.state is state:
        return
    batch.outbox.put(item.id, replace(item, state=state, lease_until=None))
    for card in batch.cards(message.conversation_id):
        arrived = state is OutboxState.ACCEPTED and card.outbox_id == item.id and card.state is PendingState.OPEN
        if arrived:
            batch.close_card(card, PendingState.OBSOLETE)


def _failed(batch: Batch, message: Message, event: StatusUpdate, classify: Classify) -> None:
    """Meta gave the message up: judge at the right scope."""
    item = batch.outbox.rows.get(message.id)
    account = batch.accounts.rows.get(message.account_id)
    conversation = batch.conversations.rows.get(message.conversation_id)
    contact = batch.contacts.rows.get(message.contact_id)
    if account is None or conversation is None or contact is None:
        return
    failure = classify(event.error_code, event.error_detail)
    verdict = judge(failure, item.basis if item else None, account, conversation, contact, event.at, batch.now)
    for other in limits.share_the_rest(account, failure, list(batch.accounts.rows.values())):
        batch.accounts.put(other.id, limits.heed(other, failure, event.at, batch.now))
    if item is not None and item.template is not None:
        batch.places.add((account.portfolio, item.contact_id, item.id))
    _believe(batch, verdict, item, message, failure)
    if verdict.template_code is not None and item is not None and item.template is not None:
        template_events.refused(batch, account.waba_id, item.template, verdict.template_code, event.at)


def _believe(batch: Batch, verdict: Verdict, item: OutboxItem | None, message: Message, failure: SendFailed) -> None:
    batch.accounts.put(verdict.account.id, verdict.account)
    batch.conversations.put(verdict.conversation.id, verdict.conversation)
    batch.contacts.put(verdict.contact.id, verdict.contact)
    batch.alarms.extend(verdict.alarms)
    batch.audit.extend(verdict.audit)
    waits = any(
        c.outbox_id == message.id and c.state is PendingState.OPEN for c in batch.cards(message.conversation_id)
    )
    if verdict.not_before is not None and item is not None and item.origin is Origin.SEQUENCE:
        batch.once_more(item, verdict.not_before)
    elif (
        (verdict.to_pending or verdict.not_before is not None)
        and item is not None
        and not waits
        and effects.fit_for_a_card(item)
    ):
        outgoing = effects.outgoing_of(item)
        card = effects.waiting(batch.uow, outgoing, verdict.reason, batch.now, outbox_id=item.id)
        batch.new_card(card)
        batch.notices.extend(effects.shown_cards(batch.uow, [card], batch.team, batch.now))
    elif not verdict.to_pending and verdict.not_before is None:
        told = message.delivery
        batch.alarms.append(
            send_failed(verdict, told.error_code, told.error_code, told.error_detail or "", failure.code)
        )


def _as_data(event: StatusUpdate) -> dict[str, Any]:
    data = asdict(event)
    until = event.free_entry_until
    return {**data, "at": None, "status": event.status.value, "free_entry_until": until.isoformat() if until else None}


def _from_data(fact: Parked) -> StatusUpdate:
    data = {**fact.data, "at": fact.at, "status": DeliveryStatus(fact.kind)}
    until = data.get("free_entry_until")
    data["free_entry_until"] = datetime.fromisoformat(until) if until else None
    return StatusUpdate(**data)
