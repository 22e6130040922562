"""Scheduled work."""

import typer

from bot.app import Program
from bot.cli.shared import Config, in_program
from crm.errors import Misconfigured, Refused
from crm.jobs import all_jobs, run_job

jobs = typer.Typer(no_args_is_help=True, help="Scheduled work.")


@jobs.command("run")
def jobs_run(job: str, config: Config = None) -> None:
    """Run a job now."""

    async def work(program: Program) -> str:
        known = all_jobs(program.engine)
        if job not in known:
            raise Misconfigured("job", f"must be one of {', '.join(known)}")
        report = await run_job(program.database, program.clock, known[job], program.clock.now())
        if report is None or "failed" in report.counts:
            raise Refused("job-failed", job=job)
        return str(report)

    print(in_program(config, work))
