"""Who may see what, as one expression that every query for a person contains.

Admins and viewers see everything. An agent sees the conversations that are theirs or nobody's, and of the contacts
those with such a conversation or with none at all.
"""

from typing import Any

import sqlalchemy as sa

from crm.model.agents import Agent, Role
from storage.statements import number
from storage.tables import conversations


def seen_by(viewer: Agent) -> dict[str, Any]:
    """The parameters of the two expressions below."""
    return {"sees_all": int(viewer.role is not Role.AGENT), "viewer_id": viewer.id}


def sees_all() -> sa.ColumnElement[bool]:
    """The viewer's role shows everything."""
    return number("sees_all") == sa.literal_column("1")


def conversation_visible(of: Any = conversations) -> sa.ColumnElement[bool]:
    """The viewer may see this conversation."""
    return sa.or_(sees_all(), of.c.agent_id.is_(None), of.c.agent_id == number("viewer_id"))


def contact_visible(contact_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The viewer may see this contact."""
    theirs = conversations.alias("theirs")
    any_at_all = sa.exists(sa.select(sa.literal_column("1")).where(theirs.c.contact_id == contact_id))
    open_one = sa.exists(
        sa.select(sa.literal_column("1")).where(
            theirs.c.contact_id == contact_id,
            sa.or_(theirs.c.agent_id.is_(None), theirs.c.agent_id == number("viewer_id")),
        )
    )
    return sa.or_(sees_all(), open_one, ~any_at_all)
