"""Scheduled work: what ran, when it should have, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did, as counts for logs and screens."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(f"{name}={count}" for name, count in self.counts.items()) or "nothing to do"


DIED = "died"
"""The outcome of a run whose process ended before it: the job is to run again."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job for one fire time; `finished_at` is None while it runs."""

    job: str
    fire_at: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
