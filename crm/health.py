"""May a number send again? Meta is asked before it does, wherever a hold ends (reference 4, health_status).

A number that resumes while Meta blocks it only collects refusals, and each of them counts against it. So one that is BLOCKED stays held and
is asked about again every hour; one that is LIMITED resumes, and people are warned. Meta is never asked inside a transaction: `asked` comes
first, and `resumed` is applied to what the account is by then.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from crm import refusals
from crm.effects import Alarm
from crm.errors import AccountSuspended, SendFailed, SendRejected
from crm.model.accounts import Account, AccountState, token_name
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.numbers import NumberFacts, Silence
from crm.model.records import replace
from crm.ports import Numbers, Store, Vault

T = TypeVar("T")

REASON = "health"
AVAILABLE, BLOCKED, LIMITED = "AVAILABLE", "BLOCKED", "LIMITED"
ASKED_AGAIN = timedelta(hours=1)
WITHOUT_TOKEN = Silence("token-missing")


@dataclass(frozen=True, slots=True)
class Resumed:
    """An account that was to send again, as it is now. `known` False: Meta could not be asked, so it goes on unexamined; `problem` is what
    Meta has against it, in Meta's words."""

    account: Account
    known: bool = True
    problem: str = ""


class HealthDesk:
    """Asks Meta about numbers of ours with their own tokens."""

    def __init__(self, store: Store, numbers: Numbers, vault: Vault) -> None:
        self._store, self._numbers, self._vault = store, numbers, vault

    async def asked(self, account: Account, token: str | None = None) -> NumberFacts | Silence:
        """What Meta says of the number, with this token or the one that is kept."""
        if token is None:
            async with self._store.read() as uow:
                sealed = await uow.secrets.get(token_name(account.id))
            if sealed is None:
                return WITHOUT_TOKEN
            token = self._vault.open(sealed)
        return await told(self._numbers.number(account.phone_number_id, token))


async def told(answer: Awaitable[T]) -> T | Silence:
    """Meta's answer, or that there is none."""
    try:
        return await answer
    except SendFailed as failure:
        return Silence(failure.code, failure.detail, isinstance(failure, SendRejected | AccountSuspended))


def resumed(
    before: Account, free: Account, facts: NumberFacts | Silence | None, now: datetime
) -> tuple[Account, tuple[Alarm, ...], tuple[AuditEntry, ...]]:
    """The account as Meta's word lets it be, when it was to become `free`: held while Meta blocks it, warned of when Meta limits it."""
    if free.state is not AccountState.ACTIVE or not isinstance(facts, NumberFacts):
        return free, (), ()
    if facts.can_send == BLOCKED:
        until = now + ASKED_AGAIN
        if (before.state, before.held_reason) == (AccountState.HELD, REASON):  # people know already
            return replace(free, state=AccountState.HELD, held_reason=REASON, held_until=until), (), ()
        held, alarms, audit = refusals.hold(free, REASON, now, detail=problem_of(facts), until=until)
        said = tuple(replace(each, before={"state": before.state.value}, why=problem_of(facts)) for each in audit)
        return held, alarms, said
    if facts.can_send == LIMITED:
        return free, (_told_limited(free, problem_of(facts)),), ()
    return free, (), ()


def unreachable(facts: NumberFacts | Silence) -> bool:
    """Nobody answered. A refusal is an answer: it says nothing of health, and asking again would say the same."""
    return isinstance(facts, Silence) and not facts.refused


def answer(account: Account, facts: NumberFacts | Silence) -> Resumed:
    """What the one who wanted it to go on is told."""
    return Resumed(account, isinstance(facts, NumberFacts), problem_of(facts) if isinstance(facts, NumberFacts) else "")


def problem_of(facts: NumberFacts) -> str:
    """What Meta has against the number, with what it proposes; its bare word when it gives no reason."""
    return " ".join(facts.ailments)[:200] or facts.can_send


def _told_limited(account: Account, problem: str) -> Alarm:
    kind = AlertKind.ACCOUNT_LIMITED
    params = {"account": account.name, "account_id": account.id, "problem": problem}
    key = f"{kind.value}:{account.id}"
    return Alarm(kind, Severity.WARNING, key, params, account_id=account.id, admins_only=True, rests=True)
