"""How Meta writes a portfolio's limit, which word of it counts, and when somebody's turn comes."""

import itertools

import pytest

from crm.model.limits import Portfolio
from crm.policy import reach
from tests.builders import DAY, HOUR, MINUTE, NOW


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        (2000, (2000,)),
        ("2000", (2000,)),
        ("TIER_250", (250,)),
        ("TIER_2K", (2000,)),
        ("tier_10k", (10_000,)),
        ("TIER_100K", (100_000,)),
        ("TIER_UNLIMITED", (None,)),
        (-1, (None,)),
        ("-1", (None,)),
        (0, None),
        ("", None),
        (None, None),
        (True, None),
        ("TIER_NOT_SET", None),
        ({"a": 1}, None),
        ("9" * 5000, None),
    ],
)
def test_a_limit_is_read_however_meta_writes_it(value: object, limit: object) -> None:
    assert reach.limit_of(value) == limit


def test_both_webhooks_name_it() -> None:
    capability = {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25}
    quality = {"event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"}
    assert (reach.told(capability), reach.told(quality), reach.told({"event": "ONBOARDING"})) == (
        (2000,),
        (None,),
        None,
    )


def test_the_newest_word_counts_in_any_order_and_of_one_second_the_lower() -> None:
    words = [(2000, NOW), (250, NOW + HOUR), (10_000, NOW + HOUR), (None, NOW + HOUR), (None, NOW - DAY)]
    for order in itertools.permutations(words):
        known: Portfolio | None = None
        for most, at in order:
            known = reach.believe(known, "p", most, at) or known
        assert known == Portfolio("p", 250, NOW + HOUR)


def test_each_who_waits_gets_the_next_place_and_after_the_last_a_day_more() -> None:
    places = [NOW - 20 * HOUR, NOW - 19 * HOUR]
    turns = [reach.waits_until(places, n, NOW) for n in range(3)]
    assert turns == [NOW + 4 * HOUR, NOW + 5 * HOUR, NOW + 28 * HOUR]


def test_a_turn_is_always_in_the_future() -> None:
    assert reach.waits_until([NOW - DAY - MINUTE], 0, NOW) > NOW
    assert reach.waits_until([], 3, NOW) == NOW + DAY
