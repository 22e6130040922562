"""The whole program over HTTP against a simulated Meta: a customer writes, the engine decides, a message leaves, its ticks come back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.app import Program, open_program
from bot.config import Server, Settings, Storage, WhatsApp
from bot.config import Vault as VaultSettings
from crm.model.agents import Role
from crm.model.sequences import Sequence, SequenceState, Step, Trigger
from crm.services.accounts import NewAccount
from sandbox.graph import Fault, Graph, Number
from storage.vault import generate_key

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET, TOKEN = "an-app-secret", "EAAG-token"


class SetClock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class World:
    """The program between a simulated Meta and the people, on one clock."""

    def __init__(self, clock: SetClock, graph: Graph, number: Number, program: Program, client: TestClient) -> None:  # type: ignore[type-arg]
        self.clock, self.graph, self.number, self.program, self.client = clock, graph, number, program, client

    async def settle(self) -> None:
        """Let webhooks and pumps work until nothing is due now."""
        for _ in range(100):
            delivered = await self.graph.deliver_due()
            later = await self.program.drain()
            soon = later is not None and later - self.clock.at < timedelta(seconds=1)
            if soon and later is not None:
                self.clock.at = max(later, self.clock.at)
            if not delivered and not soon:
                return
        raise AssertionError("the world does not come to rest")

    async def advance(self, **by: float) -> None:
        """Let time pass, stopping wherever Meta has something due."""
        until = self.clock.at + timedelta(**by)
        while (due := self.graph.next_at()) is not None and due <= until:
            self.clock.at = max(due, self.clock.at)
            await self.settle()
        self.clock.at = max(until, self.clock.at)
        await self.settle()


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    clock = SetClock()
    graph = Graph(clock, app_secret=SECRET, app_id="77", verify_token="verify")
    await graph.start()
    settings = Settings(
        server=Server(),
        storage=Storage(url=database_url),
        vault=VaultSettings(keys=SecretStr(generate_key())),
        whatsapp=WhatsApp(
            graph_url=graph.url,
            verify_token=SecretStr("verify"),
            app_id="77",
            app_secrets=[SecretStr(SECRET)],
        ),
    )
    number = graph.add_number(
        phone_number_id="1065", waba_id="2001", display_phone="+5491150000000", token=TOKEN, coexistence=True
    )
    async with open_program(settings, clock) as program, TestClient(TestServer(program.application())) as client:
        graph.webhook_url = str(client.make_url("/webhooks/whatsapp"))
        await program.engine.accounts.add(NewAccount("1065", "2001", "+5491150000000", "Ventas AR", True, 20), TOKEN)
        await program.engine.agents.add(1001, Role.ADMIN, "Ana")
        yield World(clock, graph, number, program, client)
    await graph.stop()


async def publish(world: World, hours: float, *texts: str) -> None:
    steps = tuple(Step(timedelta(hours=hours), text) for text in texts)
    plan = Sequence(0, "welcome", "Bienvenida", SequenceState.ACTIVE, Trigger.FIRST_MESSAGE, None, steps, 1, NOON)
    await world.program.engine.sequences.publish("test", [plan])


async def test_a_customer_writes_and_the_due_step_reaches_the_phone_and_is_read(world: World) -> None:
    await publish(world, 2, "Hola {name}, soy Ana")
    leo = world.graph.person(phone="5491155550099", name="Leo Díaz")
    leo.writes(world.number, "Hola")
    await world.settle()
    await world.advance(hours=2)
    await world.program.engine.sequences.process_due()
    await world.settle()
    await world.advance(minutes=5)
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
    await world.advance(minutes=30)
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
    await world.advance(hours=80)
    assert await world.program.engine.sequences.process_due() == {"held": 1}
    world.number.phone_sends(leo, "¿Pudiste ver la propuesta que te mande?")
    await world.settle()
    assert (await world.program.engine.reports.status(None)).pending == 0


async def test_a_forged_webhook_is_refused_and_a_true_challenge_is_answered(world: World) -> None:
    forged = await world.client.post(
        "/webhooks/whatsapp", data=b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64}
    )
    challenge = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "42"}
    answered = await world.client.get("/webhooks/whatsapp", params=challenge)
    ready = await world.client.get("/readyz")
    assert (forged.status, answered.status, await answered.text(), ready.status) == (401, 200, "42", 200)
