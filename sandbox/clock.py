"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta


class SetClock:
    """Tells the moment it was last set to."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime(2026, 11, 24, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        """Move on by so many `hours=`, `minutes=`, … as timedelta takes them."""
        self.at += timedelta(**by)
