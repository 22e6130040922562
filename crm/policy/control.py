"""Who answers a conversation: we, or Meta's own agent on the number (reference 0.10, field `messaging_handovers`).

Every message says it by the field it comes on, and a handover says it outright. The newest word counts by Meta's time, so webhooks may
come late, twice and in any order; at the same second ours does.
"""

from datetime import datetime

from crm.model.conversations import META_AGENT, OURS, Conversation
from crm.model.records import replace


def believed(conversation: Conversation, holder: str, at: datetime) -> Conversation:
    """The conversation after hearing that `holder` (META_AGENT or OURS) had it at that time."""
    weight = (at, holder == OURS)
    if conversation.control_at is not None and weight <= (conversation.control_at, conversation.control == OURS):
        return conversation
    return replace(conversation, control=holder, control_at=at)


def by_meta(conversation: Conversation) -> bool:
    """Whether Meta's agent answers it, as far as we know."""
    return conversation.control == META_AGENT
