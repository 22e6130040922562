"""One writer at a time, the urgent first, nobody starved.

SQLite has one writer. Intake is urgent, because customers' messages wait for it; but after an urgent turn one other
waiter gets its own, so that a slow disk under a flood of webhooks still leaves every second turn to the work.
"""

import asyncio
from collections import deque


class Gate:
    """A lock with two lines of waiters, each first come, first served."""

    def __init__(self) -> None:
        self._taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._urgent_was_last = False

    async def acquire(self, *, urgent: bool = False) -> None:
        """Wait for a turn."""
        if not self._taken:
            self._taken = True
            self._urgent_was_last = urgent
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._others).append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.release()  # the turn had come already: pass it on
            raise

    def release(self) -> None:
        """End a turn and let the next waiter in."""
        lines = (self._others, self._urgent) if self._urgent_was_last else (self._urgent, self._others)
        for line in lines:
            while line:
                waiter = line.popleft()
                if not waiter.done():
                    self._urgent_was_last = line is self._urgent
                    waiter.set_result(None)
                    return
        self._taken = False
