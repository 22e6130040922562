"""The journal: what crossed the wire and what the program said about it, in order, each line openable to its last byte.

It listens to the simulators and to the program's log; it keeps the sources and makes lines and parts of them when somebody looks.
The oldest lines are forgotten, their numbers are never used again.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.page import entries
from sandbox.page.entries import Source, Written
from sandbox.world import World

REMEMBERED = 20_000
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its number, its moment, what it was made from."""

    n: int
    at: datetime
    kind: str
    level: str
    source: Source

    def line(self) -> dict[str, Any]:
        """Return the line as the page lists it."""
        told = entries.told(self.source)
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "level": self.level,
            "title": told.title,
            "summary": told.summary,
        }

    def opened(self) -> dict[str, Any]:
        """Return the line with everything there is to read."""
        parts = [{"name": part.name, "text": part.text} for part in entries.parts(self.source)]
        return self.line() | {"parts": parts}


class Journal:
    """The lines of one world."""

    def __init__(self, on_entry: Callable[[], None]) -> None:
        self._on_entry = on_entry
        self._entries: deque[Entry] = deque(maxlen=REMEMBERED)
        self.total = 0

    def listen(self, world: World) -> None:
        """Write down from now on what happens there."""
        world.graph.on_exchange = lambda exchange: self._add(exchange, exchange.at)
        world.graph.on_webhook = lambda record: self._add(record, record.at)
        world.telegram.on_call = lambda call: self._add(call, call.at)
        world.on_log = lambda line: self._add(Written(line), world.clock.at)

    def find(self, n: int) -> Entry | None:
        """Return a line by its number, if it is still remembered."""
        first = self._entries[0].n if self._entries else 0
        return self._entries[n - first] if 0 <= n - first < len(self._entries) else None

    def latest(self, kind: str | None = None, after: int = 0) -> list[Entry]:
        """Return the newest lines of a kind, oldest first, none up to number `after`."""
        fitting = (each for each in self._newest_first() if kind is None or each.kind == kind)
        return [each for each in islice(fitting, SHOWN) if each.n > after][::-1]

    def _newest_first(self) -> Iterator[Entry]:
        return reversed(self._entries)

    def _add(self, source: Source, at: datetime) -> None:
        if not entries.matters(source):
            return
        self.total += 1
        self._entries.append(Entry(self.total, at, *entries.sort(source), source))
        self._on_entry()
