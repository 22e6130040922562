"""Who may see what, as one expression that every query for a person contains.

Admins and viewers see everything. An agent sees the conversations that are theirs or nobody's, and of the contacts
those with such a conversation or with none at all. A conversation whose agent cannot be reached is nobody's until they
come back: the others are told of it in their place, and what one is told of one must be able to answer.
"""

from typing import Any

import sqlalchemy as sa

from crm.model.agents import Agent, Role
from storage.statements import number
from storage.tables import agents, conversations


def seen_by(viewer: Agent) -> dict[str, Any]:
    """The parameters of the two expressions below."""
    return {"sees_all": int(viewer.role is not Role.AGENT), "viewer_id": viewer.id}


def sees_all() -> sa.ColumnElement[bool]:
    """The viewer's role shows everything."""
    return number("sees_all") == sa.literal_column("1")


def conversation_visible(of: Any = conversations) -> sa.ColumnElement[bool]:
    """The viewer may see this conversation."""
    return sa.or_(sees_all(), _theirs_or_nobodys(of))


def contact_visible(contact_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The viewer may see this contact."""
    theirs = conversations.alias("theirs")
    any_at_all = sa.exists(sa.select(sa.literal_column("1")).where(theirs.c.contact_id == contact_id))
    open_one = sa.exists(
        sa.select(sa.literal_column("1")).where(
            theirs.c.contact_id == contact_id,
            _theirs_or_nobodys(theirs),
        )
    )
    return sa.or_(sees_all(), open_one, ~any_at_all)


def out_of_reach() -> sa.Select[tuple[Any]]:
    """The ids of the agents to whom nothing can be told: gone, or Telegram does not let us."""
    return sa.select(agents.c.id).where(sa.or_(agents.c.active.is_(False), agents.c.reachable.is_(False)))


def _theirs_or_nobodys(of: Any) -> sa.ColumnElement[bool]:
    return sa.or_(of.c.agent_id.is_(None), of.c.agent_id == number("viewer_id"), of.c.agent_id.in_(out_of_reach()))
