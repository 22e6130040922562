"""The left side of the page: the business's numbers, the customers, and the chat that one of them looks at."""

from datetime import datetime
from typing import Any

from sandbox.acts import find
from sandbox.acts.troubles import amiss
from sandbox.graph import Graph, Number
from sandbox.graph import Person as Customer
from sandbox.page.lines import lines, preview, tick
from sandbox.world import World

LISTED, LINES = 60, 80


def numbers(world: World) -> list[dict[str, Any]]:
    """Return the business's numbers."""
    return [
        {
            "id": each.phone_number_id,
            "name": each.name,
            "phone": each.display_phone,
            "coexistence": each.coexistence,
            "quality": each.quality,
            "amiss": amiss(world.graph, each),
            "meta_agent": each.business_agent,
            "shares_history": each.shares_history,
            "token": "valid" if _opens(world.graph, each, world.clock.at) else "expired",
        }
        for each in world.graph.numbers.values()
    ]


def _opens(graph: Graph, number: Number, now: datetime) -> bool:
    return any(token.problem(now) is None for token in graph.tokens.of(number.phone_number_id))


def by_recency(world: World) -> list[Customer]:
    """Return all customers, whoever had the newest message first; those without any come last, the newcomer first."""
    latest = [(find.last_message(each), place, each) for place, each in enumerate(world.graph.people)]
    newest = sorted(latest, key=lambda row: (row[0] is not None, row[0].at.timestamp() if row[0] else 0, row[1]))
    return [each for _, _, each in reversed(newest)]


def customers(people: list[Customer], shown: Customer | None) -> list[dict[str, Any]]:
    """Return the first of them, and the one that is looked at wherever it stands."""
    listed = people[:LISTED]
    if shown is not None and shown not in listed:
        listed = [*listed[: LISTED - 1], shown]
    return [_customer(each) for each in listed]


def chat(world: World, person: Customer | None, number: Number | None) -> dict[str, Any] | None:
    """Return what a customer's phone shows of the chat with a number."""
    if person is None or number is None:
        return None
    typing = person.thread(number).typing_until if number.phone_number_id in person.talks_with else None
    return {
        "customer": person.name,
        "number": number.phone_number_id,
        "online": person.online,
        "blocked": number.phone_number_id in _blocked(person),
        "typing": typing is not None and world.clock.at < typing,
        "window_until": None,
        "lines": lines(world.graph, person, number.phone_number_id, LINES),
    }


def _customer(person: Customer) -> dict[str, Any]:
    last, habits = find.last_message(person), person.habits
    return {
        "key": person.key,
        "name": person.name,
        "phone": person.phone,
        "username": person.username,
        "online": person.online,
        "blocked": _blocked(person),
        "unread": _unread(person),
        "last": None
        if last is None
        else {"text": preview(last), "at": last.at.isoformat(), "author": last.author, "tick": tick(last)},
        "habits": {
            "delivery_seconds": habits.delivery.total_seconds(),
            "reads": habits.reads,
            "read_after_seconds": habits.read_after.total_seconds(),
            "chat_open": habits.chat_open,
        },
    }


def _blocked(person: Customer) -> list[str]:
    return [each for each in person.talks_with if person.has_blocked(each)]


def _unread(person: Customer) -> int:
    """Return how many messages lie on the phone that nobody has looked at."""
    every = (message for each in person.talks_with for message in person.lines(each))
    return sum(
        each.author != "person" and each.shown_at is not None and not {"read", "played"} & each.statuses.keys()
        for each in every
    )
