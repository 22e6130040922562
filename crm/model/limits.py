"""What Meta lets an account do for the time being, and what it lets a portfolio reach in a day (reference 4)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """One account's. Everything here ends by itself; what a person has to end is the account's state.

    `throughput` is what Meta grants at most, in messages per second both ways (None: it has not told), said at `throughput_at`. A
    number that was asked to slow down at `slowed_at` was then set to `slowed_to` messages per second and recovers from there
    (`policy/pacing.py`). A resting account sends nothing until `rests_until` because of `rests_for`, an error's code; it rests since
    `rests_since`. `strikes` counts how often Meta held the number for spam in a row, the last time at `struck_at`. `used`
    is how many per cent of the calls that Meta allows were used at `used_at`, once that is much (`policy/usage.py`).
    """

    throughput: int | None = None
    throughput_at: datetime | None = None
    slowed_to: float | None = None
    slowed_at: datetime | None = None
    rests_for: str | None = None
    rests_since: datetime | None = None
    rests_until: datetime | None = None
    strikes: int = 0
    struck_at: datetime | None = None
    used: int | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of Meta's call limits is used, in per cent, by an answer's headers (reference 4): of the app, of the business account, and
    in how many minutes the latter lets us on again."""

    app: int = 0
    business: int = 0
    regain_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How many people the numbers of a business portfolio may reach outside their windows in 24 hours: `most`, None without limit. Meta
    said so at `said_at`; agents were last told that the limit is reached at `told_at`."""

    id: str
    most: int | None
    said_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """That a contact was, or is about to be, reached outside its window by the outbox item `outbox_id`. `before_at` is when it was reached
    before that; if this message never arrives, that counts again."""

    portfolio: str
    contact_id: int
    at: datetime
    outbox_id: int
    before_at: datetime | None = None
