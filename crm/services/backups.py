"""Backups: made every day and by hand, proven at once, forgotten after a while, and watched.

One that could not be made or proven is told to admins, and so is that the last good one grows old. To put one in place is the operator's
business alone (`centralita backup restore`), while nobody serves the database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm import effects
from crm.clock import Clock
from crm.errors import CrmError, NotFound, Refused
from crm.model.agents import Agent
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.backups import Backup, Held, Scope
from crm.model.records import replace
from crm.policy import backups as policy
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import BackupDesk, Store

log = structlog.get_logger(__name__)

FAILED, OLD = AlertKind.BACKUP_FAILED.value, AlertKind.BACKUP_OLD.value
"""The keys of the two alerts: each is raised once, and ends with the next good backup."""


@dataclass(frozen=True, slots=True)
class BackupRules:
    """`daily` is what is copied every day, None for nothing."""

    daily: Scope | None = Scope.EVERYTHING
    keep: timedelta = timedelta(days=30)
    old_after: timedelta = timedelta(hours=48)


class BackupService:
    def __init__(self, store: Store, desk: BackupDesk, clock: Clock, rules: BackupRules) -> None:
        self._store, self._desk, self._clock, self._rules = store, desk, clock, rules

    async def daily(self) -> dict[str, int]:
        """Make and prove the day's backup, then forget the old ones. A failure is told, and not raised."""
        if self._rules.daily is None:
            return {}
        try:
            made = await self._made("daily", self._rules.daily)
            gone = await self._forget_old()
        except CrmError as trouble:
            await self._tell_failed(trouble)
            return {"failed": 1}
        return {"rows": sum(made.rows.values()), "bytes": made.size, "forgotten": gone}

    async def watch(self) -> dict[str, int]:
        """Tell admins when the last good backup is too old."""
        if self._rules.daily is None:
            return {}
        known = await self._desk.all()
        now = self._clock.now()
        async with self._store.begin() as uow:
            began_at = min((account.created_at for account in await uow.accounts.all()), default=None)
            age = policy.too_old(known, began_at, self._rules.old_after, now)
            if age is not None:
                params = {"hours": int(age / timedelta(hours=1))}
                alarm = effects.Alarm(AlertKind.BACKUP_OLD, Severity.CRITICAL, OLD, params, admins_only=True)
                await effects.raise_alerts(uow, [alarm], now)
        return {"old": int(age is not None)}

    async def create(self, by: Agent | None, scope: Scope = Scope.EVERYTHING) -> Backup:
        """Make a backup now, and prove it. `by` None is the machine's own operator."""
        actor = _actor(by)
        made = await self._made("manual", scope)
        await self._record(actor, "backup.made", made)
        return made

    async def point(self, before: str) -> Backup | None:
        """A restore point of the configuration before something big, in one word what. That it failed is told and holds nobody up."""
        try:
            return await self._desk.make(f"before-{before}", Scope.CONFIGURATION, self._clock.now())
        except CrmError as trouble:
            await self._tell_failed(trouble)
            return None

    async def all(self, by: Agent | None) -> list[Backup]:
        """Every backup, the newest first."""
        _actor(by)
        return await self._desk.all()

    async def verify(self, by: Agent | None, name: str) -> Backup:
        """Prove a backup once more: restore it into a scratch database and compare."""
        actor = _actor(by)
        proven = await self._desk.prove(name, self._clock.now())
        await self._record(actor, "backup.proven", proven)
        return proven

    async def restore(self, name: str, *, over: bool) -> Held:
        """Put a backup in place, into an empty database or `over` what there is, of which a copy is kept first."""
        if name not in {each.name for each in await self._desk.all()}:
            raise NotFound("backup-not-found", backup=name)
        if not over and (table := await self._desk.filled()) is not None:
            raise Refused("restore-not-empty", table=table)
        if over:
            await self._desk.make("before-restore", Scope.EVERYTHING, self._clock.now())
        return await self._desk.restore(name, self._clock.now())

    async def _made(self, reason: str, scope: Scope) -> Backup:
        made = await self._desk.make(reason, scope, self._clock.now())
        proven = await self._desk.prove(made.name, self._clock.now())
        now = self._clock.now()
        async with self._store.begin() as uow:
            open_ones = await uow.alerts.open_by_key([FAILED, OLD])
            await uow.alerts.save(changed=[replace(alert, acknowledged_at=now) for alert in open_ones.values()])
        return proven

    async def _forget_old(self) -> int:
        now = self._clock.now()
        gone = policy.outdated(await self._desk.all(), self._rules.keep, now)
        for each in gone:
            await self._desk.delete(each.name)
        return len(gone) + await self._desk.sweep(now)

    async def _tell_failed(self, trouble: CrmError) -> None:
        log.warning("backup_failed", problem=str(trouble))
        now: datetime = self._clock.now()
        alarm = effects.Alarm(
            AlertKind.BACKUP_FAILED, Severity.CRITICAL, FAILED, {"problem": trouble.code}, admins_only=True
        )
        async with self._store.begin() as uow:
            await effects.raise_alerts(uow, [alarm], now)

    async def _record(self, actor: str, action: str, backup: Backup) -> None:
        async with self._store.begin() as uow:
            await uow.audit.add([AuditEntry(self._clock.now(), actor, action, "backups", after={"name": backup.name})])


def _actor(by: Agent | None) -> str:
    if by is None:
        return "cli"
    permissions.require(by, Capability.BACKUPS)
    return f"agent:{by.id}"
