"""One file, one process: started for it, watched, and killed when it takes too long or answers too much.

A process costs a seventh of a second, which is nothing beside a download and everything beside a decoder that a stranger's file has
taken over: that one finds an empty environment, nothing to open, and its end within the minute.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog

from bot.media.flaws import Damaged, TooComplex, TooLong, WrongType
from crm.errors import Refused
from crm.model.media import MediaKind

log = structlog.get_logger(__name__)

ROOT = str(Path(__file__).parents[2])
MB = 1024 * 1024
LARGEST_ANSWER = 101 * MB
FILMS_PATIENCE = 3
_PIECE = 64 * 1024
"""No more than a pipe holds, so that nothing is copied twice and the loop turns between two pieces."""
_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds of waiting (and of a processor; a film three times as many), bytes of memory; and how many films,
    and how many other files, at a time."""

    seconds: float = 90
    memory: int = 1536 * MB
    at_a_time: int = max(1, min(2, (os.cpu_count() or 1) - 1))


class Apart:
    """Runs orders in processes of their own, a few at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._rooms = {films: asyncio.Semaphore(self._limits.at_a_time) for films in (True, False)}

    async def run(self, order: Mapping[str, str], content: bytes) -> tuple[bytes, str]:
        """Have a file worked on; return what was made of it and its type. Raises Refused with the flaw that was found.

        What is quickly done never waits for films.
        """
        film = order.get("kind") == MediaKind.VIDEO
        async with self._rooms[film]:
            head, made = await self._answer(order, content, self._limits.seconds * (FILMS_PATIENCE if film else 1))
        if "mime_type" not in head:
            flaw = str(head.get("flaw", Damaged.code))
            log.info("media_refused", task=order.get("task"), kind=order.get("kind"), flaw=flaw, size=len(content))
            raise _refusal(flaw, order["mime_type"])
        return made, str(head["mime_type"])

    async def _answer(
        self, order: Mapping[str, str], content: bytes, seconds: float
    ) -> tuple[dict[str, object], bytes]:
        line = orjson.dumps({**order, "seconds": int(seconds) + 1, "memory": self._limits.memory}) + b"\n"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "bot.media.entrance",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": ROOT, "MALLOC_ARENA_MAX": "2"},
            limit=_PIECE,
        )
        try:
            async with asyncio.timeout(seconds):
                found, _ = await asyncio.gather(_read(process), _write(process, line, content))
                await process.wait()
        except TimeoutError:
            return {"flaw": TooComplex.code}, b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _split(found, process.returncode)


def _refusal(flaw: str, mime_type: str) -> Refused:
    match flaw:
        case WrongType.code:
            return Refused("file-type", type=mime_type)
        case TooLong.code:
            return Refused("file-too-long")
        case TooComplex.code:
            return Refused("file-too-complex")
        case _:
            return Refused("file-unreadable")


async def _write(process: asyncio.subprocess.Process, line: bytes, content: bytes) -> None:
    if process.stdin is None:
        raise RuntimeError("a process without an entrance")
    try:
        process.stdin.write(line)
        whole = memoryview(content)
        for start in range(0, len(content), _PIECE):
            process.stdin.write(whole[start : start + _PIECE])
            await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return  # it ended without reading everything; its answer says why


async def _read(process: asyncio.subprocess.Process) -> bytes:
    if process.stdout is None:
        raise RuntimeError("a process without an exit")
    answer = bytearray()
    while piece := await process.stdout.read(_PIECE):
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            process.kill()
            return b""
    return bytes(answer)


def _split(answer: bytes, returncode: int | None) -> tuple[dict[str, object], bytes]:
    """The answer's head and its file. A process that was killed by a limit, or crashed in a decoder, gave none."""
    end = answer.find(b"\n", 0, _HEAD)
    if returncode != 0 or end < 0:
        return {"flaw": TooComplex.code if returncode else Damaged.code}, b""
    head = orjson.loads(answer[:end])
    return (head if isinstance(head, dict) else {}), answer[end + 1 :]
