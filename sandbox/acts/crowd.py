"""A crowd: many customers who write first and then behave as told, so that a sequence can be rehearsed before real people see it.

The shares are drawn from a seed, so the same crowd comes twice. Whoever fits no share reads everything and stays polite.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from pydantic import Field, model_validator

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.refused import Refused
from sandbox.graph import Number
from sandbox.graph import Person as Customer
from sandbox.world import World

FIRST_PHONE = 5491170000000
MOST = 2_000
WORDS = {
    "es": ("Cliente", "Hola, quiero más información", ("Sí, me interesa", "¿Cuánto cuesta?", "Gracias")),
    "en": ("Customer", "Hi, I would like to know more", ("Yes, I am interested", "How much is it?", "Thank you")),
    "pt": ("Cliente", "Oi, quero saber mais", ("Sim, me interessa", "Quanto custa?", "Obrigado")),
}


class Joins(Args):
    size: int = Field(ge=1, le=MOST)
    sequence: str | None = None
    answers: float = Field(0.3, ge=0, le=1)
    silent: float = Field(0.4, ge=0, le=1)
    offline: float = Field(0.2, ge=0, le=1)
    blocks: float = Field(0.1, ge=0, le=1)
    seed: int = 0
    language: str = Field("es", pattern="^(es|en|pt)$")

    @model_validator(mode="after")
    def _shares_fit(self) -> "Joins":
        if self.answers + self.silent + self.offline + self.blocks > 1.000001:
            raise ValueError("the shares are more than the whole")
        return self


async def joins(world: World, given: Joins) -> Result:
    """Let them all write, then behave; with a sequence, each begins to walk it."""
    number = next(iter(world.graph.numbers.values()), None)
    if number is None:
        raise Refused("no-number-yet")
    if given.sequence is not None:
        find.program(world)
    random = Random(given.seed)
    title, first, replies = WORDS[given.language]
    crowd = people(world, given.size, title)
    for person in crowd:
        _habits(world, given, random, person, number, replies)
        person.writes(number, first)
    await world.settle()
    if given.sequence is not None:
        for person in crowd:
            await world.host.enroll(given.sequence, person.identity.wa_id or person.bsuid, number.phone_number_id)
    return {"customers": len(crowd)}


def people(world: World, size: int, title: str) -> list[Customer]:
    already = sum(each.phone is not None and int(each.phone) >= FIRST_PHONE for each in world.graph.people)
    turns = range(already + 1, already + size + 1)
    return [world.graph.person(phone=str(FIRST_PHONE + n), name=f"{title} {n:03}") for n in turns]


def _habits(
    world: World, given: Joins, random: Random, person: Customer, number: Number, replies: tuple[str, ...]
) -> None:
    """Draw what this one will do."""
    habits, now, drawn = person.habits, world.clock.at, random.random()
    habits.delivery = timedelta(seconds=random.uniform(1, 90))
    habits.read_after = timedelta(minutes=random.uniform(1, 240))
    habits.answer_after = timedelta(minutes=random.uniform(1, 120))
    if drawn < given.answers:
        habits.answers = [random.choice(replies) for _ in range(random.randint(1, 3))]
    elif drawn < given.answers + given.silent:
        habits.reads = random.random() < 0.5
    elif drawn < given.answers + given.silent + given.offline:
        leaves = now + timedelta(hours=random.uniform(1, 72))
        world.graph.plan(leaves, _later(person.goes_offline))
        if random.random() < 0.7:
            world.graph.plan(leaves + timedelta(hours=random.uniform(6, 240)), _later(person.comes_online))
    elif drawn < given.answers + given.silent + given.offline + given.blocks:
        world.graph.plan(now + timedelta(hours=random.uniform(1, 96)), lambda _: person.blocks(number))


def _later(do: Callable[[], None]) -> Callable[[datetime], None]:
    return lambda _: do()


ACTS = (act("crowd.joins", Joins, joins),)
