"""Periods are whole days of the house's zone, also where a clock changes and at the end of a year."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.policy import costs

SANTIAGO, MADRID = "America/Santiago", "Europe/Madrid"


def test_a_month_begins_and_ends_at_midnight_there() -> None:
    found = costs.month(datetime(2026, 12, 1, 2, tzinfo=UTC), "America/Argentina/Buenos_Aires")
    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert found.since == datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert found.until == datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert costs.month(datetime(2026, 12, 31, 12, tzinfo=UTC), "UTC").last == date(2026, 12, 31)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    found = costs.days(day, day, MADRID)
    assert found.until - found.since == timedelta(hours=hours)


@given(
    st.integers(0, 6 * 365 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * timedelta(minutes=1)
    ),
    st.sampled_from([SANTIAGO, MADRID, "UTC", "Asia/Kathmandu"]),
)
def test_the_days_of_a_month_follow_one_another_and_are_the_month(now: datetime, zone: str) -> None:
    found = costs.month(now, zone)
    assert found.since <= now < found.until
    each = list(costs.each_day(found, zone))
    assert (each[0].since, each[-1].until) == (found.since, found.until)
    assert all(one.until == following.since for one, following in itertools.pairwise(each))
    assert costs.lately(now, zone, 1).since <= now < costs.lately(now, zone, 1).until
    assert costs.yesterday(now, zone).until == costs.lately(now, zone, 1).since
