"""The state of the whole switchboard in numbers: all of them for `centralita status` and the metrics page, the few that a screen
shows for `/menu` and `/estado`, which people open all day."""

from collections.abc import Sequence
from datetime import datetime

from crm.clock import Clock
from crm.model.accounts import Account
from crm.model.agents import Agent
from crm.model.answers import MOST_COUNTED, AccountStatus, Status
from crm.model.imports import Haul, Imported
from crm.model.paces import PlacesNow
from crm.policy import imports, pacing, permissions, usage
from crm.policy.media import ID_LIVES
from crm.policy.permissions import Capability
from crm.policy.reach import ROLLING
from crm.policy.windows import SERVICE_WINDOW
from crm.ports import Store, UnitOfWork

EVERYBODY = 2**31 - 1
"""Counted to the end."""
MOST_KINDS = 20
"""New kinds of webhook that are told apart."""


class ReportService:
    def __init__(self, store: Store, clock: Clock, job_names: tuple[str, ...] = ()) -> None:
        self._store = store
        self._clock = clock
        self._job_names = job_names

    async def status(self, by: Agent | None) -> Status:
        """Counts only. `by` None is the machine's own operator (command line, metrics)."""
        if by is not None:
            permissions.require(by, Capability.READ)
        now = self._clock.now()
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            imported = await _imported(uow, accounts, whole=True)
            places = await _places(uow, accounts, now, EVERYBODY)
            return Status(
                webhooks={state.value: count for state, count in (await uow.webhooks.counts()).items()},
                elements=await uow.webhooks.element_counts(),
                messages=await uow.overview.messages_by_kind_and_status(),
                outbox=await uow.outbox.counts(),
                pending=await uow.pending.count_open(by),
                contacts=await uow.overview.contacts(),
                open_windows=await uow.overview.conversations_with_open_window(now - SERVICE_WINDOW),
                blocks=await uow.overview.blocks(),
                alerts=await uow.alerts.count_open(),
                accounts=tuple(
                    [
                        AccountStatus(
                            a,
                            await uow.outbox.counts(a.id),
                            imported.get(a.id),
                            pacing.seen(a, now, usage.share(a.limits, now)),
                            places[a.portfolio],
                        )
                        for a in accounts
                    ]
                ),
                files=await uow.media.counts(now - ID_LIVES, EVERYBODY),
                jobs=await self._jobs(uow),
                at=now,
                new_kinds=tuple(await uow.webhooks.new_kinds(MOST_KINDS)),
            )

    async def glance(self, by: Agent) -> Status:
        """What a screen shows, at a cost that does not grow with what there is."""
        permissions.require(by, Capability.READ)
        now, most = self._clock.now(), MOST_COUNTED + 1
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            imported = await _imported(uow, accounts, whole=False)
            places = await _places(uow, accounts, now, most)
            seen = await uow.overview.glance(now - SERVICE_WINDOW, most)
            queued = await uow.overview.queued([account.id for account in accounts], most)
            return Status(
                webhooks={"new": seen["waiting"], "dead": seen["dead"]},
                elements={},
                messages={},
                outbox={"queued": min(sum(queued.values()), most), "unknown": seen["unknown"]},
                pending=await uow.pending.count_open(by, most),
                contacts=seen["contacts"],
                open_windows=seen["window"],
                blocks={"probable": seen["probable"], "confirmed": seen["confirmed"]},
                alerts=await uow.alerts.count_open(),
                accounts=tuple(
                    AccountStatus(
                        a,
                        {"queued": queued.get(a.id, 0)},
                        imported.get(a.id),
                        pacing.seen(a, now, usage.share(a.limits, now)),
                        places[a.portfolio],
                    )
                    for a in accounts
                ),
                files=await uow.media.counts(now - ID_LIVES, most),
                jobs=await self._jobs(uow),
                at=now,
                new_kinds=tuple(await uow.webhooks.new_kinds(MOST_KINDS)),
            )

    async def _jobs(self, uow: UnitOfWork) -> dict[str, str]:
        jobs: dict[str, str] = {}
        for name in self._job_names:
            run = await uow.jobs.last(name)
            if run is not None:
                jobs[name] = f"{run.fire_at.isoformat()} {run.outcome or 'running'}"
        return jobs


async def _places(uow: UnitOfWork, accounts: Sequence[Account], now: datetime, most: int) -> dict[str, PlacesNow]:
    """How much of its day each portfolio has used, counted up to `most`."""
    ids = sorted({account.portfolio for account in accounts})
    known = await uow.reach.portfolios(ids)
    return {
        each: PlacesNow(
            each,
            await uow.reach.used(each, now - ROLLING, most),
            known[each].most if each in known else None,
            known=each in known,
        )
        for each in ids
    }


async def _imported(uow: UnitOfWork, accounts: Sequence[Account], *, whole: bool) -> dict[int, Imported]:
    """The imports of numbers that are in a phone's app too, by account; the counts of what came only as a whole."""
    found: dict[int, Imported] = {}
    paired = {account.id: account for account in accounts if account.coexistence}
    for number, known in (await uow.imports.of(paired)).items():
        waiting = await uow.imports.waiting(number)
        haul = await uow.imports.haul(number) if whole else Haul(0, 0, waiting, 0, 0)
        found[number] = Imported(number, paired[number].name, imports.state(known, waiting), known, haul)
    return found
