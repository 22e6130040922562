"""Contents as plain data and back, for a column or a dialog's memory.

Each kind names its shape and the shape's version (`buttons.1`), so that what an older release wrote is still understood by a newer one:
a changed shape gets a new version and keeps the old reader.
"""

from collections.abc import Callable, Mapping
from typing import Any

from crm.errors import Unreadable
from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    LinkButton,
    ListMenu,
    Location,
    Reaction,
    Section,
    SharedContact,
    SharedContacts,
)

Data = Mapping[str, Any]


def written(content: Content) -> dict[str, Any]:
    """The content as JSON can hold it; what is missing is left out."""
    return {key: value for key, value in _fields(content).items() if value is not None}


def read(data: Data) -> Content:
    """The content again. Raises Unreadable for a shape that this version does not know."""
    reader = _READERS.get(str(data.get("is")))
    if reader is None:
        raise Unreadable("content-unreadable", shape=str(data.get("is"))[:40])
    return reader(data)


def _fields(content: Content) -> dict[str, Any]:
    match content:
        case Reaction(wamid=wamid, emoji=emoji):
            return {"is": "reaction.1", "wamid": wamid, "emoji": emoji}
        case Location():
            place = {"latitude": content.latitude, "longitude": content.longitude}
            return {"is": "location.1", **place, "name": content.name, "address": content.address}
        case SharedContacts(contacts=contacts):
            people = [{"name": each.name, "phones": list(each.phones)} for each in contacts]
            return {"is": "contacts.1", "contacts": people}
        case Buttons():
            return {"is": "buttons.1", **_around(content), "buttons": [_choice(each) for each in content.buttons]}
        case ListMenu():
            sections = [{"title": each.title, "rows": [_choice(row) for row in each.rows]} for each in content.sections]
            return {"is": "list.1", **_around(content), "label": content.label, "sections": sections}
        case LinkButton():
            return {"is": "link.1", **_around(content), "label": content.label, "url": content.url}
        case ContactRequest(body=body):
            return {"is": "contact_request.1", "body": body}


def _around(content: Buttons | ListMenu | LinkButton) -> dict[str, Any]:
    return {"body": content.body, "header": content.header, "footer": content.footer}


def _choice(choice: Choice) -> dict[str, str]:
    given = {"id": choice.id, "title": choice.title, "description": choice.description}
    return {key: value for key, value in given.items() if value is not None}


def _read_choice(data: Data) -> Choice:
    return Choice(data["id"], data["title"], data.get("description"))


def _read_section(data: Data) -> Section:
    return Section(data.get("title"), tuple(map(_read_choice, data["rows"])))


def _read_contact(data: Data) -> SharedContact:
    return SharedContact(data["name"], tuple(data["phones"]))


_READERS: dict[str, Callable[[Data], Content]] = {
    "reaction.1": lambda d: Reaction(d["wamid"], d["emoji"]),
    "location.1": lambda d: Location(d["latitude"], d["longitude"], d.get("name"), d.get("address")),
    "contacts.1": lambda d: SharedContacts(tuple(map(_read_contact, d["contacts"]))),
    "buttons.1": lambda d: Buttons(d["body"], tuple(map(_read_choice, d["buttons"])), d.get("header"), d.get("footer")),
    "list.1": lambda d: ListMenu(
        d["body"], d["label"], tuple(map(_read_section, d["sections"])), d.get("header"), d.get("footer")
    ),
    "link.1": lambda d: LinkButton(d["body"], d["label"], d["url"], d.get("header"), d.get("footer")),
    "contact_request.1": lambda d: ContactRequest(d["body"]),
}
