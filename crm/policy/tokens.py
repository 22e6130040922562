"""When a token is renewed, and when people are warned of its end (SPEC S2)."""

from datetime import datetime, timedelta

RENEW_FROM = timedelta(days=20)
WARN_AT = (14, 7, 3, 1)
"""Days before the end."""


def wants_renewal(expires_at: datetime | None, now: datetime) -> bool:
    """Is it time? A token that never ends is never exchanged; one that has ended cannot be."""
    return expires_at is not None and now < expires_at <= now + RENEW_FROM


def warning_due(expires_at: datetime | None, warned_at_days: int | None, now: datetime) -> int | None:
    """The nearest mark that has been passed and not yet warned of, in days."""
    if expires_at is None:
        return None
    passed = [days for days in WARN_AT if expires_at - now <= timedelta(days=days)]
    nearest = min(passed, default=None)
    if nearest is None or (warned_at_days is not None and warned_at_days <= nearest):
        return None
    return nearest
