"""What the ledger says to people: what a period cost, by whatever they ask."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from crm import purse
from crm.clock import Clock
from crm.model.accounts import Account
from crm.model.agents import Agent
from crm.model.answers import CostForecast, Costs
from crm.model.costs import Category, Part, Period, Total
from crm.model.messages import TemplateRef
from crm.model.outbox import OutboxItem
from crm.model.records import replace
from crm.model.sequences import DueEnrollment, SequenceState
from crm.model.templates import Template
from crm.plans import Plans
from crm.policy import budgets, costs, forecast, permissions, planner, pricing
from crm.policy.forecast import Expected, Kind
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork
from crm.purse import Purse


class CostService:
    def __init__(self, store: Store, clock: Clock, purse: Purse, plans: Plans) -> None:
        self._store = store
        self._clock = clock
        self._purse, self._plans = purse, plans
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

    async def forecast(self, by: Agent | None, days: int, most: int) -> CostForecast:
        """What queued templates and the steps of running walks of the next days would cost; looks at `most` of each sequence's."""
        if by is not None:
            permissions.require(by, Capability.READ)
        now = self._clock.now()
        until = now + timedelta(days=days)
        async with self._store.read() as uow:
            accounts = {account.id: account for account in await uow.accounts.all()}
            templates = {
                (waba, each.name, each.language): each
                for waba in {account.waba_id for account in accounts.values()}
                for each in await uow.templates.of(waba)
            }
            queued = await uow.outbox.queued_templates(accounts.keys(), until, most)
            expected = await self._queued(uow, accounts, templates, queued, now)
            more = len(queued) >= most
            for plan in (await self._plans.all(uow, now)).values():
                walks = (
                    await uow.enrollments.claim_due(plan.id, until, most) if plan.state is SequenceState.ACTIVE else []
                )
                more = more or len(walks) >= most
                for due in walks:
                    account = accounts.get(due.enrollment.account_id)
                    if account is not None:
                        expected += await self._steps(uow, due, account, templates, now, until)
        return CostForecast(until, tuple(forecast.totals(expected, self._purse.rates.at(now).currency)), more)

    async def _queued(
        self,
        uow: UnitOfWork,
        accounts: Mapping[int, Account],
        templates: Mapping[tuple[str, str, str], Template],
        items: Sequence[OutboxItem],
        now: datetime,
    ) -> list[Expected]:
        contacts = await uow.contacts.load({item.contact_id for item in items})
        talks = await uow.conversations.load({item.conversation_id for item in items})
        found: list[Expected] = []
        for item in items:
            category = _category(templates, accounts[item.account_id])(item.template, now) if item.template else None
            contact, talk = contacts[item.contact_id], talks[item.conversation_id]
            quote = pricing.quote(self._purse.rates, contact, talk, category, now) if category else None
            found.append(Expected(Kind.QUEUED, quote))
        return found

    async def _steps(
        self,
        uow: UnitOfWork,
        due: DueEnrollment,
        account: Account,
        templates: Mapping[tuple[str, str, str], Template],
        now: datetime,
        until: datetime,
    ) -> list[Expected]:
        plan = (await self._plans.all(uow, now)).of(due.enrollment)
        if plan is None:
            return []
        subject = planner.Subject(due.contact, due.conversation, account, self._zone)
        categories = _category(templates, account)
        return list(forecast.of_walk(due.enrollment, plan, subject, self._purse.rates, categories, now, until))

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


def _category(templates: Mapping[tuple[str, str, str], Template], account: Account) -> forecast.Categories:
    """What each of an account's templates will be priced as; None for those that nobody knows."""

    def priced_as(wanted: TemplateRef, at: datetime) -> Category | None:
        template = templates.get((account.waba_id, wanted.name, wanted.language))
        return template.priced_as(at) if template is not None else None

    return priced_as


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
