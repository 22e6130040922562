"""What the rules decided and why, told in the log as it happens: one event, `decided`, at level debug, with a closed vocabulary.

The audit says who changed what, for ever; this says what the engine thought, for whoever watches it work (the sandbox, or an operator
who turns the log up). Nobody pays for it otherwise: a call that is not heard costs a fraction of a microsecond. A decision that is told
twice was taken twice, because its transaction could not be kept the first time.
"""

import logging
from collections.abc import Iterable
from enum import StrEnum

import structlog

from crm.model.accounts import Account, AccountState
from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.pending import PendingManual, PendingState
from crm.model.sequences import Enrollment, EnrollmentState
from crm.policy.windows import SERVICE_WINDOW

log = structlog.get_logger(__name__)

HEARD = logging.getLogger("crm.decisions")
"""Whether anybody hears: whoever sets up the log sets the level of this one."""


class What(StrEnum):
    """Everything that is decided; docs/reference.md tells what each means."""

    SEND_ALLOWED = "send_allowed"
    SEND_CONFIRMED = "send_confirmed"
    SEND_HELD = "send_held"
    SEND_REFUSED = "send_refused"
    SEND_POSTPONED = "send_postponed"
    SEND_CANCELLED = "send_cancelled"
    SEND_UNKNOWN = "send_unknown"
    SEND_FAILED = "send_failed"
    STEP_SENT = "step_sent"
    STEP_SKIPPED = "step_skipped"
    STEP_BY_HAND = "step_by_hand"
    STEP_PASSED_OVER = "step_passed_over"
    STEP_POSTPONED = "step_postponed"
    ENROLLMENT_BEGUN = "enrollment_begun"
    ENROLLMENT_PAUSED = "enrollment_paused"
    ENROLLMENT_RESUMED = "enrollment_resumed"
    ENROLLMENT_ENDED = "enrollment_ended"
    WINDOW_OPENED = "window_opened"
    WINDOW_CLOSED = "window_closed"
    CARD_OPENED = "card_opened"
    CARD_CLOSED = "card_closed"
    SUSPICION_RAISED = "suspicion_raised"
    SUSPICION_CLEARED = "suspicion_cleared"
    ALERT_RAISED = "alert_raised"
    ACCOUNT_HELD = "account_held"
    ACCOUNT_RESUMED = "account_resumed"
    ASSUMPTION_OFF = "assumption_off"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    MARKETING_STOPPED = "marketing_stopped"
    MARKETING_RESUMED = "marketing_resumed"
    CONTACTS_MERGED = "contacts_merged"
    CONTACTS_PARTED = "contacts_parted"


def decided(what: What, why: str | None = None, **facts: object) -> None:
    """Tell one decision: ids and moments, never contents."""
    if HEARD.isEnabledFor(logging.DEBUG):
        log.debug("decided", what=what.value, why=why, **facts)


def walk(before: Enrollment | None, after: Enrollment) -> None:
    """Tell what became of a walk."""
    if not HEARD.isEnabledFor(logging.DEBUG) or (before is not None and before.state is after.state):
        return
    what = {
        EnrollmentState.ACTIVE: What.ENROLLMENT_RESUMED if before is not None else What.ENROLLMENT_BEGUN,
        EnrollmentState.PAUSED: What.ENROLLMENT_PAUSED,
        EnrollmentState.COMPLETED: What.ENROLLMENT_ENDED,
        EnrollmentState.EXITED: What.ENROLLMENT_ENDED,
    }[after.state]
    why = after.trigger.value if what is What.ENROLLMENT_BEGUN else after.reason.value if after.reason else None
    decided(
        what,
        why,
        enrollment_id=after.id,
        sequence_id=after.sequence_id,
        contact_id=after.contact_id,
        position=after.position,
        next_due_at=after.next_due_at,
    )


def walks(befores: Iterable[Enrollment], afters: Iterable[Enrollment]) -> None:
    """Tell what became of these walks, given in the same order."""
    for before, after in zip(befores, afters, strict=True):
        walk(before, after)


def cards(befores: Iterable[PendingManual], afters: Iterable[PendingManual]) -> None:
    """Tell what became of these cards, given in the same order."""
    for before, after in zip(befores, afters, strict=True):
        card(before, after)


def account(before: Account | None, after: Account) -> None:
    """Tell whether an account stopped or went on, and which assumptions it lost."""
    if before is None or not HEARD.isEnabledFor(logging.DEBUG):
        return
    if after.state is AccountState.ACTIVE is not before.state:
        decided(What.ACCOUNT_RESUMED, before.held_reason or before.state.value, account_id=after.id)
    elif after.state is not AccountState.ACTIVE and (after.state, after.held_reason) != (
        before.state,
        before.held_reason,
    ):
        decided(What.ACCOUNT_HELD, after.held_reason or after.state.value, account_id=after.id, until=after.held_until)
    for lost in sorted(before.assumptions - after.assumptions):
        decided(What.ASSUMPTION_OFF, lost.value, account_id=after.id)


def contact(before: Contact | None, after: Contact) -> None:
    """Tell what a person wants to hear no more."""
    if before is None or not HEARD.isEnabledFor(logging.DEBUG):
        return
    if after.opted_out and not before.opted_out:
        decided(What.OPTED_OUT, "customer", contact_id=after.id)
    if before.opted_out and not after.opted_out:
        decided(What.OPTED_IN, "customer", contact_id=after.id)
    if after.marketing_opted_out is not before.marketing_opted_out:
        what = What.MARKETING_STOPPED if after.marketing_opted_out else What.MARKETING_RESUMED
        decided(what, "customer", contact_id=after.id)


def conversation(before: Conversation | None, after: Conversation) -> None:
    """Tell whether the window opened or was found closed, and what is thought of a block."""
    if before is None or not HEARD.isEnabledFor(logging.DEBUG):
        return
    ids = {"contact_id": after.contact_id, "conversation_id": after.id, "account_id": after.account_id}
    wrote, had = after.last_inbound_at, before.last_inbound_at
    if wrote is not None and wrote != had and (had is None or wrote - had >= SERVICE_WINDOW):
        why = "ad_entry" if after.ad_entry_at == wrote else "customer_message"
        decided(What.WINDOW_OPENED, why, **ids, closes_at=wrote + SERVICE_WINDOW)
    typed, had = after.last_manual_at, before.last_manual_at
    if typed is not None and typed != had and (had is None or typed - had >= SERVICE_WINDOW):
        decided(What.WINDOW_OPENED, "manual_send", **ids, closes_at=typed + SERVICE_WINDOW)
    if after.window_refuted_at != before.window_refuted_at:
        decided(What.WINDOW_CLOSED, "refuted_by_meta", **ids)
    if after.block_state is not before.block_state:
        clear = after.block_state is BlockState.CLEAR
        what = What.SUSPICION_CLEARED if clear else What.SUSPICION_RAISED
        decided(what, (before if clear else after).block_state.value, **ids)


def card(before: PendingManual | None, after: PendingManual) -> None:
    """Tell that a card waits for an agent, or waits no more."""
    if not HEARD.isEnabledFor(logging.DEBUG):
        return
    opened = before is None or before.state is not PendingState.OPEN
    if after.state is PendingState.OPEN and opened:
        what, why = What.CARD_OPENED, after.reason.value
    elif after.state is not PendingState.OPEN and not opened:
        what, why = What.CARD_CLOSED, after.state.value
    else:
        return
    decided(
        what, why, pending_id=after.id, contact_id=after.contact_id, enrollment_id=after.enrollment_id, step=after.step
    )
