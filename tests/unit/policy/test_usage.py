"""Meta's headers about the calls that are used up: slower in a line, a rest near the end, and nothing absurd believed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.model.limits import Limits, Usage
from crm.policy import limits, usage
from tests.builders import NOW, an_account

MINUTE = timedelta(minutes=1)
OURS = an_account(id=1, waba_id="w")
SISTER = an_account(id=2, waba_id="w")
OTHER = an_account(id=3, waba_id="x")
ALL = (OURS, SISTER, OTHER)


@pytest.mark.parametrize(("used", "part"), [(80, 1.0), (85, 0.7), (90, 0.4), (95, 0.1), (100, 0.1)])
def test_the_rate_falls_in_a_line_from_eighty_per_cent_on(used: int, part: float) -> None:
    assert usage.share(Limits(used=used, used_at=NOW), NOW) == pytest.approx(part)


def test_a_word_is_believed_for_five_minutes() -> None:
    known = Limits(used=90, used_at=NOW)
    assert usage.share(known, NOW + 5 * MINUTE - timedelta(seconds=1)) < 1
    assert usage.share(known, NOW + 5 * MINUTE) == 1


def test_the_app_slows_every_number_and_a_business_account_only_its_own() -> None:
    assert [each.id for each in usage.heeded(ALL, {1: Usage(app=90)}, NOW)] == [1, 2, 3]
    changed = usage.heeded(ALL, {1: Usage(business=90)}, NOW)
    assert [(each.id, each.limits.used) for each in changed] == [(1, 90), (2, 90)]


@pytest.mark.parametrize(
    ("heard", "wait", "code"),
    [
        (Usage(business=97, regain_minutes=12), 12 * MINUTE, "account-limit"),
        (Usage(business=97), MINUTE, "account-limit"),
        (Usage(business=97, regain_minutes=600), limits.LONGEST_REST, "account-limit"),
        (Usage(business=97, regain_minutes=2_000_000_000), MINUTE, "account-limit"),
        (Usage(business=97, regain_minutes=-5), MINUTE, "account-limit"),
        (Usage(app=99, business=50, regain_minutes=30), MINUTE, "app-limit"),
    ],
)
def test_near_the_end_a_number_rests(heard: Usage, wait: timedelta, code: str) -> None:
    known = usage.heeded([OURS], {1: heard}, NOW)[0].limits
    assert (known.rests_for, known.rests_until) == (code, NOW + wait)


def test_calls_under_way_prolong_no_rest() -> None:
    (resting,) = usage.heeded([OURS], {1: Usage(app=97)}, NOW)
    assert usage.heeded([resting], {1: Usage(app=99)}, NOW + MINUTE / 2) == []


def test_little_use_and_repeated_words_change_nothing() -> None:
    assert usage.heeded(ALL, {1: Usage(app=79, business=12)}, NOW) == []
    (slower,) = usage.heeded([OURS], {1: Usage(app=88)}, NOW)
    assert usage.heeded([slower], {1: Usage(app=89)}, NOW + MINUTE / 2) == []
    assert usage.heeded([slower], {1: Usage(app=89)}, NOW + MINUTE) != []


def test_the_highest_of_many_answers_counts_and_quiet_ones_cost_nothing() -> None:
    heard = [(1, None), (1, Usage(app=12)), (2, Usage(app=85, business=3)), (2, Usage(business=91, regain_minutes=4))]
    assert usage.together(heard) == {2: Usage(85, 91, 4)}


NUMBERS = st.integers(-(2**40), 2**40)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3, 9]), st.builds(Usage, NUMBERS, NUMBERS, NUMBERS))))
def test_no_header_silences_a_number_for_longer_than_an_hour(heard: list[tuple[int, Usage]]) -> None:
    for each in usage.heeded(ALL, usage.together(heard), NOW):
        assert 0.1 <= usage.share(each.limits, NOW) <= 1
        assert each.limits.rests_until is None or each.limits.rests_until <= NOW + limits.LONGEST_REST
