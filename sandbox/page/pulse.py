"""The version of what can be seen: it rises with every change and wakes whoever waits for the next."""

import asyncio
from contextlib import suppress


class Pulse:
    """A number that only grows."""

    def __init__(self) -> None:
        self.version = 1
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Something changed."""
        self.version += 1
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def after(self, version: int, timeout_s: float) -> int:
        """Return the version as soon as it is beyond this one, or when the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.version <= version:
                    await self._event.wait()
        return self.version
