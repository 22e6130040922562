"""How fast Meta lets a number talk, and how much of it is free.

Four counters that know nothing of messages: the throughput of a number, the pair limit between a number and a person, the people whom a
business may reach in a day, and the monthly allowance of free service messages. Reference: section 4 "Limits" and section 5.3.
"""

from collections import Counter, deque
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
PAIR_INTERVAL = timedelta(seconds=6)
PAIR_BURST = 45
ROLLING = timedelta(hours=24)
FREE_SERVICE_MESSAGES = 1_000


class Throughput:
    """At most `per_second` messages in any second (Meta: throughput; 80, coexistence 20, upgraded 1,000)."""

    def __init__(self) -> None:
        self._recent: deque[datetime] = deque()

    def has_room(self, now: datetime, per_second: int) -> bool:
        while self._recent and now - self._recent[0] >= SECOND:
            self._recent.popleft()
        return len(self._recent) < per_second

    def count(self, now: datetime) -> None:
        self._recent.append(now)


class PairLimit:
    """One message per six seconds to one person; up to 45 at once, which are borrowed from the future.

    Meta: about the platform, pair rate limits. After a burst of twenty the next message has to wait about two minutes.
    """

    __slots__ = ("_count", "_since")

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._count = 0

    def has_room(self, now: datetime) -> bool:
        if self._since is None or now - self._since >= self._count * PAIR_INTERVAL:
            return True
        return now - self._since < PAIR_INTERVAL and self._count < PAIR_BURST

    def count(self, now: datetime) -> None:
        if self._since is None or now - self._since >= self._count * PAIR_INTERVAL:
            self._since, self._count = now, 0
        self._count += 1


class Reach:
    """The people whom a business reached outside their windows in the last 24 hours; whoever is among them takes no further place."""

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}

    def has_room(self, person: str, most: int | None, now: datetime) -> bool:
        self._at = {key: at for key, at in self._at.items() if now - at < ROLLING}
        return most is None or person in self._at or len(self._at) < most

    def count(self, person: str, now: datetime) -> None:
        self._at[person] = now


class FreeQuota:
    """The free service messages of a number, by calendar month (UTC here; Meta uses the account's own zone)."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def used(self, now: datetime) -> int:
        return self._used[month(now)]

    def is_left(self, now: datetime) -> bool:
        return self.used(now) < FREE_SERVICE_MESSAGES

    def take(self, now: datetime, count: int = 1) -> None:
        """Count messages; negative to give back what was never delivered."""
        self._used[month(now)] += count


def month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"
