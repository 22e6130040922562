"""The budgets as the money is spent: a template takes its price out of them before it leaves, or is held for an agent's approval.

Whoever approves one that was held because of a budget has seen so, and it leaves; it counts all the same. Two processes that claim at the
very same moment may together go beyond a budget by what each of them has in hand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm import effects
from crm.model.accounts import Account
from crm.model.alerts import AlertKind, Severity
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.costs import Budgets, Category, Commitment, Quote, Spending
from crm.model.outbox import OutboxItem
from crm.model.pending import PendingReason
from crm.model.records import replace
from crm.policy import budgets, costs, pricing
from crm.policy.pricing import RateCards
from crm.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Paid:
    """A template that may leave, to whom, and the category it is priced as."""

    item: OutboxItem
    contact: Contact
    conversation: Conversation
    category: Category


class Purse:
    """What is left of each budget; `zone` is whose months they are of."""

    def __init__(self, limits: Budgets, rates: RateCards, zone: str) -> None:
        self._limits = limits
        self.rates = rates
        self.zone = zone

    async def spendings(self, uow: UnitOfWork, accounts: Iterable[Account], now: datetime) -> list[Spending]:
        """How far the budgets of this month are used: that of all numbers together, then those of these accounts."""
        if not self._limits:
            return []
        month, currency = costs.month(now, self.zone), self.rates.at(now).currency
        found: list[Spending] = []
        if self._limits.together is not None:
            used = await uow.ledger.used(currency, month.since, month.until, None)
            found.append(Spending(None, None, month, self._limits.together, currency, *used))
        for account in accounts:
            limit = self._limits.of_numbers.get(account.phone_number_id)
            if limit is not None:
                used = await uow.ledger.used(currency, month.since, month.until, account.id)
                found.append(Spending(account.id, account.name, month, limit, currency, *used))
        return found

    async def beyond(
        self, uow: UnitOfWork, accounts: Mapping[int, Account], paid: Sequence[Paid], now: datetime
    ) -> list[OutboxItem]:
        """Commit the price of each that fits, or that an agent has approved beyond the budget; return the others."""
        priced = [(each.item, self._quote(each, now)) for each in paid] if self._limits else []
        costly = [(item, quote.amount, quote.currency) for item, quote in priced if quote.amount]
        if not costly:
            return []
        await uow.ledger.release({item.id for item, _, _ in costly})
        concerned = {item.account_id for item, _, _ in costly}
        left = await self.spendings(uow, [accounts[number] for number in sorted(concerned)], now)
        held: list[OutboxItem] = []
        promised: list[Commitment] = []
        for item, amount, currency in costly:
            mine = [each for each in left if each.account_id in (None, item.account_id) and each.currency == currency]
            if not budgets.fits(mine, amount) and not await _approved(uow, item):
                held.append(item)
                continue
            promised.append(Commitment(item.id, item.account_id, amount, currency, now))
            left = [replace(each, ahead=each.ahead + amount) if each in mine else each for each in left]
        await uow.ledger.commit(promised)
        if held:
            stopping = {item.account_id for item in held}
            await tell(
                uow, [each for each in left if each.account_id in {None, *stopping} and budgets.level(each)], now
            )
        return held

    def _quote(self, paid: Paid, now: datetime) -> Quote:
        return pricing.quote(self.rates, paid.contact, paid.conversation, paid.category, now)


BOTTOMLESS = Purse(Budgets(), RateCards(()), "UTC")
"""No budget at all."""


async def tell(uow: UnitOfWork, used: Collection[Spending], now: datetime) -> int:
    """Raise an alert for the level that each has reached, once a month; return how many are new."""
    alarms = {each.key: each for each in map(_alarm, used)}
    known = await uow.alerts.raised_at(alarms.keys())
    fresh = [alarm for key, alarm in alarms.items() if key not in known]
    await effects.raise_alerts(uow, fresh, now)
    return len(fresh)


def _alarm(used: Spending) -> effects.Alarm:
    level = budgets.level(used) or 0
    params = {
        "account": used.name,
        "account_id": used.account_id,
        "percent": level,
        "used": str(used.used),
        "most": str(used.limit),
        "currency": used.currency,
    }
    key = f"budget:{used.account_id or 'all'}:{used.month.first:%Y-%m}:{level}"
    severity = Severity.CRITICAL if level == max(budgets.LEVELS) else Severity.WARNING
    return effects.Alarm(AlertKind.BUDGET, severity, key, params, account_id=used.account_id, admins_only=True)


async def _approved(uow: UnitOfWork, item: OutboxItem) -> bool:
    """Has an agent let this leave knowing that it goes beyond a budget?"""
    card = await uow.pending.get(item.pending_id) if item.pending_id is not None else None
    return card is not None and card.reason is PendingReason.BUDGET
