"""What customers do with their phones, and what the webhook hears of it."""

from collections.abc import Callable

import pytest

from sandbox.graph import Number
from tests.unit.sandbox_graph.conftest import NOON, Stand


async def test_an_inbound_message_has_the_shape_of_the_reference(stand: Stand) -> None:
    wamid = stand.leo.writes(stand.number, "Hola")
    await stand.graph.deliver_due()
    assert stand.hook.values() == [
        {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "5491150000000", "phone_number_id": "1065"},
            "contacts": [{"profile": {"name": "Leo Díaz"}, "wa_id": "5491155550099", "user_id": stand.leo.bsuid}],
            "messages": [
                {
                    "from": "5491155550099",
                    "from_user_id": stand.leo.bsuid,
                    "id": wamid,
                    "timestamp": str(int(NOON.timestamp())),
                    "type": "text",
                    "text": {"body": "Hola"},
                }
            ],
        }
    ]
    assert stand.leo.bsuid.startswith("AR.")


async def test_a_person_is_found_again_by_phone_or_bsuid(stand: Stand) -> None:
    assert stand.graph.person(phone="+54 9 11 5555-0099") is stand.leo
    assert stand.graph.person(bsuid=stand.leo.bsuid) is stand.leo


async def test_a_tap_on_a_template_is_a_button_and_on_buttons_a_reply(stand: Stand) -> None:
    stand.leo.taps(stand.number, payload="STOP", text="Basta")
    buttons = [{"type": "reply", "reply": {"id": "si", "title": "Sí"}}]
    interactive = {"type": "button", "body": {"text": "¿Seguimos?"}, "action": {"buttons": buttons}}
    _, answer = await stand.post({"to": "+5491155550099", "type": "interactive", "interactive": interactive})
    ours = answer["messages"][0]["id"]
    stand.leo.taps(stand.number, payload="si", text="Sí", context_wamid=ours)
    await stand.graph.deliver_due()
    button, reply = (value["messages"][0] for value in stand.hook.values())
    assert button["button"] == {"payload": "STOP", "text": "Basta"}
    assert reply["interactive"] == {"type": "button_reply", "button_reply": {"id": "si", "title": "Sí"}}
    assert reply["context"] == {"from": "5491150000000", "id": ours}


