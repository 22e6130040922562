"""The whole program over HTTP between a simulated Meta and a simulated Telegram, on each database in turn."""

from collections.abc import AsyncIterator

import pytest

from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import World, open_world


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(database_url) as world:
        yield world


@pytest.fixture
async def ana(world: World) -> Agent:
    """The first admin, at her desk."""
    return await world.agent("Ana", 1001)


@pytest.fixture
async def beto(world: World, ana: Agent) -> Agent:
    """A second person at a desk of his own."""
    return await world.agent("Beto", 1002)


@pytest.fixture
def leo(world: World) -> Customer:
    """Somebody with a phone."""
    return world.graph.person(phone="5491155550099", name="Leo")


@pytest.fixture
def mia(world: World) -> Customer:
    """Somebody else with a phone."""
    return world.graph.person(phone="5491155551111", name="Mía")
