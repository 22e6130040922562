"""Rate cards as files: Meta's are shipped in `bot/data/rates.toml`; a file of the same form may add cards and correct amounts.

[[card]]
valid_from = 2027-01-01
currency = "USD"                 # as before, if not said
free_service = 1000              # free service messages a month and number; as before, if not said
source = "Meta's card of January"

[[card.market]]
name = "Argentina"
marketing = "0.0650"             # what is not said stays as it was on the card before
utility = "0.0270"               # also the price of authentication and service, unless they are named

[[card.market]]
name = "Caribbean"               # a new one says its countries and both amounts
regions = ["BS", "TT"]
marketing = "0.0700"
utility = "0.0100"

A card begins as a copy of the one that was in force on its day (one of the same day is corrected), and holds until the next one, shipped or
own. A card in another currency copies which country is in which market, and no amounts.
"""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from crm.errors import Misconfigured
from crm.model.costs import Category
from crm.model.records import replace
from crm.policy.pricing import RateCard, RateCards

MAX_FILE = 1_000_000

Amount = Annotated[Decimal, Field(ge=0, lt=1_000_000, max_digits=12, decimal_places=6, allow_inf_nan=False)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\r\n]*$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class _Wrong(ValueError):
    """`field` of the file is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Market(_Part):
    name: Line
    regions: Annotated[list[Region], Field(max_length=300)] | None = None
    marketing: Amount | None = None
    utility: Amount | None = None
    authentication: Amount | None = None
    service: Amount | None = None

    def amounts(self) -> dict[Category, Decimal]:
        """Service and authentication messages cost the utility rate unless the card says otherwise (reference 5.3)."""
        said = {
            Category.MARKETING: self.marketing,
            Category.UTILITY: self.utility,
            Category.AUTHENTICATION: self.utility if self.authentication is None else self.authentication,
            Category.SERVICE: self.utility if self.service is None else self.service,
        }
        return {category: amount for category, amount in said.items() if amount is not None}


class _Card(_Part):
    valid_from: date
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    free_service: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    source: Annotated[str, StringConstraints(max_length=500)] = ""
    market: Annotated[list[_Market], Field(max_length=300)] = []


class _File(_Part):
    card: Annotated[list[_Card], Field(min_length=1, max_length=100)]


def shipped() -> RateCards:
    """Meta's cards as they were known when this version was made."""
    return _over((), files("bot.data").joinpath("rates.toml").read_text("utf-8"))


def load(path: str, setting: str = "costs.rate_cards") -> RateCards:
    """The shipped cards, and over them those of a file if one is named. Raises Misconfigured, naming the setting, file and field."""
    if not path:
        return shipped()
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Misconfigured(setting, f"{path}: {error.strerror or 'cannot be read'}") from None
    if len(content) > MAX_FILE:
        raise Misconfigured(setting, f"{path}: is longer than {MAX_FILE} bytes")
    try:
        return _over(shipped().cards, content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(setting, f"{path}: is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Misconfigured(setting, f"{path}: {_place(first['loc'])}: {first['msg']}") from None
    except _Wrong as error:
        raise Misconfigured(setting, f"{path}: {error}") from None


def _over(known: tuple[RateCard, ...], text: str) -> RateCards:
    """The known cards with those of a file."""
    said = _File.model_validate(tomllib.loads(text, parse_float=Decimal)).card
    cards = {card.valid_from: card for card in known}
    own: set[date] = set()
    for number, card in sorted(enumerate(said, 1), key=lambda each: each[1].valid_from):
        if card.valid_from in own:
            raise _Wrong(f"card[{number}].valid_from", f"there is another card of {card.valid_from}")
        own.add(card.valid_from)
        before = max((day for day in cards if day <= card.valid_from), default=None)
        cards[card.valid_from] = _card(f"card[{number}]", card, cards[before] if before else None)
    return RateCards(tuple(cards[day] for day in sorted(cards)))


def _card(place: str, said: _Card, before: RateCard | None) -> RateCard:
    currency = said.currency or (before.currency if before else None)
    if currency is None:
        raise _Wrong(f"{place}.currency", "is missing: there is no card before this one")
    card = RateCard(said.valid_from, currency, {}, {})
    if before is not None:
        rates = before.rates if before.currency == currency else {}
        card = replace(card, markets=before.markets, rates=rates, free_service=before.free_service)
    if said.free_service is not None:
        card = replace(card, free_service=said.free_service)
    markets, rates = dict(card.markets), dict(card.rates)
    names: set[str] = set()
    claimed: dict[str, str] = {}
    for number, market in enumerate(said.market, 1):
        where = f"{place}.market[{number}]"
        if market.name in names:
            raise _Wrong(f"{where}.name", f"{market.name} is there twice")
        names.add(market.name)
        _check_countries(where, market, claimed, is_known=market.name in {*card.markets.values(), card.default_market})
        if market.regions is not None:
            markets = {region: name for region, name in markets.items() if name != market.name}
            markets.update(dict.fromkeys(market.regions, market.name))
        rates.update({(market.name, category): amount for category, amount in market.amounts().items()})
        for category in Category:
            if (market.name, category) not in rates:
                raise _Wrong(
                    f"{where}.{category.value}", f"is missing: the card before has no amount for {market.name}"
                )
    return replace(card, markets=markets, rates=rates, source=said.source)


def _check_countries(where: str, market: _Market, claimed: dict[str, str], *, is_known: bool) -> None:
    """Every country is in one market, and a new market has some."""
    if market.regions is None and not is_known:
        raise _Wrong(f"{where}.regions", f"is missing: {market.name} is a new market")
    for region in market.regions or ():
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise _Wrong(f"{where}.regions", f"{region} is no country")
        if claimed.setdefault(region, market.name) != market.name:
            raise _Wrong(f"{where}.regions", f"{region} is in {claimed[region]} already")


def _place(loc: tuple[Any, ...]) -> str:
    """`card[1].market[3].marketing`, counted from 1 as people do."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "file"
