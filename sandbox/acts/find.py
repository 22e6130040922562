"""Who and what is meant: people and numbers by their names, messages by words that stand in them.

Names are unique in a world, so a name is enough; phones, keys and ids are understood too.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sandbox.acts.refused import Refused
from sandbox.graph import Number
from sandbox.graph import Person as Customer
from sandbox.graph.state import Message
from sandbox.telegram import Chat, ShownMessage
from sandbox.telegram import Person as Agent
from sandbox.world import World

T = TypeVar("T")

HIDDEN = frozenset({"reaction", "edit", "revoke"})
"""Kinds of message that change another one and are none themselves."""


def program(world: World) -> None:
    """Refuse what an operator would do at the program's console while nobody is there to do it."""
    if world.program_state != "running":
        raise Refused("program-down")
    if world.database_stopped:
        raise Refused("database-down")


def customer(world: World, name: str) -> Customer:
    """Return the customer of this name, phone, key or business-scoped id."""
    found = _named(name, world.graph.people, lambda each: each.name)
    by_phone = found or world.graph.find_person(name, _digits(name))
    by_key = by_phone or next((each for each in world.graph.people if each.key == name), None)
    if by_key is None:
        raise Refused("no-customer", name=name)
    return by_key


def number(world: World, name: str | None, speaker: Customer | None = None) -> Number:
    """Return the number of this name, phone or id; unnamed, the one the customer last talked with, or the first."""
    if name is None:
        return last_number(world, speaker) if speaker is not None else _first_number(world)
    numbers = world.graph.numbers
    found = numbers.get(name) or _named(name, numbers.values(), lambda each: each.name)
    plain = _digits(name)
    if found is None and plain:
        found = next((each for each in numbers.values() if each.phone == plain), None)
    if found is None:
        raise Refused("no-number", name=name)
    return found


def last_number(world: World, speaker: Customer) -> Number:
    """Return the number with which there was the last message."""
    last = last_message(speaker)
    return world.graph.numbers[last.phone_number_id] if last is not None else _first_number(world)


def last_message(person: Customer, phone_number_id: str | None = None) -> Message | None:
    """Return the newest message of a customer's chats, or of one of them."""
    threads = [person.lines(phone_number_id)] if phone_number_id else [person.lines(each) for each in person.talks_with]
    newest = [next((each for each in reversed(lines) if each.type not in HIDDEN), None) for lines in threads]
    found: Message | None = None
    for each in newest:
        if each is not None and (found is None or each.at >= found.at):
            found = each
    return found


def message(
    world: World, person: Customer, wanted: str, fits: Callable[[Message], bool] = lambda _: True
) -> tuple[Number, Message]:
    """Return a message of a customer's chats, by its id or by words of the newest that has them, with its number."""
    talks = [(world.graph.numbers[each], person.lines(each)) for each in person.talks_with]
    candidates = [(number, each) for number, lines in talks for each in lines if each.type not in HIDDEN and fits(each)]
    if found := next((pair for pair in candidates if pair[1].wamid == wanted), None):
        return found
    standing = [pair for pair in candidates if pair[1].revoked_at is None]
    newest = sorted(standing, key=lambda pair: pair[1].at)[::-1]
    if spoken := _spoken(wanted, newest, lambda pair: pair[1].text):
        return spoken
    raise Refused("no-message", name=person.name, words=wanted)


def agent(world: World, name: str) -> Agent:
    """Return the agent of this name or Telegram id."""
    found = _named(name, world.telegram.people, lambda each: each.user.name)
    if found is None and name.isdigit():
        found = next((each for each in world.telegram.people if each.id == int(name)), None)
    if found is None:
        raise Refused("no-agent", name=name)
    return found


def chat(world: World, person: Agent, name: str | None) -> Chat:
    """Return the chat of this title or id; unnamed, the private one."""
    if name is None:
        return person.private
    chats = chats_of(world, person)
    found = next((each for each in chats if str(each.id) == name), None)
    found = found or _named(name, chats, lambda each: each.title)
    if found is None:
        raise Refused("no-chat", name=person.user.name, chat=name)
    return found


def chats_of(world: World, person: Agent) -> list[Chat]:
    """Return every chat that stands in somebody's list: the one with the bot, then the groups."""
    groups = [each for each in world.telegram.state.chats.by_id.values() if not each.is_private]
    inside = [each for each in groups if each.members.get(person.id, "left") not in {"left", "kicked"}]
    return [person.private, *inside]


def topic(where: Chat, name: str | None) -> int | None:
    """Return the id of a topic, by its name or id."""
    if name is None:
        return None
    found = next((each for each in where.topics.values() if name in (str(each.id), each.name)), None)
    if found is None:
        raise Refused("no-topic", chat=where.title, topic=name)
    return found.id


def telegram_message(where: Chat, wanted: str, fits: Callable[[ShownMessage], bool] = lambda _: True) -> ShownMessage:
    """Return a message that stands in a chat, by its id or by words of the newest that has them."""
    visible = [each for each in where.visible if fits(each)]
    if wanted.isdigit() and (found := next((each for each in visible if each.message_id == int(wanted)), None)):
        return found
    if spoken := _spoken(wanted, list(reversed(visible)), lambda each: each.plain):
        return spoken
    raise Refused("no-telegram-message", words=wanted)


def typed(world: World, wanted: str) -> tuple[Number, Message]:
    """Return what was typed on a phone of the business: by its id, or the newest that has these words."""
    found = [
        (number, message)
        for number in world.graph.numbers.values()
        for person in world.graph.people
        for message in person.lines(number.phone_number_id)
        if message.author == "app" and message.revoked_at is None
    ]
    if by_id := next((pair for pair in found if pair[1].wamid == wanted), None):
        return by_id
    newest = sorted(found, key=lambda pair: pair[1].at)[::-1]
    if spoken := _spoken(wanted, newest, lambda pair: pair[1].text):
        return spoken
    raise Refused("nothing-typed", words=wanted)


def _spoken(wanted: str, newest: list[T], words_of: Callable[[T], str]) -> T | None:
    """Return the newest that has the words; `words #2` is the second newest, unless somebody wrote just that."""
    if found := next((each for each in newest if wanted in words_of(each)), None):
        return found
    words, sign, nth = wanted.rpartition(" #")
    if not sign or not nth.isascii() or not nth.isdecimal() or len(nth) > 3 or int(nth) < 1:
        return None
    alike = [each for each in newest if words in words_of(each)]
    return alike[int(nth) - 1] if int(nth) <= len(alike) else None


def _first_number(world: World) -> Number:
    first = next(iter(world.graph.numbers.values()), None)
    if first is None:
        raise Refused("no-number-yet")
    return first


def _named(name: str, among: Iterable[T], name_of: Callable[[T], str]) -> T | None:
    """Return whoever has the name; upper and lower case matter only if somebody has exactly it."""
    everybody = list(among)
    exact = next((each for each in everybody if name_of(each) == name), None)
    return exact or next((each for each in everybody if name_of(each).casefold() == name.strip().casefold()), None)


def _digits(name: str) -> str | None:
    plain = "".join(filter(str.isdigit, name))
    return plain if len(plain) > 6 and not any(map(str.isalpha, name)) else None
