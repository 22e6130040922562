"""Our own WhatsApp numbers, each with its state, its pace and the assumptions it may still send on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.limits import Limits
from crm.model.records import replace


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


class Bar(StrEnum):
    """Which templates Meta does not take from an account for a time, while its replies leave as always."""

    TEMPLATES = "templates"
    UTILITY = "utility"


UNLIMITED = Limits()

ALL_ASSUMPTIONS = frozenset(Assumption)


@dataclass(frozen=True, slots=True)
class MetaWord:
    """Meta's newest word on one aspect of an account (its connection, a ban, a restriction), said at `at`: nothing may leave because of
    `hold`, or no templates because of `bar`, until `until` if that was said; with neither all is well. A person may have `lifted` the
    hold; a bar only Meta lifts, for all that it refuses counts against the number."""

    aspect: str
    at: datetime
    hold: str | None = None
    until: datetime | None = None
    lifted: bool = False
    bar: Bar | None = None

    def holds(self, now: datetime) -> bool:
        return self.hold is not None and not self.lifted and (self.until is None or self.until > now)

    def bars(self, now: datetime) -> bool:
        return self.bar is not None and (self.until is None or self.until > now)


@dataclass(frozen=True, slots=True)
class Account:
    """One phone number id at Meta. `held_until` is None when only a person or a new token can end the hold. `quality` is Meta's word."""

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
    meta_words: tuple[MetaWord, ...] = ()
    portfolio_id: str | None = None
    quality: str | None = None
    limits: Limits = UNLIMITED

    @property
    def portfolio(self) -> str:
        """The business portfolio, within which people have one business-scoped id and messages one limit; while Meta has not told us
        which it is, the business account stands for it."""
        return self.portfolio_id or self.waba_id


def barred(account: Account, now: datetime, *, utility: bool = True) -> MetaWord | None:
    """Meta's word that keeps templates from leaving, of the widest the one that ends last. `utility` False: a template of another category
    is meant."""
    words = [word for word in account.meta_words if word.bars(now) and (utility or word.bar is Bar.TEMPLATES)]
    return max(
        words,
        key=lambda word: (word.bar is Bar.TEMPLATES, word.until is None, word.until or word.at, word.aspect),
        default=None,
    )


def freed(account: Account, now: datetime) -> Account:
    """The account with whatever held or paused it forgotten: sending again, unless Meta's own word still holds it."""
    holding = [word for word in account.meta_words if word.holds(now)]
    if not holding:
        return replace(account, state=AccountState.ACTIVE, held_reason=None, held_until=None)
    last = max(holding, key=lambda word: (word.until is None, word.until or word.at, word.aspect))
    return replace(account, state=AccountState.HELD, held_reason=last.hold, held_until=last.until)


def lifted(account: Account) -> Account:
    """The account sending again because a person says so, whatever held it: only newer news from Meta hold it again."""
    words = tuple(replace(word, lifted=True) for word in account.meta_words)
    return replace(account, state=AccountState.ACTIVE, held_reason=None, held_until=None, meta_words=words)


def token_name(account_id: int) -> str:
    """The name under which an account's token is sealed away."""
    return f"token:{account_id}"
