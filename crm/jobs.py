"""The scheduled work, each job with its usual hours. A run is recorded by job and fire time, so that a cluster runs it once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from crm import effects
from crm.clock import Clock
from crm.engine import Engine
from crm.model.alerts import AlertKind, Severity
from crm.model.jobs import Report
from crm.ports import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`cron` is the default schedule, five fields in UTC."""

    name: str
    cron: str
    run: Callable[[], Awaitable[dict[str, int]]]


def all_jobs(engine: Engine) -> dict[str, Job]:
    """Every job by name."""
    jobs = (
        Job("sequences", "0 * * * *", engine.sequences.process_due),
        Job("blocks", "15 */6 * * *", engine.blocks.detect),
        Job("tokens", "30 5 * * *", engine.tokens.watch),
        Job("templates", "45 */6 * * *", engine.templates.refresh),
        Job("template_news", "*/5 * * * *", engine.templates.refresh_stale),
        Job("reconcile", "* * * * *", engine.outbox.reconcile),
        Job("holds", "*/5 * * * *", engine.housekeeping.release_holds),
        Job("prune", "20 4 * * *", engine.housekeeping.prune),
        Job("audit", "*/15 * * * *", engine.audit.seal),
        Job("budgets", "*/10 * * * *", engine.costs.watch),
        Job("media", "35 4 * * *", engine.media.forget_old),
        Job("backups", "10 6 * * *", engine.backups.daily),
        Job("backup_age", "50 */6 * * *", engine.backups.watch),
    )
    return {job.name: job for job in jobs}


async def run_job(store: Store, clock: Clock, job: Job, fire_at: datetime) -> Report | None:
    """Run a job for one fire time; None when it was run for it already. A failure is recorded, told, and not raised."""
    now = clock.now()
    async with store.begin() as uow:
        if not await uow.jobs.start(job.name, fire_at, now):
            return None
    try:
        report = Report(await job.run())
        outcome = str(report)
    except Exception as error:
        log.exception("job_failed", job=job.name)
        report, outcome = Report({"failed": 1}), f"failed: {type(error).__name__}"
        params = {"job": job.name, "error": type(error).__name__}
        alarm = effects.Alarm(
            AlertKind.JOB_FAILED, Severity.CRITICAL, f"job_failed:{job.name}", params, admins_only=True
        )
        async with store.begin() as uow:
            await effects.raise_alerts(uow, [alarm], clock.now())
    async with store.begin() as uow:
        await uow.jobs.finish(job.name, fire_at, clock.now(), outcome)
    log.info("job_done", job=job.name, outcome=outcome)
    return report
