"""How fast may messages leave: per account, and per pair of account and contact.

Both are virtual schedules (a message reserves the next free moment), so they need no history. The account's is kept in memory, since
a restart may only make it slower by a moment; the pair's is kept on the conversation, because Meta counts it over minutes.

Meta counts a number's messages in both directions. No room is left for the inbound ones: what customers write is a small part of what a
campaign sends, while a reserve would slow every campaign. When it does not fit, Meta answers 130429, which costs nothing but a pause:
the message certainly did not leave, the rate falls by half and comes back by itself within minutes (decision 0012).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from crm.model.accounts import Account
from crm.model.limits import Limits
from crm.model.paces import PaceNow
from crm.model.records import replace

PAIR_GAP = timedelta(seconds=6)
PAIR_BURST = 45
"""Meta: one message per 6 s to one person, up to 45 at once, borrowed from the future (reference 4)."""
PAIR_LONGEST = timedelta(hours=1)
COEXISTENCE_RATE = 20
"""Messages per second of a number that is also used in the WhatsApp Business app; fixed by Meta (reference 4)."""
CATCH_UP = timedelta(milliseconds=50)
"""How far the account's schedule may lag behind the clock: an idle second is not saved up for a burst."""
SLOWEST = 1.0
STANDSTILL = timedelta(seconds=1)
CALM = timedelta(seconds=30)
"""So long without a complaint, and a tenth more is tried."""


@dataclass(frozen=True, slots=True)
class Pace:
    """An account's schedule: the next free moment, and the rate per second that is in force."""

    rate: float
    next_at: datetime


def ceiling(account: Account, share: float = 1.0) -> float:
    """The rate an account is allowed when nothing is wrong: what its setting wants, no more than Meta grants the number, and of that the
    `share` that our use of the Graph API leaves (`policy/usage.py`). As long as Meta has not told, the setting is believed."""
    granted = COEXISTENCE_RATE if account.coexistence else account.limits.throughput or account.messages_per_second
    return max(SLOWEST, min(account.messages_per_second, granted) * share)


def rate(limits: Limits, allowed: float, now: datetime) -> float:
    """The rate in force: after a slow-down a tenth of what is allowed more for every 30 calm seconds."""
    if limits.slowed_at is None or limits.slowed_to is None:
        return allowed
    calm = max(0, (now - limits.slowed_at) // CALM)
    return min(allowed, limits.slowed_to + calm * _step(allowed))


def recovers_at(limits: Limits, allowed: float) -> datetime | None:
    """When the rate will be what is allowed again, if nothing else happens."""
    if limits.slowed_at is None or limits.slowed_to is None:
        return None
    return limits.slowed_at + CALM * max(0, ceil((allowed - limits.slowed_to) / _step(allowed)))


def slowed(limits: Limits, allowed: float, now: datetime) -> Limits:
    """Meta said 130429: half the rate. All the answers of the same second are one word."""
    if limits.slowed_at is not None and now - limits.slowed_at < STANDSTILL:
        return limits
    return replace(limits, slowed_to=max(rate(limits, allowed, now) / 2, SLOWEST), slowed_at=now)


def fitted(pace: Pace | None, limits: Limits, allowed: float, now: datetime) -> Pace:
    """The schedule as it is now: at the rate in force, and standing still for the second after a slow-down."""
    current = rate(limits, allowed, now)
    stands_until = limits.slowed_at + STANDSTILL if limits.slowed_at is not None else now
    if pace is None:
        return Pace(current, max(now, stands_until))
    if pace.rate == current and pace.next_at >= stands_until:
        return pace
    return Pace(current, max(pace.next_at, stands_until) if stands_until > now else pace.next_at)


def seen(account: Account, now: datetime, share: float = 1.0) -> PaceNow:
    """How fast the account sends now, for whoever looks."""
    allowed, left, limits = ceiling(account), ceiling(account, share), account.limits
    current = rate(limits, left, now)
    resting = limits.rests_until is not None and now < limits.rests_until
    return PaceNow(
        rate=current,
        allowed=allowed,
        normal_at=recovers_at(limits, left) if current < left else None,
        rests_until=limits.rests_until if resting else None,
        rests_for=limits.rests_for if resting else None,
        used=limits.used if left < allowed else None,
    )


def _step(allowed: float) -> float:
    return max(allowed / 10, 1.0)


def grant(pace: Pace, now: datetime, wanted: int) -> tuple[Pace, int]:
    """Reserve up to `wanted` sends now; return the schedule afterwards and how many are granted.

    A grant may run 100 ms ahead, so that a fast account is not woken for every single message.
    """
    gap = timedelta(seconds=1 / pace.rate)
    begin = max(pace.next_at, now - CATCH_UP)
    horizon = now + timedelta(milliseconds=100)
    if begin > now:
        return pace, 0
    count = min(wanted, int((horizon - begin) / gap) + 1)
    return replace(pace, next_at=begin + gap * count), count


def returned(pace: Pace, count: int) -> Pace:
    """Give back what was granted and not used."""
    return replace(pace, next_at=pace.next_at - count * timedelta(seconds=1 / pace.rate)) if count else pace


def pair(free_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """When the next message to this person may leave (`now` or later), and the pair's clock after it has left."""
    booked = max(free_at or now, now)
    allowed_at = max(now, booked - PAIR_GAP * (PAIR_BURST - 1))
    return allowed_at, booked + PAIR_GAP


def pair_back_off(attempts: int) -> timedelta:
    """How long a conversation rests after 131056, the first time with `attempts` 1: 4^X seconds (reference 4), and never less than the
    gap of the limit itself. It is never given up, for such a message certainly did not leave."""
    return min(max(PAIR_GAP, timedelta(seconds=4 ** min(attempts - 1, 10))), PAIR_LONGEST)


def pair_refused(free_at: datetime | None, until: datetime) -> datetime:
    """The pair's clock after 131056: nothing until then, and from there one message per gap, without another burst."""
    return max(free_at or until, until + PAIR_GAP * (PAIR_BURST - 1))
