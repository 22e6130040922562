"""An agent on a simulated Telegram: joins with the code, hears of a customer, answers, and works the manual queue."""

from collections.abc import AsyncIterator

import pytest

from sandbox.graph import Person as Customer
from sandbox.telegram.people import Person as Agent
from sandbox.world import World, open_world
from tests.e2e.test_spine import publish


class Office:
    """The world with one agent at her desk and one customer."""

    def __init__(self, world: World, ana: Agent, leo: Customer) -> None:
        self.world, self.telegram, self.ana, self.leo = world, world.telegram, ana, leo

    async def sees(self, *words: str) -> None:
        """Let the world work until one of Ana's screens has these words."""
        try:
            await self.world.until(
                lambda: any(s.from_bot and all(word in s.plain for word in words) for s in self.ana.chat), seconds=15
            )
        except AssertionError:
            raise AssertionError(
                f"Ana never saw {words}; she sees:\n" + "\n---\n".join(map(str, self.ana.chat))
            ) from None


@pytest.fixture
async def office(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(database_url) as world:
        ana = await world.agent("Ana", 1001)
        yield Office(world, ana, world.graph.person(phone="5491155550099", name="Leo Díaz"))


async def test_a_customer_writes_and_the_agent_answers_from_telegram(office: Office) -> None:
    office.leo.writes(office.world.number, "¿Tienen stock?")
    await office.sees("Leo Díaz", "¿Tienen stock?")
    office.ana.says("Sí, hay diez", reply_to=office.ana.screen)
    await office.world.until(lambda: bool(office.world.graph.sends))
    assert [sent.body for sent in office.world.graph.sends] == ["Sí, hay diez"]


async def test_a_step_whose_window_closed_waits_in_the_queue_and_nothing_is_sent(office: Office) -> None:
    await publish(office.world, 80, "¿Pudiste ver la propuesta?")
    office.leo.writes(office.world.number, "Hola")
    await office.sees("Leo Díaz", "Hola")
    await office.world.travel(hours=81)
    office.ana.says("/cola")
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
