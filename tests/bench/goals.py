"""What every figure should be (the project's performance goals); a missed floor is shown, never asserted."""

from typing import NamedTuple


class Goal(NamedTuple):
    """`floor` must hold, `stretch` is hoped for; with `lower` smaller is better."""

    floor: float
    stretch: float
    lower: bool = False


GOALS = {
    "intake_sqlite_ratio": Goal(0.70, 0.80),
    "intake_pg_ratio": Goal(0.85, 0.95),
    "intake_sqlite_ratio_1m": Goal(0.70, 0.80),
    "intake_pg_ratio_1m": Goal(0.85, 0.95),
    "intake_sqlite_vs_commit_each": Goal(6, 7.5),
    "intake_pg_vs_commit_each": Goal(2.5, 3),
    "intake_vs_pywa": Goal(5, 8),
    "inbox_sqlite_per_s": Goal(5_000, 10_000),
    "inbox_pg_per_s": Goal(5_000, 8_000),
    "intake_inbox_sqlite_per_s": Goal(4_000, 8_000),
    "intake_inbox_pg_per_s": Goal(3_500, 6_000),
    "claim_sqlite_ms": Goal(1, 0.5, lower=True),
    "claim_pg_ms": Goal(2, 1, lower=True),
    "due_sqlite_per_s": Goal(6_000, 12_000),
    "due_pg_per_s": Goal(6_000, 12_000),
    "dispatch_sqlite_per_s": Goal(4_000, 7_000),
    "dispatch_pg_per_s": Goal(4_000, 7_000),
    "dispatch_sqlite_core_at_1000": Goal(0.40, 0.30, lower=True),
    "dispatch_pg_core_at_1000": Goal(0.40, 0.30, lower=True),
    "mixed_sqlite_intake_p99_ms": Goal(20, 12, lower=True),
    "mixed_pg_intake_p99_ms": Goal(15, 8, lower=True),
    "media_sqlite_intake_p99_ratio": Goal(2, 1.3, lower=True),
    "media_pg_intake_p99_ratio": Goal(2, 1.3, lower=True),
    "rss_idle_sqlite_mb": Goal(150, 100, lower=True),
    "rss_idle_pg_mb": Goal(150, 100, lower=True),
    "story_in_process_s": Goal(20, 12, lower=True),
    "story_hosted_s": Goal(20, 14, lower=True),
}


def verdict(key: str, value: float) -> str:
    """In a word."""
    goal = GOALS.get(key)
    if goal is None:
        return ""
    sign = -1 if goal.lower else 1
    if sign * value < sign * goal.floor:
        return "MISSED"
    return "stretch" if sign * value >= sign * goal.stretch else "holds"
