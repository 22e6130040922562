"""Scheduled work: once per fire time in the whole cluster, caught up once after downtime, and a failure that is told."""

from datetime import timedelta

import pytest

from bot.config import Jobs
from bot.schedule import Schedule, triggers
from crm.errors import Misconfigured
from crm.jobs import Job, all_jobs, run_job
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


class Counting:
    """A job that counts its runs."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs, self._error = 0, error
        self.job = Job("sequences", "0 * * * *", self._run)

    async def _run(self) -> dict[str, int]:
        self.runs += 1
        if self._error is not None:
            raise self._error
        return {"done": 1}


async def test_one_fire_time_is_run_once_whoever_comes_second(desk: Desk) -> None:
    counting = Counting()
    first = await run_job(desk.database, desk.clock, counting.job, NOON)
    second = await run_job(desk.database, desk.clock, counting.job, NOON)
    await run_job(desk.database, desk.clock, counting.job, NOON + timedelta(hours=1))
    assert (str(first), second, counting.runs) == ("done=1", None, 2)


async def test_what_was_missed_in_downtime_is_caught_up_once(desk: Desk) -> None:
    counting = Counting()
    schedule = Schedule(desk.database, desk.clock, {"sequences": counting.job}, {"sequences": "0 * * * *"})
    assert await schedule.catch_up() == []
    await run_job(desk.database, desk.clock, counting.job, NOON)
    desk.clock.advance(hours=9, minutes=10)
    assert await schedule.catch_up() == ["sequences"]
    assert counting.runs == 2
    assert await schedule.catch_up() == []
    assert counting.runs == 2


async def test_a_job_that_fails_is_recorded_and_told_to_admins_and_others_go_on(desk: Desk) -> None:
    counting = Counting(ValueError("secret detail"))
    await run_job(desk.database, desk.clock, counting.job, NOON)
    alert = (await desk.engine.alerts.page(desk.admin)).alerts[0]
    async with desk.database.read() as uow:
        last = await uow.jobs.last("sequences")
    assert (alert.kind.value, alert.params["job"], alert.params["error"]) == ("job_failed", "sequences", "ValueError")
    assert last is not None
    assert last.outcome == "failed: ValueError"


async def test_every_job_has_its_cron_in_the_settings_and_a_wrong_one_is_named(desk: Desk) -> None:
    jobs, crons = all_jobs(desk.engine), Jobs().model_dump()
    assert {name: job.cron for name, job in jobs.items()} == crons
    with pytest.raises(Misconfigured, match=r"jobs\.blocks"):
        triggers(jobs, {**crons, "blocks": "whenever"})
