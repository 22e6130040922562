"""Honest examples of every noun: valid as they are, and every field can be said otherwise.

`a_message(of=conversation, text="hola")` belongs to that conversation; without `of` the parents' ids are made up, which
is enough for policies. What goes into a database needs its parents there: `await save(uow, contact, conversation,
message)`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from crm.model.accounts import ALL_ASSUMPTIONS, Account, AccountState
from crm.model.agents import Agent, Role
from crm.model.alerts import Alert, AlertKind, Notice, NoticeKind, Severity
from crm.model.blocks import DeliveryIssue, IssueState
from crm.model.contacts import Contact, Identity, Person
from crm.model.conversations import BlockState, Conversation
from crm.model.costs import Charge
from crm.model.media import Media, MediaKind, MediaState
from crm.model.messages import Delivery, DeliveryStatus, Direction, Message, Source
from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.sequences import Enrollment, EnrollmentState, Sequence, SequenceState, Step, Trigger
from crm.model.templates import Components, Template
from crm.model.windows import Basis
from crm.policy import identities
from crm.ports import UnitOfWork
from storage.database import Database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

T = TypeVar("T")

_numbers = count(1)


def a_number() -> int:
    """A number nothing else in this test run has, below the first id that a database hands out."""
    return next(_numbers)


def an_account(**changes: Any) -> Account:
    """An active number of ours, paired with a phone (coexistence)."""
    n = a_number()
    account = Account(
        id=n,
        phone_number_id=f"1055500{n:07}",
        waba_id="2044400000001",
        display_phone=f"+34 910 {n:06}",
        name="Tienda Centro",
        coexistence=True,
        state=AccountState.ACTIVE,
        messages_per_second=20,
        assumptions=ALL_ASSUMPTIONS,
        created_at=NOW - 90 * DAY,
    )
    return replace(account, **changes)


def a_contact(**changes: Any) -> Contact:
    """A person with a phone and a name, who never objected to anything."""
    n = a_number()
    contact = Contact(
        id=n,
        wa_id=f"34600{n:06}",
        bsuid=None,
        name="María García",
        username=None,
        time_zone="Europe/Madrid",
        language=None,
        created_at=NOW - 30 * DAY,
    )
    return replace(contact, **changes)


def a_conversation(*, contact: Contact | None = None, account: Account | None = None, **changes: Any) -> Conversation:
    """A thread whose customer wrote an hour ago."""
    conversation = Conversation(
        id=a_number(),
        contact_id=contact.id if contact else a_number(),
        account_id=account.id if account else a_number(),
        created_at=NOW - 30 * DAY,
        first_inbound_at=NOW - 30 * DAY,
        last_inbound_at=NOW - HOUR,
        last_interaction_at=NOW - HOUR,
    )
    return replace(conversation, **changes)


def a_message(*, of: Conversation | None = None, **changes: Any) -> Message:
    """A text from the customer, an hour old."""
    n = a_number()
    of = of or a_conversation()
    message = Message(
        id=n,
        account_id=of.account_id,
        contact_id=of.contact_id,
        conversation_id=of.id,
        wamid=f"wamid.{n:012}",
        direction=Direction.IN,
        source=Source.CUSTOMER,
        kind="text",
        text="Hola, ¿tenéis la talla 40?",
        payload={},
        at=NOW - HOUR,
        created_at=NOW - HOUR,
        status=DeliveryStatus.RECEIVED,
    )
    return replace(message, **changes)


def a_sent_message(
    *,
    of: Conversation | None = None,
    sent_at: datetime = NOW - HOUR,
    delivered_at: datetime | None = None,
    read_at: datetime | None = None,
    failed_at: datetime | None = None,
    **changes: Any,
) -> Message:
    """A text of ours that Meta sent; whether it arrived is said by the times."""
    delivery = Delivery(
        accepted_at=sent_at, sent_at=sent_at, delivered_at=delivered_at, read_at=read_at, failed_at=failed_at
    )
    status = DeliveryStatus.SENT
    if failed_at:
        status = DeliveryStatus.FAILED
    if delivered_at:
        status = DeliveryStatus.DELIVERED
    if read_at:
        status = DeliveryStatus.READ
    ours: dict[str, Any] = {
        "direction": Direction.OUT,
        "source": Source.CRM,
        "text": "¡Claro! Te la guardamos.",
        "at": sent_at,
        "created_at": sent_at,
        "status": status,
        "delivery": delivery,
    }
    return a_message(of=of, **{**ours, **changes})


def a_sequence(**changes: Any) -> Sequence:
    """An active plan of two texts: at once and a day later."""
    n = a_number()
    sequence = Sequence(
        id=n,
        key=f"bienvenida-{n}",
        name="Bienvenida",
        state=SequenceState.ACTIVE,
        trigger=Trigger.MANUAL,
        account_id=None,
        steps=(Step(timedelta(0), "Hola {name}, gracias por escribirnos."), Step(DAY, "¿Te ayudamos con algo?")),
        version=1,
        updated_at=NOW - 10 * DAY,
    )
    return replace(sequence, **changes)


def an_enrollment(*, of: Conversation | None = None, sequence: Sequence | None = None, **changes: Any) -> Enrollment:
    """A walk whose first step is due now."""
    of = of or a_conversation()
    enrollment = Enrollment(
        id=a_number(),
        contact_id=of.contact_id,
        conversation_id=of.id,
        account_id=of.account_id,
        sequence_id=sequence.id if sequence else a_number(),
        state=EnrollmentState.ACTIVE,
        position=0,
        started_at=NOW - HOUR,
        trigger=Trigger.MANUAL,
        next_due_at=NOW,
        step_from=NOW - HOUR,
    )
    return replace(enrollment, **changes)


def an_outbox_item(*, of: Conversation | None = None, **changes: Any) -> OutboxItem:
    """A step of a sequence, queued and due now."""
    n = a_number()
    of = of or a_conversation()
    item = OutboxItem(
        id=n,
        opaque=f"cent-{n:08}",
        account_id=of.account_id,
        contact_id=of.contact_id,
        conversation_id=of.id,
        origin=Origin.SEQUENCE,
        state=OutboxState.QUEUED,
        due_at=NOW,
        attempts=0,
        created_at=NOW - MINUTE,
        text="Hola, gracias por escribirnos.",
        template=None,
        reply_to_wamid=None,
        basis=Basis.CUSTOMER_MESSAGE,
    )
    return replace(item, **changes)


def a_pending(*, of: Conversation | None = None, **changes: Any) -> PendingManual:
    """A step that found the window closed, waiting for a choice since a minute."""
    of = of or a_conversation()
    pending = PendingManual(
        id=a_number(),
        account_id=of.account_id,
        contact_id=of.contact_id,
        conversation_id=of.id,
        text="¿Te ayudamos con algo?",
        template=None,
        reason=PendingReason.WINDOW_CLOSED,
        priority=10,
        added_at=NOW - MINUTE,
        state=PendingState.OPEN,
        version=1,
    )
    return replace(pending, **changes)


def an_issue(*, of: Conversation | None = None, **changes: Any) -> DeliveryIssue:
    """An open suspicion after two messages that never arrived."""
    of = of or a_conversation()
    issue = DeliveryIssue(
        id=a_number(),
        account_id=of.account_id,
        contact_id=of.contact_id,
        conversation_id=of.id,
        level=BlockState.PROBABLE,
        probability=95,
        message_ids=(a_number(), a_number()),
        state=IssueState.OPEN,
        opened_at=NOW - HOUR,
    )
    return replace(issue, **changes)


def an_agent(**changes: Any) -> Agent:
    """An active agent who reads Spanish in Madrid."""
    n = a_number()
    agent = Agent(
        id=n,
        telegram_id=7_000_000_000 + n,
        name="Ana",
        role=Role.AGENT,
        language="es",
        time_zone="Europe/Madrid",
        active=True,
        created_at=NOW - 60 * DAY,
    )
    return replace(agent, **changes)


def a_charge(**changes: Any) -> Charge:
    """A marketing message to Argentina that arrived."""
    n = a_number()
    charge = Charge(
        wamid=f"wamid.CHARGED{n}",
        message_id=n,
        account_id=1,
        enrollment_id=None,
        market="Argentina",
        category="marketing",
        type="regular",
        amount=Decimal("0.0618"),
        currency="USD",
        card_date=date(2026, 10, 1),
        at=NOW,
    )
    return replace(charge, **changes)


def a_media(**changes: Any) -> Media:
    """A picture of a customer's that lies in the store."""
    n = a_number()
    key = f"{n:064x}"
    media = Media(
        id=n,
        account_id=1,
        message_id=n + 1,
        meta_id=str(n),
        kind=MediaKind.IMAGE,
        mime_type="image/jpeg",
        name=None,
        size=48_213,
        sha256=key,
        state=MediaState.STORED,
        key=key,
        thumbnail_key=None,
        created_at=NOW - HOUR,
        ready_at=NOW - HOUR,
    )
    return replace(media, **changes)


