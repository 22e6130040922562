"""What a message says, in plain words.

Agents read messages in Telegram and search them; both need one line of text for every kind, whatever Meta wraps it in.
A kind without words of its own (a picture, a voice note) says nothing here; its name is told in the agent's language
elsewhere. Kinds: reference 1.1.
"""

from collections.abc import Callable
from typing import Any

from bot.whatsapp.wire import Malformed, items, objects, section, string
from crm.model.contents import interactive_text

_Object = dict[str, Any]


def text_of(kind: str, message: _Object) -> str | None:
    """Return the words of a message of this kind, or None when it has none."""
    return _READERS.get(kind, _guess)(message, kind)


def _body(message: _Object, kind: str) -> str | None:
    content = message.get(kind)
    if not isinstance(content, dict):
        raise Malformed(f"{kind}: not an object")
    body = string(content.get("body"))
    if body is None:
        raise Malformed(f"{kind}.body: no text")
    return body


def _caption(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    return string(content.get("caption")) or string(content.get("filename"))


def _location(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    words = [word for word in (string(content.get("name")), string(content.get("address"))) if word]
    numbers = [str(content[key]) for key in ("latitude", "longitude") if isinstance(content.get(key), int | float)]
    return ", ".join(words or numbers) or None


def _contacts(message: _Object, kind: str) -> str | None:
    return "\n".join(filter(None, map(_card, items(message, kind)[:50]))) or None


def _card(card: Any) -> str | None:
    name = section(card, "name")
    written = string(name.get("formatted_name"), 200) or string(name.get("first_name"), 200)
    number = next((string(each.get("phone"), 40) for each in objects(card, "phones")), None)
    return f"{written} ({number})" if written and number else written or number


def _interactive(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    reply = section(content, "nfm_reply")
    for subkind in ("button_reply", "list_reply"):
        if title := string(section(content, subkind).get("title")):
            return title
    return string(reply.get("body")) or string(reply.get("name")) or _asked(content) or string(content.get("type"), 64)


def _asked(content: _Object) -> str | None:
    """Our own message with something to tap, as the engine writes it down: told to us once more, it must be known by its words."""
    body = string(section(content, "body").get("text"))
    if body is None:
        return None
    action = section(content, "action")
    replies = [section(each, "reply").get("title") for each in objects(action, "buttons")]
    rows = [row.get("title") for each in objects(action, "sections") for row in objects(each, "rows")]
    link = section(action, "parameters")
    shown = [f"{link.get('display_text')}: {link.get('url')}"] if link.get("url") else []
    titles = [title for each in (*replies, *rows, *shown) if (title := string(each))]
    around = (string(section(content, each).get("text")) for each in ("header", "footer"))
    return interactive_text(next(around), body, next(around), titles)


def _button(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    return string(content.get("text")) or string(content.get("payload"))


def _reaction(message: _Object, kind: str) -> str | None:
    return string(section(message, kind).get("emoji"), 64)


def _order(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    lines = [string(content.get("text")), *map(_line, items(content, "product_items")[:50])]
    return "\n".join(filter(None, lines)) or None


def _line(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    product = string(item.get("product_retailer_id"), 100)
    quantity, price, currency = (string(item.get(key), 20) for key in ("quantity", "item_price", "currency"))
    if product is None:
        return None
    cost = f" ({price} {currency})" if price and currency else ""
    return f"{quantity or 1} × {product}{cost}"


def _system(message: _Object, kind: str) -> str | None:
    return string(section(message, kind).get("body"))


def _unsupported(message: _Object, _kind: str) -> str | None:
    named = string(section(message, "unsupported").get("type"), 64)
    return named or next((detail for each in items(message, "errors") if (detail := error_detail(each))), None)


def _guess(message: _Object, kind: str) -> str | None:
    """Find the words of a kind that did not exist when this was written."""
    content = message.get(kind)
    if isinstance(content, str):
        return string(content)
    candidates = (string(section(message, kind).get(key)) for key in ("body", "text", "caption", "title", "name"))
    return next(filter(None, candidates), None)


def error_detail(error: Any) -> str | None:
    """Return what an error object of Meta's says; its `error_data` may be plain text (reference 3)."""
    if not isinstance(error, dict):
        return None
    data = error.get("error_data")
    details = data if isinstance(data, str) else section(error, "error_data").get("details")
    return string(details, 500) or string(error.get("message"), 500) or string(error.get("title"), 500)


_READERS: dict[str, Callable[[_Object, str], str | None]] = {
    "text": _body,
    "image": _caption,
    "video": _caption,
    "audio": _caption,
    "document": _caption,
    "sticker": _caption,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
}

WITH_CONTENT = frozenset(_READERS) - {"unsupported", "system"}
OPENS_WINDOW = WITH_CONTENT - {"reaction"}