async def test_a_reaction_taken_back_has_no_emoji(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    ours = await stand.accepted()
    stand.leo.reacts(stand.number, ours, "😮")
    stand.leo.reacts(stand.number, ours, None)
    await stand.graph.deliver_due()
    reactions = [value["messages"][0]["reaction"] for value in stand.hook.values()[1:]]
    assert reactions == [{"message_id": ours, "emoji": "😮"}, {"message_id": ours}]


async def test_an_edit_reaches_only_coexistence_numbers(stand: Stand, in_the_shop: Callable[[], Number]) -> None:
    shop = in_the_shop()
    for number in (stand.number, shop):
        stand.leo.edits(number, stand.leo.writes(number, "Hla"), "Hola")
    await stand.graph.deliver_due()
    kinds = [value["messages"][0]["type"] for value in stand.hook.values()]
    assert kinds == ["text", "unsupported", "text", "edit"]


async def test_a_new_phone_brings_a_new_bsuid_and_a_system_message_without_contacts(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    old = stand.leo.bsuid
    stand.leo.changes_phone("+5491166660000")
    await stand.graph.deliver_due()
    value = stand.hook.values()[1]
    system = value["messages"][0]["system"]
    assert "contacts" not in value
    assert (system["type"], system["previous_user_id"], system["wa_id"]) == (
        "user_changed_number",
        old,
        "5491166660000",
    )
    assert stand.graph.person(phone="5491166660000") is stand.leo
    await stand.accepted(to="+5491166660000")


async def test_what_the_app_sends_is_echoed_free_and_opens_no_window(
    stand: Stand, in_the_shop: Callable[[], Number]
) -> None:
    shop = in_the_shop()
    wamid = shop.phone_sends(stand.leo, "Te escribo del celular")
    await stand.settle()
    echo = stand.hook.values("smb_message_echoes")[0]
    assert echo["contacts"] == [{"wa_id": "5491155550099", "user_id": stand.leo.bsuid}]
    assert echo["message_echoes"] == [
        {
            "from": "5491150000001",
            "to": "5491155550099",
            "to_user_id": stand.leo.bsuid,
            "id": wamid,
            "timestamp": str(int(NOON.timestamp())),
            "type": "text",
            "text": {"body": "Te escribo del celular"},
        }
    ]
    assert stand.hook.names() == ["sent", "delivered", "read"]
    assert not any("pricing" in each for each in stand.hook.statuses())
    body = {"messaging_product": "whatsapp", "to": "+5491155550099", "type": "text", "text": {"body": "x"}}
    _, answer = await stand.call("POST", "/v26.0/1066/messages", body)
    assert answer["error"]["code"] == 131047


async def test_edits_and_revokes_in_the_app_are_echoed_too(stand: Stand, in_the_shop: Callable[[], Number]) -> None:
    shop = in_the_shop()
    wamid = shop.phone_sends(stand.leo, "Te escribo")
    shop.phone_edits(wamid, "Te escribo hoy")
    shop.phone_revokes(wamid)
    await stand.settle()
    _, edit, revoke = (value["message_echoes"][0] for value in stand.hook.values("smb_message_echoes"))
    assert edit["edit"]["message"] == {"type": "text", "text": {"body": "Te escribo hoy"}}
    assert revoke["revoke"] == {"original_message_id": wamid}
    shown = stand.leo.inbox[0]
    assert (shown.text, shown.edited, shown.revoked) == ("Te escribo hoy", True, True)


async def test_no_phone_can_send_from_a_number_without_coexistence(stand: Stand) -> None:
    with pytest.raises(ValueError, match="coexistence"):
        stand.number.phone_sends(stand.leo, "Hola")


async def test_history_and_address_book_come_once_and_within_a_day(
    stand: Stand, in_the_shop: Callable[[], Number]
) -> None:
    shop = in_the_shop()
    stand.leo.writes(shop, "Hola")
    body = {"messaging_product": "whatsapp", "sync_type": "history"}
    status, answer = await stand.call("POST", "/v26.0/1066/smb_app_data", body)
    assert (status, set(answer)) == (200, {"messaging_product", "request_id"})
    assert (await stand.call("POST", "/v26.0/1066/smb_app_data", body))[1]["error"]["code"] == 2593107
    stand.clock.pass_(hours=25)
    body["sync_type"] = "smb_app_state_sync"
    assert (await stand.call("POST", "/v26.0/1066/smb_app_data", body))[1]["error"]["code"] == 2593108
    await stand.settle()
    thread = stand.hook.values("history")[0]["history"][0]["threads"][0]
    assert (thread["id"], thread["messages"][0]["text"]) == ("5491155550099", {"body": "Hola"})


async def test_with_the_business_agent_messages_come_on_standby(stand: Stand) -> None:
    stand.number.business_agent = True
    stand.leo.writes(stand.number, "Hola")
    await stand.graph.deliver_due()
    assert (len(stand.hook.values("standby")), stand.hook.values()) == (1, [])


async def test_the_chat_shows_both_sides_in_order_with_ticks(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    await stand.settle()
    await stand.accepted("¿Qué tal?")
    await stand.settle()
    stand.leo.blocks(stand.number)
    await stand.accepted("¿Sigues ahí?")
    await stand.settle()
    chat = [(line.author, line.text, line.tick) for line in stand.leo.chat(stand.number)[1:]]
    assert chat == [("api", "¿Qué tal?", "read"), ("api", "¿Sigues ahí?", "sent")]
