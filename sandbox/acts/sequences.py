"""Sequences from outside: a file put in place, a customer enrolled, as an operator would do it at the console."""

from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.refused import Refused
from sandbox.world import World


class Load(Args):
    text: str = Field(min_length=1, max_length=1_000_000)
    format: Literal["toml", "json"] = "toml"


class Enroll(Args):
    sequence: str
    customer: str
    number: str | None = None


async def load(world: World, given: Load) -> Result:
    """Create or replace the sequences of a file."""
    find.program(world)
    keys = await world.host.import_sequence(given.text, given.format)
    return {"sequences": keys}


async def enroll(world: World, given: Enroll) -> Result:
    """Start a customer's walk; the program must know the customer already."""
    find.program(world)
    person = find.customer(world, given.customer)
    where = find.number(world, given.number, person)
    who = person.identity.wa_id or person.bsuid
    if not person.lines(where.phone_number_id):
        raise Refused("never-wrote", name=person.name, number=where.name)
    await world.host.enroll(given.sequence, who, where.phone_number_id)
    return None


ACTS = (act("sequence.load", Load, load), act("sequence.enroll", Enroll, enroll))
