"""What stands in the books: the sends that Meta accepted and refused, the score, whether the program runs."""

from dataclasses import asdict
from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args
from sandbox.stories.expectation import Found, expect
from sandbox.world import World


class OfBooks(Args):
    count: int | None = Field(None, ge=0)
    customer: str | None = None
    number: str | None = None
    text: str | None = None
    template: str | None = None
    category: Literal["service", "utility", "marketing", "authentication"] | None = None
    basis: Literal["customer_message", "manual_send", "sequence_start", "template"] | None = None
    charged: bool | None = None


class OfRefusals(Args):
    count: int = Field(ge=0)
    code: int | None = None


class OfScore(Args):
    accepted: int | None = Field(None, ge=0)
    doubled: int | None = Field(None, ge=0)
    shown: int | None = Field(None, ge=0)
    webhooks_posted: int | None = Field(None, ge=0)
    webhooks_waiting: int | None = Field(None, ge=0)
    webhooks_given_up: int | None = Field(None, ge=0)
    dead: int | None = Field(None, ge=0)
    pending: int | None = Field(None, ge=0)
    alerts: int | None = Field(None, ge=0)


class OfProgram(Args):
    state: Literal["running", "killed", "starting"]


async def sent(world: World, given: OfBooks) -> Found:
    """So many messages like this stand in Meta's books as accepted; without `count` at least one."""
    person = find.customer(world, given.customer) if given.customer is not None else None
    number = find.number(world, given.number).phone_number_id if given.number is not None else None
    count = 0
    for each in world.graph.sends:
        message = world.graph.find(each.wamid)
        price = message.price if message is not None else None
        facts = (
            (person, each.person),
            (number, each.phone_number_id),
            (given.template, each.template),
            (given.category, each.category.lower()),
            (given.basis, each.basis),
            (given.charged, price is not None and price.type == "regular"),
        )
        fits = all(wanted is None or wanted == fact for wanted, fact in facts)
        count += fits and (given.text is None or given.text in each.body)
    true = count == given.count if given.count is not None else count > 0
    return Found(true, str(count))


async def refused(world: World, given: OfRefusals) -> Found:
    """Meta refused so many sends, or so many with this code."""
    sends = (each for each in world.graph.refusals if each.path.endswith("/messages"))
    count = sum(given.code in (None, each.code) for each in sends)
    return Found(count == given.count, str(count))


async def score(world: World, given: OfScore) -> Found:
    """The score says so."""
    facts = asdict(await world.score())
    wrong = {
        name: facts[name] for name, wanted in given.model_dump(exclude_none=True).items() if facts.get(name) != wanted
    }
    return Found(not wrong, ", ".join(f"{name} = {value}" for name, value in wrong.items()))


async def program(world: World, given: OfProgram) -> Found:
    """The program is in this state."""
    return Found(world.program_state == given.state, world.program_state)


EXPECTATIONS = (
    expect("sent", OfBooks, sent),
    expect("refused", OfRefusals, refused),
    expect("score", OfScore, score),
    expect("program", OfProgram, program),
)
