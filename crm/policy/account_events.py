"""What Meta's news about an account, a number or a template asks us to do (reference 1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.model.alerts import Severity

HOLDING = {
    "ACCOUNT_DELETED": "account_deleted",
    "ACCOUNT_OFFBOARDED": "offboarded",
    "PARTNER_REMOVED": "disconnected",
}
RESTRICTIONS = {"RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "RESTRICTED_BIZ_INITIATED_MESSAGING"}
RESUMING = {"ACCOUNT_RECONNECTED"}


@dataclass(frozen=True, slots=True)
class Effect:
    """`hold` names why nothing may leave; `resume` ends such a hold; `severity` None tells nobody."""

    hold: str | None = None
    resume: bool = False
    severity: Severity | None = Severity.INFO


def effect(kind: str, event: str, payload: Mapping[str, Any]) -> Effect:
    """Decide by the webhook's field and what it says."""
    if kind != "account_update":
        return Effect(severity=Severity.WARNING if kind in ("security", "account_alerts") else Severity.INFO)
    if event in HOLDING:
        return Effect(hold=HOLDING[event], severity=None)
    if event in RESUMING:
        return Effect(resume=True)
    if event == "DISABLED_UPDATE":
        ban = payload.get("ban_info")
        state = ban.get("waba_ban_state") if isinstance(ban, Mapping) else None
        if state == "REINSTATE":
            return Effect(resume=True)
        return Effect(hold="banned", severity=None) if state == "DISABLE" else Effect(severity=Severity.CRITICAL)
    if event == "ACCOUNT_RESTRICTION":
        listed = payload.get("restriction_info")
        kinds = (
            {r.get("restriction_type") for r in listed if isinstance(r, Mapping)} if isinstance(listed, list) else set()
        )
        return Effect(hold="restricted", severity=None) if kinds & RESTRICTIONS else Effect(severity=Severity.WARNING)
    return Effect(severity=Severity.WARNING)
