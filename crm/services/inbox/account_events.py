"""Meta tells something about a business account or a number: hold or free the accounts concerned, and say in words what happened."""

from typing import Any

from crm.effects import Alarm
from crm.errors import AccountSuspended
from crm.model.accounts import Account
from crm.model.alerts import AlertKind
from crm.model.audit import AuditEntry
from crm.model.events import AccountEvent
from crm.model.records import replace
from crm.policy import templates
from crm.policy.account_events import News, believe, news_of
from crm.refusals import Classify, hold, told_held
from crm.services.inbox import template_events
from crm.services.inbox.batch import Batch

ERRORS = "errors"
"""The kind of news that is an error of a number."""


def apply(batch: Batch, event: AccountEvent, classify: Classify) -> None:
    """Apply one account-type webhook; old news change nothing and are told to nobody."""
    if event.kind in templates.KINDS:
        template_events.apply(batch, event)
        return
    targets = batch.account_event_targets(event)
    if not targets:
        batch.set_aside(event.position, event.kind, "unknown", "no such business account here", dict(event.payload))
    for account in targets:
        if event.kind == ERRORS:
            _error(batch, event, account, classify)
            continue
        for news in news_of(event.kind, event.event, event.at, event.payload):
            _tell(batch, event, account.id, news)


def _tell(batch: Batch, event: AccountEvent, account_id: int, news: News) -> None:
    account, word = batch.accounts.rows[account_id], news.word
    if word is not None:
        believed = believe(account, word, batch.now)
        if believed is None:
            return
        batch.accounts.put(account.id, believed)
        _note(batch, event, account, believed)
        if word.bar is not None:
            if not word.bars(batch.now):
                return
            barred = {"bar": word.bar.value, "until": word.until.isoformat() if word.until else None}
            batch.audit.append(
                AuditEntry(batch.now, "meta", "account.barred", f"account:{account.id}", None, barred, event.event[:64])
            )
        if word.hold is not None:
            if word.holds(batch.now):
                held = told_held(account, word.hold)
                batch.alarms.append(replace(held, params={**held.params, **_words(news)}))
            return
    batch.alarms.append(_alarm(account, news))


def _error(batch: Batch, event: AccountEvent, account: Account, classify: Classify) -> None:
    """An error of the number itself, with no message to it: what stops the account stops it here too."""
    code = int(event.event) if event.event.isascii() and event.event.isdigit() and len(event.event) <= 9 else None
    failure = classify(code, "")
    if isinstance(failure, AccountSuspended):
        held, alarms, audit = hold(account, failure.reason, batch.now)
        batch.accounts.put(account.id, held)
        batch.alarms.extend(alarms)
        batch.audit.extend(audit)
        return
    (news,) = news_of(ERRORS, event.event, event.at, event.payload)
    batch.alarms.append(_alarm(account, replace(news, facts={**news.facts, "error": failure.code})))


def _alarm(account: Account, news: News) -> Alarm:
    told = ":".join(value for name, value in sorted(news.facts.items()) if name not in ("until", "date"))
    return Alarm(
        AlertKind.ACCOUNT_EVENT,
        news.severity,
        f"account_event:{account.id}:{news.key}:{told}"[:200],
        {"account": account.name, "account_id": account.id, **_words(news)},
        account_id=account.id,
        admins_only=news.secret,
    )


def _words(news: News) -> dict[str, Any]:
    """What the screens make a sentence of."""
    return {"news": news.key, "facts": dict(news.facts)}


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
