"""How webhooks travel: signed, repeated until answered 200, in no certain order."""

import hashlib
import hmac
import json
from datetime import timedelta

from sandbox.graph.webhooks import sign
from tests.unit.sandbox_graph.conftest import SECRET, Stand


async def test_the_signature_covers_the_raw_bytes(stand: Stand) -> None:
    stand.leo.writes(stand.number, "¡Hola! 👋")
    await stand.graph.deliver_due()
    body = stand.hook.bodies[0]
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert stand.hook.signatures == [f"sha256={expected}"]
    assert b"\\ud83d" in body, "Meta escapes what is not ASCII"


def test_the_signature_agrees_with_the_vector_of_the_reference() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    assert sign("test_app_secret", body) == "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"


async def test_anything_but_200_brings_the_same_bytes_back_with_growing_pauses(stand: Stand) -> None:
    stand.hook.answers = [500, 204, 404, 200]
    stand.leo.writes(stand.number, "Hola")
    start = stand.clock.at
    await stand.settle(timedelta(hours=1))
    assert len(set(stand.hook.bodies)) == 1
    after = [(each.at - start).total_seconds() for each in stand.graph.webhooks]
    assert after == [0, 5, 35, 155]
    assert [(each.attempt, each.status) for each in stand.graph.webhooks] == [(1, 500), (2, 204), (3, 404), (4, 200)]
    assert stand.graph.next_at() is None


async def test_a_dead_webhook_is_tried_for_seven_days_and_then_given_up(stand: Stand) -> None:
    stand.graph.webhook_url = "http://127.0.0.1:1/hook"
    stand.leo.writes(stand.number, "Hola")
    start = stand.clock.at
    await stand.settle(timedelta(days=9))
    last = stand.graph.webhooks[-1]
    assert last.status is None
    assert last.error
    assert timedelta(days=6, hours=12) < last.at - start <= timedelta(days=7)
    assert stand.graph.next_at() is None


async def test_webhooks_wait_while_there_is_no_address(stand: Stand) -> None:
    url, stand.graph.webhook_url = stand.graph.webhook_url, None
    stand.leo.writes(stand.number, "Hola")
    assert await stand.graph.deliver_due() == 0
    assert stand.graph.next_at() is None
    stand.clock.pass_(days=30)
    stand.graph.webhook_url = url
    assert await stand.graph.deliver_due() == 1


async def test_several_updates_share_a_post_and_contacts_are_not_repeated(stand: Stand) -> None:
    stand.graph.batch = 1000
    for text in ("uno", "dos", "tres"):
        stand.leo.writes(stand.number, text)
    await stand.accepted()
    stand.clock.pass_(seconds=5)
    assert await stand.graph.deliver_due() == 1
    messages, statuses = stand.hook.values()
    assert [len(messages["messages"]), len(messages["contacts"]), len(statuses["statuses"])] == [3, 1, 2]


async def test_duplicates_are_the_same_bytes_twice(stand: Stand) -> None:
    stand.graph.duplicate_webhooks = 1.0
    stand.leo.writes(stand.number, "Hola")
    assert await stand.graph.deliver_due() == 2
    assert len(set(stand.hook.bodies)) == 1


async def test_shuffled_webhooks_lose_their_order_but_nothing_else(stand: Stand) -> None:
    stand.graph.shuffle = True
    texts = [str(index) for index in range(20)]
    for text in texts:
        stand.leo.writes(stand.number, text)
    await stand.graph.deliver_due()
    arrived = [value["messages"][0]["text"]["body"] for value in stand.hook.values()]
    assert arrived != texts
    assert sorted(arrived) == sorted(texts)


async def test_a_delay_keeps_webhooks_back(stand: Stand) -> None:
    stand.graph.delay = timedelta(hours=1)
    stand.leo.writes(stand.number, "Hola")
    assert await stand.graph.deliver_due() == 0
    await stand.settle(timedelta(hours=1))
    assert len(stand.hook.bodies) == 1


async def test_concurrent_delivery_brings_everything_once(stand: Stand) -> None:
    stand.graph.weather.concurrency = 8
    for index in range(40):
        stand.leo.writes(stand.number, str(index))
    assert await stand.graph.deliver_due() == 40
    assert len(set(stand.hook.bodies)) == 40


async def test_an_account_type_webhook_has_entry_time_and_no_metadata(stand: Stand) -> None:
    stand.graph.queue_raw_webhook({"event": "DISABLED_UPDATE", "ban_info": {}}, field="account_update")
    await stand.graph.deliver_due()
    entry = json.loads(stand.hook.bodies[0])["entry"][0]
    assert entry == {
        "id": "2001",
        "time": int(stand.clock.at.timestamp()),
        "changes": [{"value": {"event": "DISABLED_UPDATE", "ban_info": {}}, "field": "account_update"}],
    }


async def test_hostile_bytes_are_posted_as_they_are_signed_rightly_or_wrongly(stand: Stand) -> None:
    stand.graph.queue_raw_webhook(b"\x00 not json")
    stand.graph.queue_raw_webhook({"object": "page", "entry": []}, signature="sha256=00")
    await stand.graph.deliver_due()
    assert stand.hook.bodies == [b"\x00 not json", b'{"object":"page","entry":[]}']
    assert stand.hook.signatures == [sign(SECRET, b"\x00 not json"), "sha256=00"]


async def test_without_a_subscription_nothing_arrives_ever(stand: Stand) -> None:
    assert await stand.call("DELETE", "/v26.0/2001/subscribed_apps") == (200, {"success": True})
    stand.leo.writes(stand.number, "perdido")
    assert await stand.call("POST", "/v26.0/2001/subscribed_apps") == (200, {"success": True})
    stand.leo.writes(stand.number, "Hola")
    await stand.graph.deliver_due()
    assert [value["messages"][0]["text"]["body"] for value in stand.hook.values()] == ["Hola"]


async def test_the_handshake_wants_the_challenge_back(stand: Stand) -> None:
    assert await stand.graph.verify_webhook()
    stand.graph.verify_token = "other"
    assert not await stand.graph.verify_webhook()


async def test_the_journal_is_bounded_when_asked(stand: Stand) -> None:
    stand.graph.journal_limit = 10
    for index in range(40):
        stand.leo.writes(stand.number, str(index))
        await stand.graph.deliver_due()
    assert len(stand.graph.webhooks) <= 13
    assert len(stand.leo.chat(stand.number)) == 10
