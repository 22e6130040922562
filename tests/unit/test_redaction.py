"""No secret and no whole phone number gets past the redactor, wherever it stands; what is needed to find one's way stays readable."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import GONE, Redactor

BOT_TOKEN = "7234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
META_TOKEN = "EAAGm0PX4ZCpsBAKZBxyzQm8ZD"
APP_SECRET = "9f86d081884c7d659a2feaa0c55ad015"
VAULT_KEY = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyMTI="


def cleaned(**event: Any) -> dict[str, Any]:
    return Redactor([APP_SECRET, "s3cr/t pässword"])(None, "info", event)


@pytest.mark.parametrize(
    "said",
    [
        f"HTTP Request: POST https://api.telegram.org/bot{BOT_TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{BOT_TOKEN}/photos/1.jpg",
        "http://127.0.0.1:81/bot7:short/getMe",
        f"the token {BOT_TOKEN}",
        f"Bearer {META_TOKEN}",
        f"?access_token={META_TOKEN}&x=1",
        "?access_token=opaque-value&x=1",
        "grant_type=x&fb_exchange_token=opaque-value",
        "'appsecret_proof': 'opaque-value'",
        '{"hub.verify_token": "opaque-value"}',
        "Authorization: Bearer opaque-value",
        "postgresql://centralita:opaque-value@db/centralita",
        f"sealed with {VAULT_KEY}",
        f"signed with {APP_SECRET}",
        "s3cr/t pässword",
        "s3cr%2Ft%20p%C3%A4ssword",
        "s3cr%2Ft+p%C3%A4ssword",
        "s3cr/t p\\u00e4ssword",
    ],
)
def test_a_secret_disappears(said: str) -> None:
    for event in ({"event": said}, {"deep": [{"er": (said,)}]}, {"mapping": {said: 1}}, {"error": ValueError(said)}):
        text = str(cleaned(**event))
        assert GONE in text
        for secret in (BOT_TOKEN, "7:short", META_TOKEN, "opaque-value", VAULT_KEY, APP_SECRET, "ssword"):
            assert secret not in text


def test_a_field_that_is_named_a_secret_is_not_shown_at_all() -> None:
    assert cleaned(access_token="x", deep={"password": 12, "secret_token": ["y"]}, token=None) == {
        "access_token": GONE,
        "deep": {"password": GONE, "secret_token": GONE},
        "token": None,
    }


def test_a_secret_that_is_learnt_later_is_hidden_from_then_on() -> None:
    redactor = Redactor()
    assert redactor.text("opaque-value") == "opaque-value"
    redactor.learn("opaque-value")
    assert redactor.text("it was opaque-value") == f"it was {GONE}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5491155550099", "***099"),
        ("+5491155550099", "***099"),
        ("+54 9 11 5555-0099", "***099"),
        ("+34.600.000.001", "***001"),
        ("(011) 5555-0099", "***099"),
        ("600 000 001", "***001"),
        ("w:5491155550099", "w:***099"),
        ("tel5491155550099x", "tel***099x"),
        ("from +34600000001 to +34600000002.", "from ***001 to ***002."),
        ("2026-11-24 600 000 001", "2026-11-24 ***001"),
        ("at 12:00:00 2026-11-24 5491155550099", "at 12:00:00 2026-11-24 ***099"),
    ],
)
def test_a_phone_number_keeps_its_last_three_digits(said: str, shown: str) -> None:
    assert cleaned(a=said, b={said: [said]}, c=ValueError(said)) == {"a": shown, "b": {shown: [shown]}, "c": shown}


def test_a_phone_number_as_a_number_is_masked_where_the_field_says_that_it_is_one() -> None:
    event = cleaned(wa_id=5491155550099, deep={"recipient_id": 5491155550099}, chat_id=7000000001)
    assert event == {"wa_id": "***099", "deep": {"recipient_id": "***099"}, "chat_id": 7000000001}


def test_what_is_needed_to_find_ones_way_stays() -> None:
    event: dict[str, Any] = {
        "event": "whatsapp.message.sent",
        "contact_id": 123456789012,
        "message_id": "wamid.HBgNNTQ5MTE1NTU1MDA5ORUCABIYFDNB",
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "at": "2026-11-24T12:00:00.123456+00:00",
        "when": "2026-11-24 12:00:00",
        "address": "127.0.0.1:8080",
        "took": 0.123456789012,
        "none": None,
        "true": True,
    }
    assert cleaned(**event) == event


@dataclass
class Person:
    phone: str


def test_what_is_no_plain_value_is_told_in_words_and_cleaned() -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no")

    moment = datetime(2026, 11, 24, tzinfo=UTC)
    event = cleaned(a=Person("5491155550099"), b=b"5491155550099", c=Broken(), d=moment, e=2**70)
    assert "5491155550099" not in str(event)
    assert event["c"] == "<Broken that cannot be shown: RuntimeError>"
    assert event["d"] == "2026-11-24 00:00:00+00:00"
    assert isinstance(event["e"], str)


def test_nesting_without_end_ends() -> None:
    endless: list[Any] = ["5491155550099"]
    endless.append(endless)
    assert "5491155550099" not in str(cleaned(a=endless))


@given(
    st.from_regex(r"\A[1-9][0-9]{9,14}\Z"),
    st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=20),
    st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=20),
)
def test_no_surroundings_let_a_phone_number_through(phone: str, before: str, after: str) -> None:
    assert phone not in Redactor().text(f"{before}{phone}{after}")
