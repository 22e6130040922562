"""What several use cases write in the same way: alerts that do not repeat themselves, notices to the right agents, a message put into
the outbox or into pending manual. Each works inside the caller's transaction; none decides anything."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from crm import decisions
from crm.decisions import What, decided
from crm.model import stored_contents
from crm.model.agents import Agent, Role
from crm.model.alerts import Alert, AlertKind, Notice, NoticeKind, Severity
from crm.model.contents import Reaction
from crm.model.ids import short
from crm.model.imports import Import
from crm.model.messages import DeliveryStatus, Direction, Draft, Message, Source
from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.records import replace
from crm.model.windows import Basis
from crm.policy import captions, imports, splitting
from crm.ports import UnitOfWork

ALERT_PRIORITY, INBOUND_PRIORITY, CARD_PRIORITY, MANUAL_PRIORITY, IMPORT_PRIORITY = 1, 1, 2, 3, 4
COOL_DOWN = timedelta(hours=4)
"""An open alert that was quiet for so long is told again when it comes back: it is a new trouble, not the old one going on."""
FOR_ADMINS = "admins_only"
"""The parameter of an alert's notice that says that it never goes to anybody else."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert to be raised. The same `key` raised again while it is open only counts, unless it was quiet for a while. Whom it is
    about needs not be told (`not_to`). One that `rests` is not raised again soon after somebody has seen to it."""

    kind: AlertKind
    severity: Severity
    key: str
    params: Mapping[str, Any]
    account_id: int | None = None
    contact_id: int | None = None
    agent_id: int | None = None
    admins_only: bool = False
    not_to: int | None = None
    rests: bool = False


async def raise_alerts(uow: UnitOfWork, alarms: Sequence[Alarm], now: datetime) -> None:
    """Raise each once; agents hear of the new ones and of those that come back after a quiet time, the assigned agent only where
    there is one. Of several who raise the same at once, the first tells of it and the others count."""
    if not alarms:
        return
    known = await uow.alerts.open_by_key({alarm.key for alarm in alarms})
    rested = await uow.alerts.raised_at({alarm.key for alarm in alarms if alarm.rests} - known.keys())
    fresh: dict[str, Alert] = {}
    again: dict[str, Alert] = {}
    told: list[tuple[Alarm, Alert]] = []
    for alarm in alarms:
        before = again.get(alarm.key) or known.get(alarm.key)
        if before is not None:
            alert = replace(before, count=before.count + 1, last_at=now, params=alarm.params)
            again[alarm.key] = alert
            if now - before.last_at < COOL_DOWN:
                continue
        elif alarm.key in fresh:
            fresh[alarm.key] = replace(fresh[alarm.key], count=fresh[alarm.key].count + 1)
            continue
        elif alarm.key in rested and now - rested[alarm.key] < COOL_DOWN:
            continue
        else:
            alert = fresh[alarm.key] = Alert(
                id=uow.ids.next(),
                kind=alarm.kind,
                severity=alarm.severity,
                key=alarm.key,
                params=alarm.params,
                count=1,
                raised_at=now,
                last_at=now,
                account_id=alarm.account_id,
                contact_id=alarm.contact_id,
            )
        told.append((alarm, alert))
    late: set[int] = set()
    if fresh:
        await uow.alerts.save(new=[fresh[key] for key in sorted(fresh)])
        first = await uow.alerts.open_by_key(fresh.keys())
        late = {alert.id for alert in fresh.values()} - {alert.id for alert in first.values()}
        for key, before in first.items():
            if before.id != fresh[key].id:
                again[key] = replace(before, count=before.count + fresh[key].count, last_at=max(before.last_at, now))
    await uow.alerts.save(changed=list(again.values()))
    team = await uow.agents.all()
    await uow.notices.add(
        [each for alarm, alert in told if alert.id not in late for each in _told_alert(uow, alarm, alert, team, now)]
    )


def _told_alert(uow: UnitOfWork, alarm: Alarm, alert: Alert, team: Sequence[Agent], now: datetime) -> list[Notice]:
    decided(
        What.ALERT_RAISED,
        alarm.kind.value,
        alert_id=alert.id,
        severity=alarm.severity.value,
        account_id=alarm.account_id,
        contact_id=alarm.contact_id,
    )
    told = {"kind": alarm.kind.value, "severity": alarm.severity.value, **alarm.params}
    if alarm.admins_only:
        told[FOR_ADMINS] = True
    others = [agent for agent in team if agent.id != alarm.not_to]
    return [
        notice(uow, agent.id, NoticeKind.ALERT, alert.id, now, params=told, priority=ALERT_PRIORITY)
        for agent in recipients(others, alarm.agent_id, admins_only=alarm.admins_only)
    ]


def recipients(team: Iterable[Agent], assigned: int | None, *, admins_only: bool = False) -> list[Agent]:
    """The assigned agent, else every agent who acts (or every admin): of those who can be reached; if nobody can, of the others, for
    whom it waits."""
    roles = {Role.ADMIN} if admins_only else {Role.ADMIN, Role.AGENT}
    acting = [agent for agent in team if agent.role in roles]
    able = [agent for agent in acting if agent.reachable] or acting
    return [agent for agent in able if agent.id == assigned and not admins_only] or able


def notice(
    uow: UnitOfWork,
    agent_id: int | None,
    kind: NoticeKind,
    subject_id: int,
    now: datetime,
    *,
    params: Mapping[str, Any] | None = None,
    conversation_id: int | None = None,
    priority: int = INBOUND_PRIORITY,
) -> Notice:
    """A notice that is due now."""
    return Notice(uow.ids.next(), agent_id, kind, subject_id, conversation_id, params or {}, priority, now, 0, now)


def tell_import(uow: UnitOfWork, progress: Import, team: Sequence[Agent], now: datetime) -> tuple[Import, list[Notice]]:
    """Let admins see how far an import is, in the one message that each of them has of it; not too often."""
    told = imports.telling(progress, now)
    if told is None or told.told_at is None:
        return progress, []
    what = {FOR_ADMINS: True}
    notices = [
        notice(uow, admin.id, NoticeKind.IMPORT, progress.account_id, now, params=what, priority=IMPORT_PRIORITY)
        for admin in recipients(team, None, admins_only=True)
    ]
    return told, [replace(each, due_at=told.told_at) for each in notices]


def redraw(uow: UnitOfWork, pending_ids: Collection[int], now: datetime) -> list[Notice]:
    """Ask for every Telegram copy of these cards to be drawn again."""
    return [notice(uow, None, NoticeKind.CARD, each, now, priority=CARD_PRIORITY) for each in pending_ids]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message about to be written to the outbox."""

    account_id: int
    contact_id: int
    conversation_id: int
    origin: Origin
    draft: Draft
    basis: Basis | None
    enrollment_id: int | None = None
    step: int | None = None
    pending_id: int | None = None
    agent_id: int | None = None
    dedupe: str | None = None
    after_id: int | None = None


