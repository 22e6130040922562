"""What customers see: their phones as they are, with nothing on them that did not really arrive."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args
from sandbox.graph import Person as Customer
from sandbox.graph.state import Message
from sandbox.stories.expectation import TOLD, Found, Words, expect, named, stands_in
from sandbox.world import World

Tick = Literal["accepted", "sent", "delivered", "read", "played", "failed"]
TICKS: tuple[Tick, ...] = ("accepted", "sent", "delivered", "read", "played")


class OfPhone(Args):
    customer: str | None = None
    number: str | None = None


class PhoneSees(OfPhone):
    text: Words
    times: int | None = Field(None, ge=0)
    tick: Tick | None = None


class PhoneSeesNothing(OfPhone):
    text: Words = ()


class PhoneSeesOnly(OfPhone):
    texts: tuple[str, ...]


class Ticks(OfPhone):
    customer: str
    message: str
    tick: Tick


async def customer_sees(world: World, given: PhoneSees) -> Found:
    """The phone shows something of the business in which these words stand; with `times` exactly so often."""

    def holds(person: Customer) -> bool:
        found = [
            each
            for each in _arrived(world, person, given)
            if stands_in(each.text, given.text, person) and _came(each, given)
        ]
        return len(found) == given.times if given.times is not None else bool(found)

    return _of_everybody(world, given, holds)


async def customer_sees_nothing(world: World, given: PhoneSeesNothing) -> Found:
    """The phone shows nothing of the business, or nothing with these words."""
    return _of_everybody(
        world,
        given,
        lambda person: not any(stands_in(each.text, given.text, person) for each in _arrived(world, person, given)),
    )


async def customer_sees_only(world: World, given: PhoneSeesOnly) -> Found:
    """The phone shows exactly these messages of the business, in this order."""
    return _of_everybody(
        world,
        given,
        lambda person: (
            [each.text for each in _arrived(world, person, given)] == [named(text, person) for text in given.texts]
        ),
    )


async def customer_sees_nothing_twice(world: World, given: OfPhone) -> Found:
    """The phone shows no text of the business twice."""

    def holds(person: Customer) -> bool:
        texts = [each.text for each in _arrived(world, person, given)]
        return len(texts) == len(set(texts))

    return _of_everybody(world, given, holds)


async def ticks(world: World, given: Ticks) -> Found:
    """The newest message of the business with these words came exactly so far."""
    person = find.customer(world, given.customer)
    newest = next(
        (each for each in reversed(_sent(world, person, given)) if stands_in(each.text, given.message, person)), None
    )
    true = newest is not None and newest.tick == given.tick
    return Found(true, "" if true else _drawn(world, person, given))


def _of_everybody(world: World, given: OfPhone, holds: Callable[[Customer], bool]) -> Found:
    people = [find.customer(world, given.customer)] if given.customer is not None else world.graph.people
    world.graph.advance()
    wrong = [each for each in people if not holds(each)]
    if not people:
        return Found(False, "—")
    return Found(not wrong, "\n".join(_drawn(world, each, given) for each in wrong[:3]))


def _sent(world: World, person: Customer, given: OfPhone) -> list[Message]:
    """Return what the business sent to somebody, in order of time."""
    numbers = [find.number(world, given.number).phone_number_id] if given.number is not None else person.talks_with
    sent = [each for number in numbers for each in person.lines(number)]
    ours = [each for each in sent if each.author != "person" and each.type not in find.HIDDEN]
    return sorted(ours, key=lambda each: each.at)


def _arrived(world: World, person: Customer, given: OfPhone) -> list[Message]:
    shown = [(each.shown_at, each) for each in _sent(world, person, given) if each.shown_at is not None]
    return [each for _, each in sorted(shown, key=lambda pair: pair[0]) if each.revoked_at is None]


def _came(message: Message, given: PhoneSees) -> bool:
    """Say whether it came as far as claimed, or farther."""
    if given.tick is None or message.tick == given.tick:
        return True
    return message.tick in TICKS and given.tick in TICKS and TICKS.index(message.tick) > TICKS.index(given.tick)


def _drawn(world: World, person: Customer, given: OfPhone) -> str:
    lines = [
        f"{'  ' if each.shown_at else '✗ '}{each.text} · {each.tick}" for each in _sent(world, person, given)[-TOLD:]
    ]
    return "\n".join([f"{person.name}:", *lines])


EXPECTATIONS = (
    expect("customer.sees", PhoneSees, customer_sees),
    expect("customer.sees_nothing", PhoneSeesNothing, customer_sees_nothing),
    expect("customer.sees_only", PhoneSeesOnly, customer_sees_only),
    expect("customer.sees_nothing_twice", OfPhone, customer_sees_nothing_twice),
    expect("ticks", Ticks, ticks),
)
