"""How far a month's budget is used, and what still fits into it. Replies and what Meta does not charge always may."""

from collections.abc import Iterable
from decimal import Decimal

from crm.model.costs import Spending

LEVELS = (100, 80)
"""Percents at which people are told, the highest first."""


def level(spending: Spending) -> int | None:
    """The level that is reached; None below the lowest."""
    return next((each for each in LEVELS if spending.percent >= each), None)


def fits(spendings: Iterable[Spending], amount: Decimal) -> bool:
    """May so much more be spent within each of these budgets?"""
    return all(each.used + amount <= each.limit for each in spendings)
