"""The whole program over HTTP against a simulated Meta: a customer writes, the engine decides, a message leaves, its ticks come back."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from crm.model.agents import Role
from crm.model.sequences import Sequence, SequenceState, Step, Trigger
from sandbox.graph import Fault
from sandbox.world import World, open_world


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(database_url) as world:
        await world.program.engine.agents.add(1001, Role.ADMIN, "Ana")
        yield world


async def publish(world: World, hours: float, *texts: str) -> None:
    steps = tuple(Step(timedelta(hours=hours), text) for text in texts)
    plan = Sequence(
        0, "welcome", "Bienvenida", SequenceState.ACTIVE, Trigger.FIRST_MESSAGE, None, steps, 1, world.clock.at
    )
    await world.program.engine.sequences.publish("test", [plan])


async def test_a_customer_writes_and_the_due_step_reaches_the_phone_and_is_read(world: World) -> None:
    await publish(world, 2, "Hola {name}, soy Ana")
    leo = world.graph.person(phone="5491155550099", name="Leo Díaz")
    leo.writes(world.number, "Hola")
    await world.settle()
    await world.travel(hours=3)
    status = await world.program.engine.reports.status(None)
    assert [sent.body for sent in world.graph.sends] == ["Hola Leo, soy Ana"]
    assert status.messages == {("in", "text", "received"): 1, ("out", "text", "read"): 1}


async def test_a_send_whose_answer_is_lost_is_proven_by_its_status_and_never_repeated(world: World) -> None:
    leo = world.graph.person(phone="5491155550099", name="Leo Díaz")
    leo.writes(world.number, "Hola")
    await world.settle()
    ana = await world.program.engine.agents.by_telegram(1001)
    assert ana is not None
    contact = (await world.program.engine.contacts.find(ana, "Leo"))[0]
    card = await world.program.engine.contacts.card(ana, contact.id)
    world.graph.fail_next(Fault("close"))
    await world.program.engine.conversations.reply(ana, card.conversations[0].conversation.id, "Cuesta 10")
    await world.settle()
    await world.travel(minutes=30)
    await world.program.engine.outbox.reconcile()
    await world.settle()
    status = await world.program.engine.reports.status(None)
    assert len(world.graph.sends) == 1
    assert status.outbox.get("accepted") == 1
    assert status.pending == 0


async def test_the_phones_echo_closes_the_card(world: World) -> None:
    await publish(world, 80, "¿Pudiste ver la propuesta que te mandé?")
    leo = world.graph.person(phone="5491155550099", name="Leo Díaz")
    leo.writes(world.number, "Hola")
    await world.settle()
    await world.travel(hours=81)
    assert (await world.program.engine.reports.status(None)).pending == 1
    world.number.phone_sends(leo, "¿Pudiste ver la propuesta que te mande?")
    await world.settle()
    assert (await world.program.engine.reports.status(None)).pending == 0


async def test_a_forged_webhook_is_refused_and_a_true_challenge_is_answered(world: World) -> None:
    door = world.url + "/webhooks/whatsapp"
    challenge = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "42"}
    async with aiohttp.ClientSession() as meta:
        forged = await meta.post(door, data=b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
        answered = await meta.get(door, params=challenge)
        ready = await meta.get(world.url + "/readyz")
        assert (forged.status, answered.status, await answered.text(), ready.status) == (401, 200, "42", 200)
