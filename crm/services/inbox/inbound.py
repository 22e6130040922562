"""A contact wrote (the brief's flow 1): know the person, keep the message, move the window, pause the walk, tell the agents."""

from datetime import datetime, timedelta

from crm import effects
from crm.model.accounts import Account
from crm.model.alerts import NoticeKind
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import META_AGENT, OURS, Conversation
from crm.model.events import Control, Inbound, MarketingPreference
from crm.model.messages import DeliveryStatus, Direction, Draft, Message, Source
from crm.model.outbox import Origin, OutboxState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Reason, Sequence, SequenceState, Trigger
from crm.model.windows import Basis
from crm.policy import consent, control, sending, sequences
from crm.policy.windows import SERVICE_WINDOW
from crm.services.inbox import history, refutation, statuses
from crm.services.inbox.batch import Batch

NOT_A_REPLY = frozenset({"system"})
"""Kinds that Meta writes by itself; everything else is the person's own act."""
SHOWN = 3000
"""Characters of a message that a notice carries."""
FRESH_FAREWELL = timedelta(minutes=30)
"""So old an opt-out may be and still be answered; later an answer would only disturb."""
QUOTED = 200
"""Characters of the message that it answers."""


def apply(batch: Batch, event: Inbound, words: consent.Words) -> None:
    """Apply one inbound message; a second copy changes nothing."""
    account = batch.account(event.phone_number_id)
    if account is None:
        batch.set_aside(event.position, event.kind, "unknown", "no such phone number id here", dict(event.payload))
        return
    contact = batch.contact(event.person, account, event.at)
    known = batch.message(event.wamid)
    if known is not None and not known.imported:
        return
    before = batch.conversation(contact, account)
    if known is not None and before.first_inbound_at == event.at and before.last_inbound_at is None:
        before = replace(before, first_inbound_at=None)  # the history told of this very message, and of none before it
    reply = event.kind not in NOT_A_REPLY
    if event.kind == statuses.REACTION and event.context_wamid is not None:
        statuses.reacted(batch, event.context_wamid, event.text, event.at)
    message = history.live(batch, known, _made(batch, event, before))
    if event.attachment is not None and message.id not in batch.with_file:
        batch.want(message, event.attachment)
    after = _touch(batch, before, event, reply=reply)
    after = batch.conversations.put(after.id, control.believed(after, META_AGENT if event.standby else OURS, event.at))
    if reply:
        refutation.refute(batch, after, event.at, by="inbound")
        said = consent.said(event.text, event.payload_word, words)
        if said is not None and said[0] is consent.Consent.OUT:
            _opt_out(batch, contact, after, event.at)
            _farewell(batch, contact, after, event.at, words.answer(said[1]))
        elif said is not None:
            _opt_in(batch, contact, event.at)
        _walk_on(batch, account, before, after, event)
    if event.opens_window:
        waiting = [card.id for card in batch.cards(after.id) if card.state is PendingState.OPEN]
        batch.notices.extend(effects.redraw(batch.uow, waiting, batch.now))
    _tell(batch, event, contact, account, after, message)


def preference(batch: Batch, event: MarketingPreference) -> None:
    """WhatsApp's own menu: the newest word on marketing counts."""
    account = batch.account(event.phone_number_id)
    if account is None:
        payload = {"stopped": event.stopped, "at": event.at.isoformat()}
        batch.set_aside(event.position, "user_preferences", "unknown", "no such phone number id here", payload)
        return
    contact = batch.contact(event.person, account, event.at)
    if contact.marketing_consent_at is None or (event.at, event.stopped) > (
        contact.marketing_consent_at,
        contact.marketing_opted_out,
    ):
        batch.contacts.put(
            contact.id, replace(contact, marketing_opted_out=event.stopped, marketing_consent_at=event.at)
        )
        batch.audit.append(
            AuditEntry(
                batch.now, "customer", "contact.marketing", f"contact:{contact.id}", None, {"stopped": event.stopped}
            )
        )


def _made(batch: Batch, event: Inbound, conversation: Conversation) -> Message:
    return Message(
        id=batch.uow.ids.next(),
        account_id=conversation.account_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        wamid=event.wamid,
        direction=Direction.IN,
        source=Source.CUSTOMER,
        kind=event.kind,
        text=event.text,
        payload=event.payload,
        at=event.at,
        created_at=batch.now,
        status=DeliveryStatus.RECEIVED,
    )


def _touch(batch: Batch, known: Conversation, event: Inbound, *, reply: bool) -> Conversation:
    """Times only ever grow (or, for the first message, shrink), so a late webhook cannot set them back."""
    if not reply:
        return known
    changed = replace(
        known,
        first_inbound_at=min(known.first_inbound_at or event.at, event.at),
        last_interaction_at=max(known.last_interaction_at or event.at, event.at),
    )
    if event.opens_window:
        changed = replace(changed, last_inbound_at=max(known.last_inbound_at or event.at, event.at))
    if event.from_ad:
        changed = replace(changed, ad_entry_at=max(known.ad_entry_at or event.at, event.at))
    return batch.conversations.put(known.id, changed)


