"""How fast an account sends just now, and how much of its portfolio's day is used: for people and meters to look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PaceNow:
    """Messages per second in force (`rate`) and when nothing is wrong (`allowed`); when it is back there (`normal_at`); until when and
    for which error's code the account rests; how many per cent of the calls that Meta allows are `used`, while that slows it."""

    rate: float
    allowed: float
    normal_at: datetime | None = None
    rests_until: datetime | None = None
    rests_for: str | None = None
    used: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "rate": self.rate,
            "allowed": self.allowed,
            "normal_at": self.normal_at.isoformat() if self.normal_at else None,
            "rests_until": self.rests_until.isoformat() if self.rests_until else None,
            "rests_for": self.rests_for,
            "used": self.used,
        }


@dataclass(frozen=True, slots=True)
class PlacesNow:
    """People that the portfolio `id` reached outside their windows in the last 24 hours, and how many Meta allows (`most`): None without a
    limit, or while Meta has not told one (`known` False)."""

    id: str
    used: int
    most: int | None
    known: bool

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "used": self.used, "most": self.most, "known": self.known}
