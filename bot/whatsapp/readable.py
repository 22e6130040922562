"""What a message says, in plain words.

Agents read messages in Telegram and search them; both need one text for every kind, whatever Meta wraps it in. A kind
without words of its own (a picture, a voice note) says nothing here; its name is told in the agent's language
elsewhere. So is what Meta says by itself: of `system` and `unsupported` the text is only the word for it (and a phone
or a code after it), which the screens put into a sentence. Kinds: reference 1.1.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from bot.whatsapp.wire import Malformed, items, objects, phone, section, string, whole
from crm.model.contents import card_text, interactive_text, place_text

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
    """Where it is; what are no degrees is left out."""
    content = section(message, kind)
    name, address = string(content.get("name")), string(content.get("address"))
    latitude, longitude = _degrees(content.get("latitude"), 90), _degrees(content.get("longitude"), 180)
    if latitude is None or longitude is None:
        return ", ".join(filter(None, (name, address))) or None
    return place_text(name, address, latitude, longitude, string(content.get("url"), 500))


def _degrees(value: Any, most: int) -> float | None:
    try:
        degrees = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
    return degrees if degrees is not None and abs(degrees) <= most else None


def _contacts(message: _Object, kind: str) -> str | None:
    return "\n".join(filter(None, map(_card, items(message, kind)[:50]))) or None


def _card(card: Any) -> str | None:
    name = section(card, "name")
    written = string(name.get("formatted_name"), 200) or string(name.get("first_name"), 200)
    company = string(section(card, "org").get("company"), 100)
    title = f"{written} ({company})" if written and company and company != written else written or company
    phones = [string(each.get("phone"), 40) or string(each.get("wa_id"), 40) for each in objects(card, "phones")[:5]]
    mails = [string(each.get("email"), 100) for each in objects(card, "emails")[:3]]
    reached = list(filter(None, (*phones, *mails)))
    return card_text(title, reached) if title else ", ".join(reached) or None


def _interactive(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    reply = section(content, "nfm_reply")
    for subkind in ("button_reply", "list_reply"):
        chosen = section(content, subkind)
        if title := string(chosen.get("title")):
            described = string(chosen.get("description"), 200)
            return f"{title}\n{described}" if described else title
    words = string(reply.get("body"), 1000) or string(reply.get("name"), 200)
    filled = list(_filled(reply.get("response_json")))
    return "\n".join(filter(None, (words, *filled))) or _asked(content)


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


_FORM_LINES, _FORM_WORDS = 30, 200
_FORM_SECRETS = {"flow_token"}


def _filled(response: Any) -> Iterator[str]:
    """What somebody filled into a form (a flow), as `key: value` lines: at most 30, each cut."""
    try:
        answers = orjson.loads(response) if isinstance(response, str) else response
    except orjson.JSONDecodeError:
        return
    lines = list(_lines_of(answers, "", 3))
    yield from lines[:_FORM_LINES]
    if len(lines) > _FORM_LINES:
        yield "…"


def _lines_of(value: Any, name: str, levels: int) -> Iterator[str]:
    if isinstance(value, dict) and levels:
        for key, child in list(value.items())[: _FORM_LINES + 1]:
            if key not in _FORM_SECRETS:
                yield from _lines_of(child, f"{name}.{key}" if name else str(key), levels - 1)
    elif isinstance(value, list):
        told = [string(each, 60) for each in value[:20] if not isinstance(each, dict | list)]
        yield f"{name[:60]}: {', '.join(filter(None, told)) or '—'}"[:_FORM_WORDS]
    elif not isinstance(value, dict) and name:
        words = {True: "✓", False: "✗"}.get(value) if isinstance(value, bool) else string(value, _FORM_WORDS)
        yield f"{name[:60]}: {' '.join(words.split()) if words else '—'}"


def _button(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    return string(content.get("text")) or string(content.get("payload"))


def _reaction(message: _Object, kind: str) -> str | None:
    return string(section(message, kind).get("emoji"), 64)


def _order(message: _Object, kind: str) -> str | None:
    content = section(message, kind)
    bought = items(content, "product_items")
    left_out = "…" if len(bought) > 50 else None
    lines = [string(content.get("text")), *map(_line, bought[:50]), left_out, *_totals(bought)]
    return "\n".join(filter(None, lines)) or None


def _totals(bought: list[Any]) -> Iterator[str]:
    """The sum of an order, one line for each currency; an item without a price leaves its currency untold."""
    sums: dict[str, Decimal] = {}
    for item in bought:
        if not isinstance(item, dict):
            continue
        currency = string(item.get("currency"), 8)
        cost, quantity = _amount(item.get("item_price")), _amount(item.get("quantity", 1))
        if currency and cost is not None and quantity is not None:
            sums[currency] = sums.get(currency, Decimal(0)) + cost * quantity
    yield from (f"= {total:f} {currency}" for currency, total in sorted(sums.items()))


def _amount(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() and abs(amount) < 10**12 else None


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
    """Meta's word for it, and the phone a person has from now on."""
    content = section(message, kind)
    word, number = string(content.get("type"), 64), phone(content.get("wa_id"))
    if word in CHANGES_OF_PEOPLE:
        return f"{word} +{number}" if number else word
    return string(content.get("body"), 500) or word


