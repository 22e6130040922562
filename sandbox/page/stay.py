"""A world that lives in a task of its own, from its opening to its closing, so that any request may end it and begin another."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sandbox.world import World

Opener = Callable[[], AbstractAsyncContextManager[World]]


class Stay:
    """One world and the task that keeps it."""

    def __init__(self, world: World, task: asyncio.Task[None], over: asyncio.Event) -> None:
        self.world = world
        self._task, self._over = task, over

    @classmethod
    async def begin(cls, opener: Opener) -> "Stay":
        """Open a world; what goes wrong with that is raised here."""
        opened: asyncio.Future[World] = asyncio.get_running_loop().create_future()
        over = asyncio.Event()

        async def live() -> None:
            try:
                async with opener() as world:
                    opened.set_result(world)
                    await over.wait()
            except BaseException as error:
                if opened.done():
                    raise
                opened.set_exception(error)

        task = asyncio.create_task(live(), name="sandbox:world")
        return cls(await opened, task, over)

    async def end(self) -> None:
        """Close it and wait until it is gone."""
        self._over.set()
        await self._task
