"""Ids of our own, unique over all nouns and processes.

A block of 10,000 is reserved in a transaction of its own; from it ids are handed out without asking the database, so
rows can be written in batches and may name each other before they exist. What a rolled back transaction took is lost:
gaps mean nothing.
"""

from collections import deque

import sqlalchemy as sa

from storage.errors import StorageUnavailable
from storage.statements import Statement, number
from storage.tables import id_blocks
from storage.transaction import Transaction

BLOCK = 10_000
ENOUGH = 5_000

_RESERVE = Statement(
    sa.update(id_blocks)
    .where(id_blocks.c.id == sa.literal_column("1"))
    .values(next_id=id_blocks.c.next_id + number("size"))
    .returning(id_blocks.c.next_id)
)


class Allocator:
    """Hands out ids from reserved blocks."""

    def __init__(self) -> None:
        self._next = 0
        self._end = 0
        self._blocks: deque[tuple[int, int]] = deque()

    @property
    def in_hand(self) -> int:
        """How many can be handed out before another block is needed."""
        return self._end - self._next + sum(end - start for start, end in self._blocks)

    def next(self) -> int:
        """Hand out one."""
        if self._next >= self._end:
            if not self._blocks:
                raise StorageUnavailable("one transaction asked for more ids than are reserved")
            self._next, self._end = self._blocks.popleft()
        number = self._next
        self._next += 1
        return number

    async def refill(self, transaction: Transaction) -> tuple[int, int]:
        """Reserve a block; it counts only after the transaction was committed (`add`)."""
        end = await transaction.value(_RESERVE, size=BLOCK)
        return end - BLOCK, end

    def add(self, block: tuple[int, int]) -> None:
        """Hand out from this block too."""
        self._blocks.append(block)
