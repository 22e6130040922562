"""What is written when a number becomes ours, when its token is replaced and when it leaves: shared by use cases, inside their transaction.

A number that comes back is the same account as before, with its history.
"""

from dataclasses import dataclass
from datetime import datetime

from crm import decisions, effects, health
from crm.errors import Conflict, NotFound
from crm.model.accounts import ALL_ASSUMPTIONS, Account, AccountState, freed, token_name
from crm.model.alerts import AlertKind
from crm.model.audit import AuditEntry
from crm.model.numbers import Checkup
from crm.model.records import replace
from crm.policy import account_events, limits, reach
from crm.policy.tokens import WARN_AT
from crm.ports import UnitOfWork

TOKEN_HOLDS = frozenset({"token", "permission"})
"""Holds that a token which was checked ends: it is valid, and it may do what is needed."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`messages_per_second` is the pace at which we send, at most Meta's own for the number."""

    phone_number_id: str
    waba_id: str
    display_phone: str
    name: str
    coexistence: bool
    messages_per_second: int


async def found(uow: UnitOfWork, account_id: int) -> Account:
    """The account, held for writing; a removed one is not found."""
    account = await uow.accounts.get(account_id)
    if account is None or account.state is AccountState.REMOVED:
        raise NotFound("account-not-found")
    return account


async def admit(uow: UnitOfWork, new: NewAccount, sealed: bytes, actor: str, now: datetime, why: str) -> Account:
    """Write a number down with its sealed token. Raises Conflict when it is ours already."""
    known = await uow.accounts.by_phone_number_id(new.phone_number_id)
    before = None if known is None else await uow.accounts.get(known.id)
    if before is not None and before.state is not AccountState.REMOVED:
        raise Conflict("account-exists", phone_number_id=new.phone_number_id)
    account = Account(
        id=uow.ids.next() if before is None else before.id,
        phone_number_id=new.phone_number_id,
        waba_id=new.waba_id,
        display_phone=new.display_phone,
        name=new.name,
        coexistence=new.coexistence,
        state=AccountState.ACTIVE,
        messages_per_second=new.messages_per_second,
        assumptions=ALL_ASSUMPTIONS if before is None else before.assumptions,
        created_at=now if before is None else before.created_at,
    )
    await uow.accounts.save(**({"new": [account]} if before is None else {"changed": [account]}))
    await uow.secrets.put(token_name(account.id), sealed, now)
    action = "account.added" if before is None else "account.added_again"
    await uow.audit.add([AuditEntry(now, actor, action, f"account:{account.id}", why=why)])
    return account


async def put_token(
    uow: UnitOfWork, account_id: int, sealed: bytes, actor: str, now: datetime, checkup: Checkup | None = None
) -> Account:
    """Put a new token in place; a hold for the old one ends, unless Meta blocks the number, and so do the alerts about it. `checkup` tells
    what Meta says of the new one, if it was asked."""
    before = await found(uow, account_id)
    await uow.secrets.put(token_name(account_id), sealed, now)
    ended = TOKEN_HOLDS if checkup is not None else {"token"}
    held = before.state is AccountState.HELD and before.held_reason in ended
    facts = checkup.number if checkup is not None else None
    free, alarms, told = health.resumed(before, freed(before, now), facts, now) if held else (before, (), ())
    account = replace(free, token_alerted_days=None)
    account = learnt(account, checkup, now) if checkup is not None else account
    await uow.accounts.save(changed=[account])
    if checkup is not None:
        await learn_limit(uow, account, checkup)
    decisions.account(before, account)
    keys = [f"{AlertKind.TOKEN_FAILED.value}:{account_id}", *(expiring_key(account_id, days) for days in WARN_AT)]
    known = await uow.alerts.open_by_key(keys)
    await uow.alerts.save(changed=[replace(alert, acknowledged_at=now) for alert in known.values()])
    why = "checked with Meta" if checkup is not None else "not checked"
    await uow.audit.add([AuditEntry(now, actor, "account.token", f"account:{account.id}", why=why), *told])
    await effects.raise_alerts(uow, alarms, now)
    return account


def expiring_key(account_id: int, days: int) -> str:
    """The key of the alert that a token ends in so many days."""
    return f"{AlertKind.TOKEN_EXPIRING.value}:{account_id}:{days}"


def learnt(account: Account, checkup: Checkup, now: datetime) -> Account:
    """The account with what Meta says of it; what it did not say stays as it was."""
    token, number, business = checkup.token, checkup.number, checkup.business
    if token is not None and token.valid:
        account = replace(account, token_expires_at=token.expires_at, token_checked_at=now)
    if number is not None:
        account = replace(account, coexistence=number.coexistence, quality=number.quality or account.quality)
        account = account_events.available(account, now) if number.can_send == health.AVAILABLE else account
        throughput = limits.throughput_of(number.throughput)
        account = limits.granted(account, throughput, now) if throughput is not None else account
    if business is not None and business.portfolio_id is not None:
        account = replace(account, portfolio_id=business.portfolio_id)
    return account


async def learn_limit(uow: UnitOfWork, account: Account, checkup: Checkup) -> None:
    """Keep how many people Meta lets the account's portfolio reach in a day, as of when it was asked; a webhook's newer word stands."""
    limit = reach.limit_of(checkup.number.messaging_limit) if checkup.number is not None else None
    if limit is None or checkup.asked_at is None:
        return
    known = (await uow.reach.portfolios([account.portfolio])).get(account.portfolio)
    at = checkup.asked_at.replace(microsecond=0)  # as webhooks tell time
    believed = reach.believe(known, account.portfolio, limit[0], at)
    if believed is not None:
        await uow.reach.save_portfolio(believed)