def _walk_on(batch: Batch, account: Account, before: Conversation, after: Conversation, event: Inbound) -> None:
    """Let the open walks go on where an answer leads, pause them on any other reply, or begin those that this message begins. Where
    Meta's agent is answering, they only pause."""
    at, words = event.at, sequences.folded(event.text or "")
    if event.standby:
        history.no_newcomer(batch, after.id, at, "wrote to Meta's agent before")
    for walk, plan in batch.open_walks(after.id):
        begun = walk if event.standby else sequences.begun_earlier(walk, plan, at)
        led = None if event.standby else _led(batch, begun, plan, words, at, after.last_inbound_at)
        if led is not None:
            _led_on(batch, walk, led)
            continue
        moved = sequences.replied(begun, plan, at)
        if moved.started_at < walk.started_at and batch.now - moved.started_at > sequences.FRESH:
            moved = sequences.leave(moved, Reason.REMOVED) if moved.position == 0 else moved
        if moved == walk:
            continue
        batch.walks.put(walk.id, moved)
        if moved.started_at < walk.started_at:
            batch.to_settle.add(after.id)
        if moved.reason is Reason.CUSTOMER_REPLIED and walk.reason is not Reason.CUSTOMER_REPLIED:
            batch.audit.append(
                AuditEntry(
                    batch.now,
                    "customer",
                    "enrollment.paused",
                    f"enrollment:{walk.id}",
                    {"state": walk.state.value},
                    {"state": moved.state.value},
                    "customer replied",
                )
            )
            call_back(batch, after.id, batch.now)
    contact = batch.contacts.rows[after.contact_id]
    if batch.now - at > sequences.FRESH or contact.opted_out or event.standby:
        return
    if before.first_inbound_at is None:
        for plan in batch.plans.values():
            if plan.trigger is Trigger.FIRST_MESSAGE and plan.state is SequenceState.ACTIVE:
                _begin(batch, plan, account, after, at)
    for plan in batch.plans.listening:
        last = batch.walked.get((after.id, plan.id))
        if sequences.entered(plan, words, event.ad) and sequences.may_begin(plan, last, at):
            _begin(batch, plan, account, after, at)


def _begin(batch: Batch, plan: Sequence, account: Account, conversation: Conversation, at: datetime) -> None:
    """A trigger enrolls; what the contact wrote later, but was heard earlier, is a reply."""
    if plan.account_id not in (None, account.id):
        return
    if any(walk.sequence_id == plan.id for walk, _ in batch.open_walks(conversation.id)):
        return
    walk = sequences.start(batch.uow.ids.next(), plan, conversation, at=at, trigger=plan.trigger)
    latest = conversation.last_inbound_at
    if plan.trigger is not Trigger.FIRST_MESSAGE and latest is not None and latest > at:
        walk = sequences.replied(walk, plan, latest)
    batch.new_walk(walk)
    batch.to_settle.add(conversation.id)
    batch.audit.append(
        AuditEntry(batch.now, "engine", "enrollment.started", f"enrollment:{walk.id}", None, {"sequence": plan.key})
    )


def _led(
    batch: Batch, walk: Enrollment, plan: Sequence, words: str, at: datetime, latest: datetime | None
) -> Enrollment | None:
    """Where an answer leads. A step that is still queued has asked nothing yet: what was awaited before it is awaited still."""
    standing = walk
    for item in reversed(batch.queued(walk.conversation_id)):
        of_it = item.enrollment_id == walk.id and item.origin is Origin.SEQUENCE and item.state is OutboxState.QUEUED
        if of_it and item.step == standing.position - 1:
            standing = sequences.called_back(standing, plan, item.step, batch.now)
    asked_at = sequences.asked_at(standing, batch.messages.rows.values(), batch.pending.rows.values())
    return sequences.answered(standing, plan, words, at, latest, asked_at)


def _led_on(batch: Batch, walk: Enrollment, led: Enrollment) -> None:
    """A branch awaited these words: what was queued of the old way stays behind."""
    for item in batch.queued(walk.conversation_id):
        if item.enrollment_id == walk.id and item.state is OutboxState.QUEUED:
            batch.cancel(item, "called-back", again=True)
    batch.walks.put(walk.id, led)
    batch.audit.append(
        AuditEntry(
            batch.now,
            "customer",
            "enrollment.branched",
            f"enrollment:{walk.id}",
            {"position": walk.position},
            {"position": led.position, "state": led.state.value},
            "an answer that a branch awaits",
        )
    )


