"""What a refusal for reasons of speed asks of whole accounts, at the scope that it has (reference 4.1 and trap 11).

130429 slows one number down; 131057 lets one rest, 80007 all numbers of a business account, 4 and 613 all numbers of the app. Whoever rests
is not asked again before the time is over, so one refusal costs one call and not one for every message that waits. A refusal that Meta
reports late (a failed status of hours ago) is history: it changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crm.errors import Scope, SendFailed, SendPostponed
from crm.model.accounts import Account
from crm.model.limits import Limits
from crm.model.records import replace
from crm.policy import pacing

STANDARD, HIGH = 80, 1000
"""Messages per second that Meta grants a number at first, and once its throughput was upgraded (reference 4)."""
SLOWS = "rate-limit"
RESTS = frozenset({"app-limit", "account-limit", "number-in-maintenance"})
SPAM = "spam-limit"
FRESH = timedelta(minutes=5)
"""Older news of a number's speed says nothing about now."""
LONGEST_REST = timedelta(hours=1)
SPAM_FIRST, SPAM_LONGEST = timedelta(hours=6), timedelta(hours=72)
SPAM_REMEMBERED = timedelta(days=7)


def heed(account: Account, failure: SendFailed, at: datetime, now: datetime) -> Account:
    """The account after a failure of its own that Meta dated `at`; the same one when it asks nothing of the account."""
    if now - at > FRESH:
        return account
    if failure.code == SLOWS:
        return replace(account, limits=pacing.slowed(account.limits, pacing.ceiling(account), now))
    if failure.code in RESTS and isinstance(failure, SendPostponed):
        return replace(account, limits=rested(account.limits, failure.code, failure.wait, now))
    return account


def granted(account: Account, throughput: int, at: datetime) -> Account:
    """The account after Meta said at `at` how many messages per second it grants the number; of one second the higher word counts, for an
    upgrade is told as it happens."""
    known = account.limits
    if known.throughput_at is not None and (at, throughput) <= (known.throughput_at, known.throughput or 0):
        return account
    return replace(account, limits=replace(known, throughput=throughput, throughput_at=at))


def throughput_of(level: str) -> int | None:
    """What a level in Graph's words means (`throughput.level`)."""
    return {"STANDARD": STANDARD, "HIGH": HIGH}.get(level.upper())


def share_the_rest(account: Account, failure: SendFailed, others: Iterable[Account]) -> list[Account]:
    """Which of the others must rest as well when this account is refused."""
    if failure.code not in RESTS or not isinstance(failure, SendPostponed):
        return []
    if failure.scope is Scope.APP:
        return [other for other in others if other.id != account.id]
    if failure.scope is Scope.ACCOUNT:
        return [other for other in others if other.id != account.id and other.waba_id == account.waba_id]
    return []


def rested(limits: Limits, code: str, wait: timedelta, now: datetime) -> Limits:
    """Rest for `wait`; twice as long as the last time when the same refusal comes again soon. While resting nothing is added: the calls
    that were under way say the same thing."""
    until, since = limits.rests_until, limits.rests_since
    if until is not None and now < until:
        return limits
    again = (
        until is not None and since is not None and limits.rests_for == code and now - until < max(wait, until - since)
    )
    length = min((until - since) * 2, LONGEST_REST) if again and until is not None and since is not None else wait
    return replace(limits, rests_for=code, rests_since=now, rests_until=now + length)


def resting(account: Account, now: datetime) -> bool:
    return account.limits.rests_until is not None and now < account.limits.rests_until


def struck(limits: Limits, now: datetime) -> tuple[Limits, datetime]:
    """Meta restricted the number for spam (131048): hold it for hours, and for twice as long each time within a week."""
    recent = limits.struck_at is not None and now - limits.struck_at < SPAM_REMEMBERED
    strikes = limits.strikes + 1 if recent else 1
    length = min(SPAM_FIRST * 2 ** min(strikes - 1, 10), SPAM_LONGEST)
    return replace(limits, strikes=strikes, struck_at=now), now + length
