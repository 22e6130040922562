"""What each role may do. Checked where the act is done, on every press and every command (telegram.md 2.0.12)."""

from enum import StrEnum

from crm.errors import Refused
from crm.model.agents import Agent, Role


class Capability(StrEnum):
    READ = "read"
    REPLY = "reply"
    RESOLVE = "resolve"
    PAY = "pay"
    ENROLL = "enroll"
    REACTIVATE = "reactivate"
    MERGE = "merge"
    LABEL = "label"
    SEQUENCES = "sequences"
    ALERTS = "alerts"
    ACCOUNTS = "accounts"
    TEAM = "team"
    ERASE = "erase"
    BACKUPS = "backups"


_AGENT = frozenset(
    {
        Capability.READ,
        Capability.REPLY,
        Capability.RESOLVE,
        Capability.PAY,
        Capability.ENROLL,
        Capability.REACTIVATE,
        Capability.MERGE,
        Capability.LABEL,
        Capability.ALERTS,
    }
)
GRANTED = {Role.ADMIN: frozenset(Capability), Role.AGENT: _AGENT, Role.VIEWER: frozenset({Capability.READ})}


def may(agent: Agent, capability: Capability) -> bool:
    """Is the agent active and does the role grant it?"""
    return agent.active and capability in GRANTED[agent.role]


def require(agent: Agent, capability: Capability) -> None:
    """Raise Refused `not-permitted` unless the agent may."""
    if not may(agent, capability):
        raise Refused("not-permitted", role=agent.role.value, capability=capability.value)
