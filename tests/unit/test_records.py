"""Records made the fast way cannot be told from those that dataclasses make."""

import dataclasses
from typing import Any

import pytest

from crm.model.records import maker, replace
from tests import builders

RECORDS: list[Any] = [
    builders.an_account(),
    builders.a_contact(),
    builders.a_conversation(),
    builders.a_message(),
    builders.a_sequence(),
    builders.an_enrollment(),
    builders.an_outbox_item(),
    builders.a_pending(),
    builders.an_agent(),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_every_field_changes_as_dataclasses_would_change_it(record: Any) -> None:
    for field in dataclasses.fields(record):
        changed = replace(record, **{field.name: "other"})
        assert changed == dataclasses.replace(record, **{field.name: "other"})
        assert type(changed) is type(record)
        assert record != changed


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_made_record_is_frozen_and_equal(record: Any) -> None:
    made = maker(type(record))(*(getattr(record, field.name) for field in dataclasses.fields(record)))
    assert made == record
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.id = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(record, id=1).id = 2


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError):
        replace(builders.a_contact(), nmae="Ana")  # type: ignore[call-arg]
