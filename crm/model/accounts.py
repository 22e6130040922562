"""Our own WhatsApp numbers, each with its state, its pace and the assumptions it may still send on."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class AccountState(StrEnum):
    """`held` was decided by the program (a token, a payment, a restriction), `paused` by a person."""

    ACTIVE = "active"
    HELD = "held"
    PAUSED = "paused"
    REMOVED = "removed"


class Assumption(StrEnum):
    """The brief's two beliefs about when one may write, which Meta does not share (SPEC section 3)."""

    MANUAL_SEND = "manual_send"
    SEQUENCE_START = "sequence_start"


ALL_ASSUMPTIONS = frozenset(Assumption)


@dataclass(frozen=True, slots=True)
class Account:
    """One phone number id at Meta. `held_until` is None when only a person or a new token can end the hold."""

    id: int
    phone_number_id: str
    waba_id: str
    display_phone: str
    name: str
    coexistence: bool
    state: AccountState
    messages_per_second: int
    assumptions: frozenset[Assumption]
    created_at: datetime
    held_reason: str | None = None
    held_until: datetime | None = None
    token_expires_at: datetime | None = None
    token_checked_at: datetime | None = None
    token_alerted_days: int | None = None


def freed(account: Account) -> Account:
    """The account sending again, with whatever held or paused it forgotten."""
    return replace(account, state=AccountState.ACTIVE, held_reason=None, held_until=None)


def token_name(account_id: int) -> str:
    """The name under which an account's token is sealed away."""
    return f"token:{account_id}"
