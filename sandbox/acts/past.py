"""What the phone in the shop remembers from before the number was onboarded, and what its address book calls people.

Nothing here reaches the program until somebody asks for it, as with Meta (reference 8); a change of the address book comes at once.
"""

from datetime import datetime, timedelta

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.crowd import people
from sandbox.acts.samples import sample
from sandbox.graph import Number
from sandbox.graph import Person as Customer
from sandbox.graph.errors import Json
from sandbox.world import World

WORDS = {
    "es": (
        "Cliente",
        ("Hola, ¿tienen stock?", "¿Hacen envíos?", "Gracias"),
        ("¡Hola! Sí, tenemos", "Sí, a todo el país"),
    ),
    "en": ("Customer", ("Hi, is it in stock?", "Do you deliver?", "Thank you"), ("Hi! Yes, it is", "Yes, everywhere")),
    "pt": ("Cliente", ("Oi, tem em estoque?", "Vocês entregam?", "Obrigado"), ("Oi! Temos sim", "Sim, no país todo")),
}
PICTURE_EVERY = 7
"""One message in so many is a picture."""
FROM = timedelta(hours=2)


class Remembers(Args):
    customer: str | None = None
    number: str | None = None
    people: int = Field(3, ge=1, le=500)
    each: int = Field(20, ge=1, le=1_000)
    days: int = Field(180, ge=1, le=180)
    language: str = Field("es", pattern="^(es|en|pt)$")


class Names(Args):
    customer: str
    name: str | None = Field(None, max_length=120)
    number: str | None = None


class Declines(Args):
    number: str | None = None


async def remembers(world: World, given: Remembers) -> Result:
    """Give the phone a history with one customer, or with as many new ones as are wanted."""
    title = WORDS[given.language][0]
    known = [find.customer(world, given.customer)] if given.customer else people(world, given.people, title)
    number = find.number(world, given.number)
    for person in known:
        _talk(world, number, person, given)
    return {"messages": len(known) * given.each}


def _talk(world: World, number: Number, person: Customer, given: Remembers) -> None:
    """Spread over the days evenly, both sides in turn; the newest is two hours old."""
    _, theirs, ours = WORDS[given.language]
    span = timedelta(days=given.days) - 2 * FROM
    for turn in range(given.each):
        at = world.clock.at - FROM - span * turn / given.each
        by_us = turn % 2 == 1
        words = ours if by_us else theirs
        element: Json = {"type": "text", "text": {"body": words[turn // 2 % len(words)]}}
        if turn % PICTURE_EVERY == PICTURE_EVERY - 1:
            element = _picture(world)
        number.remembers(person, element, _whole(at), ours=by_us)


def _picture(world: World) -> Json:
    file = sample("image").file()
    return {"type": "image", "image": world.graph.media_element(file.content, file.mime_type)}


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


async def names(world: World, given: Names) -> Result:
    """Write, change or (without a name) delete a customer in the phone's address book."""
    person = find.customer(world, given.customer)
    find.number(world, given.number, person).names(person, given.name)
    return None


async def declines(world: World, given: Declines) -> Result:
    """The owner of the phone will not share its history."""
    find.number(world, given.number).shares_history = False
    return None


ACTS = (
    act("phone.remembers", Remembers, remembers),
    act("phone.names", Names, names),
    act("phone.declines", Declines, declines),
)
