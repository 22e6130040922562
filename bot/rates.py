"""The rate card that is shipped: Meta's prices as data, dated, in `bot/data/rates.toml`."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files

from crm.model.costs import Category
from crm.policy.pricing import RateCard


def shipped() -> RateCard:
    """The card in force. Service messages cost the utility rate since 2026-10-01 (reference 5.3)."""
    data = tomllib.loads(files("bot.data").joinpath("rates.toml").read_text("utf-8"))
    rates: dict[tuple[str, Category], Decimal] = {}
    markets: dict[str, str] = {}
    for market in data["market"]:
        name = market["name"]
        markets.update(dict.fromkeys(market["regions"], name))
        rates[name, Category.MARKETING] = Decimal(market["marketing"])
        for category in (Category.UTILITY, Category.AUTHENTICATION, Category.SERVICE):
            rates[name, category] = Decimal(market["utility"])
    return RateCard(date.fromisoformat(data["valid_from"]), data["currency"], markets, rates)
