"""What happens when a row is already there: keep the first one, or overwrite it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.statements import Statement, inserting


def keep_first(table: sa.Table, *returned: Any) -> Statement:
    """Insert a row unless one with its key exists; the number of changed rows (or what is returned) tells which."""
    forms = [inserting(kind(table), table).on_conflict_do_nothing() for kind in (sqlite.insert, postgresql.insert)]
    if returned:
        forms = [form.returning(*returned) for form in forms]
    return Statement(forms[0], postgres=forms[1])


def put(table: sa.Table, keys: Sequence[str], *, keep: Sequence[str] = (), newest: str | None = None) -> Statement:
    """Insert a row or overwrite the one with its key, but for the columns to keep, and unless it is newer by the column `newest`."""
    forms = []
    for kind in (sqlite.insert, postgresql.insert):
        form = inserting(kind(table), table)
        changed = {c.name: form.excluded[c.name] for c in table.c if c.name not in {*keys, *keep}}
        later = None if newest is None else table.c[newest] <= form.excluded[newest]
        forms.append(form.on_conflict_do_update(index_elements=list(keys), set_=changed, where=later))
    return Statement(forms[0], postgres=forms[1])
