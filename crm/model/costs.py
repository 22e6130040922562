"""What a message would cost, and what it did. Money is exact decimals with its currency; nothing says "free" but a quote or Meta."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Category(StrEnum):
    """Meta's price categories that we send in."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Charge:
    """One message that arrived, as Meta charges it: an entry of the ledger, written once and never changed.

    `category` and `type` are Meta's words (reference 5.3), `at` is when it was sent, and `amount` what the card of `card_date` says of
    that; None when it says nothing. Only `wamid` is certain to be unique: it is what Meta counts by.
    """

    wamid: str
    message_id: int
    account_id: int
    enrollment_id: int | None
    market: str
    category: str
    type: str
    amount: Decimal | None
    currency: str
    card_date: date
    at: datetime


class Part(StrEnum):
    """By what the ledger is added up."""

    ACCOUNT = "account"
    CATEGORY = "category"
    MARKET = "market"
    SEQUENCE = "sequence"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Total:
    """What the charges of one part cost in one currency. `key` names the part: an account's or a sequence's id, a category, a market, a
    day; None is what belongs to none. Of its `messages`, `free` cost nothing, and `unpriced` have no rate and are not in the amount."""

    key: str | None
    currency: str
    amount: Decimal
    messages: int
    free: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the house's zone, the first and the last of them, and the moments from which and before which they are."""

    first: date
    last: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Budgets:
    """What may be spent in a month, in the currency of the card in force: by all numbers together (None: any amount), and by single ones,
    by Meta's ids of them."""

    together: Decimal | None = None
    of_numbers: Mapping[str, Decimal] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.together is not None or bool(self.of_numbers)


@dataclass(frozen=True, slots=True)
class Commitment:
    """The price of a template that was handed to Meta and is not charged yet: it counts as spent until it is, or fails."""

    outbox_id: int
    account_id: int
    amount: Decimal
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Spending:
    """How far a month's budget is used: of one account, or of all together (`account_id` None). `ahead` is what is committed beside what
    was charged."""

    account_id: int | None
    name: str | None
    month: Period
    limit: Decimal
    currency: str
    charged: Decimal
    ahead: Decimal

    @property
    def used(self) -> Decimal:
        return self.charged + self.ahead

    @property
    def percent(self) -> int:
        """Rounded down: a hundred is reached, not nearly."""
        return int(self.used * 100 / self.limit)


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one delivered message. `amount` is None when the card has no rate; `free_because` names why it costs nothing;
    `free_quota` how many such messages a month and number Meta gives free: whether this is one of them only Meta knows."""

    amount: Decimal | None
    currency: str
    market: str
    category: Category
    card_date: date
    free_because: str | None = None
    free_quota: int = 0


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person was shown and said yes to when they let a template leave; `amount` as in a quote."""

    amount: Decimal | None
    currency: str
    category: Category


def agreed_data(agreed: Agreed) -> dict[str, Any]:
    """What was agreed to as JSON can hold it."""
    amount = None if agreed.amount is None else str(agreed.amount)
    return {"amount": amount, "currency": agreed.currency, "category": agreed.category.value}


def agreed_of(data: Mapping[str, Any]) -> Agreed:
    """What was agreed to again."""
    amount = None if data["amount"] is None else Decimal(data["amount"])
    return Agreed(amount, data["currency"], Category(data["category"]))
