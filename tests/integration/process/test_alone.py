"""Work that only one process may do: it starts when the part is ours, ends when it is not, and another stands by."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog

from bot.roles import ALL, Part, alone, parts_of
from crm.errors import Misconfigured
from storage.errors import StorageUnavailable
from tests.integration.storage.test_parts import cut

SOON = 0.02


class Worker:
    """Does the part; says since when and how often."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()
        self.times = 0
        self.woken = 0

    async def work(self, stop: asyncio.Event) -> None:
        self.times += 1
        self.ended.clear()
        self.begun.set()
        try:
            await stop.wait()
        finally:
            self.begun.clear()
            self.ended.set()

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def heard() -> Iterator[defaultdict[str, asyncio.Event]]:
    """By a log event's name, set when it was logged."""
    events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def hear(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        events[event["event"]].set()
        raise structlog.DropEvent

    structlog.configure(processors=[hear])
    yield events
    structlog.reset_defaults()


@asynccontextmanager
async def process(url: str, worker: Worker, stop: asyncio.Event | None = None) -> AsyncIterator[asyncio.Task[None]]:
    """A node that wants to do the part, until the end of the block."""
    stop = stop or asyncio.Event()
    task = asyncio.create_task(alone(url, "agents", worker.work, stop, worker.wake, SOON))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 60)


async def test_the_second_stands_by_and_takes_over(postgres_url: str, heard: dict[str, asyncio.Event]) -> None:
    first, second, stop = Worker(), Worker(), asyncio.Event()
    async with process(postgres_url, first, stop):
        await asyncio.wait_for(first.begun.wait(), 60)
        async with process(postgres_url, second):
            await asyncio.wait_for(heard["part_stands_by"].wait(), 60)
            assert not second.begun.is_set()
            stop.set()
            await asyncio.wait_for(second.begun.wait(), 60)
            assert first.ended.is_set()
            assert first.woken == 1


async def test_work_whose_claim_is_lost_ends_and_begins_again(postgres_url: str) -> None:
    worker = Worker()
    async with process(postgres_url, worker):
        await asyncio.wait_for(worker.begun.wait(), 60)
        await cut(postgres_url)
        await asyncio.wait_for(worker.ended.wait(), 60)
        await asyncio.wait_for(worker.begun.wait(), 60)
        assert worker.times == 2


async def test_a_wrong_setting_is_heard_of_and_frees_the_part(database_url: str) -> None:
    async def fail(stop: asyncio.Event) -> None:
        raise Misconfigured("telegram.token", "is wrong")

    with pytest.raises(Misconfigured):
        await alone(database_url, "agents", fail, asyncio.Event())
    worker = Worker()
    async with process(database_url, worker):
        await asyncio.wait_for(worker.begun.wait(), 60)


async def test_work_that_the_database_fails_begins_again(database_url: str) -> None:
    """The end of work writes what is in hand: in an outage that fails too, and must not end the process."""

    class Unlucky(Worker):
        async def work(self, stop: asyncio.Event) -> None:
            if self.times == 0:
                self.times += 1
                raise StorageUnavailable("away")
            await super().work(stop)

    worker = Unlucky()
    async with process(database_url, worker) as task:
        await asyncio.wait_for(worker.begun.wait(), 60)
        assert not task.done()
    assert worker.times == 2


async def test_a_database_that_is_away_is_waited_for(heard: dict[str, asyncio.Event]) -> None:
    worker, stop = Worker(), asyncio.Event()
    async with process("postgresql+asyncpg://nobody@127.0.0.1:1/none", worker, stop) as task:
        await asyncio.wait_for(heard["part_not_claimed"].wait(), 60)
        assert not task.done()
        stop.set()
        await asyncio.wait_for(task, 60)
    assert worker.times == 0


async def test_who_is_cancelled_leaves_nothing_behind(database_url: str) -> None:
    worker = Worker()
    async with process(database_url, worker) as task:
        await asyncio.wait_for(worker.begun.wait(), 60)
        task.cancel()
        await asyncio.wait_for(worker.ended.wait(), 60)


def test_roles_are_read_in_any_order() -> None:
    assert parts_of("worker, web") == {Part.WEB, Part.WORKER}
    assert parts_of("web,worker,scheduler,bot") == ALL


@pytest.mark.parametrize("roles", ["", " , ", "webs", "web;worker", "web,nothing", "WEB"])
def test_a_role_that_nobody_knows_is_refused_with_those_there_are(roles: str) -> None:
    with pytest.raises(Misconfigured, match=r"roles: must name some of web, worker, scheduler, bot"):
        parts_of(roles)
