"""What the simulated platform accepts and refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.graph import Number
from tests.unit.sandbox_graph.conftest import NOON, Stand


async def test_a_reply_inside_the_window_is_accepted(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    status, answer = await stand.send("¿En qué te ayudo?", biz_opaque_callback_data="outbox:1")
    assert status == 200
    assert answer["contacts"] == [{"input": "+5491155550099", "wa_id": "5491155550099"}]
    assert answer["messages"][0]["id"].startswith("wamid.")
    sent = stand.graph.sends[0]
    assert (sent.body, sent.opaque, sent.basis) == ("¿En qué te ayudo?", "outbox:1", "customer_message")


async def test_free_form_is_refused_24_hours_after_the_last_message_to_the_second(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.clock.pass_(hours=23, minutes=59, seconds=59)
    await stand.accepted()
    stand.clock.pass_(seconds=1)
    assert await stand.code() == 131047


async def test_sending_never_opens_the_window(stand: Stand) -> None:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Aviso")
    assert (await stand.template())[0] == 200
    assert await stand.code() == 131047


async def test_a_late_old_message_does_not_open_the_window(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola", at=NOON - timedelta(days=2))
    assert await stand.code() == 131047


async def test_a_reaction_does_not_open_the_window(stand: Stand) -> None:
    stand.leo.reacts(stand.number, "wamid.any", "👍")
    assert await stand.code() == 131047


async def test_brief_rules_let_the_first_72_hours_and_a_manual_send_through(stand: Stand) -> None:
    stand.graph.brief_rules = True
    await stand.accepted()
    stand.clock.pass_(hours=71)
    await stand.accepted()
    stand.clock.pass_(hours=1)
    assert await stand.code() == 131047
    stand.number.coexistence = True
    stand.number.phone_sends(stand.leo, "Te escribo yo")
    await stand.accepted()
    assert [each.basis for each in stand.graph.sends] == ["sequence_start", "sequence_start", "manual_send"]


async def test_a_template_leaves_though_the_window_is_closed(stand: Stand) -> None:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Hola {{1}}, tu pedido {{2}} salió")
    status, answer = await stand.template("aviso", "Leo", "A-1")
    assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")
    assert stand.graph.sends[0].body == "Hola Leo, tu pedido A-1 salió"


@pytest.mark.parametrize(
    ("status", "values", "code"),
    [
        ("APPROVED", (), 132000),
        ("PENDING", ("Leo",), 132001),
        ("PAUSED", ("Leo",), 132015),
        ("DISABLED", ("Leo",), 132016),
        ("APPROVED", ("a\nb",), 132018),
    ],
)
async def test_a_template_is_refused(stand: Stand, status: str, values: tuple[str, ...], code: int) -> None:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Hola {{1}}", status)
    assert (await stand.template("aviso", *values))[1]["error"]["code"] == code


async def test_named_parameters_must_carry_the_names_of_the_template(stand: Stand) -> None:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Hola {{nombre}}")
    content: dict[str, Any] = {"name": "aviso", "language": {"code": "es_AR"}}
    parameter = {"type": "text", "parameter_name": "nombre", "text": "Leo"}
    right = content | {"components": [{"type": "body", "parameters": [parameter]}]}
    wrong = content | {"components": [{"type": "body", "parameters": [parameter | {"parameter_name": "name"}]}]}
    body = {"to": "+5491155550099", "type": "template"}
    assert (await stand.post(body | {"template": right}))[0] == 200
    assert (await stand.post(body | {"template": wrong}))[1]["error"]["code"] == 132012


async def test_45_messages_leave_at_once_and_the_debt_takes_six_seconds_each(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    for _ in range(45):
        await stand.accepted()
    assert await stand.code() == 131056
    stand.clock.pass_(seconds=45 * 6 - 1)
    assert await stand.code() == 131056
    stand.clock.pass_(seconds=1)
    await stand.accepted()


async def test_throughput_is_20_per_second_for_a_number_in_coexistence(
    stand: Stand, in_the_shop: Callable[[], Number]
) -> None:
    assert (stand.number.mps, in_the_shop().mps) == (80, 20)
    stand.number.mps = 20
    people = [stand.graph.person(phone=f"54911555501{index:02}") for index in range(21)]
    for person in people:
        person.writes(stand.number, "Hola")
    for person in people[:20]:
        await stand.accepted(to=f"+{person.phone}")
    assert await stand.code(to=f"+{people[20].phone}") == 130429
    stand.clock.pass_(seconds=1)
    await stand.accepted(to=f"+{people[20].phone}")


async def test_without_plus_the_country_code_of_the_business_is_prepended(stand: Stand) -> None:
    """The message goes astray: accepted, then failed (131026), and Leo never sees it."""
    stand.leo.writes(stand.number, "Hola")
    _, answer = await stand.send(to="5491155550099")
    assert answer["contacts"][0]["wa_id"] == "545491155550099"
    await stand.settle()
    assert stand.hook.statuses()[-1]["errors"][0]["code"] == 131026
    assert stand.leo.inbox == []


async def test_somebody_without_whatsapp_fails_after_the_200(stand: Stand) -> None:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Aviso")
    assert (await stand.template(to="+34600111222"))[0] == 200
    await stand.settle()
    failed = stand.hook.values()[0]
    assert failed["statuses"][0]["status"] == "failed"
    assert failed["statuses"][0]["errors"][0]["code"] == 131026
    assert "contacts" not in failed
    assert stand.hook.names() == ["failed"]


async def test_131047_can_be_made_to_come_late(stand: Stand) -> None:
    stand.graph.late_codes.add(131047)
    await stand.accepted()
    await stand.settle()
    assert stand.hook.statuses()[0]["errors"][0]["code"] == 131047


async def test_marketing_stops_for_who_stopped_it_while_utility_still_goes(stand: Stand) -> None:
    stand.number.add_template("promo", "es_AR", "MARKETING", "Oferta")
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Aviso")
    stand.leo.stops_marketing(stand.number)
    assert (await stand.template("promo"))[1]["error"]["code"] == 131050
    assert (await stand.template("aviso"))[0] == 200
    await stand.settle()
    wish = stand.hook.values("user_preferences")[0]["user_preferences"][0]
    assert (wish["value"], wish["timestamp"]) == ("stop", int(NOON.timestamp()))
    stand.leo.resumes_marketing(stand.number)
    assert (await stand.template("promo"))[0] == 200


async def test_no_marketing_reaches_a_us_area_code(stand: Stand) -> None:
    stand.number.add_template("promo", "es_AR", "MARKETING", "Offer")
    stand.graph.person(phone="12125550123")
    assert (await stand.template("promo", to="+12125550123"))[0] == 200
    await stand.settle()
    assert stand.hook.statuses()[0]["errors"][0]["code"] == 131049


async def test_a_held_template_leaves_when_quality_is_assessed_or_is_dropped(stand: Stand) -> None:
    stand.number.add_template("promo", "es_AR", "MARKETING", "Oferta")
    stand.graph.hold_templates = True
    _, answer = await stand.template("promo")
    assert answer["messages"][0]["message_status"] == "held_for_quality_assessment"
    await stand.settle()
    assert stand.hook.bodies == []
    stand.graph.release_held()
    await stand.settle()
    assert stand.hook.names() == ["sent", "delivered", "read"]
    await stand.template("promo")
    stand.graph.drop_held()
    await stand.settle()
    assert stand.hook.statuses()[-1]["errors"][0]["code"] == 132015


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text", "text": {"body": "x"}}, 100),
        ({"to": "+5491155550099", "type": "poll", "poll": {}}, 100),
        ({"to": "+5491155550099", "type": "text"}, 131008),
        ({"to": "+5491155550099", "type": "text", "text": {"body": ""}}, 131008),
        ({"to": "+5491155550099", "type": "text", "text": {"body": "x" * 4097}}, 100),
        ({"to": "Leo", "type": "text", "text": {"body": "x"}}, 131009),
        ({"to": "+5491150000000", "type": "text", "text": {"body": "x"}}, 131021),
        ({"to": "+5491155550099", "type": "image", "image": {"id": "1", "link": "https://x"}}, 100),
        ({"to": "+5491155550099", "type": "image", "image": {"id": "404"}}, 131009),
        ({"to": "+5491155550099", "type": "location", "location": {"latitude": 91, "longitude": 0}}, 131009),
        ({"to": "+5491155550099", "type": "contacts", "contacts": [{"name": {}}]}, 131008),
        ({"to": "+5491155550099", "type": "interactive", "interactive": {"type": "button", "body": 3}}, 131009),
        ({"to": "+5491155550099", "type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}, 131009),
        ({"status": "read", "message_id": "wamid.x"}, 131009),
        ({"messaging_product": "sms"}, 100),
        ({"to": "+5491155550099", "type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 100),
    ],
)
async def test_what_is_malformed_is_refused(stand: Stand, body: dict[str, Any], code: int) -> None:
    stand.leo.writes(stand.number, "Hola")
    status, answer = await stand.post(body)
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["error_data"]["details"]


async def test_buttons_are_three_at_most_with_titles_of_twenty(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")

    def ask(*titles: str) -> dict[str, Any]:
        buttons = [{"type": "reply", "reply": {"id": title, "title": title}} for title in titles]
        interactive = {"type": "button", "body": {"text": "¿Sí?"}, "action": {"buttons": buttons}}
        return {"to": "+5491155550099", "type": "interactive", "interactive": interactive}

    assert (await stand.post(ask("a", "b", "c")))[0] == 200
    for wrong in (ask("a", "b", "c", "d"), ask("a", "a"), ask("x" * 21), ask()):
        assert (await stand.post(wrong))[0] == 400


async def test_a_message_to_a_bsuid_is_answered_without_wa_id(stand: Stand) -> None:
    ana = stand.graph.person(bsuid="ES.123", name="Ana")
    ana.writes(stand.number, "Hola")
    content = {"type": "text", "text": {"body": "x"}}
    _, answer = await stand.post({"recipient": "ES.123"} | content)
    assert answer["contacts"] == [{"input": "ES.123", "user_id": "ES.123"}]
    _, both = await stand.post({"to": "+5491155550099", "recipient": "ES.123"} | content)
    assert both["error"]["code"] == 131047, "to wins, and Leo's window is closed"


async def test_marking_as_read_reaches_earlier_messages_and_shows_typing_for_25_seconds(stand: Stand) -> None:
    stand.leo.writes(stand.number, "uno")
    stand.clock.pass_(seconds=1)
    wamid = stand.leo.writes(stand.number, "dos")
    body = {"status": "read", "message_id": wamid, "typing_indicator": {"type": "text"}}
    assert await stand.post(body) == (200, {"success": True})
    assert [line.tick for line in stand.leo.chat(stand.number)] == ["read", "read"]
    assert stand.leo.thread(stand.number).typing_until == stand.clock.at + timedelta(seconds=25)


async def test_routes_answer_with_and_without_a_version(stand: Stand) -> None:
    for prefix in ("", "/v23.0", "/v26.0"):
        assert (await stand.call("GET", prefix + "/1065"))[0] == 200
    assert (await stand.call("GET", "/vv/1065"))[0] == 400


async def test_a_number_nobody_knows_is_100_with_subcode_33(stand: Stand) -> None:
    body = {"messaging_product": "whatsapp", "to": "+5491155550099", "text": {"body": "x"}}
    status, answer = await stand.call("POST", "/v26.0/999/messages", body)
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)
    assert (await stand.call("POST", "/v26.0/1065/messages", body, token=None))[1]["error"]["code"] == 190
