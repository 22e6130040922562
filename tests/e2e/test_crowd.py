"""A crowd rehearses a sequence: its people write first, then answer, keep silent, lose the network or block, as days pass."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from sandbox.acts import Refused, perform
from sandbox.graph import Person
from sandbox.world import World, open_world

SEQUENCE = """
[[sequence]]
key = "welcome"
name = "Bienvenida"
trigger = "{trigger}"
[[sequence.steps]]
delay_hours = 1
text = "Hola {{name}}, aquí va el catálogo"
[[sequence.steps]]
delay_hours = 20
text = "¿Alguna duda?"
"""
MANY, SOON_S = 500, 30


@pytest.fixture(autouse=True)
def whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def begins(world: World, trigger: str = "first_message") -> None:
    await perform(world, "agent.joins", {"name": "Ana", "role": "admin"})
    await perform(world, "sequence.load", {"text": SEQUENCE.format(trigger=trigger)})


def wrote(person: Person) -> int:
    return sum(line.author == "person" for number in person.talks_with for line in person.lines(number))


def got(person: Person) -> list[str]:
    return [shown.text for shown in person.inbox]


async def test_five_hundred_join_write_and_are_heard_within_seconds(sqlite_url: str) -> None:
    async with open_world(sqlite_url) as world:
        await begins(world)
        began = time.perf_counter()
        joined = await perform(world, "crowd.joins", {"size": MANY, "seed": 1})
        assert time.perf_counter() - began < SOON_S
        assert joined == {"customers": MANY}
        assert len({person.phone for person in world.graph.people}) == MANY
        assert [wrote(person) for person in world.graph.people] == [1] * MANY
        assert {record.status for record in world.graph.webhooks} == {200}
        assert len(world.graph.webhooks) == MANY


async def test_each_behaves_as_drawn_while_days_pass(sqlite_url: str) -> None:
    shares = {"answers": 0.25, "silent": 0.25, "offline": 0.25, "blocks": 0.25}
    async with open_world(sqlite_url) as world:
        await begins(world)
        await perform(world, "crowd.joins", {"size": 60, "seed": 3, **shares})
        people = world.graph.people
        assert sum(map(wrote, people)) == 60
        await world.travel(days=6)
        number = world.number.phone_number_id
        answered = [person for person in people if wrote(person) > 1]
        blocked = [person for person in people if person.has_blocked(number)]
        away = [person for person in people if not person.online]
        for group in (answered, blocked):
            assert 8 <= len(group) <= 22
        assert away
        assert not set(answered) & set(blocked)
        assert max(Counter(text for text in got(person)).most_common(1)[0][1] for person in people if got(person)) == 1
        said = {
            person.name: [line.at for line in person.lines(number) if line.author == "person"] for person in answered
        }
        assert all(each > came + timedelta(hours=1) for came, *answers in said.values() for each in answers)
        assert len({at for _, *answers in said.values() for at in answers}) == sum(map(wrote, answered)) - len(answered)
        score = await world.score()
        assert (score.doubled, score.dead, score.webhooks_waiting) == (0, 0, 0)


async def test_the_same_seed_brings_the_same_crowd_and_another_one_another(sqlite_url: str) -> None:
    async with open_world(sqlite_url) as world:
        for seed in (5, 5, 6):
            await perform(world, "crowd.joins", {"size": 20, "seed": seed})
        drawn = [
            (person.habits.delivery, person.habits.read_after, tuple(person.habits.answers))
            for person in world.graph.people
        ]
    first, again, other = drawn[:20], drawn[20:40], drawn[40:]
    assert first == again != other


async def test_a_crowd_is_enrolled_in_a_sequence_that_nobody_starts_by_writing(sqlite_url: str) -> None:
    async with open_world(sqlite_url) as world:
        await begins(world, "manual")
        await perform(world, "crowd.joins", {"size": 15, "silent": 1, "answers": 0, "offline": 0, "blocks": 0})
        await world.travel(hours=3)
        assert all(got(person) == [] for person in world.graph.people)
        everybody = {"silent": 1, "answers": 0, "offline": 0, "blocks": 0}
        await perform(world, "crowd.joins", {"size": 15, "sequence": "welcome", **everybody})
        await world.travel(hours=3)
        assert [len(got(person)) for person in world.graph.people] == [0] * 15 + [1] * 15


@pytest.mark.parametrize(
    "args",
    [
        {"size": 0},
        {"size": 100_000},
        {"size": 5, "answers": 0.6, "silent": 0.6},
        {"size": 5, "answers": -0.1},
        {"size": 5, "answers": float("nan")},
        {"size": 5, "sequence": "nothing"},
        {},
    ],
    ids=str,
)
async def test_a_crowd_that_cannot_be_is_refused(sqlite_url: str, args: dict[str, object]) -> None:
    async with open_world(sqlite_url) as world:
        with pytest.raises(Refused):
            await perform(world, "crowd.joins", args)
