"""Turns the values of an act into what people would write: names instead of ids, the words of a message instead of its id.

It must be asked before the act is done: the words are those that find the message now, as they will when the story is played.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.acts import find
from sandbox.acts.refused import Refused
from sandbox.telegram import Person as Agent
from sandbox.world import World

LARGEST_FILE = 400_000
"""Base64 beyond this makes a story unreadable; the small sample stands for it."""
MANY = 20


def readable(world: World, act: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an act as a story has them. Raises Refused where the act would."""
    found = {name: each for name, each in args.items() if each is not None}
    for name, look in (("customer", find.customer), ("number", find.number)):
        if isinstance(found.get(name), str):
            found[name] = look(world, found[name]).name
    if act.startswith("agent.") and act != "agent.joins" and isinstance(found.get("agent"), str):
        _of_agent(world, find.agent(world, found["agent"]), found)
    elif act.startswith("customer.") and isinstance(found.get("customer"), str):
        _of_customer(world, found)
    elif act.startswith("phone.") and isinstance(found.get("message"), str):
        found["message"] = _typed_words(world, found["message"])
    if isinstance(found.get("members"), list | tuple):
        found["members"] = [find.agent(world, str(each)).user.name for each in found["members"]]
    if act == "customer.sends" and len(str(found.get("file", ""))) > LARGEST_FILE:
        del found["file"]
    return found


def _of_customer(world: World, found: dict[str, Any]) -> None:
    person = find.customer(world, found["customer"])
    for name in ("message", "reply_to"):
        if isinstance(found.get(name), str):
            _, message = find.message(world, person, found[name])
            found[name] = _words(
                message.wamid, message.text.split("\n"), lambda words: find.message(world, person, words)[1].wamid
            )


def _of_agent(world: World, person: Agent, found: dict[str, Any]) -> None:
    found["agent"] = person.user.name
    where = find.chat(world, person, found.get("chat"))
    if "chat" in found and where.is_private:
        del found["chat"]
    elif "chat" in found:
        found["chat"] = where.title
    topic = find.topic(where, found.get("topic"))
    if topic is not None:
        found["topic"] = where.topics[topic].name
    for name in ("message", "reply_to"):
        if isinstance(found.get(name), str):
            meant = find.telegram_message(where, found[name])
            found[name] = _words(
                str(meant.message_id),
                meant.plain.split("\n"),
                lambda words: str(find.telegram_message(where, words).message_id),
            )
    if isinstance(found.get("result"), str) and person.search is not None:
        titles = {str(each.get("id")): str(each.get("title")) for each in person.search.results}
        found["result"] = titles.get(found["result"], found["result"])


def _typed_words(world: World, wanted: str) -> str:
    meant = find.typed(world, wanted)[1]
    return _words(meant.wamid, meant.text.split("\n"), lambda words: find.typed(world, words)[1].wamid)


def _words(meant: str, lines: Iterable[str], found_by: Callable[[str], str]) -> str:
    """Return the first words that lead to the message: a line without numbers, any line, or a line and which of those that have it."""
    spoken = [each.strip() for each in lines if each.strip()]
    steady = [each for each in spoken if not any(map(str.isdigit, each))]
    for words in [*steady, *spoken]:
        if _leads(found_by, words, meant):
            return words
    for words in spoken:
        for nth in range(2, MANY):
            if _leads(found_by, f"{words} #{nth}", meant):
                return f"{words} #{nth}"
    return meant


def _leads(found_by: Callable[[str], str], words: str, meant: str) -> bool:
    try:
        return found_by(words) == meant
    except Refused:
        return False
