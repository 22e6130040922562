"""What to do with a message whose send did not end in acceptance.

Five answers: again at a time, spared for days, never, perhaps it left, or nothing more from this account. Only failures that are
certain not to have left are tried again; Meta has no idempotency key, so an uncertain one is never repeated blindly (reference 3, trap 7).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.errors import AccountSuspended, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain
from crm.policy.pacing import pair_back_off

MAX_ATTEMPTS = 6
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Again:
    """Try at `at`. `burns_attempt` is False when the trouble is the account's, not the message's."""

    at: datetime
    burns_attempt: bool


@dataclass(frozen=True, slots=True)
class Spared:
    """Meta spares this person such messages for days: what nobody waits for comes later, what an agent sent is theirs to decide."""


@dataclass(frozen=True, slots=True)
class Never:
    pass


@dataclass(frozen=True, slots=True)
class Perhaps:
    pass


@dataclass(frozen=True, slots=True)
class Suspend:
    """Hold the account; the message stays queued and no attempt is burnt. `reason` says why."""

    reason: str


def after(failure: SendFailed, attempts: int, now: datetime) -> Again | Spared | Never | Perhaps | Suspend:
    """Decide. `attempts` counts this one, from 1."""
    match failure:
        case AccountSuspended():
            return Suspend(failure.reason)
        case SendUncertain():
            return Perhaps()
        case SendPostponed():
            if failure.scope in (Scope.NUMBER, Scope.ACCOUNT, Scope.APP):
                return Again(now + failure.wait, burns_attempt=False)
            if failure.scope is Scope.PAIR:
                return Again(now + pair_back_off(attempts), burns_attempt=True)
            if failure.scope is Scope.CONTACT:
                return Spared()
            if attempts >= MAX_ATTEMPTS:
                return Never()
            return Again(now + min(failure.wait * 4 ** (attempts - 1), LONGEST), burns_attempt=True)
        case SendRejected():
            return Never()
        case _:
            return Never()
