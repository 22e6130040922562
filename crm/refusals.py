"""What a failed send means beyond the message itself, at the scope that Meta's error has.

The same judgment serves an error that the call answers and one that comes later as a `failed` status. The most important one is
131047, "more than 24 hours": when the message rested on one of the brief's assumptions, Meta has just refuted that assumption for this
account, so it is switched off, once, loudly; when it rested on the contact's own message, only this conversation's window closes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crm.effects import Alarm
from crm.errors import AccountSuspended, SendFailed
from crm.model.accounts import Account, AccountState
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.records import replace
from crm.model.windows import Basis
from crm.policy.windows import ASSUMED

WINDOW_CLOSED = 131047
MARKETING_STOPPED = 131050

Classify = Callable[[int | None, str | None], SendFailed]
"""Meta's error code and detail to a failure of ours; the WhatsApp border's table."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The facts after believing the failure. `to_pending`: an agent must choose what becomes of the message."""

    account: Account
    conversation: Conversation
    contact: Contact
    to_pending: bool = False
    alarms: tuple[Alarm, ...] = ()
    audit: tuple[AuditEntry, ...] = ()


def judge(
    failure: SendFailed,
    basis: Basis | None,
    account: Account,
    conversation: Conversation,
    contact: Contact,
    at: datetime,
    now: datetime,
) -> Verdict:
    """Believe a failure that Meta dated `at`."""
    verdict = Verdict(account, conversation, contact)
    if failure.meta_code == WINDOW_CLOSED:
        return _window_refused(verdict, basis, at, now)
    if failure.meta_code == MARKETING_STOPPED:
        newer = contact.marketing_consent_at is None or at > contact.marketing_consent_at
        stopped = replace(contact, marketing_opted_out=True, marketing_consent_at=at) if newer else contact
        return replace(verdict, contact=stopped)
    if isinstance(failure, AccountSuspended):
        held, alarms, audit = hold(account, failure.reason, now, detail=failure.detail)
        return replace(verdict, account=held, alarms=alarms, audit=audit)
    return verdict


def send_failed(verdict: Verdict, meta_code: int | None, told: int | str | None, detail: str) -> Alarm:
    """The alert about a message that will not leave; one a contact and code. `told` is the code that people read."""
    contact = verdict.contact
    return Alarm(
        AlertKind.SEND_FAILED,
        Severity.WARNING,
        f"send_failed:{contact.id}:{meta_code}",
        {"contact": contact.title, "contact_id": contact.id, "code": told, "detail": detail[:200]},
        account_id=verdict.account.id,
        contact_id=contact.id,
        agent_id=verdict.conversation.agent_id,
    )


def hold(
    account: Account, reason: str, now: datetime, *, detail: str = ""
) -> tuple[Account, tuple[Alarm, ...], tuple[AuditEntry, ...]]:
    """Let nothing leave from this account until a person or a new token ends it."""
    if account.state in (AccountState.HELD, AccountState.REMOVED):
        return account, (), ()
    paused = account.state is AccountState.PAUSED
    state = AccountState.PAUSED if paused else AccountState.HELD
    held = replace(account, state=state, held_reason=reason, held_until=None)
    entry = AuditEntry(
        now,
        "meta",
        "account.held",
        f"account:{account.id}",
        {"state": account.state.value},
        {"state": state.value},
        reason,
    )
    return held, (told_held(account, reason, detail),), (entry,)


def told_held(account: Account, reason: str, detail: str = "") -> Alarm:
    """The alert about an account from which nothing leaves."""
    kind = AlertKind.TOKEN_FAILED if reason == "token" else AlertKind.ACCOUNT_HELD
    params = {"account": account.name, "account_id": account.id, "reason": reason, "problem": detail[:200] or reason}
    return Alarm(kind, Severity.CRITICAL, f"{kind.value}:{account.id}", params, account_id=account.id)


def _window_refused(verdict: Verdict, basis: Basis | None, at: datetime, now: datetime) -> Verdict:
    account, conversation = verdict.account, verdict.conversation
    assumption = ASSUMED.get(basis) if basis is not None else None
    if assumption is None:
        refuted = max(conversation.window_refuted_at or at, at)
        return replace(verdict, conversation=replace(conversation, window_refuted_at=refuted), to_pending=True)
    if assumption not in account.assumptions:
        return replace(verdict, to_pending=True)
    params = {"account": account.name, "account_id": account.id, "assumption": assumption.value}
    alarm = Alarm(
        AlertKind.ASSUMPTION_OFF,
        Severity.WARNING,
        f"assumption_off:{account.id}:{assumption.value}",
        params,
        account_id=account.id,
        admins_only=True,
    )
    left = account.assumptions - {assumption}
    entry = AuditEntry(
        now,
        "meta",
        "account.assumption_off",
        f"account:{account.id}",
        {"assumptions": sorted(account.assumptions)},
        {"assumptions": sorted(left)},
        f"Meta answered 131047 to a message sent on {assumption.value}",
    )
    return replace(
        verdict, account=replace(account, assumptions=left), to_pending=True, alarms=(alarm,), audit=(entry,)
    )
