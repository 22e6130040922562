"""What each webhook of Meta's becomes (reference 1.1 to 1.5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.whatsapp.translate import MAX_ELEMENTS, WhatsAppReader
from crm.errors import Unreadable
from crm.model.contacts import Person
from crm.model.events import (
    TIME_UNKNOWN,
    AccountEvent,
    Broken,
    Echo,
    Edited,
    Event,
    Inbound,
    MarketingPreference,
    Revoked,
    StatusUpdate,
    Unknown,
)
from crm.model.messages import DeliveryStatus
from crm.ports import Reader
from tests.unit.whatsapp.payloads import (
    BSUID,
    BUSINESS,
    NUMBER_ID,
    PHONE,
    WABA_ID,
    WAMID,
    Json,
    a_change,
    a_contact,
    a_message,
    a_status,
    a_value,
    about_account,
    an_echo,
    an_envelope,
    dump,
    with_echoes,
    with_messages,
    with_statuses,
)

READER: Reader = WhatsAppReader()


def read(document: Json) -> list[Event]:
    return READER.read(dump(document))


def only(document: Json) -> Any:
    (event,) = read(document)
    return event


def inbound(kind: str, content: Any = None, **changes: Any) -> Inbound:
    event = only(with_messages(a_message(kind, content, **changes)))
    assert isinstance(event, Inbound)
    return event


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_text_becomes_an_inbound_with_all_its_facts() -> None:
    message = a_message(context={"from": BUSINESS, "id": "wamid.OURS"}, referral={"source_type": "ad"})
    assert only(with_messages(message)) == Inbound(
        position="entry[0].changes[0].value.messages[0]",
        phone_number_id=NUMBER_ID,
        person=Person(PHONE, BSUID, "Sheena Nelson", "@sheena"),
        wamid=WAMID,
        at=datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC),
        kind="text",
        text="Does it come in another color?",
        payload=message,
        opens_window=True,
        context_wamid="wamid.OURS",
        from_ad=True,
        ad="",
        notes={"ad": {"source_type": "ad"}},
    )


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text", {"body": "¿Hay más? 😮"}, "¿Hay más? 😮"),
        ("image", {"caption": "look", "mime_type": "image/jpeg", "id": "1"}, "look"),
        ("image", {"mime_type": "image/jpeg", "id": "1"}, None),
        ("video", {"caption": "c", "id": "1"}, "c"),
        ("audio", {"id": "1", "voice": True}, None),
        ("document", {"filename": "f.pdf", "id": "1"}, "f.pdf"),
        ("document", {"filename": "f.pdf", "caption": "the offer", "id": "1"}, "the offer"),
        ("sticker", {"id": "1", "animated": False}, None),
        (
            "location",
            {"latitude": 37.46, "longitude": "-122.21"},
            "37.46, -122.21\nhttps://www.openstreetmap.org/?mlat=37.46&mlon=-122.21",
        ),
        (
            "location",
            {"latitude": 1, "longitude": 2, "name": "HQ", "address": "1 Hacker Way", "url": "https://hq.example"},
            "HQ, 1 Hacker Way\n1.0, 2.0\nhttps://www.openstreetmap.org/?mlat=1.0&mlon=2.0\nhttps://hq.example",
        ),
        ("location", {"latitude": 91, "longitude": 2, "name": "Nowhere"}, "Nowhere"),
        (
            "contacts",
            [
                {
                    "name": {"formatted_name": "A B"},
                    "org": {"company": "Lucky Shrub"},
                    "phones": [{"phone": "+1 555"}, {"wa_id": "1666"}],
                    "emails": [{"email": "a@b.example"}],
                },
                {"name": {"first_name": "C"}},
            ],
            "A B (Lucky Shrub): +1 555, 1666, a@b.example\nC",
        ),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}, "Yes"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "r", "title": "T", "description": "D"}}, "T\nD"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent"}}, "Sent"),
        (
            "interactive",
            {
                "type": "nfm_reply",
                "nfm_reply": {
                    "body": "Sent",
                    "response_json": '{"flow_token":"secret","size":"L","when":{"day":"Mon"},"extras":["a",1],"ok":true,"no":null}',
                },
            },
            "Sent\nsize: L\nwhen.day: Mon\nextras: a, 1\nok: ✓\nno: —",
        ),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{broken"}}, "Sent"),
        ("button", {"payload": "STOP", "text": "Stop promotions"}, "Stop promotions"),
        (
            "order",
            {
                "text": "Love these!",
                "product_items": [
                    {"product_retailer_id": "di9", "quantity": 2, "item_price": 7.99, "currency": "USD"},
                    {"product_retailer_id": "x1"},
                ],
            },
            "Love these!\n2 × di9 (7.99 USD)\n1 × x1\n= 15.98 USD",
        ),
    ],
)
def test_what_a_person_sends_reads_in_plain_words_and_opens_the_window(
    kind: str, content: Any, text: str | None
) -> None:
    event = inbound(kind, content)
    assert (event.kind, event.text, event.opens_window) == (kind, text, True)


@pytest.mark.parametrize(
    ("kind", "changes", "text"),
    [
        ("reaction", {"reaction": {"message_id": "wamid.OURS", "emoji": "😮"}}, "😮"),
        ("reaction", {"reaction": {"message_id": "wamid.OURS"}}, None),
        ("reaction", {"reaction": {"message_id": "wamid.OURS", "emoji": ""}}, None),
        (
            "system",
            {"system": {"body": "User changed", "type": "user_changed_number", "wa_id": "12195555358"}},
            "user_changed_number +12195555358",
        ),
        ("system", {"system": {"body": "Something else happened", "type": "new"}}, "Something else happened"),
        ("unsupported", {"unsupported": {"type": "poll_creation"}, "errors": [{"code": 131051}]}, "poll_creation"),
        ("unsupported", {"errors": [{"code": 131060, "error_data": {"details": "On the phone"}}]}, "131060"),
        ("unsupported", {"errors": {"code": 131051}}, "131051"),
        ("request_welcome", {}, None),
        ("poll", {"poll": {"title": "Which one?"}}, "Which one?"),
    ],
)
def test_what_meta_does_not_count_as_a_message_opens_nothing(kind: str, changes: Json, text: str | None) -> None:
    event = inbound(kind, **changes)
    assert (event.kind, event.text, event.opens_window) == (kind, text, False)


def test_a_reaction_points_at_the_message_it_is_about() -> None:
    assert inbound("reaction", {"message_id": "wamid.OURS", "emoji": "👍"}).context_wamid == "wamid.OURS"


@pytest.mark.parametrize("context", [None, {}, {"forwarded": True}, {"from": BUSINESS, "id": ""}])
def test_a_message_without_a_quoted_one_points_nowhere(context: Any) -> None:
    assert inbound("text", context=context).context_wamid is None


def test_an_interactive_reply_without_its_object_is_unsupported() -> None:
    event = inbound("interactive")
    assert (event.kind, event.opens_window) == ("unsupported", False)


def test_a_message_without_type_is_told_by_its_content() -> None:
    event = inbound("image", {"caption": "look"}, type=None)
    assert (event.kind, event.text, event.opens_window) == ("image", "look", True)


def test_ids_and_times_may_be_numbers() -> None:
    document = with_messages({**a_message(timestamp=1749416383), "from": int(PHONE), "id": 77})
    document["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = int(NUMBER_ID)
    event = only(document)
    assert (event.person.wa_id, event.wamid, event.phone_number_id) == (PHONE, "77", NUMBER_ID)
    assert event.at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)


def test_edits_and_revokes_name_the_message_they_change() -> None:
    edit = {"original_message_id": "wamid.OLD", "message": {"type": "text", "text": {"body": "fixed"}}}
    edited, revoked = read(
        with_messages(a_message("edit", edit), a_message("revoke", {"original_message_id": "wamid.OLD"}))
    )
    at = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
    assert edited == Edited("entry[0].changes[0].value.messages[0]", NUMBER_ID, "wamid.OLD", at, "fixed")
    assert revoked == Revoked("entry[0].changes[0].value.messages[1]", NUMBER_ID, "wamid.OLD", at)


def test_an_edited_caption_reads_as_the_new_one() -> None:
    edit = {"original_message_id": "wamid.OLD", "message": {"type": "image", "image": {"caption": "better"}}}
    assert only(with_messages(a_message("edit", edit))).text == "better"


def test_group_messages_are_kept_apart_from_what_a_person_says_to_us() -> None:
    event = only(with_messages(a_message(group_id="Y2FwaV9ncm91cA")))
    assert isinstance(event, Unknown)
    assert event.kind == "group_message"


# --- who it is --------------------------------------------------------------------------------------------------------


def test_a_person_who_hides_the_phone_is_known_by_the_scoped_id() -> None:
    message = {**a_message(), "from": None}
    contact = {"profile": {"name": "Sheena", "username": "@s"}, "user_id": BSUID}
    assert only(with_messages(message, contacts=[contact])).person == Person(None, BSUID, "Sheena", "@s")


def test_a_message_without_contacts_still_has_its_person() -> None:
    assert inbound("text").person.wa_id == PHONE
    assert only(with_messages(a_message(from_user_id=None), contacts=[])).person == Person(PHONE, None)


def test_contacts_complete_a_person_they_know() -> None:
    assert only(with_messages(a_message(from_user_id=None))).person.bsuid == BSUID


def test_a_batch_gives_each_message_its_own_person() -> None:
    other = a_contact(wa_id="5491150000000", user_id="AR.2", profile={"name": "Ana"})
    messages = (a_message(), {**a_message(id="wamid.2", from_user_id=None), "from": "5491150000000"})
    first, second = read(with_messages(*messages, contacts=[a_contact(), other]))
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.person.name == "Sheena Nelson"
    assert second.person == Person("5491150000000", "AR.2", "Ana")


def test_the_only_contact_does_not_lend_its_name_to_somebody_else() -> None:
    message = {**a_message(from_user_id=None), "from": "5491150000000"}
    assert only(with_messages(message)).person == Person("5491150000000", None)


def test_a_change_of_number_is_about_the_person_as_known_until_now() -> None:
    system = {"type": "user_changed_number", "wa_id": "12195555358", "user_id": "US.NEW", "previous_user_id": "US.OLD"}
    event = only(with_messages({**a_message("system", system), "from_user_id": None}, contacts=[]))
    assert event.person == Person(PHONE, "US.OLD")
    assert event.payload["system"] == system


def test_a_system_message_whose_type_is_no_word_is_kept_and_renames_nobody() -> None:
    event = only(with_messages(a_message("system", {"type": [], "body": "changed", "wa_id": "12195555358"})))
    assert isinstance(event, Inbound)
    assert (event.kind, event.became) == ("system", None)


def test_a_change_of_scoped_id_alone_names_the_old_one() -> None:
    system = {"type": "user_changed_user_id", "user_id": "ES.3", "previous_user_id": "ES.2"}
    message = {"id": "wamid.S", "timestamp": "1", "type": "system", "system": system}
    assert only(with_messages(message, contacts=[])).person == Person(None, "ES.2")


def test_names_lose_their_line_breaks() -> None:
    contact = a_contact(profile={"name": " Ana\n\tMaría \u2028 "})
    assert only(with_messages(a_message(), contacts=[contact])).person.name == "Ana María"


# --- statuses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.READ),
        ("played", DeliveryStatus.PLAYED),
        ("failed", DeliveryStatus.FAILED),
    ],
)
def test_each_status_is_understood(word: str, status: DeliveryStatus) -> None:
    assert only(with_statuses(a_status(word))).status is status


def test_a_status_carries_price_opaque_id_and_free_entry_point() -> None:
    status = a_status(
        biz_opaque_callback_data="outbox:8123",
        conversation={"id": "72b1", "expiration_timestamp": "1750116480", "origin": {"type": "referral_conversion"}},
        pricing={
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "authentication-international",
        },
    )
    assert only(with_statuses(status)) == StatusUpdate(
        position="entry[0].changes[0].value.statuses[0]",
        phone_number_id=NUMBER_ID,
        wamid=WAMID,
        status=DeliveryStatus.SENT,
        at=datetime(2025, 6, 15, 23, 27, 53, tzinfo=UTC),
        opaque="outbox:8123",
        pricing_category="authentication_international",
        pricing_type="regular",
        free_entry_until=datetime(2025, 6, 16, 23, 28, tzinfo=UTC),
    )


def test_an_old_style_conversation_is_no_free_entry_point() -> None:
    conversation = {"expiration_timestamp": "1750116480", "origin": {"type": "service"}}
    assert only(with_statuses(a_status(conversation=conversation))).free_entry_until is None


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        ({"code": 131049, "title": "t", "message": "m", "error_data": {"details": "d"}}, 131049, "d"),
        ({"code": "131026", "title": "t", "message": "m"}, 131026, "m"),
        ({"code": 131026, "title": "t", "error_data": "plain"}, 131026, "plain"),
        ({"title": "t"}, None, "t"),
    ],
)
def test_a_failure_carries_its_first_error(error: Json, code: int | None, detail: str) -> None:
    event = only(with_statuses(a_status("failed", errors=[error, {"code": 1}])))
    assert (event.error_code, event.error_detail) == (code, detail)


# --- echoes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("smb_message_echoes", "message_echoes"),
        ("message_echoes", "message_echoes"),
        ("smb_message_echoes", "smb_message_echoes"),
        ("messages", "message_echoes"),
    ],
)
def test_an_echo_is_understood_under_every_name_it_was_seen_with(field: str, key: str) -> None:
    event = only(with_echoes(an_echo(), field=field, key=key))
    assert event == Echo(
        position=f"entry[0].changes[0].value.{key}[0]",
        phone_number_id=NUMBER_ID,
        person=Person(PHONE, BSUID),
        wamid="wamid.ECHO",
        at=datetime(2025, 2, 12, 0, 43, 44, tzinfo=UTC),
        kind="text",
        text="Here's the info",
        payload=an_echo(),
    )


def test_an_echo_to_a_person_without_phone_names_the_scoped_id() -> None:
    assert only(with_echoes(an_echo(to=None, to_user_id="US.9"))).person == Person(None, "US.9")


def test_echoes_edit_and_revoke() -> None:
    edit = {"original_message_id": "wamid.Z", "message": {"type": "text", "text": {"body": "Text was edited"}}}
    edited, revoked = read(with_echoes(an_echo("edit", edit), an_echo("revoke", {"original_message_id": "wamid.Z"})))
    assert isinstance(edited, Edited)
    assert (edited.wamid, edited.text) == ("wamid.Z", "Text was edited")
    assert isinstance(revoked, Revoked)
    assert revoked.wamid == "wamid.Z"


# --- preferences, accounts, the rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "stopped"), [("stop", True), ("resume", False)])
def test_a_person_may_stop_and_resume_marketing(word: str, stopped: bool) -> None:
    preference = {"wa_id": PHONE, "category": "marketing_messages", "value": word, "timestamp": 1731705721}
    value = a_value(contacts=[a_contact()], user_preferences=[preference])
    event = only(an_envelope(a_change(value, "user_preferences")))
    assert isinstance(event, MarketingPreference)
    assert (event.stopped, event.person.bsuid) == (stopped, BSUID)
    assert event.at == datetime(2024, 11, 15, 21, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "kind", "word"),
    [
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {}}, "account_update", "DISABLED_UPDATE"),
        ("account_review_update", {"decision": "REJECTED"}, "account_review_update", "REJECTED"),
        (
            "account_alerts",
            {"alert_info": {"alert_type": "INCREASED_CAPABILITIES"}},
            "account_alerts",
            "INCREASED_CAPABILITIES",
        ),
        ("business_capability_update", {"max_phone_numbers_per_waba": 25}, "business_capability_update", None),
        (
            "phone_number_quality_update",
            {"event": "THROUGHPUT_UPGRADE"},
            "phone_number_quality_update",
            "THROUGHPUT_UPGRADE",
        ),
        ("security", {"event": "PIN_RESET_REQUEST"}, "security", "PIN_RESET_REQUEST"),
        ("business_username_update", {"status": "approved"}, "business_username_update", "approved"),
        (
            "message_template_status_update",
            {"event": "PAUSED", "message_template_id": 1},
            "message_template_status_update",
            "PAUSED",
        ),
        (
            "message_template_status_update",  # the field of Meta's own, wrong example
            {"new_quality_score": "YELLOW", "message_template_id": 1},
            "message_template_quality_update",
            "YELLOW",
        ),
        (
            "template_category_update",
            {"new_category": "UTILITY", "correct_category": "MARKETING", "message_template_id": 1},
            "template_category_update",
            "IMPENDING",
        ),
        (
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING", "message_template_name": "x"},
            "template_category_update",
            "CHANGED",
        ),
    ],
)
def test_account_events_say_what_happened(field: str, value: Json, kind: str, word: str | None) -> None:
    event = only(about_account(field, value))
    assert isinstance(event, AccountEvent)
    assert (event.kind, event.event, event.payload) == (kind, word or kind, value)
    assert (event.waba_id, event.at) == (WABA_ID, datetime(2025, 3, 31, 20, 11, 43, tzinfo=UTC))


def test_account_events_find_the_number_by_its_digits() -> None:
    value = {"display_phone_number": "+1 (555) 078-3881", "event": "ONBOARDING"}
    assert only(about_account("phone_number_quality_update", value)).display_phone == BUSINESS


def test_template_languages_have_one_spelling() -> None:
    value = {"event": "APPROVED", "message_template_id": 1, "message_template_language": "en-US"}
    event = only(about_account("message_template_status_update", value))
    assert event.payload["message_template_language"] == "en_US"


def test_an_error_of_the_number_is_an_account_event_though_it_has_no_time() -> None:
    event = only(an_envelope(a_change(a_value(errors=[{"code": 130429, "title": "Rate limit hit"}]))))
    assert isinstance(event, AccountEvent)
    assert (event.kind, event.event, event.at, event.display_phone) == ("errors", "130429", TIME_UNKNOWN, BUSINESS)


@pytest.mark.parametrize("field", ["smb_app_state_sync", "calls", "from_the_future"])
def test_what_is_not_understood_yet_is_kept_whole(field: str) -> None:
    value = a_value(messages=[a_message()])
    assert only(an_envelope(a_change(value, field))) == Unknown("entry[0].changes[0]", field, value)


# --- the envelope -----------------------------------------------------------------------------------------------------


def test_every_entry_change_and_element_is_read() -> None:
    document = an_envelope(
        a_change(a_value(messages=[a_message(id="1"), a_message(id="2")], statuses=[a_status(id="3")])),
        a_change(a_value(message_echoes=[an_echo(id="4")]), "smb_message_echoes"),
    )
    document["entry"].append({"id": "2", "changes": [a_change(a_value(statuses=[a_status(id="5"), a_status(id="6")]))]})
    events = read(document)
    assert [getattr(event, "wamid", None) for event in events] == ["1", "2", "3", "4", "5", "6"]
    assert events[-1].position == "entry[1].changes[0].value.statuses[1]"


def test_a_batch_of_a_thousand_is_read_whole() -> None:
    events = read(with_statuses(*(a_status(id=f"wamid.{n}") for n in range(1_000))))
    assert len(events) == 1_000
    assert all(isinstance(event, StatusUpdate) for event in events)


def test_a_flood_of_elements_is_cut_and_says_so() -> None:
    events = read(with_statuses(*([0] * (MAX_ELEMENTS + 500))))
    assert len(events) == MAX_ELEMENTS + 1
    assert isinstance(last := events[-1], Broken)
    assert last.reason == f"more than {MAX_ELEMENTS} elements"


def test_a_change_without_its_envelope_is_read() -> None:
    event = only(a_change(a_value(messages=[a_message()])))
    assert isinstance(event, Inbound)
    assert event.position == "value.messages[0]"


def test_a_large_payload_is_trimmed_to_its_keys() -> None:
    event = inbound("image", {"caption": "look", "thumbnail": "x" * 70_000})
    assert event.text == "look"
    assert event.payload["keys"] == ["from", "from_user_id", "id", "timestamp", "type", "image"]
    assert event.payload["trimmed"] > 70_000


def test_a_large_batch_keeps_its_small_payloads() -> None:
    events = read(with_messages(*(a_message(id=f"wamid.{n}") for n in range(500))))
    assert all(isinstance(event, Inbound) and event.payload["type"] == "text" for event in events)


def test_the_reason_of_a_broken_element_names_the_field_and_not_its_content() -> None:
    event = only(with_messages(a_message(timestamp="my secret")))
    assert isinstance(event, Broken)
    assert event.reason.startswith("timestamp: ")
    assert "secret" not in event.reason
    assert event.payload["timestamp"] == "my secret"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"not json", b'{"object":"page","entry":[]}'])
def test_only_what_is_no_webhook_at_all_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="unreadable-webhook"):
        READER.read(body)
