"""The spellings of one phone are one, and nobody else's number is touched."""

import pytest

from crm.policy.identities import phone_key
from crm.policy.phones import subscriber


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("551187654321", "5511987654321"),  # Brazil's ninth digit
        ("553161234567", "5531961234567"),
        ("541155550099", "5491155550099"),  # Argentina's 9
        ("5215512345678", "525512345678"),  # Mexico's 1
    ],
)
def test_two_spellings_of_one_phone_have_one_key(one: str, other: str) -> None:
    assert subscriber(one) == subscriber(other)
    assert phone_key(one) == phone_key(other)


@pytest.mark.parametrize(
    "wa_id",
    [
        "551132654321",  # landlines in Brazil begin with 2 to 5 and have no ninth digit
        "552124681357",
        "5511987654321",
        "5491155550099",
        "525512345678",
        "34600123456",
        "15550783881",
        "5512345",
        "55",
        "",
    ],
)
def test_any_other_number_stays_as_it_is(wa_id: str) -> None:
    assert subscriber(wa_id) == wa_id


def test_a_landline_in_brazil_is_no_mobile_with_a_ninth_digit() -> None:
    assert subscriber("551132654321") != subscriber("5511932654321")


def test_what_stands_for_a_phone_stands_for_itself() -> None:
    for wa_id in ("551187654321", "541155550099", "5215512345678", "551132654321", "34600123456"):
        assert subscriber(subscriber(wa_id)) == subscriber(wa_id)
