"""One transaction, as the named queries see it: a few verbs over whichever driver runs it.

A statement that fails breaks its transaction on both databases alike: nothing further runs and nothing is committed,
even when somebody catches the error.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, Protocol

from storage.errors import Translate, raise_translated
from storage.statements import Engine, Overwrite, Row, Statement


class Driver(Protocol):
    """A connection inside a transaction. Errors are the driver's own."""

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Row]: ...
    async def execute(self, sql: str, arguments: Sequence[Any]) -> int:
        """Return the number of changed rows."""
        ...

    async def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...
    async def execute_either(self, first: str, second: str, rows: Sequence[tuple[Row, Row]]) -> None:
        """Run the first statement for each row, and the second where the first changed nothing."""
        ...


class Transaction:
    """Runs statements; `writing` ones hold what they load, reading ones refuse to write."""

    def __init__(self, driver: Driver, engine: Engine, translate: Translate, *, writing: bool) -> None:
        self._driver = driver
        self._translate = translate
        self.engine = engine
        self.writing = writing
        self.failure: Exception | None = None

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """Run one statement and return all its rows."""
        form = statement.compiled(self.engine, writing=self.writing)
        arguments = form.arguments(values)
        self._check()
        try:
            return await self._driver.fetch(form.sql, arguments)
        except Exception as error:
            self._fail(error)

    async def first(self, statement: Statement, **values: Any) -> Row | None:
        """Run one statement and return its first row, or None."""
        rows = await self.rows(statement, **values)
        return rows[0] if rows else None

    async def value(self, statement: Statement, **values: Any) -> Any:
        """Run one statement and return the first value of its first row, or None."""
        rows = await self.rows(statement, **values)
        return rows[0][0] if rows else None

    async def pairs(self, statement: Statement, **values: Any) -> dict[Any, Any]:
        """Run one statement and return its first column's values to its second's."""
        return {row[0]: row[1] for row in await self.rows(statement, **values)}

    async def run(self, statement: Statement, **values: Any) -> int:
        """Run one changing statement and return how many rows it changed."""
        form = statement.compiled(self.engine, writing=self.writing)
        return await self._run(form.sql, form.arguments(values))

    async def run_row(self, statement: Statement, row: Sequence[Any]) -> int:
        """Run one changing statement with its values in order."""
        return await self._run(statement.compiled(self.engine, writing=self.writing).sql, row)

    async def many(self, statement: Statement, rows: Iterable[Sequence[Any]]) -> None:
        """Run one changing statement for every row, values in order, as one step."""
        batch = list(rows)
        if not batch:
            return
        together = statement.together if self.engine is Engine.POSTGRES and len(batch) > 1 else None
        sql = (together or statement).compiled(self.engine, writing=self.writing).sql
        self._check(changing=True)
        try:
            if together is not None:
                await self._driver.execute(sql, list(zip(*batch, strict=True)))
            else:
                await self._driver.executemany(sql, batch)
        except Exception as error:
            self._fail(error)

    async def overwrite(self, statement: Overwrite, rows: Iterable[Row]) -> None:
        """Overwrite every row, values in the table's column order (the id first); each id at most once."""
        narrow, order = statement.narrow, statement.narrow_order
        batch = list(rows)
        _check_ids(batch)
        if self.engine is Engine.POSTGRES or narrow is None or order is None:
            await self.many(statement.full, map(statement.full_order, batch))
            return
        if not batch:
            return
        narrow_sql = narrow.compiled(self.engine, writing=True).sql
        full_sql = statement.full.compiled(self.engine, writing=True).sql
        forms = [(order(row), statement.full_order(row)) for row in batch]
        self._check(changing=True)
        try:
            await self._driver.execute_either(narrow_sql, full_sql, forms)
        except Exception as error:
            self._fail(error)

    async def _run(self, sql: str, arguments: Sequence[Any]) -> int:
        self._check(changing=True)
        try:
            return await self._driver.execute(sql, arguments)
        except Exception as error:
            self._fail(error)

    def _check(self, *, changing: bool = False) -> None:
        if self.failure is not None:
            raise self.failure
        if changing and not self.writing:
            raise RuntimeError("a reading unit of work cannot write: use begin()")

    def _fail(self, error: Exception) -> NoReturn:
        try:
            raise_translated(error, self._translate)
        except Exception as failure:
            self.failure = failure
            raise


def _check_ids(rows: Sequence[Row]) -> None:
    """PostgreSQL would take any of two rows with one id, SQLite the last: a caller that gives two has a bug."""
    if len({row[0] for row in rows}) < len(rows):
        twice = sorted(number for number, times in Counter(row[0] for row in rows).items() if times > 1)
        raise ValueError(f"changed holds the same id more than once: {twice[:5]}")
