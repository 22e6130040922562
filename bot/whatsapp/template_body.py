"""A template with its values in the words of the Graph API, checked before it costs a call (reference 3).

What Meta answers with 132012 or 132018 it does not explain; here the value is named. Whether the values fit the approved components
is known only to who knows them (`crm/policy/filling.py`); here are the limits that hold for every template.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.whatsapp.wire import clean
from crm.errors import SendRejected
from crm.model.contents import Location
from crm.model.media import MediaKind
from crm.model.messages import ButtonValue, TemplateRef
from crm.model.outbox import Enclosed
from crm.policy.filling import BODY_LIMIT, CODE_LIMIT, HEADER_LIMIT, PAYLOAD_LIMIT, URL_LIMIT, repaired

MOST_BUTTONS = 10
_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_FILES = (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT)


def template(ref: TemplateRef, enclosed: Enclosed | None = None) -> dict[str, Any]:
    """Return `type` and `template` of the message. `enclosed` is the file in its header.

    Raises SendRejected naming the field that Meta would not take.
    """
    language = ref.language.replace("-", "_")
    if not _TEMPLATE.fullmatch(ref.name):
        raise _refused("template-invalid", "template.name: only a-z, 0-9 and _ are allowed")
    if not _LANGUAGE.fullmatch(language):
        raise _refused("template-invalid", "template.language: not a language such as es or es_MX")
    content: dict[str, Any] = {"name": ref.name, "language": {"code": language}}
    components = [*_header(ref, enclosed), *_body(ref), *_buttons(ref)]
    if components:
        content["components"] = components
    return {"type": "template", "template": content}


def _header(ref: TemplateRef, enclosed: Enclosed | None) -> Iterator[dict[str, Any]]:
    given = [each for each in (ref.header, ref.place, enclosed) if each is not None]
    if len(given) > 1:
        raise _refused("template-invalid", "template.header: more than one of text, place and file")
    if enclosed is not None:
        yield {"type": "header", "parameters": [_file(enclosed)]}
    elif ref.place is not None:
        yield {"type": "header", "parameters": [_place(ref.place)]}
    elif ref.header is not None:
        words = _value(ref.header, "template.header", HEADER_LIMIT)
        named = _named(ref.header_name, "template.header_name")
        yield {"type": "header", "parameters": [{"type": "text", **named, "text": words}]}


def _named(name: str | None, where: str) -> dict[str, str]:
    """The name of a value where the template has named ones."""
    if name is None:
        return {}
    if not _NAME.fullmatch(name):
        raise _refused("template-invalid", f"{where}: only letters, digits and _ are allowed")
    return {"parameter_name": name}


def _file(enclosed: Enclosed) -> dict[str, Any]:
    if enclosed.kind not in _FILES:
        raise _refused(
            "template-header-kind", f"template.header: a file of the kind {enclosed.kind.value} cannot stand there"
        )
    if not enclosed.meta_id or not _MEDIA_ID.fullmatch(enclosed.meta_id):
        raise _refused("media-unavailable", "template.header.id: the file was not uploaded")
    file: dict[str, Any] = {"id": enclosed.meta_id}
    if enclosed.kind is MediaKind.DOCUMENT and enclosed.name:
        file["filename"] = clean(enclosed.name)
    return {"type": enclosed.kind.value, enclosed.kind.value: file}


def _place(place: Location) -> dict[str, Any]:
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise _refused("template-place-unreadable", "template.header.location: not a point on earth")
    point = {"latitude": str(place.latitude), "longitude": str(place.longitude)}
    named = {
        key: text for key, text in (("name", clean(place.name or "")), ("address", clean(place.address or ""))) if text
    }
    return {"type": "location", "location": point | named}


def _body(ref: TemplateRef) -> Iterator[dict[str, Any]]:
    if ref.names and len(ref.names) != len(ref.parameters):
        raise _refused("template-invalid", f"template.names: {len(ref.names)} names for {len(ref.parameters)} values")
    names = ref.names or (None,) * len(ref.parameters)
    values = [
        {
            "type": "text",
            **_named(name, f"template.names[{position}]"),
            "text": _value(value, f"template.parameters[{position}]", BODY_LIMIT),
        }
        for position, (name, value) in enumerate(zip(names, ref.parameters, strict=True), 1)
    ]
    if values:
        yield {"type": "body", "parameters": values}


def _buttons(ref: TemplateRef) -> Iterator[dict[str, Any]]:
    seen: set[int] = set()
    for each in ref.buttons:
        where = f"template.buttons[{each.index}]"
        if not 0 <= each.index < MOST_BUTTONS or each.index in seen:
            raise _refused("template-invalid", f"{where}: there is no such button, or it is given twice")
        seen.add(each.index)
        yield {"type": "button", "sub_type": each.kind, "index": str(each.index), "parameters": [_tap(each, where)]}


def _tap(button: ButtonValue, where: str) -> dict[str, str]:
    match button.kind:
        case "url":
            return {"type": "text", "text": _value(button.value, where, URL_LIMIT)}
        case "copy_code":
            return {"type": "coupon_code", "coupon_code": _value(button.value, where, CODE_LIMIT)}
        case "quick_reply":
            return {"type": "payload", "payload": _value(button.value, where, PAYLOAD_LIMIT)}
        case _:
            raise _refused("template-invalid", f"{where}: a button of a kind that takes no value")


def _value(given: str, where: str, limit: int) -> str:
    text = repaired(clean(given))
    if not text:
        raise _refused("template-parameter-empty", f"{where}: empty")
    if len(text) > limit:
        raise _refused("template-parameter-too-long", f"{where}: {len(text)} characters, at most {limit} are allowed")
    return text


def _refused(code: str, detail: str) -> SendRejected:
    return SendRejected(code, detail=detail)
