"""What webhooks say of our limits: a portfolio's size, a number's throughput, its refusals, and how much is typed on its phone.

These are facts beside what the same webhooks mean otherwise (`account_events.py`).
"""

from datetime import timedelta

from crm.effects import Alarm
from crm.model.accounts import Account
from crm.model.alerts import AlertKind, Severity
from crm.model.events import AccountEvent
from crm.policy import limits, reach
from crm.refusals import Classify, slow_account
from crm.services.inbox.batch import Batch

UPGRADED = "THROUGHPUT_UPGRADE"
TYPED_WITHIN = timedelta(hours=24)
TYPED_LIMITS = (800, 1_000)
"""Messages typed on a coexistence number's phone in a day at which admins are told: nearly all, and all of them (SPEC S1)."""


def apply(batch: Batch, event: AccountEvent, classify: Classify) -> None:
    """Believe what an account webhook says of limits; old news change nothing."""
    targets = batch.account_event_targets(event)
    most = reach.told(event.payload)
    if most is not None:
        for portfolio in sorted({account.portfolio for account in targets}):
            batch.learn_portfolio(portfolio, most[0], event.at)
    for account in targets:
        if event.event == UPGRADED:
            batch.accounts.put(account.id, limits.granted(account, limits.HIGH, event.at))
        if event.kind == "errors":
            _complained(batch, account, event, classify)


def _complained(batch: Batch, account: Account, event: AccountEvent, classify: Classify) -> None:
    """Meta tells an error of the number itself, beside all messages (reference 1.0)."""
    if not (event.event.isascii() and event.event.isdigit() and len(event.event) <= 9):
        return
    failure = classify(int(event.event), None)
    changed, alarms, audit = slow_account(account, failure, event.at, batch.now)
    if changed == account:
        return
    batch.accounts.put(account.id, changed)
    batch.alarms.extend(alarms)
    batch.audit.extend(audit)
    for other in limits.share_the_rest(account, failure, list(batch.accounts.rows.values())):
        batch.accounts.put(other.id, limits.heed(other, failure, event.at, batch.now))


async def count_typed(batch: Batch) -> None:
    """Tell admins when the messages of a phone reach Meta's daily limit. One count from an index, and only where some just came."""
    fresh = {number: count for number, count in batch.typed.items() if batch.accounts.rows[number].coexistence}
    if not fresh:
        return
    before = await batch.uow.messages.manual_since(fresh.keys(), batch.now - TYPED_WITHIN, TYPED_LIMITS[-1] + 1)
    for number, count in sorted(fresh.items()):
        known = before.get(number, 0)
        crossed = [limit for limit in TYPED_LIMITS if known < limit <= known + count]
        if crossed:
            batch.alarms.append(_typed_much(batch.accounts.rows[number], known + count, crossed[-1]))


def _typed_much(account: Account, count: int, limit: int) -> Alarm:
    kind = AlertKind.APP_SENDS
    return Alarm(
        kind,
        Severity.CRITICAL if limit == TYPED_LIMITS[-1] else Severity.WARNING,
        f"{kind.value}:{account.id}:{limit}",
        {"account": account.name, "account_id": account.id, "count": count, "most": TYPED_LIMITS[-1]},
        account_id=account.id,
    )
