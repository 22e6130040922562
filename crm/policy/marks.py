"""What happens to a message after it was said: it is worded anew, deleted for everybody, reacted to.

Each keeps Meta's time of it, and the newest counts (of deletions the first), so that webhooks may come late, twice and in any order;
at the same second the text that sorts last wins, for no better reason than that it is the same everywhere.
"""

from datetime import datetime

from crm.model.messages import Message
from crm.model.records import replace


def edited(message: Message, text: str | None, at: datetime) -> Message:
    """The message with its newest wording."""
    if message.edited_at is not None and (at, text or "") <= (message.edited_at, message.text or ""):
        return message
    return replace(message, text=text, edited_at=at)


def revoked(message: Message, at: datetime) -> Message:
    """The message, deleted for everybody; its text is kept for the record, and screens say that it was deleted."""
    return replace(message, revoked_at=min(message.revoked_at or at, at))


def reacted(message: Message, emoji: str | None, at: datetime) -> Message:
    """The message with the contact's newest reaction; None when it was taken back."""
    if message.reaction_at is not None and (at, emoji or "") <= (message.reaction_at, message.reaction or ""):
        return message
    return replace(message, reaction=emoji, reaction_at=at)
