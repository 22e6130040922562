"""What becomes of a file that was fetched, or that could not be.

Meta keeps the id of a customer's file for seven days (reference 7), so that is how long it is worth asking. The hash it tells is of
uncertain meaning: bytes that differ are fetched once more, for they may have been hurt on the way, and then kept with a remark,
because a customer's picture is worth more than a checksum.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.errors import AccountSuspended, CrmError, NotFound, SendPostponed, SendRejected
from crm.model.media import DIFFERS, Media, MediaState

ID_LIVES = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
TOKEN_WAIT = timedelta(minutes=15)
"""A token that is refused will hardly be taken a moment later; somebody must renew it."""
MOST_ATTEMPTS = 250
"""More than seven days of failures need: what is tried more often fails in a way that nobody foresaw, or kills whoever tries."""
TIMES_FETCHED = 2
"""So often are bytes fetched that are not what Meta said."""


@dataclass(frozen=True, slots=True)
class Keep:
    """It is kept; `odd` says what is strange about it."""

    odd: str | None


@dataclass(frozen=True, slots=True)
class Again:
    """It is fetched again at that time."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Never:
    """It will not come: refused, or gone."""

    state: MediaState
    why: str


def address(media: Media, now: datetime) -> str | None:
    """The webhook's own address of a file, while it may still be good; from the second try on Meta is asked for a new one."""
    fresh = media.attempts <= 1 and media.url_until is not None and now < media.url_until
    return media.url if fresh else None


def judge(media: Media, found: str, told: str | None, now: datetime) -> Keep | Again:
    """Is what was fetched what Meta spoke of? `found` and `told` are hashes; Meta may tell none."""
    if told is None or found == told:
        return Keep(None)
    if media.attempts < TIMES_FETCHED:
        return Again(now + FIRST_WAIT, DIFFERS)
    return Keep(DIFFERS)


def after(failure: CrmError, media: Media, now: datetime) -> Again | Never:
    """What to do with a file that could not be fetched or kept."""
    match failure:
        case NotFound():
            return Never(MediaState.GONE, failure.code)
        case SendRejected():
            return Never(MediaState.REFUSED, failure.code)
        case AccountSuspended():
            wait = TOKEN_WAIT
        case SendPostponed():
            wait = max(_growing(media.attempts), min(failure.wait, LONGEST_WAIT))
        case _:
            wait = _growing(media.attempts)
    if now + wait - media.created_at > ID_LIVES:
        return Never(MediaState.GONE, "media-unavailable")
    return Again(now + wait, failure.code)


def _growing(attempts: int) -> timedelta:
    times: int = 4 ** min(max(attempts - 1, 0), 6)
    return min(FIRST_WAIT * times, LONGEST_WAIT)
