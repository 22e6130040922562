"""A phone's history and its address book, read: slices first, their messages when their turn has come (reference 1.3)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.whatsapp import history
from bot.whatsapp.translate import WhatsAppReader
from crm.model.contacts import Person
from crm.model.events import BookEntry, Broken, Event, HistoryDeclined, HistorySlice, Past, Unknown
from crm.model.media import MediaKind
from crm.model.messages import DeliveryStatus
from tests.unit.whatsapp.payloads import a_change, a_value, an_envelope, dump

BUSINESS, THEIRS = "15550783881", "16505551234"
AT = datetime(2025, 2, 10, 23, 42, 35, tzinfo=UTC)


def a_line(wamid: str = "wamid.1", **changes: Any) -> dict[str, Any]:
    line = {"from": BUSINESS, "id": wamid, "timestamp": "1739230955", "type": "text", "text": {"body": "Hola"}}
    return {**line, "history_context": {"status": "READ"}, **changes}


def a_chunk(*lines: dict[str, Any], thread: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    whole = {"phase": 0, "chunk_order": 1, "progress": 55, **metadata}
    who = {"id": THEIRS, "context": {"wa_id": THEIRS, "user_id": "US.134"}} if thread is None else thread
    return {"metadata": whole, "threads": [{**who, "messages": list(lines)}]}


def read(value: dict[str, Any], field: str = "history") -> list[Event]:
    return WhatsAppReader().read(dump(an_envelope(a_change(a_value(**value), field))))


def past(value: dict[str, Any]) -> list[Event]:
    """All messages of a history webhook."""
    found: list[Event] = []
    for event in read(value):
        assert isinstance(event, HistorySlice), event
        found += WhatsAppReader().past(event.phone_number_id, event.content)
    return found


def only(value: dict[str, Any]) -> Past:
    (event,) = past(value)
    assert isinstance(event, Past), event
    return event


def test_a_message_of_ours_is_read_with_how_far_it_got() -> None:
    event = only({"history": [a_chunk(a_line())]})
    assert (event.wamid, event.at, event.kind, event.text, event.ours) == ("wamid.1", AT, "text", "Hola", True)
    assert event.status is DeliveryStatus.READ
    assert event.person == Person(THEIRS, "US.134")
    assert event.position == "entry[0].changes[0].value.history[0].threads[0].messages[0]"


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ({"from": THEIRS}, False),
        ({"from": BUSINESS}, True),
        ({"from": None, "from_user_id": "US.134"}, False),
        ({"from": None, "to": THEIRS}, True),
        ({"from": None, "to_user_id": "US.134"}, True),
        ({"from": None}, False),
        ({"from": "34600111222"}, True),  # our number before it was changed
    ],
)
def test_whose_message_it_is(line: dict[str, Any], ours: bool) -> None:
    event = only({"history": [a_chunk(a_line(**line))]})
    assert event.ours is ours
    assert (event.status is DeliveryStatus.RECEIVED) is not ours


def test_somebody_without_a_phone_is_known_by_the_context() -> None:
    thread = {"context": {"user_id": "US.134", "username": "@realpablo"}}
    assert only({"history": [a_chunk(a_line(), thread=thread)]}).person == Person(None, "US.134", None, "@realpablo")


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("SENT", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("PLAYED", DeliveryStatus.READ),
        ("ERROR", DeliveryStatus.FAILED),
        ("PENDING", DeliveryStatus.ACCEPTED),
        ("NEW_IN_2027", DeliveryStatus.SENT),
    ],
)
def test_every_status_of_the_history_has_a_meaning(said: str, means: DeliveryStatus) -> None:
    assert only({"history": [a_chunk(a_line(history_context={"status": said}))]}).status is means


def test_thousands_of_messages_become_slices_that_lose_none() -> None:
    events = read({"history": [a_chunk(*(a_line(f"wamid.{n}") for n in range(5_000)))]})
    slices = [event for event in events if isinstance(event, HistorySlice)]
    assert len(slices) == len(events) == 5_000 // history.SLICE
    assert {(each.phase, each.progress, each.size) for each in slices} == {(0, 55, history.SLICE)}
    said = [event for each in slices for event in WhatsAppReader().past(each.phone_number_id, each.content)]
    assert [event.wamid for event in said if isinstance(event, Past)] == [f"wamid.{n}" for n in range(5_000)]


def test_a_chunk_without_messages_tells_of_progress_all_the_same() -> None:
    (event,) = read({"history": [{"metadata": {"phase": 2, "progress": 100}, "threads": []}]})
    assert isinstance(event, HistorySlice)
    assert (event.phase, event.progress, event.size) == (2, 100, 0)


def test_one_broken_message_takes_no_other_along() -> None:
    lines = (a_line("wamid.1"), a_line("wamid.2", timestamp="yesterday"), a_line("wamid.3", text={}), a_line("wamid.4"))
    found = past({"history": [a_chunk(*lines)]})
    assert [type(event) for event in found] == [Past, Broken, Broken, Past]
    assert found[1].position.endswith("threads[0].messages[1]")


@pytest.mark.parametrize(
    ("value", "position"),
    [
        ({"history": {"0": a_chunk(a_line())}}, "history"),
        ({"history": ["chunk"]}, "history[0]"),
        ({"history": [{"metadata": {"phase": 1}, "threads": {"0": {}}}]}, "history[0].threads"),
        ({"history": [{"metadata": {"phase": 1}, "threads": ["thread"]}]}, "history[0].threads[0]"),
        (
            {"history": [{"metadata": {"phase": 1}, "threads": [{"id": THEIRS, "messages": a_line()}]}]},
            "history[0].threads[0].messages",
        ),
        ({"history": [], "messages": "none"}, "messages"),
        ({"message_echoes": {"0": a_line()}}, "message_echoes"),
    ],
)
def test_what_is_no_list_is_kept_as_broken(value: dict[str, Any], position: str) -> None:
    broken = [event for event in read(value) if isinstance(event, Broken)]
    assert [event.position for event in broken] == [f"entry[0].changes[0].value.{position}"]


def test_what_is_no_list_takes_no_neighbour_along() -> None:
    beside = a_chunk(a_line())
    beside["threads"].insert(0, {"id": THEIRS, "messages": "?"})
    odd, kept = read({"history": [beside]})
    assert isinstance(odd, Broken)
    assert isinstance(kept, HistorySlice)
    assert kept.size == 1


def test_groups_are_known_as_such() -> None:
    lines = (a_line(group_id="120363"), a_line("wamid.2"))
    found = past({"history": [a_chunk(*lines), a_chunk(a_line(), thread={"id": "120363@g.us"})]})
    assert [type(event) for event in found] == [Unknown, Past, Unknown]


@pytest.mark.parametrize(
    ("key", "ends", "ours"),
    [
        ("messages", {"from": THEIRS}, False),
        ("messages", {"from": BUSINESS, "to": THEIRS}, True),
        ("message_echoes", {"from": BUSINESS, "to": THEIRS}, True),
        ("message_echoes", {"from": BUSINESS, "to": None, "to_user_id": "US.134"}, True),
    ],
)
def test_the_file_of_an_old_message_follows(key: str, ends: dict[str, Any], ours: bool) -> None:
    image = {"id": "24230790383178626", "mime_type": "image/jpeg", "caption": "Nueva colección"}
    value = {"contacts": [{"wa_id": THEIRS, "user_id": "US.134"}], key: [a_line(type="image", image=image, **ends)]}
    event = only(value)
    assert (event.kind, event.text, event.ours) == ("image", "Nueva colección", ours)
    assert event.attachment is not None
    assert (event.attachment.kind, event.attachment.meta_id) == (MediaKind.IMAGE, "24230790383178626")
    assert event.person == Person(THEIRS, "US.134")


def test_a_placeholder_has_neither_words_nor_file() -> None:
    event = only({"history": [a_chunk(a_line(type="media_placeholder", text=None))]})
    assert (event.kind, event.text, event.attachment) == ("media_placeholder", None, None)


def test_a_declined_history_is_understood_with_its_envelope_and_without() -> None:
    """Meta's example of it has no envelope, and so names no number."""
    refused = {"history": [{"errors": [{"code": 2593109, "title": "History sync is turned off by the business"}]}]}
    (event,) = read(refused)
    assert isinstance(event, HistoryDeclined)
    assert event.phone_number_id == "106540352242922"
    assert WhatsAppReader().read(dump(refused)) == [HistoryDeclined("history[0]", None)]


