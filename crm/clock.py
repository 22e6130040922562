"""Where time comes from.

One use case reads the clock once and passes the reading on, so that a decision can be replayed and a test or the sandbox's
time machine can stand in for the machine's clock. Nothing else in the program may ask the machine for the time (ruff TID251).
"""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
