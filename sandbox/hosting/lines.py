"""Reading a child's log: each line is told to whoever listens, and whoever needs them can wait until so many have been read."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

LONGEST_LINE = 16 * 1024 * 1024


class LineReader:
    """Reads to the end, lest a full pipe stop the child. `found` is the first line of one event, or None when there was none."""

    def __init__(self, stream: asyncio.StreamReader, on_line: Callable[[dict[str, Any]], None], find: str) -> None:
        self._stream, self._on_line, self._find = stream, on_line, find
        self._read, self._over = 0, False
        self.found: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self.last = ""
        self._task = asyncio.create_task(self._run(), name="sandbox:log")

    async def reach(self, count: int) -> None:
        """Return when so many lines have been read, or there will be no more."""
        if self._read < count and not self._over:
            reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((count, reached))
            await reached

    async def ended(self) -> None:
        """Return when everything was read."""
        await self._task

    async def _run(self) -> None:
        try:
            while line := await self._stream.readline():
                self._heard(line)
        finally:
            self._over = True
            if not self.found.done():
                self.found.set_result(None)
            self._wake()

    def _heard(self, line: bytes) -> None:
        self._read += 1
        self.last = line.decode(errors="replace").rstrip()
        try:
            told = json.loads(line)
        except ValueError:
            told = {"event": "unreadable", "level": "error", "line": self.last}
        self._on_line(told)
        if told.get("event") == self._find and not self.found.done():
            self.found.set_result(told)
        self._wake()

    def _wake(self) -> None:
        if not self._waiting:
            return
        still: list[tuple[int, asyncio.Future[None]]] = []
        for count, reached in self._waiting:
            if self._read < count and not self._over:
                still.append((count, reached))
            elif not reached.done():
                reached.set_result(None)
        self._waiting = still
