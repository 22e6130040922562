"""The operator's console of a program: what `centralita` does on a command line, done in the process that serves.

Both hosts act through it: one by calling it, the other through the door of the child.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot import sequence_files
from bot.app import Program
from bot.telegram.errors import said
from bot.texts import Texts
from crm.errors import CrmError, NotFound, Unavailable
from crm.jobs import all_jobs, run_job
from crm.model.agents import Role
from crm.model.contacts import Person
from crm.model.sequences import SequenceState
from crm.services.accounts import NewAccount
from sandbox.hosting.host import Turn

ACTOR = "cli"
OFTEN = frozenset({"reconcile", "holds", "template_news", "audit", "budgets"})
"""Jobs of every few minutes, which are only run when they would find something: else a week is ten thousand idle runs. That of the
sequences is skipped too while no step is due, but for once a day: it also ends walks whose sequence is gone."""
UNPROVEN = frozenset({"sending", "unknown"})
AN_INSTANT = timedelta(microseconds=1)


class Console:
    """Commands on a program that is open."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._jobs = all_jobs(program.engine)

    async def drain(self, jobs: Mapping[str, datetime]) -> Turn:
        """Run these jobs for their fire times, then work until nothing is due now; without a database, nothing is done."""
        try:
            for name, fire_at in jobs.items():
                await self.run_job(name, fire_at)
            return Turn(await self._program.drain(), await self._fires())
        except Unavailable:
            now = self._program.clock.now()
            return Turn(None, {name: self._fire(name, now) for name in self._jobs.keys() - OFTEN})

    async def _fires(self) -> dict[str, datetime]:
        """When each job that may find something fires next."""
        now = self._program.clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._program.database.read() as uow:
            sends = await uow.outbox.counts()
            held = any(account.held_until for account in await uow.accounts.all())
            active = [plan.id for plan in await uow.sequences.all() if plan.state is SequenceState.ACTIVE]
            stale = await uow.templates.stale_accounts(now)
            step_at = await uow.enrollments.next_due_at(active) if active else None
        idle = {
            "reconcile": not sends.keys() & UNPROVEN,
            "holds": not held,
            "template_news": not stale,
            "budgets": not self._program.settings.costs.budgets,
            "audit": True,  # whoever looks on never sees a seal
        }
        begins = {"sequences": max(now, min(step_at or midnight, midnight) - AN_INSTANT)}
        return {name: self._fire(name, begins.get(name, now)) for name in self._jobs if not idle.get(name)}

    def _fire(self, name: str, after: datetime) -> datetime:
        return self._program.schedule.next_fire(name, after)

    async def status(self) -> Mapping[str, Any]:
        return (await self._program.engine.reports.status(None)).as_json()

    async def run_job(self, name: str, fire_at: datetime) -> None:
        await run_job(self._program.database, self._program.clock, self._jobs[name], fire_at)

    async def add_account(self, new: NewAccount, token: str) -> None:
        await self._program.engine.accounts.add(new, token)

    async def set_token(self, phone_number_id: str, token: str) -> None:
        await self._program.engine.accounts.set_token(await self._account(phone_number_id), token, ACTOR)

    async def invite(self, role: Role) -> str:
        return await self._program.engine.agents.invite(role)

    async def import_sequence(self, text: str, fmt: str) -> list[str]:
        plans = sequence_files.parse(text.encode(), json_format=fmt == "json")
        return [plan.key for plan in await self._program.engine.sequences.publish(ACTOR, plans)]

    async def enroll(self, sequence: str, who: str, phone_number_id: str) -> None:
        person = Person(None, who) if "." in who else Person(who, None)
        account = await self._account(phone_number_id)
        await self._program.engine.sequences.enroll_by_name(ACTOR, sequence, person, account)

    def sentence(self, error: CrmError) -> str:
        """Return what agents read for it, if there is such a text, else its facts."""
        say = Texts().say("en", "UTC", self._program.clock.now())
        return said(error, say) if say.knows(f"error-{error.code}") else str(error)

    async def _account(self, phone_number_id: str) -> int:
        known = {each.phone_number_id: each.id for each in await self._program.engine.accounts.all()}
        if phone_number_id not in known:
            raise NotFound("account-not-found", phone_number_id=phone_number_id)
        return known[phone_number_id]