def an_alert(**changes: Any) -> Alert:
    """A warning raised once, open."""
    n = a_number()
    alert = Alert(
        id=n,
        kind=AlertKind.TOKEN_EXPIRING,
        severity=Severity.WARNING,
        key=f"token_expiring:{n}",
        params={"days": 7},
        count=1,
        raised_at=NOW - HOUR,
        last_at=NOW - HOUR,
    )
    return replace(alert, **changes)


def a_notice(*, to: Agent | None = None, **changes: Any) -> Notice:
    """Something to tell an agent now."""
    notice = Notice(
        id=a_number(),
        agent_id=to.id if to else a_number(),
        kind=NoticeKind.INBOUND,
        subject_id=a_number(),
        conversation_id=None,
        params={"text": "Hola"},
        priority=1,
        due_at=NOW,
        attempts=0,
        created_at=NOW,
    )
    return replace(notice, **changes)


def a_template(**changes: Any) -> Template:
    """An approved reminder in Spanish with one value; `body` says something else."""
    n = a_number()
    template = Template(
        id=n,
        waba_id="2044400000001",
        name=f"recordatorio_{n}",
        language="es",
        category="utility",
        status="APPROVED",
        components=Components(changes.pop("body", "Hola {{1}}, tu pedido está listo.")),
        updated_at=NOW - DAY,
        status_at=NOW - DAY,
        category_at=NOW - DAY,
        quality_at=NOW - DAY,
        components_at=NOW - DAY,
    )
    return replace(template, **changes)


