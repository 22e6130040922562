"""Meta tells something about a business account, a number or a template: hold or free the accounts concerned, and say so."""

from crm.effects import Alarm
from crm.model.accounts import Account
from crm.model.alerts import AlertKind
from crm.model.audit import AuditEntry
from crm.model.events import AccountEvent
from crm.policy import templates
from crm.policy.account_events import believe, effect
from crm.refusals import told_held
from crm.services.inbox import template_events
from crm.services.inbox.batch import Batch


def apply(batch: Batch, event: AccountEvent) -> None:
    """Apply one account-type webhook; old news change nothing and are told to nobody."""
    if event.kind in templates.KINDS:
        template_events.apply(batch, event)
        return
    decided = effect(event.kind, event.event, event.at, event.payload)
    targets = batch.account_event_targets(event)
    if not targets:
        batch.set_aside(event.position, event.kind, "unknown", "no such business account here", dict(event.payload))
    for account in targets:
        if decided.word is not None:
            believed = believe(account, decided.word, batch.now)
            if believed is None:
                continue
            batch.accounts.put(account.id, believed)
            if decided.word.hold is not None and decided.word.holds(batch.now):
                batch.alarms.append(told_held(account, decided.word.hold))
            _note(batch, event, account, believed)
        if decided.severity is not None:
            params = {"account": account.name, "field": event.kind, "event": event.event[:64]}
            key = f"account_event:{account.id}:{event.kind}:{event.event[:64]}"
            batch.alarms.append(Alarm(AlertKind.ACCOUNT_EVENT, decided.severity, key, params, account_id=account.id))


def _note(batch: Batch, event: AccountEvent, before: Account, after: Account) -> None:
    if (before.state, before.held_reason) == (after.state, after.held_reason):
        return
    batch.audit.append(
        AuditEntry(
            batch.now,
            "meta",
            "account.state",
            f"account:{after.id}",
            {"state": before.state.value, "reason": before.held_reason},
            {"state": after.state.value, "reason": after.held_reason},
            event.event[:64],
        )
    )
