"""The database is gone while customers write: 503, so that Meta brings everything again; the process lives on, and nothing is lost.

PostgreSQL is a server of this test's own, shut down at once as a crash would. A full disk is played by a limit on how far the process
may write its files: every write fails, as it does when no block is free.
"""

import asyncio
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import PostgresServer
from tests.e2e.process import Installation, Server, until
from tests.e2e.town import Ledger, Town, a_town, every_webhook_was_applied_once, nobody_got_a_message_twice

FOLLOWED, CHATTY = 60, 100


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that nobody else uses."""
    folder = Path(tempfile.mkdtemp(prefix="centralita-own-pg-"))
    server = PostgresServer(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


async def test_while_postgresql_is_down_meta_is_told_to_come_again(
    own_postgres: PostgresServer, tmp_path: Path
) -> None:
    server = own_postgres._server

    def crash(_: Server) -> None:
        postmaster = server.get_postmaster_info().process
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGQUIT)  # "immediate shutdown": no goodbye, recovery at the next start
        postmaster.wait(10)

    await _an_outage(tmp_path, own_postgres.create(), crash, lambda _: server.ensure_postgres_running(), readable=False)


async def test_while_the_disk_is_full_meta_is_told_to_come_again(tmp_path: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def room(server: Server, size: int) -> None:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, most))

    url = f"sqlite+aiosqlite:///{tmp_path / 'centralita.sqlite3'}"
    await _an_outage(tmp_path, url, lambda server: room(server, 0), lambda server: room(server, most), readable=True)


async def _an_outage(
    folder: Path, url: str, begin: Callable[[Server], None], end: Callable[[Server], None], *, readable: bool
) -> None:
    async with a_town() as town:
        place = Installation(folder, town.graph.url, url)
        await place.set_up(per_second=20)
        await place.import_sequence("Hola {name}, soy Ana", "first_message")
        async with place.serving() as server:
            town.open(server)
            town.write(town.people(0, FOLLOWED), "Hola")
            async with Ledger.of(url) as ledger:
                await town.rest(ledger)
            await asyncio.gather(place.run("jobs", "run", "sequences"), town.until(sends=10))
            chatty = town.people(FOLLOWED, CHATTY)
            town.write(chatty, "Primero")
            await town.late_answers(0.5)  # they come when nobody can write them down
            await asyncio.to_thread(begin, server)
            town.write(chatty, "Segundo")
            town.post()
            await _refused(town)
            before = set(town.courier.kept)
            await _refused(town)
            assert town.courier.kept == before, "nothing is called kept that is not"
            assert await _readiness(server) == (200 if readable else 503)
            if not readable:
                await until(
                    lambda: any("part_lost" in line for line in server.said), 20, "the loss of the right to send"
                )
            await asyncio.to_thread(end, server)
            await town.until(answers=len(town.wrote), sends=len(town.graph.sends) + 1)
            assert await _readiness(server) == 200
            assert server.alive, "the same process went on"
            town.kill(server)
        async with place.serving() as server, Ledger.of(url) as ledger:
            town.open(server)
            await town.rest(ledger)
            await every_webhook_was_applied_once(town, ledger)
            await nobody_got_a_message_twice(town, ledger)


async def _refused(town: Town) -> None:
    """Wait for a few answers more of "come again later"; while the database is away there is no other."""
    courier = town.courier
    wanted = courier.answers[503] + 20
    try:
        await until(lambda: courier.answers[503] >= wanted, 20, "a 503")
    except AssertionError:
        raise AssertionError(f"no 503 but {dict(courier.answers)}; the server says:\n{town.said}") from None


async def _readiness(server: Server) -> int:
    async with aiohttp.ClientSession() as balancer, balancer.get(f"{server.url}/readyz") as answer:
        return answer.status
