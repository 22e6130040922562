"""Contents in the words of the Graph API (reference 3): reactions, places, people, and what can be tapped."""

from typing import Any

from bot.whatsapp import preflight
from crm.errors import Refused, SendRejected
from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    Interactive,
    LinkButton,
    ListMenu,
    Location,
    Reaction,
    Section,
    SharedContact,
    SharedContacts,
    kind_of,
)

_Object = dict[str, Any]


def compose(content: Content) -> _Object:
    """Return `type` and the object that it names. Raises SendRejected naming the field that Meta would not take."""
    try:
        fitting = preflight.fitted(content)
    except Refused as wrong:
        named = " ".join(f"{name}={value}" for name, value in wrong.params.items())
        raise SendRejected(wrong.code, detail=named) from wrong
    kind = kind_of(fitting)
    return {"type": kind, kind: _inside(fitting)}


def _inside(content: Content) -> _Object | list[_Object]:
    match content:
        case Reaction(wamid=wamid, emoji=emoji):
            return {"message_id": wamid, "emoji": emoji}
        case Location():
            place = {"latitude": content.latitude, "longitude": content.longitude}
            return _given(place, name=content.name, address=content.address)
        case SharedContacts(contacts=contacts):
            return [_contact(each) for each in contacts]
        case Buttons() | ListMenu() | LinkButton() | ContactRequest():
            return _interactive(content)


def _contact(contact: SharedContact) -> _Object:
    first, _, last = contact.name.partition(" ")
    name = _given({"formatted_name": contact.name, "first_name": first}, last_name=last)
    phones = [{"phone": phone, "type": "CELL"} for phone in contact.phones]
    return _given({"name": name}, phones=phones)


def _interactive(content: Interactive) -> _Object:
    match content:
        case Buttons(buttons=buttons):
            replies = [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in buttons]
            return _around(content, "button", {"buttons": replies})
        case ListMenu(label=label, sections=sections):
            return _around(content, "list", {"button": label, "sections": [_section(each) for each in sections]})
        case LinkButton(label=label, url=url):
            parameters = {"display_text": label, "url": url}
            return _around(content, "cta_url", {"name": "cta_url", "parameters": parameters})
        case ContactRequest(body=body):
            asked = {"name": "request_contact_info"}
            return {"type": "contact_request", "body": {"text": body}, "action": asked}


def _around(content: Buttons | ListMenu | LinkButton, kind: str, action: _Object) -> _Object:
    return _given(
        {"type": kind, "body": {"text": content.body}, "action": action},
        header={"type": "text", "text": content.header} if content.header else None,
        footer={"text": content.footer} if content.footer else None,
    )


def _section(section: Section) -> _Object:
    return _given({"rows": [_row(each) for each in section.rows]}, title=section.title)


def _row(row: Choice) -> _Object:
    return _given({"id": row.id, "title": row.title}, description=row.description)


def _given(known: _Object, **perhaps: Any) -> _Object:
    """Add what there is."""
    return known | {name: value for name, value in perhaps.items() if value}
