"""Copying a database out of and into the format of a backup.

Out: one reading transaction over every table, page by page along its primary key, so that the program goes on working and nothing is
in memory whole. In: one writing transaction, so that there is all of it or nothing. Both do the heavy work in a thread.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crm.errors import Refused
from crm.model.backups import Scope
from storage.archive import ArchiveReader, ArchiveWriter, Layout, Sum, Sums, summed
from storage.coverage import COVERAGE, Cover, Covered, covered
from storage.migrations import HEAD
from storage.statements import Engine, Row, Statement, insert, inserting, number
from storage.tables import metadata
from storage.transaction import Transaction

T = TypeVar("T")

OWN_IDS = ("webhook_logs", "audit_log")
STAYS = frozenset({"audit_log", "audit_seals", "id_blocks", "revisions"})
"""Of these a database that goes on keeps its own when only its configuration is put back; a new one has rows in them already."""


async def write(transaction: Transaction, archive: ArchiveWriter, scope: Scope) -> None:
    """Everything that the scope covers, as it is at one moment."""
    for each in covered(scope):
        layout = Layout(each.table)
        archive.begin(layout)
        async for rows in _pages(transaction, each):
            await asyncio.to_thread(archive.rows, layout, rows)
    await asyncio.to_thread(archive.end)


async def sums_of(transaction: Transaction, scope: Scope) -> Sums:
    """What a backup of this database would sum up to."""
    found: Sums = {}
    for each in covered(scope):
        layout, into = Layout(each.table), Sum()
        async for rows in _pages(transaction, each):
            await asyncio.to_thread(summed, layout, rows, into)
        found[layout.name] = into
    return found


async def first_filled(transaction: Transaction) -> str | None:
    """A table of this database that holds something already."""
    for table in metadata.sorted_tables:
        if COVERAGE[table.name] in (Cover.CONFIGURATION, Cover.CONTENT) and table.name not in STAYS:
            one: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(table).limit(1)
            if await transaction.value(Statement(one)) is not None:
                return table.name
    return None


async def fill(transaction: Transaction, file: Path, keys: list[bytes]) -> tuple[ArchiveReader, bool]:
    """Empty the database and put the backup in its place; of the configuration alone, put it over what there is. Return what was read,
    and whether everything was replaced. Raises Refused for a backup of another schema."""
    with file.open("rb") as opened, ArchiveReader(opened, keys) as archive:
        head = archive.head
        if head.schema != HEAD:
            raise Refused("backup-schema", schema=head.schema, ours=HEAD)
        whole = head.scope is Scope.EVERYTHING or await first_filled(transaction) is None
        if whole:
            for table in reversed(metadata.sorted_tables):
                await transaction.run(Statement(sa.delete(table)))
        tables = {each.table.name: each.table for each in covered(head.scope)}
        puts = {name: insert(table) if whole else _over(table) for name, table in tables.items()}
        layouts = {name: Layout(table) for name, table in tables.items()}
        async for name, rows in _apart(archive.pages(layouts)):
            if whole or name not in STAYS:
                await transaction.many(puts[name], rows)
        if transaction.engine is Engine.POSTGRES:
            for name in OWN_IDS:
                await transaction.rows(_go_on_after(name))
        return archive, whole


async def _pages(transaction: Transaction, each: Covered) -> AsyncIterator[list[Row]]:
    """A table's rows along its primary key."""
    keys = list(each.table.primary_key.columns)
    places = [list(each.table.c).index(key) for key in keys]
    query = sa.select(each.table).order_by(*keys).limit(number("at_most"))
    if each.only is not None:
        query = query.where(sa.text(f"({each.only})"))
    last = [sa.bindparam(f"last_{n}", type_=key.type) for n, key in enumerate(keys)]
    following = Statement(query.where(sa.tuple_(*keys) > sa.tuple_(*last)))
    rows = await transaction.rows(Statement(query), at_most=each.page)
    while rows:
        yield rows
        if len(rows) < each.page:
            return
        after = {f"last_{n}": rows[-1][place] for n, place in enumerate(places)}
        rows = await transaction.rows(following, at_most=each.page, **after)


def _over(table: sa.Table) -> Statement:
    """Insert, or replace the row with the same key."""
    keys = [column.name for column in table.primary_key.columns]
    others = [column.name for column in table.c if column.name not in keys]

    def form(core: postgresql.Insert | sqlite.Insert) -> sa.ClauseElement:
        put = inserting(core, table)
        changed: sa.ClauseElement = put.on_conflict_do_update(
            index_elements=keys, set_={name: put.excluded[name] for name in others}
        )
        return changed

    return Statement(form(sqlite.insert(table)), postgres=form(postgresql.insert(table)))


def _go_on_after(name: str) -> Statement:
    """Let PostgreSQL give out ids behind those that were put in."""
    greatest = f"(SELECT max(id) FROM {name})"  # noqa: S608
    return Statement(
        sa.text(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce({greatest}, 1), {greatest} IS NOT NULL)"
        )
    )


async def _apart(pages: Iterator[T]) -> AsyncIterator[T]:
    """An iterator whose steps are done in a thread."""
    end = object()
    while (page := await asyncio.to_thread(next, pages, end)) is not end:
        yield page  # type: ignore[misc]
