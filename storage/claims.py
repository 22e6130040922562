"""How work is handed out once: take the first rows that nobody else holds, mark them, return them, all in one
statement.

On SQLite there is one writer, so nobody else can hold a row. On PostgreSQL a node skips the rows another node is just
taking (`SKIP LOCKED`); a common table expression with a lock is never run twice, so the limit holds.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage.statements import Statement


def claim(
    table: sa.Table, key: sa.Column[Any], due: sa.Select[Any], marks: Mapping[str, Any], *returned: Any
) -> Statement:
    """Update the rows whose keys `due` selects in order, and return them (in no order)."""
    taken = due.with_for_update(skip_locked=True, key_share=True).cte("taken")
    chosen = key.in_(sa.select(taken.c[key.name]))
    return Statement(sa.update(table).where(chosen).values(marks).returning(*returned))


def holding(query: sa.Select[Any], *tables: sa.Table) -> Statement:
    """A query whose rows a writing transaction keeps until it ends; ordered, so that two never wait in a circle."""
    return Statement(query, locking=query.with_for_update(key_share=True, of=list(tables) or None))


def holding_free(query: sa.Select[Any], *tables: sa.Table) -> Statement:
    """The same, but rows that another transaction holds are passed over instead of waited for."""
    return Statement(query, locking=query.with_for_update(key_share=True, skip_locked=True, of=list(tables)))
