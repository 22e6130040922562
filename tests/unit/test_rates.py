"""Rate cards as data: what is shipped is what Meta published, and what an own file says counts over it or is refused by its field."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pytest

from bot import rates
from crm.errors import Misconfigured
from crm.model.costs import Category
from crm.policy.pricing import RateCard, RateCards

PUBLISHED = """
Argentina .0618 .0260
Bangladesh .0732 .0037
Brazil .0625 .0068
Chile .0889 .0200
Colombia .0125 .0008
Egypt .0644 .0036
France .0859 .0300
Germany .1365 .0550
Hong Kong .0732 .0260
Hungary .0860 .0350
India .0118 .0014
Indonesia .0411 .0250
Iraq .0341 .0079
Israel .0353 .0053
Italy .0795 .0300
Kazakhstan .0604 .0180
Kuwait .0792 .0440
Malaysia .0860 .0140
Mexico .0397 .0085
Morocco .0414 .0230
Nepal .0732 .0034
Netherlands .1597 .0500
Nigeria .0516 .0067
Oman .0341 .0247
Pakistan .0473 .0150
Peru .0703 .0300
Poland .0366 .0122
Qatar .0341 .0120
Romania .0860 .0290
Russia .0802 .0400
Saudi Arabia .0576 .0107
Singapore .0732 .0160
South Africa .0379 .0095
Spain .0707 .0200
Sri Lanka .0732 .0020
Turkey .0109 .0009
Ukraine .0860 .0298
UAE .0576 .0157
United Kingdom .0635 .0220
North America .0250 .0034
Rest of Africa .0225 .0040
Rest of Asia Pacific .0842 .0113
Rest of Central & Eastern Europe .0860 .0212
Rest of Latin America .0740 .0113
Rest of Middle East .0392 .0091
Rest of Western Europe .0592 .0171
Other .0604 .0077
"""
"""Meta's table of 2026-10-01, in US dollars: market, marketing, and what utility, authentication and service cost (reference 5.4)."""

REST_OF_LATIN_AMERICA = {"BO", "CR", "DO", "EC", "SV", "GT", "HT", "HN", "JM", "NI", "PA", "PY", "PR", "UY", "VE"}
JANUARY = date(2027, 1, 1)


def published() -> dict[tuple[str, Category], Decimal]:
    table = {}
    for line in PUBLISHED.strip().splitlines():
        name, marketing, rest = line.rsplit(" ", 2)
        table[name, Category.MARKETING] = Decimal(marketing)
        for category in (Category.UTILITY, Category.AUTHENTICATION, Category.SERVICE):
            table[name, category] = Decimal(rest)
    return table


def first() -> RateCard:
    return rates.shipped().cards[0]


def loaded(folder: Path, text: str) -> RateCards:
    path = folder / "cards.toml"
    path.write_text(text, "utf-8")
    return rates.load(str(path))


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        loaded(folder, text)
    assert refused.value.setting == "costs.rate_cards"
    return refused.value.problem.split("cards.toml: ", 1)[1]


# --- what is shipped -------------------------------------------------------------------------------------------------------------


def test_every_amount_is_the_published_one() -> None:
    assert dict(first().rates) == published()
    assert len(published()) == 47 * len(Category)


def test_the_card_says_since_when_in_what_and_from_where() -> None:
    card = first()
    assert (card.valid_from, card.currency, card.free_service) == (date(2026, 10, 1), "USD", 1000)
    assert re.search(r"effective 2026-10-01.*downloaded 2026-10-09", card.source)


def test_every_country_of_the_map_exists_and_its_market_has_a_price() -> None:
    card = first()
    assert set(card.markets) <= phonenumbers.SUPPORTED_REGIONS
    assert set(card.markets.values()) | {card.default_market} == {name for name, _ in card.rates}


def test_the_rest_of_latin_america_is_complete() -> None:
    markets = first().markets
    assert {region for region, name in markets.items() if name == "Rest of Latin America"} == REST_OF_LATIN_AMERICA
    alone = {"AR": "Argentina", "BR": "Brazil", "CL": "Chile", "CO": "Colombia", "MX": "Mexico", "PE": "Peru"}
    assert {region: markets[region] for region in alone} == alone


# --- own files -------------------------------------------------------------------------------------------------------------------


def test_no_file_leaves_the_shipped_cards() -> None:
    assert rates.load("") == rates.shipped()


def test_a_later_card_begins_as_the_one_before_and_leaves_that_as_it_was(tmp_path: Path) -> None:
    cards = loaded(
        tmp_path,
        """
        [[card]]
        valid_from = 2027-01-01
        source = "January"
        [[card.market]]
        name = "Argentina"
        marketing = "0.0650"
        """,
    )
    old, new = cards.cards
    assert old == first()
    assert dict(new.rates) == published() | {("Argentina", Category.MARKETING): Decimal("0.0650")}
    assert (new.valid_from, new.currency, new.free_service, new.source) == (JANUARY, "USD", 1000, "January")
    assert new.markets == old.markets


