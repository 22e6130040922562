"""Which accounts a refusal for reasons of speed concerns, for how long, and that old news change nothing."""

from datetime import datetime, timedelta

import pytest

from bot.whatsapp.errors import classify
from crm.errors import SendFailed
from crm.model.limits import Limits
from crm.model.numbers import Checkup, NumberFacts
from crm.policy import limits
from crm.registration import learnt
from tests.builders import HOUR, MINUTE, NOW, an_account

MINE = an_account(waba_id="1")
SISTER, STRANGER = an_account(waba_id="1"), an_account(waba_id="2")


def concerned(code: int) -> list[int]:
    return [each.id for each in limits.share_the_rest(MINE, classify(code), [MINE, SISTER, STRANGER])]


@pytest.mark.parametrize(
    ("code", "others"),
    [
        (130429, []),
        (131056, []),
        (131057, []),
        (80007, [SISTER.id]),
        (80008, [SISTER.id]),
        (4, [SISTER.id, STRANGER.id]),
        (613, [SISTER.id, STRANGER.id]),
        (131026, []),
        (190, []),
    ],
)
def test_a_refusal_reaches_as_far_as_its_scope(code: int, others: list[int]) -> None:
    assert concerned(code) == others


def rests(failure: SendFailed, now: datetime, known: Limits = Limits()) -> Limits:  # noqa: B008 (frozen)
    return limits.heed(an_account(limits=known), failure, now, now).limits


def test_who_rests_is_not_asked_again_and_rests_no_longer_for_it() -> None:
    first = rests(classify(80007), NOW)
    assert (first.rests_for, first.rests_until) == ("account-limit", NOW + 5 * MINUTE)
    assert limits.resting(an_account(limits=first), NOW + 4 * MINUTE)
    assert rests(classify(80007), NOW + 4 * MINUTE, first) == first
    assert not limits.resting(an_account(limits=first), NOW + 5 * MINUTE)


def test_a_rest_that_did_not_help_is_followed_by_one_of_twice_the_length_up_to_an_hour() -> None:
    known, now, lengths = Limits(), NOW, []
    for _ in range(6):
        known = rests(classify(4), now, known)
        assert known.rests_until is not None
        lengths.append((known.rests_until - now) // MINUTE)
        now = known.rests_until + timedelta(seconds=1)
    assert lengths == [5, 10, 20, 40, 60, 60]
    assert rests(classify(4), now + 2 * HOUR, known).rests_until == now + 2 * HOUR + 5 * MINUTE


def test_old_news_of_speed_say_nothing_about_now() -> None:
    for code in (130429, 80007, 131057):
        assert limits.heed(MINE, classify(code), NOW - HOUR, NOW) is MINE


def test_each_hold_for_spam_within_a_week_is_twice_as_long() -> None:
    known, hours, now = Limits(), [], NOW
    for _ in range(6):
        known, until = limits.struck(known, now)
        hours.append((until - now) // HOUR)
        now = until + HOUR
    assert hours == [6, 12, 24, 48, 72, 72]
    assert limits.struck(known, now + timedelta(days=8))[1] == now + timedelta(days=8, hours=6)


def test_what_graph_grants_a_number_is_believed_by_its_time() -> None:
    upgraded = limits.granted(an_account(), limits.HIGH, NOW)
    assert limits.granted(upgraded, limits.STANDARD, NOW - HOUR) is upgraded
    assert limits.granted(upgraded, limits.STANDARD, NOW + HOUR).limits.throughput == 80
    assert [limits.throughput_of(level) for level in ("STANDARD", "high", "NOT_APPLICABLE", "")] == [
        80,
        1000,
        None,
        None,
    ]


def test_a_checkup_tells_the_throughput_of_a_number() -> None:
    number = NumberFacts("1", "", "", "", "", False, "TIER_2K", "HIGH", "AVAILABLE", None)
    checked = learnt(an_account(coexistence=False), Checkup("1", "2", (), number=number), NOW)
    assert (checked.limits.throughput, checked.limits.throughput_at) == (1000, NOW)
