"""What customers do with their phones: writing, tapping, reacting, blocking, losing the network."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.files import File, checked
from sandbox.acts.labels import Tappable, tappable
from sandbox.acts.refused import Refused
from sandbox.acts.samples import sample
from sandbox.graph import Number, Person
from sandbox.graph.errors import Json
from sandbox.graph.state import Message
from sandbox.world import World

AD: Json = {
    "source_type": "ad",
    "source_id": "120210000000000",
    "source_url": "https://fb.me/sandbox",
    "headline": "Centralita",
    "body": "—",
    "media_type": "image",
    "ctwa_clid": "sandbox",
}
FIRST_PHONE = 5491155550000
KINDS = Literal["image", "video", "audio", "voice", "document", "sticker", "location", "contacts"]


class Joins(Args):
    name: str = Field(min_length=1, max_length=64)
    phone: str | None = Field(None, pattern=r"^\+?[\d -]{7,20}$")
    username: str | None = Field(None, max_length=32)
    hides_phone: bool = False


class One(Args):
    customer: str


class WithNumber(One):
    number: str | None = None


class Writes(WithNumber):
    text: str = Field(min_length=1, max_length=4096)
    ad: bool = False
    reply_to: str | None = None


class Sends(WithNumber):
    kind: KINDS
    caption: str | None = Field(None, max_length=1024)
    file: File | None = None


class OfMessage(One):
    message: str


class Reacts(OfMessage):
    emoji: str | None = Field("👍", max_length=16)


class Taps(One):
    message: str | None = None
    button: str


class Edits(OfMessage):
    text: str = Field(min_length=1, max_length=4096)


class Habits(One):
    delivery_seconds: float | None = Field(None, ge=0, le=86_400)
    reads: bool | None = None
    read_after_seconds: float | None = Field(None, ge=0, le=30 * 86_400)
    chat_open: bool | None = None


class ChangesPhone(One):
    phone: str = Field(pattern=r"^\+?[\d -]{7,20}$")


class TakesUsername(One):
    username: str | None = Field(None, min_length=1, max_length=32)
    hides_phone: bool = True


async def joins(world: World, given: Joins) -> Result:
    """Somebody with a phone comes to be known here; nobody is told before they write."""
    name = given.name.strip()
    if not name or any(each.name.casefold() == name.casefold() for each in world.graph.people):
        raise Refused("name-taken", name=name)
    phone = given.phone or _free_phone(world)
    if world.graph.find_person("".join(filter(str.isdigit, phone))) is not None:
        raise Refused("phone-taken", phone=phone)
    person = world.graph.person(phone=phone, name=name, hides_phone=given.hides_phone, username=given.username)
    return {"customer": person.name, "phone": person.phone}


async def writes(world: World, given: Writes) -> Result:
    """Write to one of the business's numbers."""
    person = find.customer(world, given.customer)
    if given.reply_to is None:
        where, quoted = find.number(world, given.number, person), None
    else:
        where, answered = find.message(world, person, given.reply_to)
        quoted = answered.wamid
    wamid = person.writes(where, given.text, referral=AD if given.ad else None, context_wamid=quoted)
    return {"message": wamid}


async def sends(world: World, given: Sends) -> Result:
    """Send something that is no text; without a file, a small one that lies ready."""
    person = find.customer(world, given.customer)
    where = find.number(world, given.number, person)
    if given.kind in ("location", "contacts"):
        return {"message": person.sends(where, sample(given.kind).element(person.name, person.phone))}
    kind = "audio" if given.kind == "voice" else given.kind
    file = checked(given.file, kind) if given.file is not None else sample(given.kind).file()
    more: dict[str, str | bool] = {"voice": True} if given.kind == "voice" else {}
    if given.caption and kind in ("image", "video", "document"):
        more["caption"] = given.caption
    if kind == "document":
        more["filename"] = file.name
    return {"message": person.sends_media(where, kind, file.content, file.mime_type, **more)}


async def reacts(world: World, given: Reacts) -> Result:
    """React to a message, or take the reaction back."""
    person = find.customer(world, given.customer)
    where, message = find.message(world, person, given.message, _on_the_phone)
    person.reacts(where, message.wamid, given.emoji or None)
    return None


