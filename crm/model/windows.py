"""Why a message may leave: the basis of a permission."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Basis(StrEnum):
    """What a permission to send rests on. The last two are the brief's assumptions (SPEC section 3); `template` needs no window."""

    CUSTOMER_MESSAGE = "customer_message"
    AD_ENTRY = "ad_entry"
    MANUAL_SEND = "manual_send"
    SEQUENCE_START = "sequence_start"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Window:
    """An open window: on what it rests and when it ends (before the safety margin is taken off)."""

    basis: Basis
    closes_at: datetime
