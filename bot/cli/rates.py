"""What Meta's messages cost, by the cards that are loaded."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import rates as rate_cards
from bot.cli.shared import AsJson, Config, settings_of
from crm.clock import SystemClock
from crm.errors import Misconfigured
from crm.model.costs import Category
from crm.policy.pricing import RateCard

rates = typer.Typer(no_args_is_help=True, help="Meta's prices.")

Market = Annotated[str | None, typer.Option("--market", help="A market's name, or a country's code of two letters.")]
At = Annotated[datetime | None, typer.Option("--at", formats=["%Y-%m-%d"], help="The day; today if not said.")]


@rates.command("show")
def rates_show(market: Market = None, at: At = None, config: Config = None, as_json: AsJson = False) -> None:
    """The prices in force on a day, per delivered message."""
    cards = rate_cards.load(settings_of(config).costs.rate_cards)
    day = at.replace(tzinfo=UTC) if at else SystemClock().now()
    card = cards.at(day)
    names = _names(card, market)
    if as_json:
        print(json.dumps(_written(card, names), ensure_ascii=False))
        return
    print(f"{card.currency} per delivered message, card of {card.valid_from}: {card.source or 'no source named'}")
    if card.valid_from > day.date():
        print(f"No card was in force on {day.date()}: this is the first one that is known.")
    print(f"{card.free_service} service messages a month and number are free; Meta counts them.")
    print(f"{'market':<34}" + "".join(f"{category.value:>16}" for category in Category))
    for name in names:
        print(f"{name:<34}" + "".join(f"{_amount(card, name, category) or '?':>16}" for category in Category))


@rates.command("check")
def rates_check(file: Path, as_json: AsJson = False) -> None:
    """Read a file of one's own cards as the setting costs.rate_cards would, and say what it changes."""
    shipped, cards = rate_cards.shipped(), rate_cards.load(str(file), "file")
    changed = []
    for card in cards.cards:
        before = next((each for each in shipped.cards if each.valid_from == card.valid_from), None)
        if card == before:
            continue
        known = before or next((each for each in reversed(cards.cards) if each.valid_from < card.valid_from), None)
        changed.append({"valid_from": str(card.valid_from), "currency": card.currency, "markets": _moved(card, known)})
    if as_json:
        print(json.dumps(changed, ensure_ascii=False))
        return
    for each in changed:
        print(f"{each['valid_from']}  {each['currency']}  changes: {', '.join(each['markets']) or 'no amounts'}")
    if not changed:
        print("It changes nothing.")


def _names(card: RateCard, market: str | None) -> list[str]:
    known = sorted({name for name, _ in card.rates})
    if market is None:
        return known
    wanted = card.markets.get(market.upper()) or next((n for n in known if n.casefold() == market.casefold()), None)
    if wanted is None:
        raise Misconfigured(
            "--market", f"the card of {card.valid_from} has none named {market}, nor a country so coded"
        )
    return [wanted]


def _amount(card: RateCard, market: str, category: Category) -> str | None:
    amount = card.rates.get((market, category))
    return None if amount is None else str(amount)


def _written(card: RateCard, names: list[str]) -> dict[str, object]:
    return {
        "valid_from": str(card.valid_from),
        "currency": card.currency,
        "free_service": card.free_service,
        "source": card.source,
        "markets": {name: _market(card, name) for name in names},
    }


def _market(card: RateCard, name: str) -> dict[str, object]:
    regions = sorted(region for region, its in card.markets.items() if its == name)
    return {"regions": regions, **{category.value: _amount(card, name, category) for category in Category}}


def _moved(card: RateCard, before: RateCard | None) -> list[str]:
    """The markets whose countries or amounts differ."""
    names = _names(card, None)
    if before is None or before.currency != card.currency:
        return names
    return [name for name in names if _market(card, name) != _market(before, name)]
