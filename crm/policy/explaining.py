"""The chain of a conversation, and that of a message, out of the facts that the rules decide on.

The rules themselves are asked (`sending`, `windows`, `planner`), never told again here: a sentence that disagreed with what the program
does would be worse than none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.model.accounts import Account, AccountState
from crm.model.answers import Walk
from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.explanations import Link, Part
from crm.model.ids import short
from crm.model.messages import DeliveryStatus, Direction, Message
from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.pending import PendingManual
from crm.model.sequences import EnrollmentState
from crm.policy import marketing, planner, sending, sequences, windows
from crm.policy.control import by_meta

MOST = 5
"""So many walks, waiting messages and cards are told one by one."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that the rules look at in one conversation. `unsettled` are its messages without an end, `recent` its newest ones first;
    `zone` is where people live of whom nothing else is known."""

    contact: Contact
    conversation: Conversation
    account: Account
    issue: DeliveryIssue | None
    walks: tuple[Walk, ...]
    unsettled: tuple[OutboxItem, ...]
    cards: tuple[PendingManual, ...]
    recent: tuple[Message, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of one message. `item` is missing for what did not leave through us, `agent` and `sequence` are names."""

    message: Message
    item: OutboxItem | None
    card: PendingManual | None
    agent: str | None
    sequence: str | None


def of_conversation(known: Known, now: datetime) -> list[Link]:
    """Why things stand as they do, and what leaves next."""
    return [*_facts(known, now), *_rules(known, now), *_ahead(known, now)]


# --- what is known ---------------------------------------------------------------------------------------------------------------


def _facts(known: Known, now: datetime) -> Iterator[Link]:
    talk, contact, account = known.conversation, known.contact, known.account
    if account.state is not AccountState.ACTIVE:
        yield _fact(
            "account", state=account.state.value, reason=account.held_reason or "none", until=account.held_until
        )
    if by_meta(talk):
        yield _fact("by-meta", at=talk.control_at)
    yield _fact("wrote", at=talk.last_inbound_at) if talk.last_inbound_at else _fact("never-wrote")
    if talk.last_manual_at is not None:
        yield _fact("typed", at=talk.last_manual_at)
    if talk.window_refuted_at is not None and now - talk.window_refuted_at < windows.SERVICE_WINDOW:
        yield _fact("refuted", at=talk.window_refuted_at)
    if contact.opted_out:
        yield _fact("opted-out", at=contact.consent_at)
    elif contact.marketing_opted_out:
        yield _fact("marketing-stopped")
    capped = marketing.not_before(contact)
    if capped is not None and capped > now:
        yield _fact("marketing-capped", until=capped)
    if talk.block_state is not BlockState.CLEAR:
        issue = known.issue
        yield _fact(
            "block",
            level=talk.block_state.value,
            probability=issue.probability if issue else None,
            count=len(issue.message_ids) if issue else None,
            since=issue.opened_at if issue else None,
        )
    last = next((each for each in known.recent if each.direction is Direction.OUT), None)
    if last is not None and last.status is DeliveryStatus.FAILED:
        yield _fact("last-failed", at=last.delivery.failed_at or last.at, meta=last.delivery.error_code)
    for walk in known.walks[:MOST]:
        if walk.enrollment.state is not EnrollmentState.ACTIVE:
            yield _stands(walk)


def _stands(walk: Walk) -> Link:
    state, reason = walk.enrollment.state, walk.enrollment.reason
    return _fact(
        "walk",
        sequence=walk.sequence.name,
        step=min(walk.enrollment.position + 1, len(walk.sequence.steps)),
        steps=len(walk.sequence.steps),
        state=state.value,
        reason=reason.value if reason else "none",
        at=walk.enrollment.replied_at,
    )


# --- what decides ----------------------------------------------------------------------------------------------------------------


def _rules(known: Known, now: datetime) -> Iterator[Link]:
    """What would become of a free text just now, asked of the rule itself."""
    reply = sending.SendFacts(known.contact, known.conversation, known.account, Origin.REPLY)
    match sending.decide(reply, now):
        case sending.Send(basis=basis):
            window = windows.open_window(known.conversation, known.account.assumptions, now)
            yield _rule("may-write", basis=basis.value, until=window.closes_at if window else None)
        case sending.Hold():
            closes = windows.closes_at(known.conversation, known.account.assumptions)
            yield _rule("must-ask", since=min(closes, now) if closes else None)
        case sending.Wait(code=code, until=until):
            yield Link(Part.RULE, "must-wait", {"until": until}, code)
        case sending.Refuse(code=code):
            yield Link(Part.RULE, "may-not", {}, code)


# --- what comes next -------------------------------------------------------------------------------------------------------------


def _ahead(known: Known, now: datetime) -> Iterator[Link]:
    found = [*_leaving(known, now), *_asked(known), *_steps(known, now)]
    yield from found or [_next("nothing")]