def posted(uow: UnitOfWork, outgoing: Outgoing, now: datetime) -> tuple[OutboxItem, Message]:
    """The outbox item and the message of one send. They share an id; the opaque id cannot be guessed or meet another database's."""
    number = uow.ids.next()
    draft = outgoing.draft
    item = OutboxItem(
        id=number,
        opaque=f"o-{short(number)}-{token_hex(6)}",
        account_id=outgoing.account_id,
        contact_id=outgoing.contact_id,
        conversation_id=outgoing.conversation_id,
        origin=outgoing.origin,
        state=OutboxState.QUEUED,
        due_at=now,
        attempts=0,
        created_at=now,
        text=draft.text,
        template=draft.template,
        reply_to_wamid=draft.reply_to_wamid,
        basis=outgoing.basis,
        enrollment_id=outgoing.enrollment_id,
        step=outgoing.step,
        pending_id=outgoing.pending_id,
        agent_id=outgoing.agent_id,
        dedupe=outgoing.dedupe,
        media_id=draft.media_id,
        content=draft.content,
        after_id=outgoing.after_id,
    )
    message = Message(
        id=number,
        account_id=outgoing.account_id,
        contact_id=outgoing.contact_id,
        conversation_id=outgoing.conversation_id,
        wamid=None,
        direction=Direction.OUT,
        source=Source.CRM,
        kind="template" if draft.template else draft.kind,
        text=draft.text,
        payload={} if draft.content is None else stored_contents.written(draft.content),
        at=now,
        created_at=now,
        status=DeliveryStatus.QUEUED,
        enrollment_id=outgoing.enrollment_id,
        step=outgoing.step,
        agent_id=outgoing.agent_id,
    )
    decided(
        What.STEP_SENT if outgoing.origin is Origin.SEQUENCE else What.SEND_ALLOWED,
        outgoing.basis.value if outgoing.basis else None,
        outbox_id=number,
        contact_id=outgoing.contact_id,
        account_id=outgoing.account_id,
        origin=outgoing.origin.value,
        enrollment_id=outgoing.enrollment_id,
        step=outgoing.step,
    )
    return item, message