def call_back(batch: Batch, conversation_id: int, now: datetime) -> None:
    """A sequence's message that is still queued must not follow a reply: cancel it and stand before its step again, unless a later
    step has left already (a message may have been put off for days)."""
    for item in reversed(batch.queued(conversation_id)):
        if item.origin is not Origin.SEQUENCE or item.state is not OutboxState.QUEUED:
            continue
        batch.cancel(item, "called-back", again=True)
        for walk, plan in batch.open_walks(conversation_id):
            if walk.id == item.enrollment_id and item.step == walk.position - 1:
                batch.walks.put(walk.id, sequences.called_back(walk, plan, item.step, now))


def _opt_out(batch: Batch, contact: Contact, conversation: Conversation, at: datetime) -> None:
    """An opt-out counts however late it comes, and ends every walk that had begun before it."""
    if contact.consent_at is None or at >= contact.consent_at:
        batch.contacts.put(contact.id, replace(contact, opted_out=True, consent_at=at))
        batch.audit.append(
            AuditEntry(
                batch.now, "customer", "contact.opted_out", f"contact:{contact.id}", None, {"at": at.isoformat()}
            )
        )
    call_back(batch, conversation.id, batch.now)
    for walk, _ in batch.open_walks(conversation.id):
        if walk.started_at <= at and walk.state in (EnrollmentState.ACTIVE, EnrollmentState.PAUSED):
            batch.walks.put(walk.id, sequences.leave(walk, Reason.OPTED_OUT))


def _opt_in(batch: Batch, contact: Contact, at: datetime) -> None:
    """They want to hear from us again: the newest word counts, in whichever order they come. Walks that had ended stay ended."""
    if contact.consent_at is not None and at <= contact.consent_at:
        return
    batch.contacts.put(contact.id, replace(contact, opted_out=False, consent_at=at))
    if contact.opted_out:
        batch.audit.append(
            AuditEntry(batch.now, "customer", "contact.opted_in", f"contact:{contact.id}", None, {"at": at.isoformat()})
        )


def _farewell(batch: Batch, before: Contact, conversation: Conversation, at: datetime, text: str | None) -> None:
    """Answer an opt-out once, at the time, if the settings have words for it."""
    after = batch.contacts.rows[before.id]
    if text is None or before.opted_out or after.consent_at != at or batch.now - at > FRESH_FAREWELL:
        return
    outgoing = effects.Outgoing(
        account_id=conversation.account_id,
        contact_id=before.id,
        conversation_id=conversation.id,
        origin=Origin.REPLY,
        draft=Draft(text),
        basis=Basis.CUSTOMER_MESSAGE,
        dedupe=f"{sending.FAREWELL}{before.id}:{int(at.timestamp())}",
    )
    item, message = effects.posted(batch.uow, outgoing, batch.now)
    batch.outbox.add(item.id, item)
    batch.messages.add(message.id, message)


def _tell(
    batch: Batch, event: Inbound, contact: Contact, account: Account, conversation: Conversation, message: Message
) -> None:
    closes_at = conversation.last_inbound_at + SERVICE_WINDOW if conversation.last_inbound_at else None
    after = batch.contacts.rows[contact.id]
    turned = after.opted_out is not contact.opted_out
    params = {
        "contact": after.title,
        "contact_id": contact.id,
        "account": account.name,
        **({"consent": "out" if after.opted_out else "back"} if turned else {}),
        "text": (event.text or "")[:SHOWN],
        "kind": event.kind,
        "message_id": message.id,
        "at": event.at.isoformat(),
        "closes_at": closes_at.isoformat() if closes_at else None,
        **event.notes,
        **({"standby": True} if event.standby else {}),
        **_about(batch, event),
    }
    batch.tell(conversation, NoticeKind.INBOUND, message, params, effects.INBOUND_PRIORITY)


def _about(batch: Batch, event: Inbound) -> dict[str, object]:
    """The message that this one answers or reacts to, as far as it is known here."""
    if event.context_wamid is None:
        return {}
    about = batch.message(event.context_wamid)
    if about is None:
        return {"about": {}}
    told = {"message_id": about.id, "kind": about.kind, "text": (about.text or "")[:QUOTED]}
    return {"about": told | {"ours": about.direction is Direction.OUT}}


def handed_over(batch: Batch, event: Control) -> None:
    """Somebody else answers from now on; agents hear of it when it is news."""
    account = batch.account(event.phone_number_id)
    if account is None:
        batch.set_aside(event.position, "messaging_handovers", "unknown", "no such phone number id here", None)
        return
    contact = batch.contact(event.person, account, event.at)
    before = batch.conversation(contact, account)
    after = batch.conversations.put(before.id, control.believed(before, event.holder, event.at))
    if after.control == before.control:
        return
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "account": account.name,
        "change": "control",
        "holder": event.holder,
    }
    batch.notices.extend(
        effects.notice(
            batch.uow,
            agent.id,
            NoticeKind.CHANGED,
            after.id,
            batch.now,
            params=params,
            conversation_id=after.id,
            priority=effects.INBOUND_PRIORITY,
        )
        for agent in effects.recipients(batch.team, after.agent_id)
    )
