"""The eight cases of a hostile webhook which the peers' code fails by reading alone, each through the real door."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.graph import Person
from sandbox.world import World, open_hosted_world, open_world
from tests.peers.suffering import suffered


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(database_url) as world:
        yield world


def value(world: World, **parts: Any) -> dict[str, Any]:
    number = world.number
    metadata = {"display_phone_number": number.display_phone, "phone_number_id": number.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def written(world: World, wamid: str, text: str, phone: str | None = "5491155550099", **more: Any) -> dict[str, Any]:
    at = str(int(world.clock.now().timestamp()))
    sender = {"from": phone} if phone else {}
    return {**sender, "id": wamid, "timestamp": at, "type": "text", "text": {"body": text}, **more}


async def posted(world: World, *entries: list[dict[str, Any]]) -> None:
    """Meta posts one body with these entries, each with its changes' values."""
    whole = {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": world.number.waba_id, "changes": [{"field": "messages", "value": each} for each in entry]}
            for entry in entries
        ],
    }
    world.graph.queue_raw_webhook(whole)
    await world.settle()


async def counted(world: World) -> dict[str, Any]:
    return dict(await world.host.status())


def inbound(status: dict[str, Any]) -> int:
    return sum(sum(states.values()) for states in status["messages"].get("in", {}).values())


@suffered("peers 1.11: two entries, two changes")
async def test_two_entries_with_two_changes_each_are_four_messages(world: World) -> None:
    texts = [[value(world, messages=[written(world, f"wamid.{e}{c}", "hola")]) for c in range(2)] for e in range(2)]
    await posted(world, *texts)
    assert inbound(await counted(world)) == 4


@suffered("peers 1.11: ten statuses in a change")
async def test_ten_statuses_beside_a_message_all_count(world: World) -> None:
    at = str(int(world.clock.now().timestamp()))
    statuses = [{"id": f"wamid.S{n}", "status": "sent", "timestamp": at, "recipient_id": "5491"} for n in range(10)]
    await posted(world, [value(world, statuses=statuses, messages=[written(world, "wamid.1", "hola")])])
    status = await counted(world)
    assert (inbound(status), status["webhooks"].get("dead", 0)) == (1, 0)


@suffered("peers 1.11: status of an unknown wamid")
async def test_a_status_of_an_unknown_message_is_no_error(world: World) -> None:
    at = str(int(world.clock.now().timestamp()))
    await posted(world, [value(world, statuses=[{"id": "wamid.no", "status": "read", "timestamp": at}])])
    status = await counted(world)
    assert (status["webhooks"]["done"], status["webhooks"].get("dead", 0)) == (1, 0)


@suffered("peers 1.11: delivered, then a late sent")
async def test_a_late_sent_does_not_undo_delivered(world: World) -> None:
    leo: Person = world.graph.person(phone="5491155550099", name="Leo")
    ana = await world.agent("Ana", 1001)
    leo.writes(world.number, "Hola")
    shown = await world.sees(ana, "Hola")
    await world.says(ana, "Buenas", reply_to=shown)
    await world.travel(minutes=5)
    (sent,) = world.graph.sends
    at = str(int(world.clock.now().timestamp()))
    await posted(world, [value(world, statuses=[{"id": sent.wamid, "status": "sent", "timestamp": at}])])
    out = (await counted(world))["messages"]["out"]["text"]
    assert out == {"read": 1}


@suffered("peers 1.11: the same POST twice")
async def test_the_same_post_twice_is_one_message(world: World) -> None:
    body = [value(world, messages=[written(world, "wamid.1", "hola")])]
    await posted(world, body)
    await posted(world, body)
    assert inbound(await counted(world)) == 1


@suffered("peers 1.11: signature missing")
async def test_a_body_without_its_signature_is_refused_and_nothing_of_it_is_kept(world: World) -> None:
    world.graph.queue_raw_webhook(value(world, messages=[written(world, "wamid.1", "hola")]), signature="sha256=00")
    await world.settle()
    assert inbound(await counted(world)) == 0
    assert {record.status for record in world.graph.webhooks} == {401}


@suffered("peers 1.11: the store fails after 200")
async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_hosted_world(tmp_path) as world:
        await world.stop_database()
        await posted(world, [value(world, messages=[written(world, "wamid.1", "hola")])])
        assert 200 not in {record.status for record in world.graph.webhooks}
        await world.start_database()
        await world.travel(hours=2)
        assert inbound(await counted(world)) == 1


@suffered("peers 1.11: a sender without a phone")
async def test_a_sender_without_a_phone_is_a_contact(world: World) -> None:
    people = [{"profile": {"name": "Sin número"}, "user_id": "AR.9931"}]
    message = written(world, "wamid.1", "hola", None, from_user_id="AR.9931")
    await posted(world, [value(world, contacts=people, messages=[message])])
    status = await counted(world)
    assert (inbound(status), status["contacts"]) == (1, 1)
