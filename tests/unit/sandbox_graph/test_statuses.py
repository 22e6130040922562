"""What happens to a message after it was accepted, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.graph.limits import FREE_SERVICE_MESSAGES
from tests.unit.sandbox_graph.conftest import NOON, Stand

AD: dict[str, Any] = {"source_type": "ad", "source_id": "1", "source_url": "https://fb.me/x", "ctwa_clid": "c"}


async def test_a_message_is_sent_delivered_and_read_and_carries_our_id_all_the_way(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    wamid = await stand.accepted(biz_opaque_callback_data="outbox:7")
    await stand.settle()
    statuses = stand.hook.statuses()
    assert [each["status"] for each in statuses] == ["sent", "delivered", "read"]
    assert {each["id"] for each in statuses} == {wamid}
    assert {each["biz_opaque_callback_data"] for each in statuses} == {"outbox:7"}
    moments = [NOON + timedelta(seconds=after) for after in (1, 3, 63)]
    assert [each["timestamp"] for each in statuses] == [str(int(each.timestamp())) for each in moments]
    assert [each.text for each in stand.leo.inbox] == ["Hola"]
    assert stand.leo.chat(stand.number)[-1].tick == "read"


async def test_a_status_has_the_shape_of_the_reference(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    wamid = await stand.accepted()
    stand.clock.pass_(seconds=1)
    await stand.graph.deliver_due()
    assert stand.hook.values()[-1] == {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5491150000000", "phone_number_id": "1065"},
        "contacts": [{"profile": {"name": "Leo Díaz"}, "wa_id": "5491155550099", "user_id": stand.leo.bsuid}],
        "statuses": [
            {
                "id": wamid,
                "status": "sent",
                "timestamp": str(int(NOON.timestamp()) + 1),
                "recipient_id": "5491155550099",
                "recipient_user_id": stand.leo.bsuid,
                "pricing": {
                    "billable": False,
                    "pricing_model": "PMP",
                    "type": "free_customer_service",
                    "category": "service",
                },
            }
        ],
    }


async def test_weeks_pass_in_one_step_and_every_status_keeps_its_own_time(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted()
    stand.clock.pass_(days=3)
    await stand.graph.deliver_due()
    assert [int(each["timestamp"]) - int(NOON.timestamp()) for each in stand.hook.statuses()] == [1, 3, 63]


async def test_an_open_chat_skips_delivered(stand: Stand) -> None:
    stand.leo.habits.chat_open = True
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted()
    await stand.settle()
    assert stand.hook.names() == ["sent", "read"]
    assert all("pricing" in each for each in stand.hook.statuses())


async def test_without_read_receipts_nothing_follows_delivered(stand: Stand) -> None:
    stand.leo.habits.reads = False
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted()
    await stand.settle()
    assert stand.hook.names() == ["sent", "delivered"]


async def test_a_block_is_silence_after_sent_and_what_was_lost_stays_lost(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.leo.blocks(stand.number)
    await stand.accepted("uno")
    await stand.settle(timedelta(hours=1))
    stand.leo.unblocks(stand.number)
    await stand.accepted("dos")
    await stand.settle(timedelta(hours=1))
    assert stand.hook.names() == ["sent", "sent", "delivered", "read"]
    assert [each.text for each in stand.leo.inbox] == ["dos"]


async def test_an_offline_phone_gets_everything_when_it_is_back(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.leo.goes_offline()
    await stand.accepted("uno")
    await stand.settle(timedelta(days=20))
    assert (stand.hook.names(), stand.leo.inbox) == (["sent"], [])
    stand.leo.comes_online()
    await stand.settle()
    assert stand.hook.names() == ["sent", "delivered", "read"]
    assert [each.text for each in stand.leo.inbox] == ["uno"]


async def test_after_30_days_an_undelivered_message_is_dropped_without_a_word(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.leo.goes_offline()
    await stand.accepted()
    await stand.settle(timedelta(days=31))
    stand.leo.comes_online()
    await stand.settle()
    assert stand.hook.names() == ["sent"]


async def test_what_was_sent_during_a_block_is_lost_even_if_the_phone_was_off(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.leo.goes_offline()
    stand.leo.blocks(stand.number)
    await stand.accepted()
    await stand.settle()
    stand.leo.unblocks(stand.number)
    stand.leo.comes_online()
    await stand.settle()
    assert stand.hook.names() == ["sent"]


async def test_a_reaction_only_ever_gets_sent(stand: Stand) -> None:
    wamid = stand.leo.writes(stand.number, "Hola")
    status, _ = await stand.post(
        {"to": "+5491155550099", "type": "reaction", "reaction": {"message_id": wamid, "emoji": "👍"}}
    )
    await stand.settle()
    assert (status, stand.hook.names()) == (200, ["sent"])
    assert stand.leo.chat(stand.number)[0].reactions == ("👍",)


async def test_a_voice_note_is_played(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    audio = {"link": "https://example.org/a.ogg", "voice": True}
    await stand.post({"to": "+5491155550099", "type": "audio", "audio": audio})
    await stand.settle()
    assert stand.hook.names() == ["sent", "delivered", "read", "played"]


async def test_pricing_comes_with_sent_and_with_one_of_delivered_and_read(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted()
    await stand.settle()
    assert [("pricing" in each) for each in stand.hook.statuses()] == [True, True, False]


async def test_the_first_thousand_delivered_service_messages_of_a_month_are_free(stand: Stand) -> None:
    stand.number.quota.take(NOON, FREE_SERVICE_MESSAGES - 1)
    stand.leo.writes(stand.number, "Hola")
    for _ in range(2):
        await stand.accepted()
        await stand.settle()
    sent = [each["pricing"] for each in stand.hook.statuses() if each["status"] == "sent"]
    assert [(each["type"], each["billable"]) for each in sent] == [
        ("free_customer_service", False),
        ("regular", True),
    ]


async def test_a_message_lost_to_a_block_gives_its_free_place_back(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.leo.blocks(stand.number)
    await stand.accepted()
    await stand.settle()
    assert stand.number.quota.used(stand.clock.at) == 0


async def test_without_a_payment_method_only_the_free_messages_leave(stand: Stand) -> None:
    stand.number.payment_method = False
    stand.number.quota.take(NOON, FREE_SERVICE_MESSAGES)
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted()
    await stand.settle()
    assert [each["errors"][0]["code"] for each in stand.hook.statuses()] == [131042]


@pytest.mark.parametrize(
    ("at", "category", "expected"),
    [
        (datetime(2026, 9, 30, 23, tzinfo=UTC), "UTILITY", ("free_customer_service", "utility")),
        (datetime(2026, 10, 1, tzinfo=UTC), "UTILITY", ("regular", "utility")),
        (datetime(2026, 9, 1, tzinfo=UTC), "MARKETING", ("regular", "marketing")),
    ],
)
async def test_utility_inside_the_window_is_charged_since_october_2026(
    stand: Stand, at: datetime, category: str, expected: tuple[str, str]
) -> None:
    stand.clock.at = at
    stand.number.add_template("aviso", "es_AR", category, "Aviso")
    stand.leo.writes(stand.number, "Hola")
    await stand.template()
    await stand.settle()
    pricing = stand.hook.statuses()[0]["pricing"]
    assert (pricing["type"], pricing["category"]) == expected


async def test_an_ad_makes_72_hours_free_from_our_answer_but_not_free_form_after_24(stand: Stand) -> None:
    stand.number.add_template("promo", "es_AR", "MARKETING", "Oferta")
    stand.leo.writes(stand.number, "Vi el anuncio", referral=AD)
    stand.clock.pass_(hours=20)
    answered_at = stand.clock.at
    await stand.accepted()
    await stand.settle()
    sent = stand.hook.statuses()[0]
    assert sent["pricing"]["type"] == "free_entry_point"
    assert sent["pricing"]["category"] == "referral_conversion"
    assert sent["conversation"]["origin"] == {"type": "referral_conversion"}
    assert sent["conversation"]["expiration_timestamp"] == str(int((answered_at + timedelta(hours=72)).timestamp()))
    stand.clock.at = answered_at + timedelta(hours=71)
    assert await stand.code() == 131047
    await stand.template("promo")
    await stand.settle()
    assert stand.hook.statuses()[3]["pricing"]["type"] == "free_entry_point"


async def test_an_answer_after_24_hours_starts_no_free_entry_point(stand: Stand) -> None:
    stand.number.add_template("promo", "es_AR", "MARKETING", "Oferta")
    stand.leo.writes(stand.number, "Vi el anuncio", referral=AD)
    stand.clock.pass_(hours=24)
    await stand.template("promo")
    await stand.settle()
    assert stand.hook.statuses()[0]["pricing"]["type"] == "regular"


async def test_a_hidden_phone_is_absent_unless_we_wrote_to_the_phone(stand: Stand) -> None:
    ana = stand.graph.person(phone="+34600111222", name="Ana", hides_phone=True, username="@ana")
    ana.writes(stand.number, "Hola")
    await stand.post({"recipient": ana.bsuid, "type": "text", "text": {"body": "x"}})
    await stand.settle()
    inbound, sent, delivered, _ = stand.hook.values()
    assert "from" not in inbound["messages"][0]
    assert inbound["messages"][0]["from_user_id"] == ana.bsuid
    assert inbound["contacts"] == [{"profile": {"name": "Ana", "username": "@ana"}, "user_id": ana.bsuid}]
    assert "recipient_id" not in sent["statuses"][0]
    assert sent["statuses"][0]["recipient_user_id"] == ana.bsuid
    assert "wa_id" not in delivered["contacts"][0]
    await stand.accepted(to="+34600111222")
    await stand.settle()
    assert stand.hook.statuses()[-1]["recipient_id"] == "34600111222"
