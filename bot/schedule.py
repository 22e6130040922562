"""The clockwork: APScheduler fires the jobs at their cron times, and what was missed while nobody ran is caught up once."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from crm.clock import Clock
from crm.errors import Misconfigured
from crm.jobs import Job, run_job
from crm.model.jobs import DIED
from crm.ports import Store

LOOK_BACK = tuple(timedelta(minutes=minutes) for minutes in (2, 120, 2 * 1440, 62 * 1440, 400 * 1440))


def triggers(jobs: Mapping[str, Job], crons: Mapping[str, str]) -> dict[str, CronTrigger]:
    """Each job's trigger, in UTC. Raises Misconfigured naming the setting."""
    found: dict[str, CronTrigger] = {}
    for name in jobs:
        try:
            found[name] = CronTrigger.from_crontab(crons[name], timezone=UTC)
        except ValueError as error:
            raise Misconfigured(f"jobs.{name}", str(error)) from None
    return found


def latest_fire(trigger: CronTrigger, after: datetime, now: datetime) -> datetime | None:
    """The last fire time after `after` and not after `now`; None when there was none.

    A run is recorded under it, so that the earlier missed ones are not caught up by the next start. It is looked for from near to far,
    because a job of every minute has missed thousands after a month.
    """
    for back in LOOK_BACK:
        start = max(after + timedelta(microseconds=1), now - back)
        due: datetime | None = trigger.get_next_fire_time(None, start)
        latest: datetime | None = None
        while due is not None and due <= now:
            latest, due = due, trigger.get_next_fire_time(None, due + timedelta(microseconds=1))
        if latest is not None or start > now - back:
            return latest
    return None


class Schedule:
    """Runs jobs over a store. One run per job and fire time in the whole cluster."""

    def __init__(self, store: Store, clock: Clock, jobs: Mapping[str, Job], crons: Mapping[str, str]) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs
        self._triggers = triggers(jobs, crons)
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def start(self) -> None:
        """Catch up, then keep firing."""
        await self.catch_up()
        for name, trigger in self._triggers.items():
            self._scheduler.add_job(
                self._fire(name), trigger, id=name, coalesce=True, max_instances=1, misfire_grace_time=None
            )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def catch_up(self) -> list[str]:
        """Run, once each, the jobs whose fire time passed since their last run, or whose last run died; return their names."""
        now, missed = self._clock.now(), []
        for name, trigger in self._triggers.items():
            async with self._store.read() as uow:
                last = await uow.jobs.last(name)
            if last is None:
                continue
            due = now if last.outcome == DIED else latest_fire(trigger, last.fire_at, now)
            if due is not None and await run_job(self._store, self._clock, self._jobs[name], due):
                missed.append(name)
        return missed

    def next_fire(self, name: str, after: datetime) -> datetime:
        """When a job fires next, strictly after a moment."""
        due: datetime | None = self._triggers[name].get_next_fire_time(None, after + timedelta(microseconds=1))
        if due is None:
            raise Misconfigured(f"jobs.{name}", "never fires")
        return due

    def _fire(self, name: str) -> Callable[[], Awaitable[None]]:
        async def fire() -> None:
            fire_at = self._clock.now().replace(second=0, microsecond=0)
            await run_job(self._store, self._clock, self._jobs[name], fire_at)

        return fire