async def taps(world: World, given: Taps) -> Result:
    """Tap a button, or choose a row of a list."""
    person = find.customer(world, given.customer)

    def fits(message: Message) -> bool:
        return _on_the_phone(message) and _button(world, message, given.button) is not None

    where, message = find.message(world, person, given.message or "", fits)
    button = _button(world, message, given.button)
    if button is None or not button.answers:
        raise Refused("no-button", label=given.button)
    if button.kind == "contact":
        person.shares_phone(where, message.wamid)
    else:
        person.taps(where, payload=button.payload, text=button.label, context_wamid=message.wamid)
    return None


async def edits(world: World, given: Edits) -> Result:
    """Change an own message."""
    person = find.customer(world, given.customer)
    where, message = find.message(world, person, given.message, _own_text)
    person.edits(where, message.wamid, given.text)
    return None


async def revokes(world: World, given: OfMessage) -> Result:
    """Delete an own message for everyone."""
    person = find.customer(world, given.customer)
    where, message = find.message(world, person, given.message, _own)
    person.revokes(where, message.wamid)
    return None


def _towards(does: Callable[[Person, Number], None]) -> Callable[[World, WithNumber], Awaitable[Result]]:
    """What a customer does to a number: block it and lift that, stop its offers and take that back."""

    async def run(world: World, given: WithNumber) -> Result:
        person = find.customer(world, given.customer)
        does(person, find.number(world, given.number, person))
        return None

    return run


async def offline(world: World, given: One) -> Result:
    """Lose the network."""
    find.customer(world, given.customer).goes_offline()
    return None


async def online(world: World, given: One) -> Result:
    """Find it again."""
    find.customer(world, given.customer).comes_online()
    return None


async def habits(world: World, given: Habits) -> Result:
    """Treat the phone differently from now on; what is not named stays."""
    has = find.customer(world, given.customer).habits
    if given.delivery_seconds is not None:
        has.delivery = timedelta(seconds=given.delivery_seconds)
    if given.read_after_seconds is not None:
        has.read_after = timedelta(seconds=given.read_after_seconds)
    has.reads = has.reads if given.reads is None else given.reads
    has.chat_open = has.chat_open if given.chat_open is None else given.chat_open
    return None


async def changes_phone(world: World, given: ChangesPhone) -> Result:
    """Move to another phone number."""
    person = find.customer(world, given.customer)
    if world.graph.find_person("".join(filter(str.isdigit, given.phone))) is not None:
        raise Refused("phone-taken", phone=given.phone)
    person.changes_phone(given.phone)
    return None


async def takes_username(world: World, given: TakesUsername) -> Result:
    """Choose a username, or give it up, and hide the phone or show it."""
    person = find.customer(world, given.customer)
    name = given.username.strip().lstrip("@") if given.username else None
    taken = {each.username.casefold() for each in world.graph.people if each.username and each is not person}
    if name and name.casefold() in taken:
        raise Refused("username-taken", name=name)
    person.takes_username(name or None, hides_phone=given.hides_phone)
    return None


def _button(world: World, message: Message, label: str) -> Tappable | None:
    offered = tappable(world.graph, message)
    return next((each for each in offered if label in (each.label, each.payload)), None)


def _on_the_phone(message: Message) -> bool:
    return message.author == "person" or message.shown_at is not None


def _own(message: Message) -> bool:
    return message.author == "person" and message.revoked_at is None


def _own_text(message: Message) -> bool:
    return _own(message) and message.type == "text"


def _free_phone(world: World) -> str:
    phone = FIRST_PHONE + 1
    while world.graph.find_person(str(phone)) is not None:
        phone += 1
    return str(phone)


ACTS = (
    act("customer.joins", Joins, joins),
    act("customer.writes", Writes, writes),
    act("customer.sends", Sends, sends),
    act("customer.reacts", Reacts, reacts),
    act("customer.taps", Taps, taps),
    act("customer.edits", Edits, edits),
    act("customer.revokes", OfMessage, revokes),
    act("customer.blocks", WithNumber, _towards(Person.blocks)),
    act("customer.unblocks", WithNumber, _towards(Person.unblocks)),
    act("customer.offline", One, offline),
    act("customer.online", One, online),
    act("customer.habits", Habits, habits),
    act("customer.stops_marketing", WithNumber, _towards(Person.stops_marketing)),
    act("customer.resumes_marketing", WithNumber, _towards(Person.resumes_marketing)),
    act("customer.changes_phone", ChangesPhone, changes_phone),
    act("customer.takes_username", TakesUsername, takes_username),
)