def test_the_card_in_force_is_the_newest_that_has_begun(tmp_path: Path) -> None:
    cards = loaded(tmp_path, "[[card]]\nvalid_from = 2027-04-01\n[[card]]\nvalid_from = 2027-01-01\n")

    def since(moment: datetime) -> date:
        return cards.at(moment).valid_from

    assert since(datetime(2026, 9, 1, tzinfo=UTC)) == date(2026, 10, 1)
    assert since(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)) == date(2026, 10, 1)
    assert since(datetime(2027, 1, 1, tzinfo=UTC)) == JANUARY
    assert since(datetime(2027, 3, 31, 23, tzinfo=UTC)) == JANUARY
    assert since(datetime(2030, 1, 1, tzinfo=UTC)) == date(2027, 4, 1)


def test_a_card_of_a_shipped_day_corrects_it(tmp_path: Path) -> None:
    (card,) = loaded(
        tmp_path,
        """
        [[card]]
        valid_from = "2026-10-01"
        free_service = 0
        [[card.market]]
        name = "Chile"
        utility = 0.021
        service = 0.02
        """,
    ).cards
    told = {category: card.rates["Chile", category] for category in Category}
    assert told == {
        Category.MARKETING: Decimal("0.0889"),
        Category.UTILITY: Decimal("0.021"),
        Category.AUTHENTICATION: Decimal("0.021"),
        Category.SERVICE: Decimal("0.02"),
    }
    assert card.free_service == 0


def test_a_new_market_takes_its_countries_from_the_others(tmp_path: Path) -> None:
    card = loaded(
        tmp_path,
        """
        [[card]]
        valid_from = 2027-01-01
        [[card.market]]
        name = "Uruguay"
        regions = ["UY"]
        marketing = "0.05"
        utility = "0.01"
        """,
    ).at(JANUARY)
    assert card.markets["UY"] == "Uruguay"
    assert card.markets["PY"] == "Rest of Latin America"
    assert card.rates["Uruguay", Category.SERVICE] == Decimal("0.01")


def test_another_currency_knows_no_amount_that_it_does_not_say(tmp_path: Path) -> None:
    card = loaded(
        tmp_path,
        """
        [[card]]
        valid_from = 2027-01-01
        currency = "BRL"
        [[card.market]]
        name = "Brazil"
        marketing = "0.34"
        utility = "0.037"
        """,
    ).at(JANUARY)
    assert {name for name, _ in card.rates} == {"Brazil"}
    assert card.markets == first().markets


A_CARD = "[[card]]\nvalid_from = 2027-01-01\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "card: Field required"),
        ("card = []", "card: List should have at least 1 item"),
        ("[[card]]\ncurrency = 'USD'", "card[1].valid_from: Field required"),
        (A_CARD + "valid_til = 1", "card[1].valid_til: Extra inputs are not permitted"),
        (A_CARD + "currency = 'dollars'", "card[1].currency: String should match"),
        (A_CARD + "free_service = -1", "card[1].free_service: Input should be greater"),
        (A_CARD + A_CARD, "card[2].valid_from: there is another card of 2027-01-01"),
        ("[[card]]\nvalid_from = 2020-01-01", "card[1].currency: is missing"),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\nmarketing = -0.1",
            "card[1].market[1].marketing: Input should be gr",
        ),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\nmarketing = nan",
            "card[1].market[1].marketing: Input should be a f",
        ),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\nmarketing = '7,4'",
            "card[1].market[1].marketing: Input should be a",
        ),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\nmarketing = 0.1234567",
            "card[1].market[1].marketing: Decimal input",
        ),
        (
            A_CARD + "[[card.market]]\nname = 'Chili'\nmarketing = 0.1",
            "card[1].market[1].regions: is missing: Chili is a n",
        ),
        (
            A_CARD
            + "[[card.market]]\nname = 'Chile'\n[[card.market]]\nname = 'Uruguay'\nregions = ['UY']\nutility = 0.1",
            "card[1].market[2].marketing: is missing: the card before has no amount for Uruguay",
        ),
        (
            A_CARD + "currency = 'EUR'\n[[card.market]]\nname = 'Chile'\nmarketing = 1",
            "card[1].market[1].utility: is missing",
        ),
        (A_CARD + "[[card.market]]\nname = 'Chile'\nregions = ['XX']", "card[1].market[1].regions: XX is no country"),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\nregions = ['Chile']",
            "card[1].market[1].regions[1]: String should",
        ),
        (
            A_CARD + "[[card.market]]\nname = 'Chile'\n[[card.market]]\nname = 'Chile'",
            "card[1].market[2].name: Chile is there twice",
        ),
        (
            A_CARD
            + "[[card.market]]\nname = 'Chile'\nregions = ['CL']\n[[card.market]]\nname = 'Peru'\nregions = ['CL']",
            "card[1].market[2].regions: CL is in Chile already",
        ),
        ("[[card", "is not TOML"),
        ("#" * (rates.MAX_FILE + 1), "is longer than"),
    ],
)
def test_a_wrong_file_is_refused_by_its_field(tmp_path: Path, text: str, told: str) -> None:
    said = refusal(tmp_path, text)
    assert told in said
    assert "\n" not in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"costs\.rate_cards: .*none\.toml: No such file"):
        rates.load(str(tmp_path / "none.toml"))
