"""Webhooks as Meta writes them (reference 1), built piece by piece with honest defaults."""

from typing import Any

import orjson

NUMBER_ID = "106540352242922"
WABA_ID = "102290129340398"
BUSINESS = "15550783881"
PHONE = "16505551234"
BSUID = "US.13491208655302741918"
WAMID = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
SECONDS = "1749416383"

Json = dict[str, Any]


def a_contact(**changes: Any) -> Json:
    return {"profile": {"name": "Sheena Nelson", "username": "@sheena"}, "wa_id": PHONE, "user_id": BSUID, **changes}


def a_message(kind: Any = "text", content: Any = None, **changes: Any) -> Json:
    message: Json = {"from": PHONE, "from_user_id": BSUID, "id": WAMID, "timestamp": SECONDS, "type": kind}
    message[kind] = {"body": "Does it come in another color?"} if kind == "text" and content is None else content
    return {name: value for name, value in {**message, **changes}.items() if value is not None}


def a_status(status: Any = "sent", **changes: Any) -> Json:
    element = {"id": WAMID, "status": status, "timestamp": "1750030073", "recipient_id": PHONE}
    return {name: value for name, value in {**element, **changes}.items() if value is not None}


def an_echo(kind: Any = "text", content: Any = None, **changes: Any) -> Json:
    content = {"body": "Here's the info"} if kind == "text" and content is None else content
    element = {
        "from": BUSINESS,
        "to": PHONE,
        "id": "wamid.ECHO",
        "timestamp": "1739321024",
        "type": kind,
        kind: content,
    }
    return {name: value for name, value in {**element, **changes}.items() if value is not None}


def a_value(**parts: Any) -> Json:
    metadata = {"display_phone_number": BUSINESS, "phone_number_id": NUMBER_ID}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def an_envelope(*changes: Any, **entry: Any) -> Json:
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, **entry, "changes": list(changes)}]}


def a_change(value: Any, field: Any = "messages") -> Json:
    return {"field": field, "value": value}


def with_messages(*messages: Any, contacts: Any = None) -> Json:
    people = [a_contact()] if contacts is None else contacts
    return an_envelope(a_change(a_value(contacts=people, messages=list(messages))))


def with_statuses(*statuses: Any) -> Json:
    return an_envelope(a_change(a_value(statuses=list(statuses))))


def with_echoes(*echoes: Any, field: str = "smb_message_echoes", key: str = "message_echoes") -> Json:
    people = [{"wa_id": PHONE, "user_id": BSUID}]
    return an_envelope(a_change(a_value(contacts=people, **{key: list(echoes)}), field))


def about_account(field: str, value: Any, time: Any = 1743451903) -> Json:
    return an_envelope(a_change(value, field), time=time)


def dump(document: Any) -> bytes:
    return orjson.dumps(document)
