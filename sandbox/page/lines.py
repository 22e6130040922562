"""One message as a WhatsApp phone shows it: words, media, buttons, ticks, reactions."""

from typing import Any

from sandbox.acts.labels import Tappable, tappable, template_of
from sandbox.graph import Graph, GraphError
from sandbox.graph import Person as Customer
from sandbox.graph.errors import Json
from sandbox.graph.shapes import MEDIA_TYPES
from sandbox.graph.state import Message
from sandbox.graph.templates import parts

UNSEEN = frozenset({"reaction", "edit", "revoke", "unsupported"})
"""What changes another message, or is Meta's word for a change, has no line of its own."""


def lines(graph: Graph, person: Customer, phone_number_id: str, last: int) -> list[dict[str, Any]]:
    """Return the end of a conversation, oldest first."""
    seen = [each for each in person.lines(phone_number_id) if each.type not in UNSEEN]
    return [line(graph, each) for each in sorted(seen, key=lambda each: each.at)[-last:]]


def line(graph: Graph, message: Message) -> dict[str, Any]:
    """Return one line."""
    revoked = message.revoked_at is not None
    return {
        "id": message.wamid,
        "author": message.author,
        "at": message.at.isoformat(),
        "type": message.type,
        "tick": tick(message),
        "error": _error(message),
        "reactions": list(message.reactions.values()),
        "edited": message.edited,
        "revoked": revoked,
        "shown": message.author == "person" or message.shown_at is not None,
        "reply_to": message.context,
        "system": message.type == "system",
    } | (_nothing() if revoked else _content(graph, message))


def tick(message: Message) -> str:
    """Return how far it came. What a person wrote has reached the business's number at once; reading is the program's to say."""
    if message.author == "person":
        return "read" if "read" in message.statuses else "delivered"
    return "accepted" if message.tick == "held" else message.tick


def preview(message: Message) -> str:
    """Return the words for a list of chats; without any, the kind is for the page to say."""
    if message.revoked_at is not None:
        return ""
    return _words(message)


def _nothing() -> dict[str, Any]:
    nothing = dict.fromkeys(("header", "footer", "media", "location", "contacts", "list", "template", "ad"))
    return {"text": "", "buttons": []} | nothing


def _content(graph: Graph, message: Message) -> dict[str, Any]:
    content = message.content if message.author != "person" else _own(message)
    found = _nothing() | {"text": _words(message)}
    if message.type in MEDIA_TYPES:
        found["media"] = _media(graph, message, content)
    elif message.type == "location":
        found["location"] = {key: content.get(key) for key in ("latitude", "longitude", "name")}
    elif message.type == "contacts":
        found["contacts"] = _cards(content)
    elif message.type == "interactive" and message.author != "person":
        found |= _interactive(content)
    elif message.type == "template":
        found |= _template(graph, message)
    offered = tappable(graph, message)
    found["buttons"] = [_button(each) for each in offered if each.kind != "list"]
    referral = message.content.get("referral") if message.author == "person" else None
    if referral:
        found["ad"] = {"headline": referral.get("headline") or "", "body": referral.get("body") or ""}
    return found


def _own(message: Message) -> Any:
    """Return the inside of a person's element: the API's messages are stored without their shell."""
    return message.content.get(message.type) or {}


def _words(message: Message) -> str:
    return "" if message.text == f"[{message.type}]" or message.type == "contacts" else message.text


def _media(graph: Graph, message: Message, content: Json) -> dict[str, Any]:
    kept = graph.media.kept(str(content.get("id", "")))
    voice = message.type == "audio" and content.get("voice")
    return {
        "kind": "voice" if voice else message.type,
        "url": f"/files/whatsapp/{kept.id}" if kept is not None else None,
        "name": str(content.get("filename") or message.type),
        "mime_type": kept.mime_type if kept is not None else str(content.get("mime_type", "")),
    }


def _cards(content: Any) -> list[dict[str, Any]]:
    cards = content if isinstance(content, list) else content.get("contacts", [])
    return [
        {
            "name": card.get("name", {}).get("formatted_name", ""),
            "phones": [str(phone.get("phone", "")) for phone in card.get("phones", ())],
        }
        for card in cards
    ]


def _interactive(content: Json) -> dict[str, Any]:
    header, footer, action = content.get("header") or {}, content.get("footer") or {}, content.get("action") or {}
    found: dict[str, Any] = {"header": header.get("text"), "footer": footer.get("text")}
    if content.get("type") == "list":
        found["list"] = {
            "button": action["button"],
            "sections": [
                {
                    "title": section.get("title", ""),
                    "rows": [
                        {"label": row["title"], "description": row.get("description", "")} for row in section["rows"]
                    ],
                }
                for section in action["sections"]
            ],
        }
    return found


def _template(graph: Graph, message: Message) -> dict[str, Any]:
    """Return header, body and footer apart, as long as the account still has the template as it was."""
    found = template_of(graph, message)
    named = {"template": message.content["name"]}
    if found is None:
        return named
    try:
        header, body, footer = parts(found, message.content)
    except GraphError:
        return named
    return named | {"header": header, "text": body, "footer": footer}


def _button(button: Tappable) -> dict[str, Any]:
    return {"label": button.label, "kind": button.kind, "payload": button.payload}


def _error(message: Message) -> int | None:
    return message.fails_with["code"] if message.fails_with and "failed" in message.statuses else None
