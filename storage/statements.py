"""Statements: written once with SQLAlchemy Core, compiled once per database, run by the driver itself.

Core checks names and speaks both dialects; it costs nothing at run time, because a statement's text is kept and its
values go to aiosqlite or asyncpg as they are. A statement whose rows will be overwritten in the same transaction
carries a `locking` form: a writing unit of work on PostgreSQL then holds these rows until its end, as SQLite's single
writer always does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from storage.types import dumps

Row = Sequence[Any]


class Engine(Enum):
    """The two databases."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"


_DIALECTS: dict[Engine, sa.Dialect] = {
    Engine.SQLITE: pysqlite.dialect(paramstyle="qmark"),
    Engine.POSTGRES: asyncpg.dialect(),  # type: ignore[no-untyped-call]
}


class OneOf(sa.ColumnElement[bool]):
    """The column's value is in a list that travels as one parameter, however long it is."""

    inherit_cache = False
    # As a Boolean it would become `… = 1` on SQLite, which no index understands.
    type = sa.types.NULLTYPE  # type: ignore[assignment]

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        kind = sa.BigInteger() if isinstance(column.type, sa.Integer) else column.type
        self.column = column
        self.list = sa.bindparam(name, type_=postgresql.ARRAY(kind))

    @property
    def _from_objects(self) -> list[sa.FromClause]:
        return self.column._from_objects


