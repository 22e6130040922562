"""What becomes of each table in a backup: every table is named here, and a test fails for one that is not.

What is left out would do something a second time (tell agents, take their presses again, run a job again), would open a door again
that was closed since (invitations), or is learnt again by itself.
"""

from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa

from crm.model.backups import Scope
from storage.tables import metadata


class Cover(Enum):
    """`CONFIGURATION` is in every backup, `CONTENT` in those of everything; `DERIVED` is learnt again, `NEVER` must not come back."""

    CONFIGURATION = "configuration"
    CONTENT = "content"
    DERIVED = "derived"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Covered:
    """A table that is in backups. `only` leaves out rows that nobody needs again; `page` is how many rows are in memory at once."""

    table: sa.Table
    only: str | None = None
    page: int = 1_000


COVERAGE: dict[str, Cover] = {
    "accounts": Cover.CONFIGURATION,
    "agents": Cover.CONFIGURATION,
    "alerts": Cover.CONTENT,
    "audit_log": Cover.CONFIGURATION,
    "audit_seals": Cover.CONFIGURATION,
    "book_names": Cover.CONTENT,
    "charges": Cover.CONTENT,
    "commitments": Cover.CONTENT,
    "confirmations": Cover.NEVER,
    "contacts": Cover.CONTENT,
    "conversations": Cover.CONTENT,
    "delivery_issues": Cover.CONTENT,
    "dialogs": Cover.NEVER,
    "enrollments": Cover.CONTENT,
    "erased": Cover.CONTENT,
    "forwards": Cover.CONTENT,
    "history_slices": Cover.CONTENT,
    "id_blocks": Cover.CONFIGURATION,
    "identities": Cover.CONTENT,
    "imports": Cover.CONTENT,
    "invites": Cover.NEVER,
    "job_runs": Cover.NEVER,
    "media": Cover.CONTENT,
    "merged_rows": Cover.CONTENT,
    "merges": Cover.CONTENT,
    "messages": Cover.CONTENT,
    "notes": Cover.CONTENT,
    "notices": Cover.NEVER,
    "outbox": Cover.CONTENT,
    "parked": Cover.CONTENT,
    "pending": Cover.CONTENT,
    "portfolios": Cover.CONFIGURATION,
    "quick_echoes": Cover.CONTENT,
    "reach": Cover.CONTENT,
    "revisions": Cover.CONFIGURATION,
    "secrets": Cover.CONFIGURATION,
    "sequence_versions": Cover.CONFIGURATION,
    "sequences": Cover.CONFIGURATION,
    "templates": Cover.CONFIGURATION,
    "tg_messages": Cover.CONTENT,
    "tg_updates": Cover.NEVER,
    "token_forms": Cover.NEVER,
    "uploads": Cover.DERIVED,
    "webhook_elements": Cover.CONTENT,
    "webhook_logs": Cover.CONTENT,
}

_ONLY = {"webhook_logs": "state <> 'done'"}
"""What is applied is in the other tables already."""
_PAGES = {"webhook_logs": 32, "history_slices": 32}
"""Their rows are up to 3 MB each."""
_IN_SCOPE = {
    Scope.CONFIGURATION: {Cover.CONFIGURATION},
    Scope.EVERYTHING: {Cover.CONFIGURATION, Cover.CONTENT},
}


def covered(scope: Scope) -> list[Covered]:
    """The tables of a backup, each after those it refers to."""
    wanted = _IN_SCOPE[scope]
    tables = [table for table in metadata.sorted_tables if COVERAGE[table.name] in wanted]
    return [Covered(table, _ONLY.get(table.name), _PAGES.get(table.name, 1_000)) for table in tables]
