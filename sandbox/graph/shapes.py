"""What a message must look like before Meta takes it: one checker per type, and the words a person will see.

Reference: section 3 (payloads and limits). Codes: 100 for what Meta's own parser refuses (missing top-level parameter, text too
long), 131008 for a parameter missing inside, 131009 for a value that cannot be.
"""

from collections.abc import Callable
from typing import Any

from sandbox.graph.errors import GraphError, Json

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024


def need(body: Json, key: str, kind: type | tuple[type, ...] = str, where: str = "") -> Any:
    """Return a required value, or refuse with 131008 (missing) or 131009 (wrong type)."""
    value = body.get(key)
    name = f"{where}['{key}']" if where else key
    if value is None or value == "":
        raise GraphError(131008, f"The parameter {name} is required.")
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise GraphError(131009, f"Param {name} has a wrong type.")
    return value


def limited(body: Json, key: str, limit: int, where: str) -> str:
    """Return a required text that is no longer than Meta allows."""
    text = str(need(body, key, str, where))
    if len(text) > limit:
        raise GraphError(100, f"Param {where}['{key}'] must be at most {limit} characters long.")
    return text


def text(content: Json) -> str:
    return limited(content, "body", TEXT_LIMIT, "text")


def media(kind: str) -> Callable[[Json], str]:
    """Return the checker of a media type: exactly one of `id` and `link`, caption up to 1024."""

    def check(content: Json) -> str:
        if ("id" in content) == ("link" in content):
            raise GraphError(100, f"Param {kind} must have exactly one of id and link.")
        if "link" in content and not str(content["link"]).startswith(("http://", "https://")):
            raise GraphError(131009, f"Param {kind}['link'] is not a valid URL.")
        if "id" in content:
            need(content, "id", str, kind)
        if "caption" in content:
            if kind in ("audio", "sticker"):
                raise GraphError(100, f"Unexpected key 'caption' on param {kind}.")
            return limited(content, "caption", CAPTION_LIMIT, kind)
        return f"[{kind}]"

    return check


def location(content: Json) -> str:
    for key, limit in (("latitude", 90), ("longitude", 180)):
        try:
            value = float(need(content, key, (int, float, str), "location"))
        except ValueError as wrong:
            raise GraphError(131009, f"Param location['{key}'] is not a number.") from wrong
        if abs(value) > limit:
            raise GraphError(131009, f"Param location['{key}'] must be between -{limit} and {limit}.")
    return str(content.get("name") or content.get("address") or "[location]")


def contacts(content: Any) -> str:
    if not isinstance(content, list) or not content:
        raise GraphError(131008, "The parameter contacts is required.")
    for each in content:
        for phone in each.get("phones") or ():
            need(phone, "phone", str, "contacts['phones']")
    return ", ".join(
        str(need(need(each, "name", dict, "contacts"), "formatted_name", str, "contacts")) for each in content
    )


def reaction(content: Json) -> str:
    need(content, "message_id", str, "reaction")
    emoji = content.get("emoji")
    if not isinstance(emoji, str):
        raise GraphError(131008, "The parameter reaction['emoji'] is required.")
    if any(c.isalnum() and c.isascii() and "\u20e3" not in emoji for c in emoji) or len(emoji) > 32:
        raise GraphError(131009, "Param reaction['emoji'] must be a single emoji.")
    return emoji


def template(content: Json) -> str:
    """Check the outer shape only; whether the template exists is for `templates.choose`."""
    name = limited(content, "name", 512, "template")
    need(need(content, "language", dict, "template"), "code", str, "template['language']")
    for component in content.get("components") or ():
        parameters = component.get("parameters") or []
        if not isinstance(parameters, list) or not all(isinstance(each, dict) for each in parameters):
            raise GraphError(131009, "Param template['components'] is not valid.")
    return f"[{name}]"


def interactive(content: Json) -> str:
    kind = str(need(content, "type", str, "interactive"))
    if kind not in INTERACTIVE:
        raise GraphError(131009, f"Param interactive['type'] must be one of {{{', '.join(INTERACTIVE)}}}.")
    body_limit, check_action = INTERACTIVE[kind]
    words = limited(need(content, "body", dict, "interactive"), "text", body_limit, "interactive['body']")
    if "footer" in content:
        limited(content["footer"], "text", 60, "interactive['footer']")
    header = content.get("header")
    if header is not None:
        headed = need(content, "header", dict, "interactive").get("type")
        if headed not in ("text", "image", "video", "document") or (headed != "text" and kind != "button"):
            raise GraphError(131009, "Param interactive['header']['type'] is not valid.")
        if headed == "text":
            limited(header, "text", 60, "interactive['header']")
    check_action(need(content, "action", dict, "interactive"))
    return words


def _reply_buttons(action: Json) -> None:
    buttons = need(action, "buttons", list, "action")
    if not 1 <= len(buttons) <= 3:
        raise GraphError(131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    replies = [need(each, "reply", dict, "buttons") for each in buttons]
    titles = [limited(each, "title", 20, "reply") for each in replies]
    ids = [limited(each, "id", 256, "reply") for each in replies]
    if len(set(titles)) < len(titles) or len(set(ids)) < len(ids):
        raise GraphError(131009, "Duplicated button title or id")


def _list(action: Json) -> None:
    limited(action, "button", 20, "action")
    sections = need(action, "sections", list, "action")
    if not all(isinstance(section, dict) for section in sections):
        raise GraphError(131009, "Param action['sections'] is not valid.")
    rows = [row for section in sections for row in need(section, "rows", list, "sections")]
    if not 1 <= len(sections) <= 10 or not 1 <= len(rows) <= 10:
        raise GraphError(131009, "Total row count exceed max allowed count: 10")
    for section in sections:
        if len(sections) > 1 or "title" in section:
            limited(section, "title", 24, "sections")
    ids = [limited(row, "id", 200, "rows") for row in rows]
    for row in rows:
        limited(row, "title", 24, "rows")
        if "description" in row:
            limited(row, "description", 72, "rows")
    if len(set(ids)) < len(ids):
        raise GraphError(131009, "Duplicated row id")


def _link(action: Json) -> None:
    _ask("cta_url")(action)
    parameters = need(action, "parameters", dict, "action")
    limited(parameters, "display_text", 20, "parameters")
    if not str(need(parameters, "url", str, "parameters")).startswith(("http://", "https://")):
        raise GraphError(131009, "Param parameters['url'] is not a valid URL.")


def _ask(name: str) -> Callable[[Json], None]:
    def check(action: Json) -> None:
        if need(action, "name", str, "action") != name:
            raise GraphError(131009, f"Param action['name'] must be {name}.")

    return check


# Meta's pages write "contact_request", every client that is known to work writes "request_contact_info": both are taken.
INTERACTIVE: dict[str, tuple[int, Callable[[Json], None]]] = {
    "button": (1024, _reply_buttons),
    "list": (4096, _list),
    "cta_url": (1024, _link),
    "contact_request": (1024, _ask("request_contact_info")),
    "request_contact_info": (1024, _ask("request_contact_info")),
    "location_request_message": (1024, _ask("send_location")),
}

CHECKERS: dict[str, Callable[[Any], str]] = {
    "text": text,
    "image": media("image"),
    "video": media("video"),
    "audio": media("audio"),
    "document": media("document"),
    "sticker": media("sticker"),
    "location": location,
    "contacts": contacts,
    "reaction": reaction,
    "template": template,
    "interactive": interactive,
}
MEDIA_TYPES = frozenset({"image", "video", "audio", "document", "sticker"})
