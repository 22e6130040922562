"""The spine: a customer writes, the engine decides, a message leaves, its ticks come back; and the door that Meta knocks at."""

import aiohttp

from sandbox.telegram import Person as Agent
from sandbox.world import World
from tests.e2e.plans import publish, step


async def test_a_customer_writes_and_the_due_step_reaches_the_phone_and_is_read(world: World, ana: Agent) -> None:
    await publish(world, step(2, "Hola {name}, soy Ana"))
    leo = world.graph.person(phone="5491155550099", name="Leo")
    leo.writes(world.number, "Hola")
    await world.travel(hours=3)
    assert [shown.text for shown in leo.inbox] == ["Hola Leo, soy Ana"]
    assert [line.tick for line in leo.chat(world.number) if line.author == "api"] == ["read"]


async def test_a_forged_webhook_is_refused_and_a_true_challenge_is_answered(world: World) -> None:
    door = world.url + "/webhooks/whatsapp"
    challenge = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "42"}
    async with aiohttp.ClientSession() as meta:
        forged = await meta.post(door, data=b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
        answered = await meta.get(door, params=challenge)
        ready = await meta.get(world.url + "/readyz")
        assert (forged.status, answered.status, await answered.text(), ready.status) == (401, 200, "42", 200)
