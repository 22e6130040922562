"""Playing at a speed: so many simulated seconds in a real one, until somebody stops it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.acts import Refused
from sandbox.graph.mishaps import pause

log = logging.getLogger(__name__)

PLAY, STOP = "time.play", "time.stop"
TICK_S = 0.25
FASTEST = 7 * 86_400


class Play(BaseModel):
    """The values of `time.play`."""

    model_config = ConfigDict(extra="forbid")
    speed: float = Field(gt=0, le=FASTEST, allow_inf_nan=False)


def speed_of(args: Mapping[str, object]) -> float:
    """Read the values of `time.play`. Raises Refused."""
    try:
        return Play.model_validate(dict(args)).speed
    except ValidationError as wrong:
        problem = wrong.errors(include_url=False, include_context=False, include_input=False)[0]["msg"]
        raise Refused("wrong-value", act=PLAY, field="speed", problem=problem) from None


class Clockwork:
    """Lets time pass in small steps; a step that has begun is finished."""

    def __init__(self, passes: Callable[[float], Awaitable[None]]) -> None:
        self._passes = passes
        self._running: asyncio.Task[None] | None = None
        self._step: asyncio.Future[None] | None = None
        self.speed = 0.0

    def start(self, speed: float) -> None:
        self.speed = speed
        self._running = asyncio.create_task(self._run(speed), name="sandbox:play")

    async def stop(self) -> None:
        """Stand still again."""
        running, step = self._running, self._step
        self._running, self._step, self.speed = None, None, 0.0
        if running is not None:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        if step is not None:
            await step

    async def _run(self, speed: float) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        try:
            while True:
                await pause(TICK_S)
                passed, before = loop.time() - before, loop.time()
                self._step = asyncio.ensure_future(self._passes(passed * speed))
                await asyncio.shield(self._step)
                self._step = None
        except Exception:
            log.exception("time stands still")
            self._step, self.speed = None, 0.0
