"""The portfolio's places: messages outside an open window take one before they leave, or wait until one is free.

Only such messages come here, so nothing else pays for it. How many wait is remembered to spread their next tries over the places that come
free; a restart forgets it, and then some are only tried too early once.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from crm import effects
from crm.model.accounts import Account
from crm.model.alerts import AlertKind, Severity
from crm.model.limits import Portfolio, Reach
from crm.model.outbox import OutboxItem
from crm.model.records import replace
from crm.policy import reach
from crm.ports import UnitOfWork

WAITS = "portfolio-limit"
MOST_PLACES = 1_000
"""So many places are looked at to say when somebody's turn comes; who is further back is tried with them again."""
MOST_COUNTED = 10_000


class Places:
    """Who of a claim may be reached now."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()

    async def take(
        self, uow: UnitOfWork, accounts: Mapping[int, Account], items: Sequence[OutboxItem], now: datetime
    ) -> dict[int, datetime]:
        """Take a place for each; return those for whom there is none, by item, and when to try them again."""
        lines: defaultdict[str, list[OutboxItem]] = defaultdict(list)
        for item in items:
            lines[accounts[item.account_id].portfolio].append(item)
        known = await uow.reach.portfolios(lines.keys())
        late: dict[int, datetime] = {}
        for portfolio, line in lines.items():
            self._waiting[portfolio] = max(0, self._waiting[portfolio] - sum(item.error == WAITS for item in line))
            beyond = await self._beyond(uow, known.get(portfolio), line, now)
            going = [item for item in line if item.contact_id not in beyond]
            await uow.reach.count(
                list({i.contact_id: Reach(portfolio, i.contact_id, now, i.id) for i in going}.values())
            )
            if beyond:
                held = [item for item in line if item.contact_id in beyond]
                late |= await self._put_off(uow, known[portfolio], held, accounts, now)
        return late

    async def _beyond(
        self, uow: UnitOfWork, portfolio: Portfolio | None, line: Sequence[OutboxItem], now: datetime
    ) -> set[int]:
        """The contacts for whom there is no place, in the order of the line."""
        if portfolio is None or portfolio.most is None:
            return set()
        since = now - reach.ROLLING
        people = list(dict.fromkeys(item.contact_id for item in line))
        counted = await uow.reach.reached(portfolio.id, people, since)
        room = portfolio.most - await uow.reach.used(portfolio.id, since, portfolio.most)
        return set([person for person in people if person not in counted][max(0, room) :])

    async def _put_off(
        self,
        uow: UnitOfWork,
        portfolio: Portfolio,
        held: Sequence[OutboxItem],
        accounts: Mapping[int, Account],
        now: datetime,
    ) -> dict[int, datetime]:
        before = self._waiting[portfolio.id]
        self._waiting[portfolio.id] += len(held)
        taken = await uow.reach.freed(portfolio.id, now - reach.ROLLING, 0, min(before + len(held), MOST_PLACES))
        late = {item.id: reach.waits_until(taken, before + n, now) for n, item in enumerate(held)}
        if portfolio.told_at is None or now - portfolio.told_at >= reach.TOLD_EVERY:
            queued = await uow.outbox.templates_queued(
                [account.id for account in accounts.values() if account.portfolio == portfolio.id], MOST_COUNTED
            )
            account = accounts[held[0].account_id]
            alarm = _told(portfolio, account, max(before, queued) + len(held), min(late.values()))
            await effects.raise_alerts(uow, [alarm], now)
            await uow.reach.save_portfolio(replace(portfolio, told_at=now))
        return late


def _told(portfolio: Portfolio, account: Account, waiting: int, until: datetime) -> effects.Alarm:
    kind = AlertKind.PORTFOLIO_LIMIT
    params = {
        "account": account.name,
        "account_id": account.id,
        "most": portfolio.most,
        "waiting": waiting,
        "until": until.isoformat(),
    }
    return effects.Alarm(kind, Severity.WARNING, f"{kind.value}:{portfolio.id}", params, account_id=account.id)
