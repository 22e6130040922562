"""Guessing codes is slow, and being forgotten does not make it faster for those who guess now."""

from datetime import timedelta

from bot.telegram.access import Tries
from tests.builders import NOW


def test_five_tries_an_hour_and_then_one_for_each_that_grew_old() -> None:
    tries = Tries()
    assert [tries.allowed(1, NOW + timedelta(minutes=m)) for m in range(6)] == [True] * 5 + [False]
    assert not tries.allowed(1, NOW + timedelta(minutes=59))
    assert tries.allowed(1, NOW + timedelta(minutes=60))
    assert not tries.allowed(1, NOW + timedelta(minutes=60, seconds=30))


def test_each_person_has_their_own_tries() -> None:
    tries = Tries()
    for _ in range(6):
        tries.allowed(1, NOW)
    assert tries.allowed(2, NOW)


def test_a_crowd_does_not_fill_the_memory() -> None:
    tries = Tries(remembered=10)
    for person in range(1000):
        tries.allowed(person, NOW)
    assert len(tries._seen) == 10
