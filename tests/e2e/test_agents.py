"""An agent on a simulated Telegram: joins with the code, hears of a customer, answers, and works the manual queue."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.app import open_program
from bot.config import Settings, Storage, WhatsApp
from bot.config import Telegram as TelegramSection
from bot.config import Vault as VaultSettings
from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.graph import Graph
from sandbox.telegram import Telegram
from storage.vault import generate_key
from tests.e2e.test_spine import SECRET, TOKEN, SetClock, World, publish


class Office:
    """The program between a simulated Meta and a simulated Telegram."""

    def __init__(self, world: World, telegram: Telegram) -> None:
        self.world, self.telegram = world, telegram
        self.ana = telegram.person(user_id=1001, name="Ana", language="es")
        self.leo = world.graph.person(phone="5491155550099", name="Leo Díaz")

    async def sees(self, *words: str) -> None:
        """Let the world work until one of Ana's screens has these words."""
        for _ in range(100):
            await self.world.settle()
            if any(shown.from_bot and all(word in shown.plain for word in words) for shown in self.ana.chat):
                return
            with suppress(AssertionError):
                await self.telegram.until(lambda: False, timeout_s=0.05)
        raise AssertionError(f"Ana never saw {words}; she sees:\n" + "\n---\n".join(map(str, self.ana.chat)))


@pytest.fixture
async def office(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    clock = SetClock()
    graph = Graph(clock, app_secret=SECRET, app_id="77", verify_token="verify")
    telegram = Telegram(clock)
    await graph.start()
    await telegram.start()
    number = graph.add_number(
        phone_number_id="1065", waba_id="2001", display_phone="+5491150000000", token=TOKEN, coexistence=True
    )
    settings = Settings(
        storage=Storage(url=database_url),
        vault=VaultSettings(keys=SecretStr(generate_key())),
        telegram=TelegramSection(api_url=telegram.url, token=SecretStr(telegram.token)),
        whatsapp=WhatsApp(graph_url=graph.url, app_id="77", app_secrets=[SecretStr(SECRET)]),
    )
    async with open_program(settings, clock) as program, TestClient(TestServer(program.application())) as client:
        graph.webhook_url = str(client.make_url("/webhooks/whatsapp"))
        await program.engine.accounts.add(NewAccount("1065", "2001", "+5491150000000", "Ventas AR", True, 20), TOKEN)
        assert program.telegram is not None
        await program.telegram.start()
        office = Office(World(clock, graph, number, program, client), telegram)
        code = await program.engine.agents.invite(Role.ADMIN)
        office.ana.says(f"/start {code}")
        await office.sees("Ana")
        yield office
        await program.telegram.stop()
    await telegram.stop()
    await graph.stop()


async def test_a_customer_writes_and_the_agent_answers_from_telegram(office: Office) -> None:
    office.leo.writes(office.world.number, "¿Tienen stock?")
    await office.sees("Leo Díaz", "¿Tienen stock?")
    office.ana.says("Sí, hay diez", reply_to=office.ana.screen)
    for _ in range(50):
        await office.world.settle()
        if office.world.graph.sends:
            break
        with suppress(AssertionError):
            await office.telegram.until(lambda: False, timeout_s=0.05)
    assert [sent.body for sent in office.world.graph.sends] == ["Sí, hay diez"]


async def test_a_step_whose_window_closed_waits_in_the_queue_and_nothing_is_sent(office: Office) -> None:
    await publish(office.world, 80, "¿Pudiste ver la propuesta?")
    office.leo.writes(office.world.number, "Hola")
    await office.sees("Leo Díaz", "Hola")
    await office.world.advance(hours=80)
    await office.world.program.engine.sequences.process_due()
    office.ana.says("/cola", date=office.world.clock.now() + timedelta(0))
    await office.sees("Cola manual", "Leo Díaz")
    status = await office.world.program.engine.reports.status(None)
    assert (status.pending, office.world.graph.sends) == (1, [])


async def test_a_stranger_gets_no_answer(office: Office) -> None:
    stranger = office.telegram.person(user_id=666, name="Nadie", language="es")
    stranger.says("/menu")
    stranger.says("/start adivina")
    office.ana.says("/estado")
    await office.sees("Ventas AR")
    assert [message for message in stranger.chat if message.from_bot] == []
