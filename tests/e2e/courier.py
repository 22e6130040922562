"""Carries Meta's webhooks to the program over many keep-alive connections, and remembers which were answered 200.

Like Meta it brings again, with the same bytes, whatever was not: a connection that broke, a 503, a server that was dead. While the
server is known to be down it waits instead of knocking. A restless courier never stops: when nothing is left it brings what was
taken already once more, so that a kill finds it at work whenever it comes.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from random import Random
from typing import Self

import aiohttp

from sandbox.graph.delivery import Parcel

PATH = "/webhooks/whatsapp"
_PATIENCE = aiohttp.ClientTimeout(total=20)
_TRICKLE = 8
"""Posts under way at most while the restless only repeat."""


class Courier:
    """At most `connections` posts at a time. `kept` holds the bodies that were answered 200."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._url = ""
        self._open, self._work = asyncio.Event(), asyncio.Event()
        self.waiting: deque[Parcel] = deque()
        self.under_way = 0
        self.answers: Counter[int] = Counter()
        self.kept: set[bytes] = set()
        self.restless = False
        self._taken: list[Parcel] = []
        self._random = Random(3)

    @classmethod
    @asynccontextmanager
    async def employed(cls, connections: int = 48) -> AsyncIterator[Self]:
        """A courier at work until the end of the block."""
        connector = aiohttp.TCPConnector(limit=connections)
        async with aiohttp.ClientSession(connector=connector, timeout=_PATIENCE) as session:
            courier = cls(session)
            lines = [asyncio.create_task(courier._line()) for _ in range(connections)]
            try:
                yield courier
            finally:
                for line in lines:
                    line.cancel()
                await asyncio.wait(lines)

    @property
    def idle(self) -> bool:
        return not self.waiting and not self.under_way

    def bring(self, parcels: Iterable[Parcel]) -> None:
        """Take parcels along."""
        self.waiting.extend(parcels)
        self._work.set()

    def call_at(self, url: str) -> None:
        """The server is there."""
        self._url = url + PATH
        self._open.set()

    def wait(self) -> None:
        """The server is down: what is under way will break, nothing more is begun."""
        self._open.clear()

    async def post(self, parcel: Parcel) -> int:
        """Bring one parcel once; return the answer's status, 0 when none came."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": parcel.signature}
        try:
            async with self._session.post(self._url, data=parcel.body, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        self.answers[status] += 1
        if status == 200 and parcel.body not in self.kept:
            self.kept.add(parcel.body)
            self._taken.append(parcel)
        return status

    async def _line(self) -> None:
        while True:
            await self._open.wait()
            parcel = self._next()
            if parcel is None:
                self._work.clear()
                await self._work.wait()
                continue
            self.under_way += 1
            try:
                if await self.post(parcel) != 200:
                    self.waiting.append(parcel)
            finally:
                self.under_way -= 1

    def _next(self) -> Parcel | None:
        if self.waiting:
            return self.waiting.popleft()
        if self.restless and self._taken and self.under_way < _TRICKLE:
            return self._random.choice(self._taken)
        return None
