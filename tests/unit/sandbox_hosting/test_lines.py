"""The reader of a child's log: nothing is skipped, and whoever waits for a line gets it or is told that it will not come."""

import asyncio
from typing import Any

from sandbox.hosting.lines import LineReader


def reader() -> tuple[asyncio.StreamReader, LineReader, list[dict[str, Any]]]:
    stream, told = asyncio.StreamReader(), list[dict[str, Any]]()
    return stream, LineReader(stream, told.append, find="serving"), told


async def test_every_line_is_told_in_order_also_one_that_is_no_json() -> None:
    stream, lines, told = reader()
    stream.feed_data(b'{"event": "one"}\nTraceback\n{"event": "two"}\n')
    await lines.reach(3)
    assert told == [
        {"event": "one"},
        {"event": "unreadable", "level": "error", "line": "Traceback"},
        {"event": "two"},
    ]
    stream.feed_eof()
    await lines.ended()


async def test_who_waits_for_lines_waits_until_so_many_were_read() -> None:
    stream, lines, told = reader()
    waiting = asyncio.create_task(lines.reach(2))
    stream.feed_data(b'{"event": "one"}\n')
    await lines.reach(1)
    assert not waiting.done()
    stream.feed_data(b'{"event": "two"}\n')
    await waiting
    assert len(told) == 2
    stream.feed_eof()
    await lines.ended()


async def test_a_line_that_is_looked_for_is_found_once() -> None:
    stream, lines, _ = reader()
    stream.feed_data(b'{"event": "other"}\n{"event": "serving", "port": 7}\n{"event": "serving", "port": 8}\n')
    assert await lines.found == {"event": "serving", "port": 7}
    stream.feed_eof()
    await lines.ended()


async def test_who_waits_for_what_will_never_come_is_told_so() -> None:
    stream, lines, _ = reader()
    waiting = asyncio.create_task(lines.reach(9))
    stream.feed_data(b'{"event": "other"}\n')
    stream.feed_eof()
    assert await lines.found is None
    await waiting
