"""The child's end of the conversation: lines of JSON on standard input and output."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any


def say(**what: Any) -> None:
    """Say one line to the parent."""
    print(json.dumps(what), flush=True)


async def questions() -> AsyncIterator[dict[str, Any]]:
    """What the parent asks, until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)
