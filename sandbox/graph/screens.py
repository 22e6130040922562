"""What can be looked at: a person's screen, and a conversation from above with its ticks."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.graph.errors import Json
from sandbox.graph.state import Author, Message, Status


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the person's screen."""

    wamid: str
    phone_number_id: str
    type: str
    text: str
    at: datetime
    content: Json
    edited: bool = False
    revoked: bool = False
    reaction: str | None = None


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of a conversation seen from above, for screens: who wrote, what, and how far it came."""

    wamid: str
    author: Author
    at: datetime
    type: str
    text: str
    tick: Status
    error: int | None = None
    reactions: tuple[str, ...] = ()
    edited: bool = False
    revoked: bool = False


def preview(element: Json) -> str:
    """Return the words of a message element, or its kind in brackets."""
    kind = str(element.get("type"))
    body = element.get(kind)
    if not isinstance(body, dict):
        return f"[{kind}]"
    reply = body.get("button_reply") or body.get("list_reply") or body
    nested = reply.get("body")
    words = nested.get("text") if isinstance(nested, dict) else nested
    found = words or reply.get("caption") or reply.get("text") or reply.get("title") or reply.get("emoji")
    return str(found or f"[{kind}]")


def shown(message: Message, at: datetime) -> Shown:
    """Return a message as the person's phone shows it."""
    return Shown(
        message.wamid,
        message.phone_number_id,
        message.type,
        message.text,
        at,
        message.content,
        edited=message.edited,
        revoked=message.revoked_at is not None,
        reaction=message.reactions.get("api"),
    )


def line(message: Message) -> ChatLine:
    """Return a message as a line of the conversation."""
    return ChatLine(
        message.wamid,
        message.author,
        message.at,
        message.type,
        message.text,
        message.tick,
        error=message.fails_with["code"] if message.fails_with and "failed" in message.statuses else None,
        reactions=tuple(message.reactions.values()),
        edited=message.edited,
        revoked=message.revoked_at is not None,
    )