def identities_of(contact: Contact, portfolio: str = "2044400000001") -> list[Identity]:
    """The names that a contact shows, known since it was made."""
    person = Person(contact.wa_id, contact.bsuid, username=contact.username)
    return [identities.sighted(each, contact.id, contact.created_at) for each in identities.namings(person, portfolio)]


async def save(uow: UnitOfWork, *things: object) -> None:
    """Save new things, parents before children; a contact gets its identities too."""
    await uow.accounts.save(new=_only(Account, things))
    await uow.agents.save(new=_only(Agent, things))
    contacts = _only(Contact, things)
    await uow.contacts.save(new=contacts)
    await uow.contacts.identify([row for contact in contacts for row in identities_of(contact)])
    await uow.conversations.save(new=_only(Conversation, things))
    await uow.messages.save(new=_only(Message, things))
    await uow.sequences.save(new=_only(Sequence, things))
    await uow.enrollments.save(new=_only(Enrollment, things))
    await uow.outbox.save(new=_only(OutboxItem, things))
    await uow.pending.save(new=_only(PendingManual, things))
    await uow.blocks.save(new=_only(DeliveryIssue, things))
    await uow.alerts.save(new=_only(Alert, things))
    await uow.notices.add(_only(Notice, things))
    await uow.media.save(new=_only(Media, things))
    await uow.templates.save(new=_only(Template, things))


def _only(kind: type[T], things: Iterable[object]) -> list[T]:
    return [thing for thing in things if isinstance(thing, kind)]


async def store_webhooks(database: Database, *fates: str | None, size: int = 4) -> None:
    """One webhook of so many bytes for each: None waits, a text is why it is dead."""
    intake = database.intake()
    for number in range(len(fates)):
        await intake.store(number.to_bytes(16, "big"), b"%0*d" % (size, number), NOW)
    async with database.begin() as uow:
        for each in await uow.webhooks.claim(NOW, len(fates)):
            if (why := fates[int(each.body)]) is not None:
                await uow.webhooks.dead(each.id, why)