def test_another_error_is_kept_for_a_person_to_look_at() -> None:
    (event,) = read({"history": [{"errors": [{"code": 131000}]}]})
    assert isinstance(event, Unknown)


# --- the address book ---------------------------------------------------------------------------------------------------------


def an_entry(action: str = "add", **changes: Any) -> dict[str, Any]:
    contact = {"full_name": "Pablo  Morales", "first_name": "Pablo", "phone_number": THEIRS, "user_id": "US.134"}
    stamped = {"timestamp": "1739230955"}
    return {"type": "contact", "contact": {**contact, **changes}, "action": action, "metadata": stamped}


@pytest.mark.parametrize("action", ["add", "edit"])
def test_a_name_in_the_address_book(action: str) -> None:
    (event,) = read({"state_sync": [an_entry(action)]}, "smb_app_state_sync")
    assert isinstance(event, BookEntry)
    assert (event.person, event.name, event.at) == (Person(THEIRS, "US.134"), "Pablo Morales", AT)


def test_a_name_taken_out_of_the_address_book() -> None:
    (event,) = read({"state_sync": [an_entry("remove", full_name=None)]}, "smb_app_state_sync")
    assert isinstance(event, BookEntry)
    assert event.name is None


def test_a_broken_entry_takes_no_other_along() -> None:
    entries = [an_entry(full_name=None, first_name=None), an_entry(), an_entry("burn"), {"action": "add"}]
    events = read({"state_sync": entries}, "smb_app_state_sync")
    assert [type(event) for event in events] == [Broken, BookEntry, Unknown, Broken]
