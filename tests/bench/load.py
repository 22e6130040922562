"""The load: keep-alive connections that post webhooks as fast as they are answered (closed), or at a rate whatever the
answers do (open), and remember how long each answer took. Raw protocols, so that the load costs less than the server."""

import asyncio
import random
import time
from collections import Counter, deque
from typing import Any, cast

from tests.bench.lines import questions, say
from tests.bench.webhooks import body, request

_now = time.perf_counter

_FASTEST = 20_000
"""Under a closed load so many messages are written a second, more than any door here takes in: their times, which lead the keys they
are kept under, advance as they do in the world, not as fast as the requests are made beforehand."""


class _Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, run: "_Run") -> None:
        self._run, self._since, self._heard = run, 0.0, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, what: bytes, since: float) -> None:
        assert self._transport is not None
        self._since = since
        self._transport.write(what)

    def data_received(self, data: bytes) -> None:
        if self._heard:
            data, self._heard = self._heard + data, b""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self._heard = data
            return
        head = data[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(data) < end + 4 + length:
            self._heard = data
            return
        self._run.answered(self, int(data[9:12]), _now() - self._since)

    def connection_lost(self, problem: Exception | None) -> None:
        self._run.lost += 1

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Run:
    """One measured stretch."""

    def __init__(self, requests: deque[bytes], until: float | None) -> None:
        self.requests, self._until = requests, until
        self.times: list[float] = []
        self.codes: Counter[int] = Counter()
        self.lost = 0
        self.free: list[_Connection] = []
        self.late: deque[float] = deque()
        self._under_way = 0
        self._idle = asyncio.Event()

    def start(self, connection: _Connection, since: float) -> None:
        self._under_way += 1
        connection.send(self.requests.popleft(), since)

    def answered(self, connection: _Connection, code: int, seconds: float) -> None:
        self._under_way -= 1
        self.times.append(seconds)
        self.codes[code] += 1
        now = _now()
        if self.late:
            self.start(connection, self.late.popleft())
        elif self._until is not None and now < self._until and self.requests:
            self.start(connection, now)
        else:
            self.free.append(connection)
            if self._under_way == 0:
                self._idle.set()

    async def over(self) -> None:
        """Wait until everything that was begun is answered. There may have been idle moments before the last was begun."""
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()


async def serve(**_: Any) -> None:
    """Answer each question of the parent with what a stretch of load measured."""
    say(ready=True)
    async for asked in questions():
        say(**await _stretch(**asked))


async def _stretch(
    port: int,
    connections: int,
    most: int,
    seconds: float = 0,
    rate: float = 0,
    contacts: int = 1000,
    first: int = 0,
    unique: str = "",
    in_turn: bool = False,
) -> dict[str, Any]:
    """Post up to `most` webhooks: closed for `seconds` (0: until all are posted), or open at `rate` a second.

    So many contacts from the `first` on write, at random or `in_turn`.
    """
    chosen = random.Random(7)
    writers = (first + (n % contacts if in_turn else chosen.randrange(contacts)) for n in range(most))
    pace = rate or _FASTEST
    written = (time.time() + (n - most) / pace for n in range(most))
    requests = deque(
        request(body(contact, unique=unique, at=at)) for contact, at in zip(writers, written, strict=False)
    )
    begin = _now()
    run = _Run(requests, None if rate else begin + (seconds or 3_600))
    loop = asyncio.get_running_loop()
    lines = []
    for _ in range(connections):
        _, line = await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
        lines.append(line)
    begin = _now()
    if rate:
        run.free = list(lines)
        await _open(run, rate, begin)
    else:
        run._until = begin + (seconds or 3_600)
        for line in lines:
            if run.requests:
                run.start(line, _now())
    await run.over()
    took = _now() - begin
    for line in lines:
        line.close()
    times = sorted(run.times)
    return {
        "answers": len(times),
        "codes": {str(code): n for code, n in run.codes.items()},
        "seconds": took,
        "per_s": run.codes[200] / took,
        "p50_ms": _at(times, 0.5),
        "p99_ms": _at(times, 0.99),
        "max_ms": times[-1] * 1000 if times else 0.0,
    }


async def _open(run: _Run, rate: float, begin: float) -> None:
    """Keep to the timetable; a request without a free connection waits, and its wait counts."""
    sent, total = 0, len(run.requests)
    loop = asyncio.get_running_loop()
    while sent < total:
        now = _now()
        while sent < total and begin + sent / rate <= now:
            due = begin + sent / rate
            sent += 1
            if run.free:
                run.start(run.free.pop(), due)
            else:
                run.late.append(due)
        woken = loop.create_future()
        loop.call_later(0.0005, woken.set_result, None)
        await woken


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0
