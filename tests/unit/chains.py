"""Conversations and messages that call for an explanation, with the chains that the policy makes of them."""

from dataclasses import replace
from datetime import timedelta

from crm.model.accounts import AccountState
from crm.model.answers import Walk
from crm.model.conversations import META_AGENT, BlockState
from crm.model.explanations import Link
from crm.model.messages import Delivery, DeliveryStatus, TemplateRef
from crm.model.outbox import Origin, OutboxState
from crm.model.sequences import EnrollmentState, Reason, Rules, Step
from crm.model.windows import Basis
from crm.policy.explaining import Known, Sent, of_conversation, of_message
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_contact,
    a_conversation,
    a_pending,
    a_sent_message,
    a_sequence,
    an_account,
    an_enrollment,
    an_issue,
    an_outbox_item,
)

ACCOUNT = an_account(id=7, name="Ventas AR")
LEO = a_contact(id=2028, name="Leo")
OPEN = a_conversation(id=3000, contact=LEO, account=ACCOUNT, last_inbound_at=NOW - 2 * HOUR)
CLOSED = replace(OPEN, last_inbound_at=NOW - 30 * HOUR, last_manual_at=NOW - 28 * HOUR)
PLAN = a_sequence(
    id=41,
    name="Bienvenida",
    steps=(
        Step(timedelta(0), "Hola"),
        Step(DAY, "¿Pudiste verla?"),
        Step(3 * DAY, "Seguimos", TemplateRef("seguimiento_v2", "es")),
    ),
)
WALK = an_enrollment(
    id=55,
    of=OPEN,
    sequence=PLAN,
    position=1,
    started_at=NOW - 2 * HOUR,
    step_from=NOW - 2 * HOUR,
    next_due_at=NOW + 22 * HOUR,
)
PAUSED = replace(
    WALK, state=EnrollmentState.PAUSED, reason=Reason.CUSTOMER_REPLIED, next_due_at=None, replied_at=NOW - HOUR
)
ISSUE = an_issue(id=70, of=OPEN)
SENT = a_sent_message(
    id=940917, of=OPEN, sent_at=NOW - HOUR, enrollment_id=55, step=0, pricing_category="utility", pricing_type="regular"
)
ITEM = an_outbox_item(id=940917, of=OPEN, state=OutboxState.ACCEPTED, step=0, enrollment_id=55)
QUEUED = an_outbox_item(id=940918, of=OPEN, due_at=NOW + MINUTE, error="portfolio-limit")


def known(**changes: object) -> Known:
    """An open window and nothing waiting."""
    plain = Known(LEO, OPEN, ACCOUNT, None, (), (), (), (), "UTC")
    return replace(plain, **changes)  # type: ignore[arg-type]


def sent(**changes: object) -> Sent:
    """A step of a sequence that WhatsApp sent an hour ago."""
    return replace(Sent(SENT, ITEM, None, None, "Bienvenida"), **changes)  # type: ignore[arg-type]


MESSY = known(
    conversation=replace(
        CLOSED,
        block_state=BlockState.PROBABLE,
        window_refuted_at=NOW - HOUR,
        control=META_AGENT,
        control_at=NOW - 3 * HOUR,
    ),
    account=replace(ACCOUNT, state=AccountState.HELD, held_reason="payment", held_until=NOW + HOUR),
    contact=replace(LEO, marketing_opted_out=True),
    issue=ISSUE,
    walks=(Walk(PAUSED, PLAN), Walk(replace(WALK, position=2, next_due_at=NOW + 3 * DAY), PLAN)),
    unsettled=(QUEUED, replace(QUEUED, id=940919, origin=Origin.REPLY, state=OutboxState.UNKNOWN)),
    cards=(a_pending(id=940905, of=OPEN),),
    recent=(a_sent_message(of=OPEN, failed_at=NOW - HOUR),),
)
NIGHTLY = a_sequence(id=42, name="De noche", steps=PLAN.steps, rules=Rules(tolerance=6 * HOUR))

CHAINS: dict[str, tuple[Link, ...]] = {
    "open": tuple(of_conversation(known(walks=(Walk(WALK, PLAN),)), NOW)),
    "messy": tuple(of_conversation(MESSY, NOW)),
    "message": tuple(of_message(sent(), NOW)),
    "opted-out": tuple(of_conversation(known(contact=replace(LEO, opted_out=True, consent_at=NOW - HOUR)), NOW)),
    "held-back": tuple(
        of_message(
            sent(
                message=replace(SENT, status=DeliveryStatus.CANCELLED, delivery=Delivery(), pricing_category=None),
                item=replace(ITEM, state=OutboxState.HELD, basis=Basis.SEQUENCE_START, error="window_closed"),
                card=a_pending(id=940906, of=OPEN, outbox_id=940917),
            ),
            NOW,
        )
    ),
}
