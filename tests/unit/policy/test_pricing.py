"""Which market a person is in, and what a quote says of a message to them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rates
from crm.model.costs import Agreed, Category, Quote, agreed_data, agreed_of
from crm.policy import pricing
from crm.policy.pricing import RateCard, RateCards
from tests.builders import NOW, a_contact, a_conversation

CARDS = rates.shipped()


@pytest.mark.parametrize(
    ("wa_id", "market"),
    [
        ("5491150001111", "Argentina"),
        ("5511987654321", "Brazil"),
        ("5215512345678", "Mexico"),  # with the 1 that WhatsApp kept
        ("525512345678", "Mexico"),
        ("12025550123", "North America"),
        ("14165550123", "North America"),
        *[(f"1{area}5550123", "Rest of Latin America") for area in ("809", "829", "849", "658", "876", "787", "939")],
        *[(f"1{area}2345678", "Rest of Latin America") for area in ("809", "829", "849", "658", "876", "787", "939")],
        ("12423591234", "Other"),  # the Bahamas
        ("18682911234", "Other"),  # Trinidad
        ("19995550123", "North America"),  # an area code that is not given out yet
        ("79161234567", "Russia"),
        ("77012345678", "Kazakhstan"),
        ("76001234567", "Kazakhstan"),
        ("593991234567", "Rest of Latin America"),
        ("447781123456", "United Kingdom"),  # Guernsey
        ("85512345678", "Rest of Asia Pacific"),
        ("35799123456", "Other"),  # Cyprus
        ("0", "Other"),
        ("999123456789", "Other"),
    ],
)
def test_a_number_is_in_the_market_that_meta_puts_it_in(wa_id: str, market: str) -> None:
    assert pricing.market(CARDS.at(NOW), a_contact(wa_id=wa_id)) == market


@pytest.mark.parametrize(
    ("bsuid", "market"),
    [("DO.1234567890", "Rest of Latin America"), ("KZ.1", "Kazakhstan"), ("BS.1", "Other"), ("rubbish", "Other")],
)
def test_without_a_number_the_country_of_the_id_decides(bsuid: str, market: str) -> None:
    assert pricing.market(CARDS.at(NOW), a_contact(wa_id=None, bsuid=bsuid)) == market


def quoted(
    category: Category, *, cards: RateCards = CARDS, free_for: timedelta | None = None, wa_id: str = "5491150001111"
) -> Quote:
    talk = a_conversation(free_entry_until=NOW + free_for if free_for is not None else None)
    return pricing.quote(cards, a_contact(wa_id=wa_id), talk, category, NOW)


def test_a_quote_says_amount_market_category_and_card() -> None:
    quote = quoted(Category.MARKETING, wa_id="59170000000")
    assert (quote.amount, quote.currency, quote.market) == (Decimal("0.0740"), "USD", "Rest of Latin America")
    assert (quote.category, quote.card_date) == (Category.MARKETING, date(2026, 10, 1))
    assert (quote.free_because, quote.free_quota) == (None, 0)


def test_a_reply_costs_the_service_rate_and_may_be_within_the_quota() -> None:
    quote = quoted(Category.SERVICE)
    assert (quote.amount, quote.free_because, quote.free_quota) == (Decimal("0.0260"), None, 1000)


@pytest.mark.parametrize("category", Category)
def test_everything_is_free_while_the_free_entry_point_runs(category: Category) -> None:
    quote = quoted(category, free_for=timedelta(seconds=1))
    assert (quote.amount, quote.free_because, quote.free_quota) == (Decimal(0), "free_entry_point", 0)
    assert quoted(category, free_for=timedelta(0)).free_because is None


def test_a_quote_is_by_the_card_in_force_and_a_market_without_a_rate_has_no_price() -> None:
    newer = RateCard(NOW.date(), "BRL", {"AR": "Argentina"}, {("Argentina", Category.UTILITY): Decimal("0.15")})
    cards = RateCards((*CARDS.cards, newer))
    quote = quoted(Category.UTILITY, cards=cards)
    assert (quote.amount, quote.currency, quote.card_date) == (Decimal("0.15"), "BRL", NOW.date())
    assert quoted(Category.MARKETING, cards=cards).amount is None


AMOUNTS = st.none() | st.decimals(0, 1, places=4)
CURRENCIES, CATEGORIES = st.sampled_from(["USD", "EUR"]), st.sampled_from(Category)
AGREED = st.builds(Agreed, AMOUNTS, CURRENCIES, CATEGORIES)


@given(AGREED, AGREED)
def test_nothing_that_may_cost_more_passes_for_what_was_agreed(shown: Agreed, now: Agreed) -> None:
    quote = Quote(now.amount, now.currency, "Argentina", now.category, NOW.date())
    asks = pricing.dearer(shown, quote)
    if now == shown or now.amount == 0:
        assert not asks
    elif now.amount is None or shown.amount is None or now.currency != shown.currency:
        assert asks
    else:
        assert asks is (now.amount > shown.amount * (1 + pricing.MOVED))
    assert pricing.moved(shown, quote) or not asks


@given(AGREED)
def test_what_was_agreed_is_read_as_it_was_written(agreed: Agreed) -> None:
    assert agreed_of(agreed_data(agreed)) == agreed
