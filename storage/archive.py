"""The format of a backup, the same for both databases: JSON lines, compressed, sealed.

The first line says what it is: `{"schema", "at", "reason", "scope", "tables": {name: [columns]}}`. A line that is a text names the table
whose rows follow, each a list; bytes are base64, times and ids the integers that the columns hold. The last line is the manifest:
`{"manifest": {name: [rows, digest]}}`. A table's digest is the sum of its rows' SHA-256, so that it is the same in whichever order a
database gives its rows.
"""

import gzip
import io
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson
import sqlalchemy as sa

from crm.model.backups import Scope
from storage.sealing import SealedReader, SealingWriter, broken
from storage.statements import Row

_ROOM = 2**256
_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself."""

    schema: str
    at: datetime
    reason: str
    scope: Scope
    tables: dict[str, list[str]]


@dataclass(slots=True)
class Sum:
    """How many rows a table has, and the digest of all of them in any order."""

    rows: int = 0
    digest: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(sha256(line).digest(), "big")) % _ROOM

    def __str__(self) -> str:
        return f"{self.digest:064x}"


Sums = dict[str, Sum]


class Layout:
    """How a table's rows become lines and rows again."""

    def __init__(self, table: sa.Table) -> None:
        self.name = str(table.name)
        self.columns = [str(column.name) for column in table.c]
        self._bytes = [n for n, column in enumerate(table.c) if isinstance(column.type, sa.LargeBinary)]
        self._truths = [n for n, column in enumerate(table.c) if isinstance(column.type, sa.Boolean)]

    def line(self, row: Row) -> bytes:
        values = list(row)
        for n in self._bytes:
            values[n] = None if values[n] is None else b64encode(values[n]).decode()
        for n in self._truths:
            values[n] = None if values[n] is None else bool(values[n])
        return orjson.dumps(values)

    def row(self, values: list[Any]) -> Row:
        if len(values) != len(self.columns):
            raise broken(f"a row of {self.name} has {len(values)} values")
        for n in self._bytes:
            values[n] = None if values[n] is None else b64decode(values[n])
        return values


def summed(layout: Layout, rows: Iterable[Row], into: Sum) -> None:
    """Add rows that lie in a database, as a backup of them would."""
    for row in rows:
        into.add(layout.line(row))


class ArchiveWriter:
    """Writes one backup; it is whole only after `end`."""

    def __init__(self, file: BinaryIO, key: bytes, head: Head) -> None:
        self._sealing = SealingWriter(file, key)
        self._zip = gzip.GzipFile(fileobj=self._sealing, mode="wb", compresslevel=_LEVEL, mtime=0)
        self.sums: Sums = {}
        told = {"at": head.at.isoformat(), "reason": head.reason, "scope": head.scope.value, "tables": head.tables}
        self._line(orjson.dumps({"schema": head.schema, **told}))

    def begin(self, layout: Layout) -> None:
        self.sums[layout.name] = Sum()
        self._line(orjson.dumps(layout.name))

    def rows(self, layout: Layout, rows: Sequence[Row]) -> None:
        into = self.sums[layout.name]
        for row in rows:
            line = layout.line(row)
            into.add(line)
            self._line(line)

    def end(self) -> None:
        manifest = {name: [each.rows, str(each)] for name, each in self.sums.items()}
        self._line(orjson.dumps({"manifest": manifest}))
        self._zip.close()
        self._sealing.close()

    def _line(self, line: bytes) -> None:
        self._zip.write(line + b"\n")


class ArchiveReader:
    """Reads one backup from its beginning to its end. Raises Unreadable as soon as it is not what was written."""

    def __init__(self, file: BinaryIO, keys: Sequence[bytes]) -> None:
        self._sealed = io.BufferedReader(SealedReader(file, keys), 256 * 1024)
        self._zip = gzip.GzipFile(fileobj=self._sealed, mode="rb")
        self.head = _head(self._next())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._zip.close()

    def pages(
        self, layouts: dict[str, Layout], size: int = 500, weight: int = 8_000_000
    ) -> Iterator[tuple[str, list[Row]]]:
        """Rows by table, some at a time, and at the end the proof against the manifest. A table that is not in `layouts` is broken."""
        sums: Sums = {}
        rows: list[Row] = []
        layout: Layout | None = None
        heavy = 0
        while not isinstance(said := orjson.loads(line := self._line()), dict):
            if isinstance(said, str):
                if layout is not None and rows:
                    yield layout.name, rows
                rows, heavy = [], 0
                if said not in layouts or self.head.tables.get(said) != layouts[said].columns:
                    raise broken(f"table {said} is not ours")
                layout, sums[said] = layouts[said], Sum()
                continue
            if layout is None:
                raise broken("rows without a table")
            sums[layout.name].add(line)
            rows.append(layout.row(said))
            heavy += len(line)
            if len(rows) >= size or heavy >= weight:
                yield layout.name, rows
                rows, heavy = [], 0
        if layout is not None and rows:
            yield layout.name, rows
        found = {name: [each.rows, str(each)] for name, each in sums.items()}
        if said.get("manifest") != found or set(found) != set(self.head.tables):
            raise broken("rows are missing or changed")
        if self._zip.read(1):
            raise broken("something follows the end")
        self.sums = sums

    def _next(self) -> Any:
        return orjson.loads(self._line())

    def _line(self) -> bytes:
        try:
            line = self._zip.readline()
        except (EOFError, OSError) as error:
            raise broken("cut off") from error
        if not line.endswith(b"\n"):
            raise broken("cut off")
        return line[:-1]


def _head(said: dict[str, Any]) -> Head:
    return Head(
        said["schema"],
        datetime.fromisoformat(said["at"]),
        said["reason"],
        Scope(said["scope"]),
        {name: list(columns) for name, columns in said["tables"].items()},
    )