@compiles(OneOf, "sqlite")
def _one_of_sqlite(element: OneOf, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(element.list, **options)
    return f"{compiler.process(element.column, **options)} IN (SELECT value FROM json_each({listed}))"  # noqa: S608


@compiles(OneOf, "postgresql")
def _one_of_postgres(element: OneOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} = ANY ({compiler.process(element.list, **options)})"


def one_of(column: sa.ColumnElement[Any], name: str) -> OneOf:
    """Write `column IN (…)` with the list as the parameter `name`."""
    return OneOf(column, name)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text in one dialect, and how its values are put in order."""

    sql: str
    names: tuple[str, ...]
    given: Mapping[str, Any]
    lists: frozenset[str]

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Put named values into the driver's order."""
        given = self.given
        if self.lists:
            values = {name: dumps(list(value)) if name in self.lists else value for name, value in values.items()}
        return tuple([values[name] if name in values else given[name] for name in self.names])


class Statement:
    """One named query.

    `postgres` and `locking` are its forms where the common one will not do. `together` does many rows at once on
    PostgreSQL, with one list per column instead of one statement per row.
    """

    def __init__(
        self,
        core: sa.ClauseElement,
        *,
        postgres: sa.ClauseElement | None = None,
        locking: sa.ClauseElement | None = None,
        together: sa.ClauseElement | None = None,
    ) -> None:
        on_postgres = core if postgres is None else postgres
        self._forms = {
            (Engine.SQLITE, False): core,
            (Engine.SQLITE, True): core,
            (Engine.POSTGRES, False): on_postgres,
            (Engine.POSTGRES, True): on_postgres if locking is None else locking,
        }
        self._compiled: dict[tuple[Engine, bool], Compiled] = {}
        self.together = None if together is None else Statement(together)

    def compiled(self, engine: Engine, *, writing: bool) -> Compiled:
        """The text for one database, locking or not; made at the first use."""
        key = (engine, writing)
        known = self._compiled.get(key)
        if known is None:
            known = self._compiled[key] = _compile(self._forms[key], engine)
        return known


def _compile(core: sa.ClauseElement, engine: Engine) -> Compiled:
    compiled = core.compile(dialect=_DIALECTS[engine])
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    names = tuple(compiled.positiontup or ())
    arrays = (name for name in names if isinstance(compiled.binds[name].type, postgresql.ARRAY))
    lists = frozenset(arrays) if engine is Engine.SQLITE else frozenset()
    given = {name: compiled.params[name] for name in names if not compiled.binds[name].required}
    return Compiled(str(compiled), names, given, lists)


def insert(table: sa.Table, *, without: Sequence[str] = ()) -> Statement:
    """Insert whole rows; values in the table's column order."""
    names = [column.name for column in table.c if column.name not in without]
    lists = _lists(table, names)
    together = sa.insert(table).from_select(names, sa.select(*lists.c)).inline()
    return Statement(inserting(sa.insert(table), table, without=without), together=together)


def _lists(table: sa.Table, names: Sequence[str]) -> sa.TableValuedAlias:
    """One list per column, side by side as rows (PostgreSQL)."""
    lists = (sa.bindparam(f"all_{name}", type_=postgresql.ARRAY(table.c[name].type)) for name in names)
    columns = (sa.column(name, table.c[name].type) for name in names)
    return sa.func.unnest(*lists).table_valued(*columns, name="lists").render_derived()


def inserting(core: Any, table: sa.Table, *, without: Sequence[str] = ()) -> Any:
    """Give an insert its values: one parameter per column, in the table's order."""
    return core.values({c.name: sa.bindparam(c.name, type_=c.type) for c in table.c if c.name not in without}).inline()


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Whole rows by id.

    SQLite writes every index of every column that is set, changed or not. So there the narrow form is tried first: it
    leaves the steady columns alone and holds only if they are what the row says. PostgreSQL compares by itself.
    """

    full: Statement
    full_order: Callable[[Row], Row]
    narrow: Statement | None = None
    narrow_order: Callable[[Row], Row] | None = None


def overwrite(table: sa.Table, *, steady: Sequence[str] = (), keep: Sequence[str] = ()) -> Overwrite:
    """Overwrite whole rows by id; `steady` columns seldom change, `keep` columns are not part of the row."""
    names = [column.name for column in table.c if column.name not in keep]
    full, full_order = _update(table, names, ("id",))
    if not steady:
        return Overwrite(full, full_order)
    narrow, narrow_order = _update(table, names, ("id", *steady))
    return Overwrite(full, full_order, narrow, narrow_order)


def _update(table: sa.Table, names: Sequence[str], fixed: Sequence[str]) -> tuple[Statement, Callable[[Row], Row]]:
    values = {name: sa.bindparam(name, type_=table.c[name].type) for name in names if name not in fixed}
    update = sa.update(table).values(values)
    for name in fixed:
        given = sa.bindparam(f"old_{name}", type_=table.c[name].type)
        column = table.c[name]
        update = update.where(column.is_not_distinct_from(given) if column.nullable else column == given)
    order = [*values, *fixed]
    lists = _lists(table, order)
    together = sa.update(table).values({name: lists.c[name] for name in values}).where(table.c.id == lists.c.id)
    return Statement(update, together=together), itemgetter(*(names.index(name) for name in order))


def step(table: sa.Table, *names: str, to: Mapping[str, str], where: str) -> Statement:
    """Move rows by id that are where they were expected: set these columns, and others `to` literals.

    Values are the named columns', in order, then the id. Rows that are elsewhere by now stay as they are.
    """
    fixed: dict[str, Any] = {name: sa.literal_column(value) for name, value in to.items()}
    ids = sa.bindparam("old_id", type_=table.c.id.type)
    alone = {name: sa.bindparam(name, type_=table.c[name].type) for name in names}
    lists = _lists(table, [*names, "id"])
    update = sa.update(table).where(sa.text(f"({where})"))
    return Statement(
        update.values(alone | fixed).where(table.c.id == ids),
        together=update.values({name: lists.c[name] for name in names} | fixed).where(table.c.id == lists.c.id),
    )


def text(name: str) -> sa.BindParameter[str]:
    """A text parameter."""
    return sa.bindparam(name, type_=sa.Text())


def number(name: str) -> sa.BindParameter[int]:
    """A whole number, a time or an id as parameter."""
    return sa.bindparam(name, type_=sa.BigInteger())


def capped(*found: Any) -> sa.Subquery:
    """The rows of one table that meet the conditions, as a table to count in, up to the parameter `most`."""
    table, *conditions = found
    limited: sa.Select[Any] = (
        sa.select(sa.literal_column("1").label("one")).select_from(table).where(*conditions).limit(number("most"))
    )
    return limited.correlate_except(table).subquery()


def literal(predicate: str) -> sa.TextClause:
    """A partial index's predicate, letter by letter (`tables.py`)."""
    return sa.text(f"({predicate})")
