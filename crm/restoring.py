"""What is written down when a backup was put in place, in the restore's own transaction: the audit says which, and admins are told what
was held back and where to look."""

from collections.abc import Sequence
from datetime import datetime

from crm import effects
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.backups import Held
from crm.ports import UnitOfWork

ACTOR = "cli"


async def tell(
    uow: UnitOfWork, name: str, made_at: datetime, held: Held, stopped: Sequence[int], now: datetime
) -> None:
    """Record a restore."""
    counts = {
        "sends": held.sends,
        "cards": held.cards,
        "walks": held.walks,
        "webhooks": held.webhooks,
        "accounts": held.accounts,
    }
    why = f"restored from {name}"
    entries = [AuditEntry(now, ACTOR, "backup.restored", "backups", {"made_at": made_at.isoformat()}, counts, why)]
    entries += [
        AuditEntry(now, ACTOR, "account.state", f"account:{each}", None, {"state": "paused"}, why) for each in stopped
    ]
    await uow.audit.add(entries)
    params = {"made_at": made_at.isoformat(), **counts}
    alarm = effects.Alarm(AlertKind.RESTORED, Severity.CRITICAL, f"restored:{name}", params, admins_only=True)
    await effects.raise_alerts(uow, [alarm], now)
