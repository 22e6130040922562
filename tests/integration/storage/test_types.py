"""What the columns promise: times to the microsecond, dataclasses that cannot be told from the classes' own."""

from dataclasses import FrozenInstanceError, astuple, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Unreadable
from crm.model.records import maker
from storage.types import dumps, loads, micros, moment
from tests.builders import NOW, a_contact, a_conversation, a_message, an_enrollment, an_outbox_item

FIRST, LAST = datetime(1970, 1, 1), datetime(2106, 1, 1)  # noqa: DTZ001


@given(st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(time: datetime) -> None:
    assert moment(micros(time)) == time
    assert moment(micros(time)).tzinfo is UTC


def test_only_utc_is_a_time() -> None:
    assert micros(NOW.replace(tzinfo=ZoneInfo("UTC"))) == micros(NOW)
    for wrong in (NOW.replace(tzinfo=None), NOW.replace(tzinfo=timezone(timedelta(hours=2)))):
        with pytest.raises(ValueError, match="aware UTC"):
            micros(wrong)


@pytest.mark.parametrize(
    "example",
    [a_contact(), a_conversation(), a_message(), a_message().delivery, an_enrollment(), an_outbox_item()],
    ids=lambda example: type(example).__name__,
)
def test_what_a_maker_makes_is_what_the_class_makes(example: Any) -> None:
    kind = type(example)
    made = maker(kind)(*(getattr(example, field.name) for field in fields(example)))
    assert type(made) is kind
    assert made == example
    assert repr(made) == repr(example)
    assert astuple(made) == astuple(example)
    assert not hasattr(made, "__dict__")
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(example)[0].name, 1)


def test_free_form_data_is_json() -> None:
    assert loads(dumps({"ñ": [1, 2.5, None, True], "at": NOW})) == {"ñ": [1, 2.5, None, True], "at": NOW.isoformat()}
    for hostile in ({"n": 2**70}, {"half": "\ud800"}, {1: object()}):
        with pytest.raises(Unreadable):
            dumps(hostile)
