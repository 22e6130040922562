"""The open alerts, and taking note of one."""

from crm.clock import Clock
from crm.errors import NotFound
from crm.model.agents import Agent
from crm.model.alerts import Alert
from crm.model.answers import AlertPage
from crm.model.audit import AuditEntry
from crm.model.records import replace
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import Store


class AlertService:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(self, by: Agent, after: int | None = None, limit: int = 8) -> AlertPage:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            alerts = await uow.alerts.page(by, after, limit + 1)
        shown = alerts[:limit]
        return AlertPage(tuple(shown), shown[-1].id if len(alerts) > limit else None)

    async def acknowledge(self, by: Agent, alert_id: int) -> Alert:
        """Note that somebody has seen to it; the same trouble raises a new alert from now on."""
        permissions.require(by, Capability.ALERTS)
        now = self._clock.now()
        async with self._store.begin() as uow:
            alert = await uow.alerts.get(alert_id)
            if alert is None or alert.id not in {a.id for a in await uow.alerts.page(by, alert_id + 1, 1)}:
                if alert is not None and alert.acknowledged_at is not None:
                    return alert
                raise NotFound("alert-not-found")
            seen = replace(alert, acknowledged_at=now, acknowledged_by=by.id)
            await uow.alerts.save(changed=[seen])
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "alert.acknowledged", f"alert:{alert.id}")])
            return seen
