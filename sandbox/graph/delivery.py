"""The post between Meta and the program's webhook: signed, at least once, in no certain order, patient for seven days.

Anything but HTTP 200 brings the same bytes back later, with growing pauses. Knobs add what happens in the wild: duplicates,
disorder, delays, several updates in one POST. Reference: section 2 "Webhook transport".
"""

import asyncio
import heapq
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import aiohttp

from sandbox.graph.webhooks import Update, encode, envelope, sign

BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
PATIENCE = timedelta(days=7)
ANSWER_LIMIT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """One POST as it was made, and its answer: a status, or the error of the connection."""

    at: datetime
    body: bytes
    signature: str
    attempt: int
    status: int | None
    error: str | None

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Parcel:
    """One body on its way to the webhook, repeated with the same bytes until somebody answers 200."""

    body: bytes
    signature: str
    first_at: datetime
    attempts: int = 0


@dataclass(slots=True)
class Weather:
    """How rough the post is. Probabilities from 0 to 1; `batch` is how many updates share a POST (Meta: up to 1,000)."""

    duplicates: float = 0.0
    shuffle: bool = False
    delay: timedelta = timedelta()
    batch: int = 1
    concurrency: int = 1

    def calm(self) -> None:
        """Let the post be as it should be."""
        self.duplicates, self.shuffle, self.delay, self.batch = 0.0, False, timedelta(), 1


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    turn: int
    item: Update | Parcel = field(compare=False)


class Mailroom:
    """Updates and parcels waiting for their time."""

    def __init__(self, secret: str, random: Random, weather: Weather) -> None:
        self.secret = secret
        self._random, self._weather = random, weather
        self._queue: list[_Due] = []
        self._turns: Iterator[int] = itertools.count()
        self.given_up = 0

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, item: Update | Parcel, at: datetime) -> None:
        heapq.heappush(self._queue, _Due(at, next(self._turns), item))

    def next_at(self) -> datetime | None:
        return self._queue[0].at if self._queue else None

    def take_due(self, now: datetime) -> list[Parcel]:
        """Take everything whose time has come and pack it into parcels."""
        due: list[Update | Parcel] = []
        while self._queue and self._queue[0].at <= now:
            due.append(heapq.heappop(self._queue).item)
        if self._weather.shuffle:
            self._random.shuffle(due)
        return list(self._pack(due, now))

    def _pack(self, due: list[Update | Parcel], now: datetime) -> Iterator[Parcel]:
        group: list[Update] = []
        for item in due:
            if isinstance(item, Parcel):
                yield item
            elif item.raw is not None:
                yield Parcel(item.raw, item.signature or sign(self.secret, item.raw), now)
            elif item.signature is not None:
                yield Parcel(encode(envelope([item])), item.signature, now)
            else:
                group.append(item)
        size = max(1, self._weather.batch)
        for start in range(0, len(group), size):
            body = encode(envelope(group[start : start + size]))
            parcel = Parcel(body, sign(self.secret, body), now)
            yield parcel
            if self._weather.duplicates and self._random.random() < self._weather.duplicates:
                yield Parcel(parcel.body, parcel.signature, now)


class Postman:
    """Carries parcels over HTTP and brings back those nobody took."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._mailroom = mailroom

    async def carry(
        self, session: aiohttp.ClientSession, url: str, parcels: list[Parcel], now: datetime, *, concurrency: int
    ) -> list[WebhookRecord]:
        """Post all parcels, at most `concurrency` at once; failures go back into the queue."""
        if concurrency <= 1:
            return [await self._post(session, url, each, now) for each in parcels]
        gate = asyncio.Semaphore(concurrency)

        async def through_the_gate(parcel: Parcel) -> WebhookRecord:
            async with gate:
                return await self._post(session, url, parcel, now)

        return list(await asyncio.gather(*map(through_the_gate, parcels)))

    async def _post(self, session: aiohttp.ClientSession, url: str, parcel: Parcel, now: datetime) -> WebhookRecord:
        parcel.attempts += 1
        status, error = None, None
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": parcel.signature,
        }
        try:
            async with session.post(url, data=parcel.body, headers=headers, timeout=ANSWER_LIMIT) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            error = f"{type(trouble).__name__}: {trouble}"
        if status != 200:
            self._again_later(parcel, now)
        return WebhookRecord(now, parcel.body, parcel.signature, parcel.attempts, status, error)

    def _again_later(self, parcel: Parcel, now: datetime) -> None:
        again = now + BACK_OFF[min(parcel.attempts, len(BACK_OFF)) - 1]
        if again - parcel.first_at <= PATIENCE:
            self._mailroom.put(parcel, again)
        else:
            self._mailroom.given_up += 1
