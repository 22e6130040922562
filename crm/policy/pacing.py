"""How fast may messages leave: per account, and per pair of account and contact.

Both are virtual schedules (a message reserves the next free moment), so they need no history. The account's is kept in memory, since
a restart may only make it slower by a moment; the pair's is kept on the conversation, because Meta counts it over minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.model.records import replace

PAIR_GAP = timedelta(seconds=6)
PAIR_BURST = 45
"""Meta: one message per 6 s to one person, up to 45 at once, borrowed from the future (reference 4)."""
COEXISTENCE_RATE = 20
"""Messages per second of a number that is also used in the WhatsApp Business app; fixed by Meta (reference 4)."""
CATCH_UP = timedelta(milliseconds=50)
"""How far the account's schedule may lag behind the clock: an idle second is not saved up for a burst."""
SLOWEST = 1.0
STANDSTILL = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """An account's schedule: the next free moment, and the rate per second that is in force (it falls on 130429 and recovers)."""

    rate: float
    next_at: datetime
    slowed_at: datetime | None = None


def ceiling(messages_per_second: int, *, coexistence: bool) -> float:
    """The rate an account is allowed when nothing is wrong."""
    return float(min(messages_per_second, COEXISTENCE_RATE) if coexistence else messages_per_second)


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


def slowed(pace: Pace, now: datetime) -> Pace:
    """Meta said 130429: halve the rate and stand still for a second. All the answers of that second are one word."""
    if pace.slowed_at is not None and now - pace.slowed_at < STANDSTILL:
        return pace
    return Pace(max(pace.rate / 2, SLOWEST), now + STANDSTILL, now)


def recovered(pace: Pace, allowed: float, now: datetime) -> Pace:
    """A tenth more for every 30 calm seconds, up to what is allowed."""
    if pace.rate >= allowed or pace.slowed_at is None:
        return pace if pace.rate == allowed else replace(pace, rate=allowed, slowed_at=None)
    if now - pace.slowed_at < timedelta(seconds=30):
        return pace
    rate = min(allowed, pace.rate + max(allowed / 10, 1.0))
    return replace(pace, rate=rate, slowed_at=now if rate < allowed else None)


def pair(free_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """When the next message to this person may leave (`now` or later), and the pair's clock after it has left."""
    booked = max(free_at or now, now)
    allowed_at = max(now, booked - PAIR_GAP * (PAIR_BURST - 1))
    return allowed_at, booked + PAIR_GAP
