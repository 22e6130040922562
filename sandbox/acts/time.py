"""Letting time pass: by so much, to the next thing that happens, to an hour of the shop's day."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from pydantic import Field

from sandbox.acts.act import A, Act, Args, NoArgs, Result, act
from sandbox.acts.refused import Refused
from sandbox.world import World

LONGEST_DAYS = 400.0


class Forward(Args):
    days: float = Field(0, ge=0, le=LONGEST_DAYS)
    hours: float = Field(0, ge=0, le=24 * LONGEST_DAYS)
    minutes: float = Field(0, ge=0, le=1440 * LONGEST_DAYS)


class Until(Args):
    at: str = Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")
    days: int = Field(0, ge=0, le=int(LONGEST_DAYS))


async def forward_to(world: World, given: Forward) -> datetime:
    """Let so much time pass."""
    span = timedelta(days=given.days, hours=given.hours, minutes=given.minutes)
    if not span:
        raise Refused("no-time")
    if span > timedelta(days=LONGEST_DAYS):
        raise Refused("too-far", days=int(LONGEST_DAYS))
    return world.clock.at + span


async def next_to(world: World, given: NoArgs) -> datetime:
    """Let time pass until something happens."""
    at = await world.next_at()
    if at is None:
        raise Refused("nothing-ahead")
    return max(at, world.clock.at)


async def until_to(world: World, given: Until) -> datetime:
    """Let time pass to this hour of the shop's day, so many days ahead; an hour that is over today comes tomorrow."""
    here = world.clock.at.astimezone(ZoneInfo(world.time_zone))
    hour, minute = map(int, given.at.split(":"))
    then = (here + timedelta(days=given.days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if then <= here:
        then += timedelta(days=1)
    return then.astimezone(UTC)


def journey(name: str, args: type[A], goal: Callable[[World, A], Awaitable[datetime]]) -> Act:
    """Make the act that goes where `goal` says; whoever watches reads in `heading` how far it will go."""

    async def run(world: World, given: A) -> Result:
        heading[world] = await goal(world, given)
        try:
            await world.travel(seconds=(heading[world] - world.clock.at).total_seconds())
        finally:
            del heading[world]
        return None

    return act(name, args, run, settles=False)


heading: WeakKeyDictionary[World, datetime] = WeakKeyDictionary()
"""Where worlds that travel just now are going."""

ACTS = (
    journey("time.forward", Forward, forward_to),
    journey("time.next", NoArgs, next_to),
    journey("time.until", Until, until_to),
)
