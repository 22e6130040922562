"""What can be tapped under a message: quick replies, rows of a list, a template's buttons, links.

One reading for the act that taps and for the page that draws.
"""

from dataclasses import dataclass

from sandbox.graph import Graph, Template
from sandbox.graph.errors import Json
from sandbox.graph.state import Message

SHARE = "request_contact_info"
"""The button under a question for the phone number; how it is called is the phone's to say."""
LINKS = {"URL": "url", "PHONE_NUMBER": "call", "COPY_CODE": "copy"}
"""Buttons of a template that answer nothing, and how the page calls them."""


@dataclass(frozen=True, slots=True)
class Tappable:
    """A button. `kind` is reply, list, contact (the person's own phone is given), url, call or copy; for the last three `payload` is the
    address, phone or code."""

    label: str
    kind: str
    payload: str
    description: str | None = None

    @property
    def answers(self) -> bool:
        return self.kind in ("reply", "list", "contact")


def tappable(graph: Graph, message: Message) -> list[Tappable]:
    """Return everything under a message that can be tapped, a list's rows included."""
    if message.type == "interactive" and message.author != "person":
        return _interactive(message.content)
    if message.type == "template":
        found = template_of(graph, message)
        return _of_template(found, message.content) if found is not None else []
    return []


def template_of(graph: Graph, message: Message) -> Template | None:
    """Return the template a message was made from, if the account still has it."""
    number = graph.numbers.get(message.phone_number_id)
    if number is None or message.type != "template":
        return None
    name, language = message.content["name"], message.content["language"]["code"]
    return next((each for each in number.business.templates if (each.name, each.language) == (name, language)), None)


def _interactive(content: Json) -> list[Tappable]:
    action: Json = content["action"]
    match content["type"]:
        case "button":
            replies = [each["reply"] for each in action["buttons"]]
            return [Tappable(each["title"], "reply", each["id"]) for each in replies]
        case "list":
            rows = [row for section in action["sections"] for row in section["rows"]]
            return [Tappable(row["title"], "list", row["id"], row.get("description")) for row in rows]
        case "cta_url":
            return [Tappable(action["parameters"]["display_text"], "url", action["parameters"]["url"])]
        case "contact_request" | "request_contact_info":
            return [Tappable(SHARE, "contact", SHARE)]
        case _:
            return []


def _of_template(template: Template, content: Json) -> list[Tappable]:
    payloads = {
        str(component.get("index")): str(component["parameters"][0].get("payload", ""))
        for component in content.get("components") or ()
        if str(component.get("type", "")).lower() == "button" and component.get("parameters")
    }
    found = []
    for index, button in enumerate(template.buttons):
        label = str(button.get("text", ""))
        kind = LINKS.get(str(button.get("type")), "reply")
        target = button.get("url") or button.get("phone_number") or button.get("example") or label
        payload = payloads.get(str(index)) or label if kind == "reply" else str(target)
        found.append(Tappable(label, kind, payload))
    return found
