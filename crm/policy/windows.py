"""Is a conversation open for free-form messages, on which basis, and until when?

Meta's rule (reference 5.1): only the contact's own message opens the service window, for 24 hours from Meta's timestamp. The brief
adds two assumptions, each switchable per account (SPEC section 3): a message typed on the phone opens it too, and the 72 hours after
a sequence starts are open. What Meta's word supports is tried first, so that an assumption is only ever used when nothing better holds.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from crm.model.accounts import Assumption
from crm.model.conversations import Conversation
from crm.model.windows import Basis, Window

SERVICE_WINDOW = timedelta(hours=24)
SEQUENCE_START = timedelta(hours=72)
SAFETY_MARGIN = timedelta(minutes=10)
"""A message sent in the last minutes may reach Meta too late; Meta's own count overrides ours (reference 5.1)."""


def open_window(
    conversation: Conversation,
    assumptions: frozenset[Assumption],
    now: datetime,
    *,
    sequence_started_at: datetime | None = None,
    margin: timedelta = SAFETY_MARGIN,
) -> Window | None:
    """The first basis that still holds `margin` from now, or None when the window is closed.

    `sequence_started_at` is given for a sequence's message only: the 72-hour assumption speaks of nothing else.
    """
    for window in _windows(conversation, assumptions, sequence_started_at):
        if now + margin < window.closes_at:
            return window
    return None


def closes_at(
    conversation: Conversation, assumptions: frozenset[Assumption], sequence_started_at: datetime | None = None
) -> datetime | None:
    """When the last of the known windows closes, or has closed; None when there was none."""
    return max((each.closes_at for each in _windows(conversation, assumptions, sequence_started_at)), default=None)


def _windows(
    conversation: Conversation, assumptions: frozenset[Assumption], sequence_started_at: datetime | None
) -> Iterator[Window]:
    inbound, refuted = conversation.last_inbound_at, conversation.window_refuted_at
    if inbound is not None and (refuted is None or inbound > refuted):
        entered = conversation.ad_entry_at
        basis = Basis.AD_ENTRY if entered is not None and inbound - entered < SEQUENCE_START else Basis.CUSTOMER_MESSAGE
        yield Window(basis, inbound + SERVICE_WINDOW)
    manual = conversation.last_manual_at
    if manual is not None and Assumption.MANUAL_SEND in assumptions:
        yield Window(Basis.MANUAL_SEND, manual + SERVICE_WINDOW)
    if sequence_started_at is not None and Assumption.SEQUENCE_START in assumptions:
        yield Window(Basis.SEQUENCE_START, sequence_started_at + SEQUENCE_START)


ASSUMED = {Basis.MANUAL_SEND: Assumption.MANUAL_SEND, Basis.SEQUENCE_START: Assumption.SEQUENCE_START}
"""Which assumption a basis rests on; the bases that are missing here rest on Meta's own rule."""