CHANGES_OF_PEOPLE = frozenset(
    {
        "user_changed_number",
        "user_changed_user_id",
        "customer_changed_number",
        "customer_identity_changed",
        "user_identity_changed",
    }
)


def _unsupported(message: _Object, _kind: str) -> str | None:
    """Meta's word for what it was, else the code of the error; both have a sentence on the screens."""
    named = string(section(message, "unsupported").get("type"), 64)
    codes = (whole(each.get("code")) for each in errors_of(message))
    code = next((str(code) for code in codes if code is not None), None)
    return code if code in _SAYS_MORE else named or code


_SAYS_MORE = {"131052", "131060"}
"""Codes that tell more than the kind beside them: too large to be handed over; not there on this device."""


def _call_permission(message: _Object, _kind: str) -> str | None:
    return string(section(section(message, "interactive"), "call_permission_reply").get("response"), 32)


def _nothing(_message: _Object, _kind: str) -> str | None:
    return None


def _guess(message: _Object, kind: str) -> str | None:
    """Find the words of a kind that did not exist when this was written."""
    content = message.get(kind)
    if isinstance(content, str):
        return string(content)
    candidates = (string(section(message, kind).get(key)) for key in ("body", "text", "caption", "title", "name"))
    return next(filter(None, candidates), None)


def errors_of(holder: _Object) -> list[_Object]:
    """The errors of an element; a single one may come without its list."""
    found = holder.get("errors")
    return [found] if isinstance(found, dict) else objects(holder, "errors")


def error_detail(error: Any) -> str | None:
    """Return what an error object of Meta's says; its `error_data` may be plain text (reference 3)."""
    if not isinstance(error, dict):
        return None
    data = error.get("error_data")
    details = data if isinstance(data, str) else section(error, "error_data").get("details")
    return string(details, 500) or string(error.get("message"), 500) or string(error.get("title"), 500)


# --- what stands around the words --------------------------------------------------------------------------------------


def tapped(kind: str, message: _Object) -> str | None:
    """The payload behind a tapped button, which the business gave it: `STOP` says more than its label may."""
    if kind == "button":
        return string(section(message, "button").get("payload"), 256)
    if kind == "interactive":
        return string(section(section(message, "interactive"), "button_reply").get("id"), 256)
    return None


def notes_of(message: _Object) -> dict[str, Any]:
    """What a screen tells beside the words: forwarded or not, the ad and the product that it came from. Few and short."""
    notes: dict[str, Any] = {}
    context, referral = section(message, "context"), section(message, "referral")
    if context.get("frequently_forwarded") is True:
        notes["forwarded"] = "often"
    elif context.get("forwarded") is True:
        notes["forwarded"] = "once"
    if product := string(section(context, "referred_product").get("product_retailer_id"), 100):
        notes["product"] = product
    if referral:
        told = {key: string(referral.get(key), 200) for key in ("headline", "source_type", "source_url")}
        notes["ad"] = {key: words for key, words in told.items() if words}
    return notes


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
    "call_permission": _call_permission,
    "media_placeholder": _nothing,
}

KINDS = frozenset(_READERS)
"""Every kind of message whose words are known."""
WITH_CONTENT = KINDS - {"unsupported", "system", "call_permission", "media_placeholder"}
OPENS_WINDOW = (WITH_CONTENT | {"call_permission"}) - {"reaction"}
