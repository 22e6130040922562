"""What one delivered message would cost, by the rate card in force when it is sent.

Meta charges per delivered message by the market of the recipient's number and the message's category (reference 5.3). Since
2026-10-01 free-form replies cost the market's service rate too, after 1,000 free ones a month and number that only Meta can count; so
the quote for one names its price and the quota. Only a running free entry point makes a message certainly free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import phonenumbers

from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.costs import Agreed, Category, Charge, Quote
from crm.model.messages import Message

NORTH_AMERICA = 1
"""The calling code that says least: its countries are told apart by their area codes, and Meta prices them apart."""
TOLD_APART = {
    **dict.fromkeys(("1809", "1829", "1849"), "DO"),
    **dict.fromkeys(("1658", "1876"), "JM"),
    **dict.fromkeys(("1787", "1939"), "PR"),
    **dict.fromkeys(("76", "77"), "KZ"),
}
"""Beginnings of numbers whose country Meta prices apart from their calling code's (reference 5.4), also where the numbering plan that we
know does not have the number yet."""

MOVED = Decimal("0.01")
"""A price that moved by no more than this share of what was shown counts as the same."""

REGULAR = "regular"
FREE = "free_"
"""How Meta charges (reference 1.2): the type of `pricing` in a status, and how each type begins that costs nothing."""


@dataclass(frozen=True, slots=True)
class RateCard:
    """Dated prices. `markets` maps an ISO region to a market's name, `rates` (market, category) to an amount; `free_service` is how
    many service messages a month each number has free; `source` says where the amounts are from."""

    valid_from: date
    currency: str
    markets: Mapping[str, str]
    rates: Mapping[tuple[str, Category], Decimal]
    free_service: int = 0
    source: str = ""
    default_market: str = "Other"


@dataclass(frozen=True, slots=True)
class RateCards:
    """Every card that is known, the oldest first; never none."""

    cards: tuple[RateCard, ...]

    def at(self, moment: datetime | date) -> RateCard:
        """The card in force: the newest that had begun by that day, counted in UTC. Before the first one the first is the best guess, and
        its date is said with every price. Meta begins a card at midnight of the business account's zone, which we are not told."""
        day = moment.date() if isinstance(moment, datetime) else moment
        return next((card for card in reversed(self.cards) if card.valid_from <= day), self.cards[0])


def quote(cards: RateCards, contact: Contact, conversation: Conversation, category: Category, now: datetime) -> Quote:
    """Price one message to this contact now."""
    card = cards.at(now)
    place = market(card, contact)
    free = conversation.free_entry_until is not None and now < conversation.free_entry_until
    return Quote(
        amount=Decimal(0) if free else card.rates.get((place, category)),
        currency=card.currency,
        market=place,
        category=category,
        card_date=card.valid_from,
        free_because="free_entry_point" if free else None,
        free_quota=card.free_service if category is Category.SERVICE and not free else 0,
    )


def agreed(quote: Quote) -> Agreed:
    """What somebody agrees to who was shown this quote."""
    return Agreed(quote.amount, quote.currency, quote.category)


def dearer(shown: Agreed, quote: Quote) -> bool:
    """Would it cost more than was agreed to? What cannot be compared (no rate, another currency) counts as more, unless it is the same."""
    if quote.amount == 0:
        return False
    if quote.amount is None or shown.amount is None or quote.currency != shown.currency:
        return agreed(quote) != shown
    return quote.amount > shown.amount * (1 + MOVED)


def moved(shown: Agreed, quote: Quote) -> bool:
    """Is it not what was shown any more, be it more or less?"""
    if quote.category is not shown.category or quote.currency != shown.currency:
        return True
    if quote.amount is None or shown.amount is None:
        return quote.amount is not shown.amount
    return abs(quote.amount - shown.amount) > shown.amount * MOVED


def charge(cards: RateCards, wamid: str, message: Message, contact: Contact) -> Charge:
    """What a message that arrived cost, as Meta said how it charges it and by the card in force when it was sent."""
    card = cards.at(message.at)
    place, category, kind = market(card, contact), message.pricing_category or "", message.pricing_type or ""
    amount = None
    if kind.startswith(FREE):
        amount = Decimal(0)
    elif kind == REGULAR and category in set(Category):
        amount = card.rates.get((place, Category(category)))
    return Charge(
        wamid=wamid,
        message_id=message.id,
        account_id=message.account_id,
        enrollment_id=message.enrollment_id,
        market=place,
        category=category,
        type=kind,
        amount=amount,
        currency=card.currency,
        card_date=card.valid_from,
        at=message.at,
    )


def market(card: RateCard, contact: Contact) -> str:
    """The market of a number, or of the country in front of a business-scoped id (reference 1.5).

    Meta maps by calling code: a territory that the card does not name is priced as its code's country (Guernsey as the United Kingdom),
    except below +1, where every country is named or is one of the others. A number there that no numbering plan knows is taken as new.
    """
    place = region(contact)
    if place not in card.markets and contact.wa_id:
        code = _calling_code(contact.wa_id)
        if code is not None and (code != NORTH_AMERICA or place is None):
            place = phonenumbers.region_code_for_country_code(code)
    return card.markets.get(place or "", card.default_market)


def region(contact: Contact) -> str | None:
    """The ISO region of a contact."""
    if contact.wa_id:
        apart = (TOLD_APART.get(contact.wa_id[:length]) for length in (4, 2))
        return next((place for place in apart if place), None) or _plan(contact.wa_id)
    return contact.bsuid.partition(".")[0] if contact.bsuid else None


def _plan(wa_id: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{wa_id}"))
    except phonenumbers.NumberParseException:
        return None


def _calling_code(wa_id: str) -> int | None:
    try:
        return phonenumbers.parse(f"+{wa_id}").country_code
    except phonenumbers.NumberParseException:
        return None
