"""What a message would cost. Money is exact decimals with its currency; nothing says "free" but a quote."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from crm.model.contacts import Contact


class Category(StrEnum):
    """Meta's price categories that we send in."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Charge:
    """A message that arrived and that Meta says how it charges: `category` and `type` in Meta's words (reference 5.3), `at` when it was
    sent."""

    contact: Contact
    category: str
    type: str
    at: datetime


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
