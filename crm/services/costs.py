"""What the ledger says to people: what a period cost, by whatever they ask."""

from datetime import date

from crm import purse
from crm.clock import Clock
from crm.model.agents import Agent
from crm.model.answers import Costs
from crm.model.costs import Part, Period, Total
from crm.model.records import replace
from crm.policy import budgets, costs, permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork
from crm.purse import Purse


class CostService:
    def __init__(self, store: Store, clock: Clock, purse: Purse) -> None:
        self._store = store
        self._clock = clock
        self._purse = purse
        self._zone = purse.zone

    async def month(self, by: Agent | None, part: Part, account_id: int | None = None) -> Costs:
        """This month. `by` None is the machine's own operator."""
        return await self._look(by, costs.month(self._clock.now(), self._zone), part, account_id)

    async def lately(self, by: Agent | None, part: Part, count: int) -> Costs:
        """So many days, today the last of them."""
        return await self._look(by, costs.lately(self._clock.now(), self._zone, count), part, None)

    async def between(
        self, by: Agent | None, part: Part, first: date, last: date, account_id: int | None = None
    ) -> Costs:
        """These days, both whole."""
        return await self._look(by, costs.days(first, last, self._zone), part, account_id)

    async def _look(self, by: Agent | None, period: Period, part: Part, account_id: int | None) -> Costs:
        if by is not None:
            permissions.require(by, Capability.READ)
        before = costs.yesterday(self._clock.now(), self._zone)
        async with self._store.read() as uow:
            totals = await self._totals(uow, period, part, account_id)
            yesterday = await uow.ledger.totals(None, before.since, before.until, account_id)
            names = await _names(uow, part, totals)
            spendings = await self._purse.spendings(uow, await uow.accounts.all(), self._clock.now())
        return Costs(period, part, tuple(totals), costs.whole(totals), names, tuple(yesterday), tuple(spendings))

    async def watch(self) -> dict[str, int]:
        """Tell of each budget that is nearly used, and that is used, once a month."""
        now = self._clock.now()
        async with self._store.read() as uow:
            used = [
                each for each in await self._purse.spendings(uow, await uow.accounts.all(), now) if budgets.level(each)
            ]
        if not used:
            return {"told": 0}
        async with self._store.begin() as uow:
            return {"told": await purse.tell(uow, used, now)}

    async def _totals(self, uow: UnitOfWork, period: Period, part: Part, account_id: int | None) -> list[Total]:
        if part is not Part.DAY:
            return await uow.ledger.totals(part, period.since, period.until, account_id)
        found: list[Total] = []
        for day in costs.each_day(period, self._zone):
            spent = await uow.ledger.totals(None, day.since, day.until, account_id)
            found += [replace(each, key=day.first.isoformat()) for each in spent]
        return found


async def _names(uow: UnitOfWork, part: Part, totals: list[Total]) -> dict[str, str]:
    """What the accounts or the sequences are called that are named by their ids."""
    names: dict[str, str] = {}
    if part not in (Part.ACCOUNT, Part.SEQUENCE):
        return names
    for key in {each.key for each in totals if each.key is not None}:
        known = await (uow.accounts.get(int(key)) if part is Part.ACCOUNT else uow.sequences.get(int(key)))
        if known is not None:
            names[key] = known.name
    return names