def posted_in_parts(uow: UnitOfWork, outgoing: Outgoing, now: datetime) -> tuple[list[OutboxItem], list[Message]]:
    """The same for words that may be too long for one message: each part leaves after the one before. The first quotes, and is known
    by the order."""
    draft = outgoing.draft
    whole = draft.template is not None or draft.media_id is not None or draft.content is not None
    texts = [draft.text] if whole else splitting.parts(draft.text, captions.LONGEST_TEXT)
    items: list[OutboxItem] = []
    messages: list[Message] = []
    for text in texts:
        part = outgoing if len(texts) == 1 else replace(outgoing, draft=replace(draft, text=text))
        if items:
            rest = replace(part.draft, reply_to_wamid=None)
            part = replace(part, draft=rest, after_id=items[-1].id, dedupe=None)
        item, message = posted(uow, part, now)
        items.append(item)
        messages.append(message)
    return items, messages


def fit_for_a_card(item: OutboxItem) -> bool:
    """Is it worth a person's decision that this did not leave? A reaction is of its moment, and repeating it harms nobody."""
    return not isinstance(item.content, Reaction)


def waiting(
    uow: UnitOfWork, outgoing: Outgoing, reason: PendingReason, now: datetime, outbox_id: int | None = None
) -> PendingManual:
    """The same message as a card for an agent. A person's own words come before a sequence's."""
    card = PendingManual(
        id=uow.ids.next(),
        account_id=outgoing.account_id,
        contact_id=outgoing.contact_id,
        conversation_id=outgoing.conversation_id,
        text=outgoing.draft.text,
        template=outgoing.draft.template,
        reason=reason,
        priority=1 if outgoing.origin is Origin.SEQUENCE else 0,
        added_at=now,
        state=PendingState.OPEN,
        version=1,
        enrollment_id=outgoing.enrollment_id,
        step=outgoing.step,
        outbox_id=outbox_id,
        agent_id=outgoing.agent_id,
        media_id=outgoing.draft.media_id,
        content=outgoing.draft.content,
        reply_to_wamid=outgoing.draft.reply_to_wamid,
    )
    decisions.card(None, card)
    return card


def outgoing_of(item: OutboxItem) -> Outgoing:
    """What an outbox item wanted to send."""
    return Outgoing(
        account_id=item.account_id,
        contact_id=item.contact_id,
        conversation_id=item.conversation_id,
        origin=item.origin,
        draft=Draft(item.text, item.template, item.reply_to_wamid, item.media_id, content=item.content),
        basis=item.basis,
        enrollment_id=item.enrollment_id,
        step=item.step,
        agent_id=item.agent_id,
    )


AGAIN = "again:"
"""How the `dedupe` of a message begins that stands in for one which Meta took and did not deliver; that one's id follows."""


def once_more(uow: UnitOfWork, item: OutboxItem, at: datetime, now: datetime) -> tuple[OutboxItem, Message]:
    """The same message again, due `at`, for one that Meta took and then failed. It has an id of its own, for the failed one keeps its
    statuses; there is only one such for each, and the claim drops it if the first turns out to have arrived."""
    fresh, message = posted(uow, replace(outgoing_of(item), dedupe=f"{AGAIN}{item.id}"), now)
    return replace(fresh, due_at=at), message


def shown_cards(uow: UnitOfWork, cards: Iterable[PendingManual], team: Sequence[Agent], now: datetime) -> list[Notice]:
    """Tell the agents concerned of new cards."""
    return [
        notice(
            uow,
            agent.id,
            NoticeKind.PENDING,
            card.id,
            now,
            conversation_id=card.conversation_id,
            priority=CARD_PRIORITY,
        )
        for card in cards
        for agent in recipients(team, card.agent_id)
    ]
