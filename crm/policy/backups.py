"""Which backups may go, and whether the last good one is too old."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crm.model.backups import Backup


def last_good(backups: Sequence[Backup]) -> Backup | None:
    """The newest that was restored and found equal."""
    return max((each for each in backups if each.proven_at is not None), key=lambda each: each.at, default=None)


def outdated(backups: Sequence[Backup], keep: timedelta, now: datetime) -> list[Backup]:
    """Those kept long enough. The last good one never goes, however old it is."""
    good = last_good(backups)
    return [each for each in backups if each.at < now - keep and each != good]


def too_old(
    backups: Sequence[Backup], began_at: datetime | None, old_after: timedelta, now: datetime
) -> timedelta | None:
    """How old the last good backup is, when that is too old; `began_at` is since when there is something to lose."""
    good = last_good(backups)
    since = good.at if good is not None else began_at
    return now - since if since is not None and now - since > old_after else None
