"""How fast an account may send, and one person be written to: what Meta grants, what 130429 and 131056 do, and how it comes back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.model.limits import Limits
from crm.policy import pacing
from tests.builders import NOW, an_account

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wanted", "coexistence", "granted", "rate"),
    [
        (20, True, None, 20),
        (80, True, 1000, 20),  # fixed by Meta, whatever else it says
        (10, True, None, 10),
        (80, False, None, 80),
        (1000, False, None, 1000),  # not told yet: the setting is believed
        (1000, False, 80, 80),
        (1000, False, 1000, 1000),
        (80, False, 1000, 80),  # an upgrade raises nothing beyond the setting
    ],
)
def test_the_rate_is_what_the_setting_wants_and_meta_grants(
    wanted: int, coexistence: bool, granted: int | None, rate: float
) -> None:
    account = an_account(messages_per_second=wanted, coexistence=coexistence, limits=Limits(throughput=granted))
    assert pacing.ceiling(account) == rate


def test_a_share_leaves_at_least_one_message_a_second() -> None:
    assert pacing.ceiling(an_account(messages_per_second=20), 0.5) == 10
    assert pacing.ceiling(an_account(messages_per_second=1), 0.5) == 1


def test_a_slow_down_halves_and_all_answers_of_a_second_are_one_word() -> None:
    once = pacing.slowed(Limits(), 80, NOW)
    assert pacing.rate(once, 80, NOW) == 40
    assert pacing.slowed(once, 80, NOW + SECOND / 2) == once
    twice = pacing.slowed(once, 80, NOW + SECOND)
    assert pacing.rate(twice, 80, NOW + SECOND) == 20


def test_it_never_stops_altogether() -> None:
    limits = Limits()
    for n in range(20):
        limits = pacing.slowed(limits, 80, NOW + n * SECOND)
    assert pacing.rate(limits, 80, NOW + 20 * SECOND) == pacing.SLOWEST


def test_it_recovers_by_a_tenth_every_thirty_calm_seconds() -> None:
    limits = pacing.slowed(Limits(), 80, NOW)
    rates = [pacing.rate(limits, 80, NOW + n * pacing.CALM) for n in range(7)]
    assert rates == [40, 48, 56, 64, 72, 80, 80]
    assert pacing.recovers_at(limits, 80) == NOW + 5 * pacing.CALM


@given(allowed=st.integers(1, 1000), seconds=st.lists(st.integers(0, 400), max_size=12))
def test_whatever_happens_the_rate_stays_between_the_slowest_and_the_allowed(allowed: int, seconds: list[int]) -> None:
    limits, now = Limits(), NOW
    for each in seconds:
        now += each * SECOND
        limits = pacing.slowed(limits, allowed, now)
        assert pacing.SLOWEST <= pacing.rate(limits, allowed, now) <= allowed
    full = pacing.recovers_at(limits, allowed)
    assert full is None or pacing.rate(limits, allowed, full) == allowed


def test_after_a_slow_down_the_schedule_stands_still_for_a_second_and_goes_on_at_the_new_rate() -> None:
    pace = pacing.fitted(None, Limits(), 80, NOW)
    pace = pacing.fitted(pace, pacing.slowed(Limits(), 80, NOW), 80, NOW)
    assert pacing.grant(pace, NOW + SECOND / 2, 10)[1] == 0
    _, granted = pacing.grant(pace, NOW + SECOND, 1000)
    assert granted == 5  # 40 a second, a tenth of a second ahead


def test_a_restart_in_the_middle_of_a_slow_down_is_no_faster() -> None:
    slowed = pacing.slowed(Limits(), 80, NOW)
    assert pacing.fitted(None, slowed, 80, NOW + SECOND / 4) == pacing.Pace(40, NOW + SECOND)


def test_an_idle_schedule_saves_nothing_up() -> None:
    pace = pacing.fitted(pacing.Pace(10, NOW), Limits(), 20, NOW + timedelta(hours=1))
    assert pacing.grant(pace, NOW + timedelta(hours=1), 1000)[1] <= 4


def test_the_pair_backs_off_by_powers_of_four_up_to_an_hour() -> None:
    waits = [pacing.pair_back_off(attempts).total_seconds() for attempts in range(1, 9)]
    assert waits == [6, 6, 16, 64, 256, 1024, 3600, 3600]
    assert pacing.pair_back_off(10_000) == pacing.PAIR_LONGEST


def test_after_a_refusal_the_pair_rests_and_then_goes_on_without_a_burst() -> None:
    until = NOW + timedelta(seconds=64)
    free_at = pacing.pair_refused(None, until)
    allowed, free_at = pacing.pair(free_at, NOW)
    assert allowed == until
    allowed, free_at = pacing.pair(free_at, until)
    assert allowed == until + pacing.PAIR_GAP
    assert pacing.pair_refused(free_at, NOW) == free_at


def test_the_bursts_of_a_pair_are_borrowed_from_its_future() -> None:
    free_at = None
    for _ in range(pacing.PAIR_BURST):
        allowed, free_at = pacing.pair(free_at, NOW)
        assert allowed == NOW
    assert pacing.pair(free_at, NOW)[0] == NOW + pacing.PAIR_GAP


def test_a_pace_that_fits_is_left_alone() -> None:
    pace = pacing.Pace(20, NOW)
    assert pacing.fitted(pace, Limits(), 20, NOW + timedelta(hours=1)) == pace
