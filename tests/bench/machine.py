"""The machine's two halves: the program on one core, its neighbours on the other; and child processes that answer in JSON."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

_CORES = sorted(os.sched_getaffinity(0))
PROGRAM, NEIGHBOURS = {_CORES[0]}, {_CORES[-1]}
LONGEST = 600.0
"""Seconds after which a child that does not answer is ended."""


@contextmanager
def on(cores: set[int]) -> Iterator[None]:
    """What is started inside runs on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Child:
    """A process of ours that takes and gives lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> dict[str, Any]:
        """Wait for its next line."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), LONGEST)
        if not line:
            raise RuntimeError(f"a child ended with {await self._process.wait()}")
        heard: dict[str, Any] = json.loads(line)
        return heard

    async def ask(self, **what: Any) -> dict[str, Any]:
        """Say something and wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.hear()

    async def stop(self) -> None:
        """End it."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 20)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    @classmethod
    async def start(cls, role: str, cores: set[int], options: dict[str, Any]) -> Self:
        with on(cores):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.bench.child",
                role,
                json.dumps(options),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=1 << 24,
                cwd=Path(__file__).parents[2],
            )
        return cls(process)


@asynccontextmanager
async def child(role: str, cores: set[int], **options: Any) -> AsyncIterator[Child]:
    """A process that plays a role of `child.py`, for as long as the block lasts."""
    process = await Child.start(role, cores, options)
    try:
        yield process
    finally:
        await process.stop()


async def run_child(role: str, cores: set[int], **options: Any) -> dict[str, Any]:
    """Let a process do its role and return the one line it says."""
    async with child(role, cores, **options) as process:
        return await process.hear()
