"""A world whose program is a process of its own: it is killed and started again, its database is lost and found, and nothing is lost or
doubled by it; and the process never outlives the one that started it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.graph import Person as Customer
from sandbox.hosting import ChildHost
from sandbox.telegram import Person as Agent
from sandbox.world import HostRefused, World, open_hosted_world, open_world
from tests.conftest import ENGINES
from tests.e2e.process import ROOT, until

WELCOME = """\
[[sequence]]
key = "welcome"
name = "Bienvenida"
trigger = "first_message"

[[sequence.steps]]
delay_hours = 2
text = "Hola {name}, soy Ana"
"""
CROWD = 12


@asynccontextmanager
async def hosted(folder: Path, database: str = "sqlite") -> AsyncIterator[tuple[World, Agent]]:
    """A hosted world with its first admin and the sequence."""
    async with open_hosted_world(folder, database=database) as world:
        ana = await world.agent("Ana", 1001)
        assert await world.host.import_sequence(WELCOME, "toml") == ["welcome"]
        yield world, ana


def crowd(world: World) -> list[Customer]:
    """Customers who have just written."""
    people = [world.graph.person(phone=f"54911555512{n:02}", name=f"Cliente {n:02}") for n in range(CROWD)]
    for person in people:
        person.writes(world.number, "Hola")
    return people


def heard(ana: Agent, words: str) -> int:
    """How often she was told."""
    return sum(words in message.plain for message in ana.private.visible if message.from_bot)


async def everybody_got_the_step_once(world: World, people: list[Customer]) -> None:
    assert {person.name: [shown.text for shown in person.inbox] for person in people} == {
        person.name: [f"Hola {person.name.split()[0]}, soy Ana"] for person in people
    }
    score = await world.score()
    assert (score.accepted, score.shown) == (CROWD, CROWD)
    assert (score.doubled, score.dead, score.webhooks_waiting, score.webhooks_given_up) == (0, 0, 0, 0)


@pytest.mark.parametrize("database", ENGINES)
async def test_what_customers_write_while_the_program_is_dead_is_there_after_its_start(
    database: str, tmp_path: Path
) -> None:
    async with hosted(tmp_path, database) as (world, ana):
        people = crowd(world)
        await world.kill()
        assert world.program_state == "killed"
        await world.travel(minutes=30)
        score = await world.score()
        assert score.webhooks_waiting == CROWD, "Meta keeps them and comes again"
        assert score.webhooks_posted > CROWD, "Meta has come again"
        ana.says("/menu")
        await world.travel(minutes=1)
        assert world.telegram.updates.pending, "Telegram keeps what she did"
        port = world.url
        await world.restart()
        assert (world.program_state, world.starts, world.url) == ("running", 2, port)
        assert not world.telegram.updates.pending
        await world.travel(hours=5)
        assert [heard(ana, f"Cliente {n:02}") for n in range(CROWD)] == [1] * CROWD
        await everybody_got_the_step_once(world, people)


@pytest.mark.parametrize("database", ENGINES)
async def test_a_program_that_dies_in_the_middle_of_a_send_sends_nothing_twice(database: str, tmp_path: Path) -> None:
    """What had been claimed and may have left is never sent on a guess: it arrived, or it waits for an agent."""
    async with hosted(tmp_path, database) as (world, ana):
        people = crowd(world)
        await world.settle()
        await world.kill("next_send")
        assert world.program_state == "running"
        await world.travel(hours=3)
        assert (world.program_state, (await world.score()).accepted > 0) == ("killed", True)
        await world.restart()
        await world.travel(hours=3)
        score = await world.score()
        assert (score.accepted, score.doubled, score.shown + score.pending) == (score.shown, 0, CROWD)
        assert {len(person.inbox) for person in people} <= {0, 1}
        assert heard(ana, "soy Ana") == score.pending
        assert (score.dead, score.webhooks_waiting) == (0, 0)


async def test_an_answer_during_which_the_program_dies_arrives_once_and_is_known_to_have_arrived(
    tmp_path: Path,
) -> None:
    async with hosted(tmp_path) as (world, ana):
        leo = world.graph.person(phone="5491155550099", name="Leo")
        leo.writes(world.number, "¿Tienen turno?")
        message = await world.sees(ana, "¿Tienen turno?")
        await world.kill("next_send")
        await world.says(ana, "Sí, mañana", reply_to=message)
        assert world.program_state == "killed"
        await world.restart()
        await world.travel(hours=1)
        assert [shown.text for shown in leo.inbox] == ["Sí, mañana"]
        assert [line.tick for line in leo.chat(world.number) if line.author == "api"] == ["read"]
        score = await world.score()
        assert (score.accepted, score.doubled, score.pending) == (1, 0, 0)


async def test_a_kill_that_was_ordered_can_be_called_off(tmp_path: Path) -> None:
    async with hosted(tmp_path) as (world, _):
        people = crowd(world)
        await world.kill("next_send")
        world.spare()
        await world.travel(hours=3)
        assert world.program_state == "running"
        await everybody_got_the_step_once(world, people)


@pytest.mark.parametrize("database", ENGINES)
async def test_a_lost_database_loses_nothing(database: str, tmp_path: Path) -> None:
    async with hosted(tmp_path, database) as (world, ana):
        await world.stop_database()
        people = crowd(world)
        ana.says("/menu")
        await world.travel(minutes=20)
        score = await world.score()
        assert (world.program_state, world.database_stopped, score.webhooks_waiting) == ("running", True, CROWD)
        assert {record.status for record in world.graph.webhooks[-CROWD:]} == {503}
        assert [person.inbox for person in people] == [[]] * CROWD
        with pytest.raises(HostRefused, match="without its database"):
            await world.restart()
        await world.start_database()
        await world.sees(ana, "Hola, Ana")
        await world.travel(hours=5)
        assert world.starts == 1, "the same process went on"
        assert [heard(ana, f"Cliente {n:02}") for n in range(CROWD)] == [1] * CROWD
        await everybody_got_the_step_once(world, people)


async def test_the_log_of_the_program_tells_what_it_decided_and_why(tmp_path: Path) -> None:
    async with hosted(tmp_path) as (world, ana):
        lines: list[dict[str, Any]] = []
        world.on_log = lines.append
        leo = world.graph.person(phone="5491155550099", name="Leo")
        leo.writes(world.number, "Hola")
        await world.settle()
        decided = [(line["what"], line["why"]) for line in lines if line["event"] == "decided"]
        assert decided == [("window_opened", "customer_message"), ("enrollment_begun", "first_message")]
        lines.clear()
        await world.travel(hours=3)
        decided = [(line["what"], line["why"]) for line in lines if line["event"] == "decided"]
        assert decided == [
            ("step_sent", "customer_message"),
            ("enrollment_ended", "finished"),
            ("send_confirmed", "customer_message"),
        ]
        lines.clear()
        leo.writes(world.number, "BAJA")
        await world.settle()
        assert ("opted_out", "customer") in [(line.get("what"), line.get("why")) for line in lines]
        assert all("5491155550099" not in str(line) for line in lines)
        assert heard(ana, "BAJA") == 1


async def test_time_goes_from_event_to_event(tmp_path: Path) -> None:
    async with hosted(tmp_path) as (world, _):
        person = crowd(world)[0]
        begun = world.clock.at
        await world.settle()
        assert await world.next_at() == begun + timedelta(minutes=15), "the job that looks for blocks"
        assert await world.step(begun + timedelta(minutes=10)) is False
        assert world.clock.at == begun + timedelta(minutes=10)
        until_then = begun + timedelta(hours=6)
        while not person.inbox:
            assert await world.step(until_then)
        assert timedelta(hours=2) <= world.clock.at - begun < timedelta(hours=2, minutes=1)


async def test_the_door_is_for_who_knows_the_secret(tmp_path: Path) -> None:
    async with hosted(tmp_path) as (world, _):
        assert isinstance(world.host, ChildHost)
        door = f"http://127.0.0.1:{world.host._door}"
        secret = {"Authorization": f"Bearer {world.host._secret}"}
        async with aiohttp.ClientSession() as stranger:
            statuses = [
                (await stranger.post(f"{door}/{path}", json={"role": "admin"}, headers=headers)).status
                for path, headers in (
                    ("invite", {}),
                    ("invite", {"Authorization": "Bearer guessed"}),
                    ("nothing", secret),
                    ("invite", secret),
                )
            ]
        assert statuses == [403, 403, 404, 200]


async def test_what_the_rules_refuse_comes_back_as_a_sentence(tmp_path: Path) -> None:
    async with hosted(tmp_path) as (world, _):
        with pytest.raises(HostRefused, match=r"^That sequence no longer exists\.$"):
            await world.host.enroll("nothing", "5491155550099", world.number.phone_number_id)
        await world.kill()
        with pytest.raises(HostRefused, match="not running"):
            await world.host.import_sequence(WELCOME, "toml")
        with pytest.raises(HostRefused, match="not running"):
            await world.kill()


async def test_a_program_in_this_process_cannot_be_killed(sqlite_url: str) -> None:
    async with open_world(sqlite_url) as world:
        for refused in (world.kill(), world.kill("next_send"), world.restart(), world.stop_database()):
            with pytest.raises(HostRefused):
                await refused
        assert (world.program_state, world.database_stopped) == ("running", False)


async def test_a_program_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "centralita.sqlite3").write_text("this is no database " * 100)
    with pytest.raises(HostRefused, match=r"did not start: .*not a database"):
        async with open_hosted_world(tmp_path):
            pass


PARENT = """\
import asyncio, sys
from pathlib import Path
from sandbox.world import open_hosted_world

async def main():
    async with open_hosted_world(Path(sys.argv[1]), database=sys.argv[2]) as world:
        print(world.host.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("database", ENGINES)
async def test_nothing_survives_the_one_who_started_it(database: str, tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(tmp_path), database),
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert parent.stdout is not None
        child = int(await asyncio.wait_for(parent.stdout.readline(), 60))
        pids = [child]
        if database == "postgresql":
            pids.append(int((tmp_path / "postgresql" / "postmaster.pid").read_text().split()[0]))
        assert all(map(_lives, pids))
    finally:
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
    await until(lambda: not any(map(_lives, pids)), 20, f"the end of {pids}")


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
