"""Whatever JSON arrives: nothing but Unreadable is raised, and good neighbours always come through."""

import json
from contextlib import suppress
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bot.whatsapp.translate import WhatsAppReader
from crm.errors import Unreadable
from crm.model.events import Broken, Event, Inbound, StatusUpdate
from tests.unit.whatsapp.payloads import (
    a_change,
    a_contact,
    a_message,
    a_status,
    a_value,
    an_echo,
    an_envelope,
)

READER = WhatsAppReader()

KEYS = [
    "id",
    "from",
    "to",
    "from_user_id",
    "timestamp",
    "type",
    "text",
    "body",
    "image",
    "caption",
    "context",
    "reaction",
    "edit",
    "revoke",
    "original_message_id",
    "message",
    "status",
    "errors",
    "code",
    "error_data",
    "pricing",
    "conversation",
    "origin",
    "system",
    "interactive",
    "contacts",
    "name",
    "profile",
    "wa_id",
    "user_id",
    "group_id",
    "value",
    "field",
    "messages",
    "statuses",
    "message_echoes",
    "user_preferences",
    "event",
    "metadata",
    "phone_number_id",
    "entry",
    "changes",
    "object",
]
WORDS = ["text", "image", "reaction", "edit", "revoke", "system", "sent", "failed", "messages", "1749416383", "wamid.A"]

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(st.characters(codec=None, categories=None), max_size=20)
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=25,
)


def almost(element: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Like `element`, with some of its parts replaced by anything."""
    return st.dictionaries(st.sampled_from([*element, *KEYS]), anything, max_size=3).map(lambda odd: {**element, **odd})


def read(document: Any) -> list[Event]:
    return READER.read(json.dumps(document).encode())


def none_was_our_mistake(events: list[Event]) -> bool:
    return not any(isinstance(event, Broken) and "unforeseen" in event.reason for event in events)


def storable(events: list[Event]) -> bool:
    for event in events:
        text = json.dumps(
            [getattr(event, "payload", None), getattr(event, "text", None)], allow_nan=False, ensure_ascii=False
        )
        text.encode()
        orjson.dumps(getattr(event, "payload", None))
    return True


@given(anything)
def test_any_json_is_read_or_unreadable(document: Any) -> None:
    try:
        events = read(document)
    except Unreadable:
        return
    assert none_was_our_mistake(events)
    assert storable(events)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(body: bytes) -> None:
    with suppress(Unreadable):
        READER.read(body)


@given(anything | almost(a_message()), anything)
def test_a_hostile_message_never_takes_its_neighbours_along(element: Any, contacts: Any) -> None:
    value = a_value(
        contacts=[a_contact(), contacts],
        messages=[a_message(id="wamid.BEFORE"), element, a_message(id="wamid.AFTER")],
        statuses=[a_status()],
    )
    events = read(an_envelope(a_change(value)))
    wamids = [event.wamid for event in events if isinstance(event, Inbound)]
    assert wamids[0] == "wamid.BEFORE"
    assert wamids[-1] == "wamid.AFTER"
    assert isinstance(events[-1], StatusUpdate)
    assert len(events) == 4
    assert none_was_our_mistake(events)
    assert storable(events)


@given(
    anything | almost(a_status()),
    anything | almost(an_echo()),
    anything,
    anything | almost(a_change(a_value(messages=[]))),
    anything,
)
def test_hostile_changes_and_entries_stay_alone(
    status: Any, echo: Any, preference: Any, change: Any, entry: Any
) -> None:
    hostile = a_value(statuses=[status], message_echoes=[echo], user_preferences=[preference])
    document = an_envelope(a_change(hostile), change, a_change(a_value(messages=[a_message(id="wamid.GOOD")])))
    document["entry"].append(entry)
    events = read(document)
    assert "wamid.GOOD" in [event.wamid for event in events if isinstance(event, Inbound)]
    assert none_was_our_mistake(events)
    assert storable(events)
