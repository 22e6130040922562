"""Whatever a button means comes back as it was, in at most 64 bytes; whatever else comes is nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.buttons import LONGEST, Act, Confirm, Go, decode, encode, go

WORDS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
ARGUMENTS = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=12)
IDS = st.integers(0, 2**63 - 1)

VALUES = st.one_of(
    st.builds(Go, WORDS, st.lists(ARGUMENTS, max_size=3).map(tuple)),
    st.builds(Act, WORDS, st.integers(0, 36**12 - 1), st.integers(0, 36**9 - 1), st.none() | ARGUMENTS),
    st.builds(Confirm, st.text(string.ascii_letters + string.digits, min_size=4, max_size=40)),
)


@given(VALUES)
def test_every_value_survives_the_journey(value: Go | Act | Confirm) -> None:
    data = encode(value)
    assert len(data.encode()) <= LONGEST
    assert data.isascii()
    assert decode(data) == value


@given(st.text(max_size=80))
def test_no_callback_data_fails(data: str) -> None:
    value = decode(data)
    assert value is None or encode(value) == data


@given(IDS, IDS)
def test_ids_travel_in_base_36(first: int, second: int) -> None:
    value = go("c", first, second)
    if first < 36**12 and second < 36**12:
        assert (value.number(0), value.number(1), value.number(2)) == (first, second, None)


@pytest.mark.parametrize(
    "data",
    ["", "n", "n:", "n:Home", "n:home:", "n:q:a b", "m:qs", "m:qs:1", "m:qs:K3:1", "m:qs:01:1", "m:qs:1:2:3:4", "m:qs:-1:1",
     "x:", "x:abc", "x:a b c d", "x:" + "a" * 41, "y:1", "n:" + "a" * 70, "m:qs:" + "z" * 13 + ":1", "n:q:é"],
)  # fmt: skip
def test_strangers_words_mean_nothing(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize(
    "value", [Go("Home"), Go("q", ("a b",)), Act("q:s", 1, 1), Confirm("x"), Go("q", ("a" * 40, "b" * 40))]
)
def test_what_cannot_travel_is_refused_at_once(value: Go | Act | Confirm) -> None:
    with pytest.raises(ValueError, match="not a button value"):
        encode(value)
