"""The program spread over several processes on one PostgreSQL: each does its own parts, together they do everything, nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import Program, open_program
from bot.config import Server, Settings
from bot.roles import Part
from crm.clock import SystemClock
from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.graph import Graph, Number
from sandbox.hosting.settings import UNHURRIED
from sandbox.telegram import Telegram
from sandbox.world import TOKEN, surroundings
from storage.database import Database
from tests.e2e.process import until
from tests.integration.storage.test_parts import cut

PATH_SECRET, HEADER_SECRET = "path-of-the-webhook", "header-of-the-webhook"
UPDATE = {"update_id": 1}


@dataclass
class Cluster:
    """What the nodes share: a database, a Meta, a Telegram."""

    settings: Settings
    graph: Graph
    telegram: Telegram
    number: Number

    @asynccontextmanager
    async def node(self, *parts: Part, **telegram: object) -> AsyncIterator["Node"]:
        """A process of the cluster, from its start to its stop."""
        changed = self.settings.telegram.model_copy(update=telegram)
        server = Server(public_url="https://centralita.example")
        settings = self.settings.model_copy(update={"telegram": changed, "server": server})
        async with open_program(settings, limits=UNHURRIED) as program:
            runner = web.AppRunner(program.application(frozenset(parts)), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            stop = asyncio.Event()
            running = asyncio.create_task(program.run(stop, frozenset(parts)))
            try:
                yield Node(program, f"http://127.0.0.1:{runner.addresses[0][1]}", running)
            finally:
                await runner.cleanup()
                stop.set()
                await running

    async def counts(self) -> dict[str, int]:
        """Webhooks by state."""
        async with await Database.open(self.settings.storage.url) as database, database.read() as uow:
            return {state.value: count for state, count in (await uow.webhooks.counts()).items() if count}


@dataclass
class Node:
    program: Program
    url: str
    running: "asyncio.Task[None]"


@pytest.fixture
async def cluster(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cluster]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    graph, telegram = (
        Graph(SystemClock(), app_secret="sandbox-app-secret", verify_token="verify"),
        Telegram(SystemClock()),
    )
    await graph.start()
    await telegram.start()
    number = graph.add_number("1065", "2001", "+5491150000000", TOKEN)
    settings = surroundings(postgres_url, graph, telegram).settings()
    async with open_program(settings) as program:
        await program.engine.accounts.add(NewAccount("1065", "2001", "+5491150000000", "Ventas", False, 20), TOKEN)
    yield Cluster(settings, graph, telegram, number)
    await telegram.stop()
    await graph.stop()


async def test_one_process_takes_webhooks_and_another_applies_them_and_sends(cluster: Cluster) -> None:
    async with cluster.node(Part.WEB) as door:
        cluster.graph.webhook_url = f"{door.url}/webhooks/whatsapp"
        leo = cluster.graph.person(phone="5491155550099", name="Leo Díaz")
        leo.writes(cluster.number, "Hola")
        await cluster.graph.deliver_due()
        assert await cluster.counts() == {"new": 1}
        async with cluster.node(Part.WORKER) as worker:
            while await cluster.counts() != {"done": 1}:
                assert not worker.running.done()
            engine = door.program.engine
            ana = await engine.agents.add(1001, Role.ADMIN, "Ana")
            contact = (await engine.contacts.find(ana, "Leo"))[0]
            card = await engine.contacts.card(ana, contact.id)
            await engine.conversations.reply(ana, card.conversations[0].conversation.id, "Cuesta 10")
            await until(lambda: [sent.body for sent in cluster.graph.sends] == ["Cuesta 10"])


async def test_two_processes_that_send_never_pace_one_account_apart(cluster: Cluster) -> None:
    """Each would keep its own pace, so together they would send at twice the speed: the second stands by."""
    async with cluster.node(Part.WEB, Part.WORKER) as first:
        cluster.graph.webhook_url = f"{first.url}/webhooks/whatsapp"
        leo = cluster.graph.person(phone="5491155550099", name="Leo Díaz")
        leo.writes(cluster.number, "Hola")
        await cluster.graph.deliver_due()
        engine = first.program.engine
        ana = await engine.agents.add(1001, Role.ADMIN, "Ana")
        while not (found := await engine.contacts.find(ana, "Leo")):
            pass
        conversation = (await engine.contacts.card(ana, found[0].id)).conversations[0].conversation.id
        await engine.conversations.reply(ana, conversation, "uno")
        await until(lambda: len(cluster.graph.sends) == 1)
        async with cluster.node(Part.WORKER) as second:
            for text in ("dos", "tres"):
                await engine.conversations.reply(ana, conversation, text)
            await until(lambda: len(cluster.graph.sends) == 3)
            calls = [
                n.program.metrics.registry.get_sample_value("centralita_graph_seconds_count") for n in (first, second)
            ]
            assert calls == [3, 0]


async def test_agents_are_served_by_one_process_and_by_the_next_when_it_is_gone(cluster: Cluster) -> None:
    ana = cluster.telegram.person(user_id=1001, name="Ana", language="es")

    def screens() -> int:
        return sum(message.from_bot for message in ana.private.visible)

    async with cluster.node(Part.BOT, admins=(1001,)) as first, cluster.node(Part.BOT, admins=(1001,)) as second:
        ana.says("/menu")
        await until(lambda: screens() == 1)
        serving, waiting = (first, second) if first.program.serves_agents else (second, first)
        assert serving.program.serves_agents
        assert not waiting.program.serves_agents
    async with cluster.node(Part.BOT) as third:
        await until(lambda: third.program.serves_agents)
        ana.says("/menu")
        await until(lambda: screens() == 2)


async def test_a_process_that_lost_its_claim_serves_the_agents_again_when_it_has_it_back(cluster: Cluster) -> None:
    ana = cluster.telegram.person(user_id=1001, name="Ana", language="es")

    def screens() -> int:
        return sum(message.from_bot for message in ana.private.visible)

    async with cluster.node(Part.BOT, admins=(1001,)) as node:
        await until(lambda: node.program.serves_agents)
        await cut(cluster.settings.storage.url)
        await until(lambda: not node.program.serves_agents)
        ana.says("/menu")
        await until(lambda: node.program.serves_agents)
        await until(lambda: screens() == 1)
        ana.says("/menu")
        await until(lambda: screens() == 2)


async def test_a_process_that_stands_by_sends_telegrams_updates_elsewhere(cluster: Cluster) -> None:
    """It would keep them, but the process that serves the agents would not learn of them before its next start."""
    by_webhook = {
        "mode": "webhook",
        "path_secret": SecretStr(PATH_SECRET),
        "secret_token": SecretStr(HEADER_SECRET),
    }
    headers = {"X-Telegram-Bot-Api-Secret-Token": HEADER_SECRET}
    async with aiohttp.ClientSession(headers=headers) as sender, cluster.node(Part.BOT, **by_webhook) as first:
        await until(lambda: first.program.serves_agents)
        async with cluster.node(Part.BOT, **by_webhook) as second:
            door = f"/telegram/{PATH_SECRET}"
            assert (await sender.post(second.url + door, json=UPDATE)).status == 503
            assert (await sender.post(first.url + door, json=UPDATE)).status == 200


async def test_a_process_has_only_the_doors_of_its_parts(cluster: Cluster) -> None:
    async with aiohttp.ClientSession() as anybody, cluster.node(Part.SCHEDULER) as node:
        assert (await anybody.get(f"{node.url}/healthz")).status == 200
        assert (await anybody.get(f"{node.url}/readyz")).status == 200
        assert (await anybody.get(f"{node.url}/metrics")).status == 200
        assert (await anybody.get(f"{node.url}/webhooks/whatsapp")).status == 404


async def test_the_admins_of_the_settings_are_there_from_the_start_and_nobody_is_changed(cluster: Cluster) -> None:
    async with open_program(cluster.settings) as program:
        await program.engine.agents.add(1002, Role.VIEWER, "Beto")
    for _ in range(2):
        async with cluster.node(Part.BOT, admins=(1001, 1002)) as node:
            await until(lambda node=node: node.program.serves_agents)  # type: ignore[misc]
            agents = node.program.engine.agents
            ana, beto = await agents.by_telegram(1001), await agents.by_telegram(1002)
            assert ana is not None
            assert beto is not None
            assert (ana.role, beto.role, beto.name) == (Role.ADMIN, Role.VIEWER, "Beto")
