"""The state: everything the page shows, in one piece and at one moment. Made without waiting, so nothing moves meanwhile."""

from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sandbox.acts import find
from sandbox.acts.refused import Refused
from sandbox.acts.troubles import TROUBLES
from sandbox.graph import Number
from sandbox.graph import Person as Customer
from sandbox.page import desk, phones
from sandbox.page.house import House
from sandbox.page.view import View
from sandbox.texts import LANGUAGES
from sandbox.world import World

SCORED = (
    "accepted",
    "doubled",
    "shown",
    "webhooks_posted",
    "webhooks_waiting",
    "webhooks_given_up",
    "dead",
    "pending",
)


def snapshot(house: House, view: View) -> dict[str, Any]:
    """Return the state for one view."""
    world = house.world
    people = phones.by_recency(world)
    person, number = _looked_at(world, view, people)
    score = asdict(house.score)
    seen = desk.desk(world, view, house.seen)
    return {
        "version": house.version,
        "at": world.clock.at.isoformat(),
        "zone": world.time_zone,
        "playing": house.playing,
        "busy": house.busy,
        "next_at": house.next_at.isoformat() if house.next_at is not None else None,
        "language": view.language,
        "languages": list(LANGUAGES),
        "program": {"state": world.program_state, "starts": world.starts},
        "database": {"engine": world.database, "stopped": world.database_stopped},
        "numbers": phones.numbers(world),
        "customers": phones.customers(people, person),
        "customers_total": len(people),
        "chat": phones.chat(world, person, number),
        "agents": desk.agents(world, house.seen),
        "desk": seen,
        "log": {
            "lines": [each.line() for each in house.journal.latest(view.log, view.log_after)],
            "total": house.journal.total,
        },
        "score": {name: score[name] for name in SCORED},
        "troubles": _troubles(world),
        "weather": _weather(world),
        "story": house.story_now(view.language),
        "recording": house.recording_now(),
    }


def _looked_at(world: World, view: View, people: list[Customer]) -> tuple[Customer | None, Number | None]:
    """Return the customer and the number of the view, or the first that there is something to see of."""
    person = next(iter(people), None)
    if view.customer is not None:
        with suppress(Refused):
            person = find.customer(world, view.customer)
    number = world.graph.numbers.get(view.number or "")
    if number is None and person is not None and world.graph.numbers:
        number = find.last_number(world, person)
    return person, number


def _troubles(world: World) -> list[dict[str, Any]]:
    """Return every kind of trouble, and how many calls the ordered ones will still strike."""
    left: Counter[str] = Counter()
    for order in world.graph.faults.waiting:
        left.update({each.id: order.times or 1 for each in TROUBLES.values() if each.is_of(order)})
    return [
        {"id": each.id, "scope": each.scope, "active": left[each.id] > 0, "left": left[each.id]}
        for each in TROUBLES.values()
    ]


def _weather(world: World) -> dict[str, Any]:
    weather = world.graph.weather
    return {
        "duplicates": weather.duplicates,
        "shuffle": weather.shuffle,
        "delay_minutes": weather.delay.total_seconds() / 60,
        "batch": weather.batch,
    }
