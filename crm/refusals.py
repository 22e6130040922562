"""What a failed send means beyond the message itself, at the scope that Meta's error has.

The same judgment serves an error that the call answers and one that comes later as a `failed` status. The most important one is
131047, "more than 24 hours": when the message rested on one of the brief's assumptions, Meta has just refuted that assumption for this
account, so it is switched off, once, loudly; when it rested on the contact's own message, only this conversation's window closes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.effects import Alarm
from crm.errors import AccountSuspended, Scope, SendFailed, SendPostponed
from crm.model.accounts import Account, AccountState
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.pending import PendingReason
from crm.model.records import replace
from crm.model.windows import Basis
from crm.policy import limits, marketing, pacing, templates
from crm.policy.windows import ASSUMED

WINDOW_CLOSED = 131047
MARKETING_STOPPED = 131050
MARKETING_CAPPED = 131049

Classify = Callable[[int | None, str | None], SendFailed]
"""Meta's error code and detail to a failure of ours; the WhatsApp border's table."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The facts after believing the failure. `to_pending`: an agent must choose what becomes of the message, for this `reason`.
    `not_before`: it was only too early, and may leave again from then on. `template_code` is Meta's code for what is the matter with
    the message's template."""

    account: Account
    conversation: Conversation
    contact: Contact
    to_pending: bool = False
    not_before: datetime | None = None
    alarms: tuple[Alarm, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    reason: PendingReason = PendingReason.REJECTED_BY_META
    template_code: int | None = None


def judge(
    failure: SendFailed,
    basis: Basis | None,
    account: Account,
    conversation: Conversation,
    contact: Contact,
    at: datetime,
    now: datetime,
    attempts: int = 1,
) -> Verdict:
    """Believe a failure that Meta dated `at`. `attempts` counts how often the message was tried."""
    verdict = Verdict(account, conversation, contact)
    if failure.meta_code == WINDOW_CLOSED:
        return _window_refused(verdict, basis, at, now)
    if failure.meta_code == MARKETING_STOPPED:
        newer = contact.marketing_consent_at is None or at > contact.marketing_consent_at
        stopped = replace(contact, marketing_opted_out=True, marketing_consent_at=at) if newer else contact
        return replace(verdict, contact=stopped)
    if failure.meta_code == MARKETING_CAPPED:
        spared = marketing.refused(contact, at)
        not_before = marketing.not_before(spared) if now - at < timedelta(days=1) else None
        return replace(verdict, contact=spared, not_before=not_before)
    if failure.meta_code in templates.REFUSALS and basis is Basis.TEMPLATE:
        code = failure.meta_code
        return replace(verdict, to_pending=True, reason=templates.reason_of(code), template_code=code)
    if isinstance(failure, AccountSuspended):
        held, alarms, audit = hold(account, failure.reason, now, detail=failure.detail)
        return replace(verdict, account=held, alarms=alarms, audit=audit)
    return _slower(verdict, failure, at, now, attempts)


def slow_account(
    account: Account, failure: SendFailed, at: datetime, now: datetime
) -> tuple[Account, tuple[Alarm, ...], tuple[AuditEntry, ...]]:
    """Believe what a failure says of the account's own speed: slower, resting, or held for spam."""
    if failure.code == limits.SPAM:
        if now - at > limits.SPAM_FIRST or account.state is not AccountState.ACTIVE:
            return account, (), ()
        struck, until = limits.struck(account.limits, now)
        held, alarms, audit = hold(replace(account, limits=struck), "spam", now, detail=failure.detail, until=until)
        return held, alarms, audit
    slower = limits.heed(account, failure, at, now)
    if slower is account or slower == account:
        return account, (), ()
    return slower, (told_slowed(slower, failure.code),), ()


def _slower(verdict: Verdict, failure: SendFailed, at: datetime, now: datetime, attempts: int) -> Verdict:
    """What is only too fast: at the scope of the account, or of this one conversation."""
    if isinstance(failure, SendPostponed) and failure.scope is Scope.PAIR and now - at <= limits.FRESH:
        until = now + pacing.pair_back_off(attempts)
        free_at = pacing.pair_refused(verdict.conversation.pair_free_at, until)
        conversation = replace(verdict.conversation, pair_free_at=free_at)
        return replace(verdict, conversation=conversation, not_before=until)
    account, alarms, audit = slow_account(verdict.account, failure, at, now)
    slowed = failure.code == limits.SLOWS and now - at <= limits.FRESH
    not_before = now + failure.wait if slowed and isinstance(failure, SendPostponed) else None
    return replace(verdict, account=account, alarms=alarms, audit=audit, not_before=not_before)


def told_slowed(account: Account, code: str) -> Alarm:
    """The alert about an account that Meta asked to slow down or to rest."""
    kind = AlertKind.ACCOUNT_SLOWED
    params = {"account": account.name, "account_id": account.id, "code": code}
    key = f"{kind.value}:{account.id}:{code}"
    return Alarm(kind, Severity.INFO, key, params, account_id=account.id, admins_only=True, rests=True)


def send_failed(
    verdict: Verdict, meta_code: int | None, told: int | str | None, detail: str, error: str | None = None
) -> Alarm:
    """The alert about a message that will not leave; one a contact and code. `told` is the code that people read, `error` our name for
    it, which has a sentence."""
    contact = verdict.contact
    return Alarm(
        AlertKind.SEND_FAILED,
        Severity.WARNING,
        f"send_failed:{contact.id}:{meta_code}",
        {"contact": contact.title, "contact_id": contact.id, "code": told, "detail": detail[:200], "error": error},
        account_id=verdict.account.id,
        contact_id=contact.id,
        agent_id=verdict.conversation.agent_id,
    )


def hold(
    account: Account, reason: str, now: datetime, *, detail: str = "", until: datetime | None = None
) -> tuple[Account, tuple[Alarm, ...], tuple[AuditEntry, ...]]:
    """Let nothing leave from this account until then, or until a person or a new token ends it."""
    if account.state in (AccountState.HELD, AccountState.REMOVED):
        return account, (), ()
    paused = account.state is AccountState.PAUSED
    state = AccountState.PAUSED if paused else AccountState.HELD
    held = replace(account, state=state, held_reason=reason, held_until=until)
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
    """The alert about an account from which nothing leaves, one for each reason: a second trouble is told while the first is still open."""
    kind = AlertKind.TOKEN_FAILED if reason == "token" else AlertKind.ACCOUNT_HELD
    key = f"{kind.value}:{account.id}" if kind is AlertKind.TOKEN_FAILED else f"{kind.value}:{account.id}:{reason}"
    params = {"account": account.name, "account_id": account.id, "reason": reason, "problem": detail[:200] or reason}
    return Alarm(kind, Severity.CRITICAL, key, params, account_id=account.id)


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
