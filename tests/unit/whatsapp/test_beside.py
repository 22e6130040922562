"""What Meta's own agent and calls look like on the wire, in every shape that was seen (reference 0.10, 1.4)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.whatsapp.translate import KEPT, WhatsAppReader
from crm.model.conversations import META_AGENT, OURS
from crm.model.events import Broken, Control, Echo, Edited, Event, Inbound, StatusUpdate, Unknown
from tests.unit.whatsapp.payloads import (
    BUSINESS,
    NUMBER_ID,
    PHONE,
    a_change,
    a_message,
    a_status,
    a_value,
    an_echo,
    an_envelope,
    dump,
)

WHEN = datetime(2023, 11, 14, 22, 13, 22, tzinfo=UTC)


def read(field: str, value: Any, **entry: Any) -> list[Event]:
    return WhatsAppReader().read(dump(an_envelope(a_change(value, field), **entry)))


def only(field: str, value: Any, **entry: Any) -> Any:
    (event,) = read(field, value, **entry)
    return event


def test_a_message_on_standby_is_a_message_that_metas_agent_answers() -> None:
    for value in (a_value(messages=[a_message()]), a_value(standby={"messages": [a_message()]})):
        event = only("standby", value)
        assert isinstance(event, Inbound)
        assert (event.standby, event.opens_window, event.text) == (True, True, "Does it come in another color?")


def test_an_echo_on_standby_is_what_metas_agent_said() -> None:
    inner = {"recipient": PHONE, "recipient_type": "individual", "type": "text", "text": {"body": "An answer"}}
    nested = a_value(standby={"message_echoes": [{"id": "wamid.M", "timestamp": "1700000002", "message": inner}]})
    timeless = a_value(standby={"message_echoes": [{"id": "wamid.M", "message": inner}]}, timestamp=1700000002)
    plain = a_value(message_echoes=[an_echo(id="wamid.M", text={"body": "An answer"}, timestamp="1700000002")])
    for value in (nested, timeless, plain):
        event = only("standby", value)
        assert isinstance(event, Echo)
        assert (event.by_meta, event.wamid, event.text, event.at) == (True, "wamid.M", "An answer", WHEN)
        assert event.person.wa_id == PHONE
    by_entry = only("standby", a_value(standby={"message_echoes": [{"id": "M", "message": inner}]}), time=1700000002)
    assert by_entry.at == WHEN
    assert isinstance(only("standby", a_value(standby={"message_echoes": [{"id": "M", "message": inner}]})), Broken)


def test_statuses_on_standby_are_statuses() -> None:
    assert isinstance(only("standby", a_value(standby={"statuses": [a_status("read")]})), StatusUpdate)


def test_a_standby_that_brings_nothing_known_is_kept() -> None:
    value = a_value(standby={"typing": True})
    assert only("standby", value) == Unknown("entry[0].changes[0]", "standby", value)


def handover(**passed: Any) -> dict[str, Any]:
    return {
        "type": "control_passed",
        "recipient": {"display_phone_number": BUSINESS, "phone_number_id": NUMBER_ID},
        "sender": {"phone_number": PHONE},
        "timestamp": "1700000002",
        "control_passed": passed,
    }


@pytest.mark.parametrize(
    ("passed", "holder"),
    [
        ({"previous_owner_app_role": "meta_business_agent"}, OURS),
        ({"previous_owner_role": "ai_agent", "new_owner_role": "escalation"}, OURS),
        ({"previous_owner_app_role": "business_app"}, META_AGENT),
        ({"previous_owner_role": "escalation", "new_owner_role": "ai_agent"}, META_AGENT),
    ],
)
def test_a_handover_says_who_has_the_conversation_now(passed: dict[str, Any], holder: str) -> None:
    event = only("messaging_handovers", handover(**passed))
    assert isinstance(event, Control)
    assert (event.holder, event.person.wa_id, event.phone_number_id, event.at) == (holder, PHONE, NUMBER_ID, WHEN)


@pytest.mark.parametrize(
    "value", [handover(), {"control_passed": {"new_owner_role": "ai_agent"}}, handover(new_owner_role=7) | {"x": 1}]
)
def test_a_handover_that_does_not_say_enough_is_kept(value: dict[str, Any]) -> None:
    event = only("messaging_handovers", value)
    assert isinstance(event, Unknown | Control)
    if isinstance(event, Unknown):
        assert event.payload == value


def a_call(event: str, **changes: Any) -> dict[str, Any]:
    call = {"id": "wacid.1", "from": PHONE, "to": BUSINESS, "event": event, "timestamp": "1700000002"}
    return call | {"direction": "USER_INITIATED"} | changes


def test_a_call_is_a_message_that_opens_the_window() -> None:
    event = only("calls", a_value(calls=[a_call("connect", session={"sdp": "v=0"})]))
    assert isinstance(event, Inbound)
    assert (event.kind, event.wamid, event.opens_window, event.at) == ("call", "wacid.1", True, WHEN)
    assert "session" not in event.payload


@pytest.mark.parametrize(
    ("ended", "text"),
    [
        ({"status": "COMPLETED", "duration": 65}, "completed 65"),
        ({"status": ["COMPLETED"], "duration": "65"}, "completed 65"),
        ({"status": "FAILED"}, "missed"),
        ({}, "missed"),
    ],
)
def test_the_end_of_a_call_changes_it(ended: dict[str, Any], text: str) -> None:
    event = only("calls", a_value(calls=[a_call("terminate", **ended)]))
    assert event == Edited("entry[0].changes[0].value.calls[0]", NUMBER_ID, "wacid.1", WHEN, text)


def test_times_in_milliseconds_are_understood() -> None:
    assert only("calls", a_value(calls=[a_call("connect", timestamp=1700000002000)])).at == WHEN


def test_calls_of_ours_and_their_steps_are_kept_only() -> None:
    ours = only("calls", a_value(calls=[a_call("connect", direction="BUSINESS_INITIATED")]))
    assert isinstance(ours, Unknown)
    assert ours.expected
    assert isinstance(only("calls", a_value(calls=[a_call("ringing")])), Unknown)


@pytest.mark.parametrize("field", sorted(KEPT))
def test_fields_without_an_effect_are_kept_and_not_called_new(field: str) -> None:
    value = a_value(groups=[{"id": "1"}])
    assert only(field, value) == Unknown("entry[0].changes[0]", field, value, expected=True)


@pytest.mark.parametrize("field", ["standby", "messaging_handovers", "calls"])
@pytest.mark.parametrize(
    "value", [None, [], "x", 7, {}, {"calls": 1}, {"standby": []}, {"calls": [None, {}, {"id": 1}]}]
)
def test_rubbish_breaks_nothing(field: str, value: Any) -> None:
    assert all(isinstance(event, Unknown | Broken) for event in read(field, value))
