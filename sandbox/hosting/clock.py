"""One clock for two processes: the moment lies in a file that both have mapped into their memory.

Whoever travels sets it, the other sees it at once; nobody has to be told the time, and no message can cross a change of it.
"""

import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.clock import SetClock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SIZE = 8


class SharedClock(SetClock):
    """A clock that stands in a file. With `at` the file is made; without, it is read."""

    def __init__(self, file: Path, at: datetime | None = None) -> None:
        if at is not None:
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as opened:
            self._memory = memoryview(mmap.mmap(opened.fileno(), _SIZE)).cast("q")
        super().__init__(at or self.at)

    @property
    def at(self) -> datetime:
        return _EPOCH + self._memory[0] * _MICROSECOND

    @at.setter
    def at(self, moment: datetime) -> None:
        self._memory[0] = (moment - _EPOCH) // _MICROSECOND
