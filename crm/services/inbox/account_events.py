"""Meta tells something about a business account, a number or a template: hold or resume the accounts concerned, and say so."""

from crm import refusals
from crm.effects import Alarm
from crm.model.accounts import AccountState, freed
from crm.model.alerts import AlertKind
from crm.model.events import AccountEvent
from crm.policy.account_events import HOLDING, effect
from crm.services.inbox.batch import Batch

META_HOLDS = frozenset({*HOLDING.values(), "banned", "restricted"})


def apply(batch: Batch, event: AccountEvent) -> None:
    """Apply one account-type webhook."""
    decided = effect(event.kind, event.event, event.payload)
    targets = batch.account_event_targets(event)
    if not targets:
        batch.set_aside(event.position, event.kind, "unknown", "no such business account here", dict(event.payload))
    for account in targets:
        if decided.hold:
            held, alarms, audit = refusals.hold(account, decided.hold, batch.now)
            batch.accounts.put(account.id, held)
            batch.alarms.extend(alarms)
            batch.audit.extend(audit)
        elif decided.resume and account.state is AccountState.HELD and account.held_reason in META_HOLDS:
            batch.accounts.put(account.id, freed(account))
        if decided.severity is not None:
            params = {"account": account.name, "field": event.kind, "event": event.event[:64]}
            key = f"account_event:{account.id}:{event.kind}:{event.event[:64]}"
            batch.alarms.append(Alarm(AlertKind.ACCOUNT_EVENT, decided.severity, key, params, account_id=account.id))
