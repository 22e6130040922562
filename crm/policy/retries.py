"""What to do with a message whose send did not end in acceptance.

Four answers: again at a time, never, perhaps it left, or nothing more from this account. Only failures that are certain not to have
left are tried again; Meta has no idempotency key, so an uncertain one is never repeated blindly (reference 3, trap 7).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.errors import AccountSuspended, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain

MAX_ATTEMPTS = 6
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Again:
    """Try at `at`. `burns_attempt` is False when the trouble is the account's, not the message's."""

    at: datetime
    burns_attempt: bool


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


def after(failure: SendFailed, attempts: int, now: datetime) -> Again | Never | Perhaps | Suspend:
    """Decide. `attempts` counts this one, from 1."""
    match failure:
        case AccountSuspended():
            return Suspend(failure.reason)
        case SendUncertain():
            return Perhaps()
        case SendPostponed():
            if failure.scope in (Scope.NUMBER, Scope.ACCOUNT):
                return Again(now + failure.wait, burns_attempt=False)
            if attempts >= MAX_ATTEMPTS:
                return Never()
            return Again(now + min(failure.wait * 4 ** (attempts - 1), LONGEST), burns_attempt=True)
        case SendRejected():
            return Never()
        case _:
            return Never()
