"""Two weeks of a crowd in the time machine: how long a team waits to see what a sequence would do to five hundred customers.

The world is the sandbox's, its program in a process of its own or not; everything goes over HTTP as it does on the page.
"""

import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import StringIO
from pathlib import Path

from bot import logs
from bot.config import Logs
from bot.redaction import Redactor
from sandbox.acts import perform
from sandbox.world import World, open_hosted_world, open_world
from tests.bench.lines import say

CONTACTS, DAYS = 500, 14
HOURS = (2, 22, 48, 72, 72, 72)
"""Between the steps of the drip, whose last leaves in the second week."""
SHARES = {"answers": 0.3, "silent": 0.4, "offline": 0.2, "blocks": 0.1}


@asynccontextmanager
async def in_a_child() -> AsyncIterator[World]:
    """A world whose program is a child, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="centralita-bench-") as folder:
        async with open_hosted_world(Path(folder)) as world:
            yield world


@asynccontextmanager
async def in_process() -> AsyncIterator[World]:
    """A world whose program is here, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="centralita-bench-") as folder:
        async with open_world(f"sqlite+aiosqlite:///{Path(folder) / 'centralita.sqlite3'}") as world:
            yield world


async def play(*, hosted: bool) -> None:
    """Say how many seconds two weeks took."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    logs.configure(Logs(level="error"), Redactor(()), StringIO())
    say(seconds=await two_weeks(in_a_child if hosted else in_process))


async def two_weeks(opened: Callable[[], AbstractAsyncContextManager[World]]) -> float:
    """Let a crowd join, begin the sequence and live for two weeks; return the seconds that took."""
    async with opened() as world:
        await world.agent("Ana", 1001)
        template = {"name": "follow_up", "language": "es", "category": "UTILITY", "body": "Hola {{1}}"}
        await perform(world, "template.add", template)
        await perform(world, "sequence.load", {"text": _sequence(), "format": "json"})
        begun = time.perf_counter()
        await perform(world, "crowd.joins", {"size": CONTACTS, **SHARES})
        await perform(world, "time.forward", {"days": DAYS})
        took = time.perf_counter() - begun
        score = await world.score()
        if score.doubled or score.dead or score.webhooks_waiting or score.accepted < CONTACTS:
            raise RuntimeError(f"the crowd did not live as it should: {score}")
        return took


def _sequence() -> str:
    ref = {"name": "follow_up", "language": "es", "parameters": ["{name}"]}
    steps = [{"delay_hours": hours, "text": f"Hola {{name}}, paso {hours}", "template": ref} for hours in HOURS]
    plan = {"key": "drip", "name": "Dos semanas", "trigger": "first_message", "steps": steps}
    return json.dumps({"sequence": [plan]})