def _leaving(known: Known, now: datetime) -> Iterator[Link]:
    stopped = known.account.state is not AccountState.ACTIVE
    for item in known.unsettled[:MOST]:
        told = {"message": short(item.id), "origin": item.origin.value}
        if item.state is OutboxState.UNKNOWN:
            yield _next("unproven", **told)
        elif item.state is OutboxState.SENDING:
            yield _next("leaving", **told)
        elif item.state is OutboxState.QUEUED and stopped:
            yield _next("stopped", **told, until=known.account.held_until)
        elif item.state is OutboxState.QUEUED:
            yield Link(Part.NEXT, "queued", {**told, "at": max(item.due_at, now)}, item.error)
    if len(known.unsettled) > MOST:
        yield _next("more-queued", count=len(known.unsettled) - MOST)


def _asked(known: Known) -> Iterator[Link]:
    for card in known.cards[:MOST]:
        yield _next("card", card=short(card.id), reason=card.reason.value, since=card.added_at)
    if len(known.cards) > MOST:
        yield _next("more-cards", count=len(known.cards) - MOST)


def _steps(known: Known, now: datetime) -> Iterator[Link]:
    """Where the planner places the next step of each walk, and what will become of it there."""
    subject = planner.Subject(known.contact, known.conversation, known.account, known.zone)
    for walk, plan in [(each.enrollment, each.sequence) for each in known.walks[:MOST]]:
        if walk.state is not EnrollmentState.ACTIVE:
            continue
        nominal = sequences.due_at(walk, plan)
        if nominal is None:
            yield _next("awaits", sequence=plan.name, until=walk.next_due_at)
            continue
        place = planner.place(nominal, plan.rules, subject, now, walk.started_at)
        step = plan.steps[walk.position]
        yield _next(
            "step",
            sequence=plan.name,
            step=walk.position + 1,
            steps=len(plan.steps),
            at=place.at,
            how=place.how.value,
            basis="window" if place.open else "template" if step.template is not None else "agent",
        )


# --- a message -------------------------------------------------------------------------------------------------------------------


def of_message(sent: Sent, now: datetime) -> list[Link]:
    """Who wanted it, what let it leave or kept it, how far it got, and what it still waits for."""
    return [*_came(sent), *_let(sent), *_got(sent), *_waits(sent, now)]


def _came(sent: Sent) -> Iterator[Link]:
    message, item = sent.message, sent.item
    told: dict[str, object] = {"at": message.created_at, "agent": sent.agent or "", "sequence": sent.sequence or ""}
    if message.direction is Direction.IN:
        yield _fact("message-in", at=message.at)
    elif item is not None:
        step = item.step + 1 if item.step is not None else 0
        yield _fact("message-out", **told, origin=item.origin.value, step=step)
    else:
        yield _fact("message-beside", at=message.at, source=message.source.value)
    if message.imported:
        yield _fact("message-imported")
    if message.edited_at is not None:
        yield _fact("message-edited", at=message.edited_at)
    if message.revoked_at is not None:
        yield _fact("message-revoked", at=message.revoked_at)


def _let(sent: Sent) -> Iterator[Link]:
    item, message = sent.item, sent.message
    if item is not None and item.basis is not None:
        yield _rule("message-basis", basis=item.basis.value)
    if item is not None and item.state in (OutboxState.CANCELLED, OutboxState.FAILED, OutboxState.HELD):
        yield Link(Part.RULE, f"message-{item.state.value}", {"meta": item.error_code}, item.error)
    if message.pricing_category is not None:
        yield _fact("message-charged", category=message.pricing_category, type=message.pricing_type or "none")


def _got(sent: Sent) -> Iterator[Link]:
    got = sent.message.delivery
    heard: Iterable[tuple[str, datetime | None]] = (
        ("accepted", got.accepted_at),
        ("sent", got.sent_at),
        ("delivered", got.delivered_at),
        ("read", got.read_at),
        ("played", got.played_at),
    )
    for code, at in heard:
        if at is not None:
            yield _fact(f"message-{code}", at=at)
    if got.failed_at is not None:
        yield _fact("message-failed-at", at=got.failed_at, meta=got.error_code)
    if sent.message.held_by_meta:
        yield _next("message-held-by-meta")


def _waits(sent: Sent, now: datetime) -> Iterator[Link]:
    item, card = sent.item, sent.card
    if item is not None and item.state is OutboxState.QUEUED:
        told = {"message": short(item.id), "origin": item.origin.value, "at": max(item.due_at, now)}
        yield Link(Part.NEXT, "queued", told, item.error)
        if item.after_id is not None:
            yield _next("message-after", message=short(item.after_id))
    elif item is not None and item.state is OutboxState.UNKNOWN:
        yield _next("unproven", message=short(item.id), origin=item.origin.value)
    if card is not None:
        yield _next("card", card=short(card.id), reason=card.reason.value, since=card.added_at)
    if item is not None and sent.message.status in (DeliveryStatus.ACCEPTED, DeliveryStatus.SENT):
        since = sent.message.delivery.sent_at or sent.message.delivery.accepted_at or sent.message.at
        yield _next("message-on-its-way", since=since, long=now - since > timedelta(hours=24))


def _fact(code: str, **facts: object) -> Link:
    return Link(Part.FACT, code, facts)


def _rule(code: str, **facts: object) -> Link:
    return Link(Part.RULE, code, facts)


def _next(code: str, **facts: object) -> Link:
    return Link(Part.NEXT, code, facts)
