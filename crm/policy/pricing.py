"""What one delivered message would cost, by the rate card that is loaded.

Meta charges per delivered message by the market of the recipient's number and the message's category (reference 5.3). Since
2026-10-01 free-form replies cost the market's service rate too, after 1,000 free ones a month that only Meta can count; so a quote
for one is what it costs at most. Only a running free entry point makes a message certainly free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import phonenumbers

from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.costs import Category, Quote


@dataclass(frozen=True, slots=True)
class RateCard:
    """Dated prices. `markets` maps an ISO region to a market's name, `rates` (market, category) to an amount."""

    valid_from: date
    currency: str
    markets: Mapping[str, str]
    rates: Mapping[tuple[str, Category], Decimal]
    default_market: str = "Other"


def quote(card: RateCard, contact: Contact, conversation: Conversation, category: Category, now: datetime) -> Quote:
    """Price one message to this contact now."""
    place = market(card, contact)
    free = conversation.free_entry_until is not None and now < conversation.free_entry_until
    return Quote(
        amount=Decimal(0) if free else card.rates.get((place, category)),
        currency=card.currency,
        market=place,
        category=category,
        card_date=card.valid_from,
        free_because="free_entry_point" if free else None,
    )


def market(card: RateCard, contact: Contact) -> str:
    """The market of a number, or of the country in front of a business-scoped id (reference 1.5)."""
    return card.markets.get(region(contact) or "", card.default_market)


def region(contact: Contact) -> str | None:
    """The ISO region of a contact."""
    if contact.wa_id:
        try:
            return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{contact.wa_id}"))
        except phonenumbers.NumberParseException:
            return None
    return contact.bsuid.partition(".")[0] if contact.bsuid else None
