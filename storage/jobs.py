"""Which scheduled work ran: the pair of job and fire time is unique, so a cluster runs each once."""

from datetime import datetime

import sqlalchemy as sa

from crm.model.jobs import DIED, JobRun
from storage.statements import Statement, number, text
from storage.tables import job_runs
from storage.transaction import Transaction
from storage.types import micros, moment, moment_or_none
from storage.upserts import keep_first

_START = keep_first(job_runs)
_FINISH = Statement(
    sa.update(job_runs)
    .where(job_runs.c.job == text("of_job"), job_runs.c.fire_at == number("fired_at"))
    .values(finished_at=number("now"), outcome=text("ended"))
)
_BURY = Statement(
    sa.update(job_runs)
    .where(job_runs.c.finished_at.is_(None))
    .values(finished_at=number("now"), outcome=sa.literal_column(f"'{DIED}'"))
)
_LAST = Statement(
    sa.select(job_runs).where(job_runs.c.job == text("of_job")).order_by(job_runs.c.fire_at.desc()).limit(1)
)
_later = job_runs.alias("later")
_PRUNE = Statement(
    sa.delete(job_runs).where(
        job_runs.c.fire_at < number("before"),
        sa.exists().where(_later.c.job == job_runs.c.job, _later.c.fire_at > job_runs.c.fire_at),
    )
)


class Jobs:
    """Who starts a run first has it."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def start(self, job: str, fire_at: datetime, now: datetime) -> bool:
        return await self._tx.run_row(_START, (job, micros(fire_at), micros(now), None, None)) == 1

    async def finish(self, job: str, fire_at: datetime, now: datetime, outcome: str) -> None:
        await self._tx.run(_FINISH, of_job=job, fired_at=micros(fire_at), now=micros(now), ended=outcome)

    async def last(self, job: str) -> JobRun | None:
        row = await self._tx.first(_LAST, of_job=job)
        if row is None:
            return None
        return JobRun(row[0], moment(row[1]), moment(row[2]), moment_or_none(row[3]), row[4])

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))

    async def bury(self, now: datetime) -> int:
        return await self._tx.run(_BURY, now=micros(now))
