"""The state of the whole switchboard in numbers: for `/estado`, `centralita status` and the metrics page."""

from crm.clock import Clock
from crm.model.agents import Agent
from crm.model.answers import AccountStatus, Status
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.policy.windows import SERVICE_WINDOW
from crm.ports import Store


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
            jobs: dict[str, str] = {}
            for name in self._job_names:
                run = await uow.jobs.last(name)
                if run is not None:
                    jobs[name] = f"{run.fire_at.isoformat()} {run.outcome or 'running'}"
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
                accounts=tuple([AccountStatus(a, await uow.outbox.counts(a.id)) for a in accounts]),
                jobs=jobs,
                at=now,
            )
