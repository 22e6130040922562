"""Webhooks that want to break something, and what must come of each.

`expected` lists the events in order, as `Kind` or `Kind:kind` (`Broken:message`, `Inbound:text`); UNREADABLE means that
the body as a whole cannot be read. Where a GOOD message travels along it must always arrive. Also used over HTTP by the
integration tests.
"""

import json
from dataclasses import dataclass
from typing import Any

from tests.unit.whatsapp.payloads import (
    BSUID,
    NUMBER_ID,
    a_change,
    a_contact,
    a_message,
    a_status,
    a_value,
    about_account,
    an_echo,
    an_envelope,
    dump,
    with_echoes,
    with_messages,
    with_statuses,
)

UNREADABLE = ("unreadable",)
GOOD = a_message(id="wamid.GOOD")
ARRIVES = "Inbound:text"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One webhook with a bad intention; `name` is a fact about what comes of it."""

    name: str
    body: bytes
    expected: tuple[str, ...]


def _raw(text: str) -> bytes:
    return text.encode()


def _with_good(element: Any) -> bytes:
    return dump(with_messages(element, GOOD))


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = {"down": value}
    return value


def _escaped(element: Any) -> bytes:
    """JSON with every character outside ASCII escaped, half surrogate pairs included."""
    return json.dumps(with_messages(element, GOOD)).encode()


_TEXT_WITH = {
    "nul": "a\0b",
    "half a surrogate pair": "a\ud800b",
    "both halves the wrong way round": "a\udc00\ud800b",
}

HOSTILE: tuple[Hostile, ...] = (
    # bodies that are no webhook
    Hostile("nothing", b"", UNREADABLE),
    Hostile("only spaces", b"   ", UNREADABLE),
    Hostile("not JSON", b"entry=1&object=page", UNREADABLE),
    Hostile("cut in the middle", dump(with_messages(GOOD))[:-20], UNREADABLE),
    Hostile("JSON with a hole", b'{"object":"whatsapp_business_account","entry":}', UNREADABLE),
    Hostile("a list", b"[]", UNREADABLE),
    Hostile("a text", b'"whatsapp_business_account"', UNREADABLE),
    Hostile("null", b"null", UNREADABLE),
    Hostile("a number", b"1e5", UNREADABLE),
    Hostile("an empty object", b"{}", UNREADABLE),
    Hostile("another product's webhook", dump({"object": "page", "entry": [{"changes": []}]}), UNREADABLE),
    Hostile("an object that is a list", dump({"object": [], "entry": []}), UNREADABLE),
    Hostile("brackets without an end", b"[" * 200_000, UNREADABLE),
    Hostile("nested 100,000 levels deep", b'{"entry":' * 100_000 + b"1" + b"}" * 100_000, UNREADABLE),
    Hostile("binary rubbish", bytes(range(256)) * 4, UNREADABLE),
    Hostile("XML", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", UNREADABLE),
    # envelopes of the wrong shape
    Hostile("no entries", dump({"object": "whatsapp_business_account", "entry": []}), ()),
    Hostile("null for entries", dump({"object": "whatsapp_business_account", "entry": None}), ()),
    Hostile("an object for entries", dump({"object": "whatsapp_business_account", "entry": {}}), ("Broken:entry",)),
    Hostile(
        "numbers for entries", dump({"object": "whatsapp_business_account", "entry": [1, None]}), ("Broken:entry",) * 2
    ),
    Hostile(
        "an entry without changes", dump({"object": "whatsapp_business_account", "entry": [{}]}), ("Unknown:entry",)
    ),
    Hostile("a text for changes", dump({"entry": [{"id": "1", "changes": "x"}]}), ("Broken:change",)),
    Hostile(
        "a change that is a list", dump(an_envelope([], a_change(a_value(messages=[GOOD])))), ("Broken:change", ARRIVES)
    ),
    Hostile("a field that is a number", dump(an_envelope(a_change(a_value(), 7))), ("Broken:change",)),
    Hostile("a value that is a text", dump(an_envelope(a_change("hello"))), ("Broken:change",)),
    Hostile("a value that is missing", dump(an_envelope({"field": "messages"})), ("Broken:change",)),
    Hostile("a value without anything", dump(an_envelope(a_change({}))), ("Unknown:messages",)),
    Hostile("neither field nor value", dump(an_envelope({})), ("Broken:change",)),
    Hostile(
        "metadata that is a list",
        dump(an_envelope(a_change({"metadata": [], "messages": [GOOD]}))),
        ("Broken:message",),
    ),
    Hostile(
        "messages that are an object", dump(an_envelope(a_change(a_value(messages={"0": GOOD})))), ("Broken:message",)
    ),
    Hostile(
        "statuses beside broken messages",
        dump(an_envelope(a_change(a_value(messages=7, statuses=[a_status()])))),
        ("Broken:message", "StatusUpdate"),
    ),
    Hostile("contacts that are a number", dump(with_messages(GOOD, contacts=42)), (ARRIVES,)),
    Hostile(
        "contacts full of rubbish",
        dump(with_messages(GOOD, contacts=[None, [], {"profile": 1, "wa_id": {}}])),
        (ARRIVES,),
    ),
    # messages that lack what a message needs
    Hostile("a message that is null", _with_good(None), ("Broken:message", ARRIVES)),
    Hostile("a message that is a list of messages", _with_good([GOOD]), ("Broken:message", ARRIVES)),
    Hostile("a message without id", _with_good(a_message(id=None)), ("Broken:message", ARRIVES)),
    Hostile("an empty id", _with_good(a_message(id="  ")), ("Broken:message", ARRIVES)),
    Hostile("an id of 100,000 characters", _with_good(a_message(id="w" * 100_000)), ("Broken:message", ARRIVES)),
    Hostile("an id that is an object", _with_good(a_message(id={"$ne": None})), ("Broken:message", ARRIVES)),
    Hostile(
        "a message from nobody",
        dump(with_messages({**a_message(from_user_id=None), "from": None}, GOOD, contacts=[])),
        ("Broken:message", ARRIVES),
    ),
    Hostile("a sender that is an object", _with_good(a_message(**{"from": {"a": 1}})), ("Broken:message", ARRIVES)),
    Hostile(
        "a sender that is a path",
        dump(with_messages(a_message(**{"from": "../../etc", "from_user_id": None}), GOOD, contacts=[])),
        ("Broken:message", ARRIVES),
    ),
    Hostile("no timestamp", _with_good(a_message(timestamp=None)), ("Broken:message", ARRIVES)),
    Hostile("a timestamp of words", _with_good(a_message(timestamp="yesterday")), ("Broken:message", ARRIVES)),
    Hostile("a negative timestamp", _with_good(a_message(timestamp=-1)), ("Broken:message", ARRIVES)),
    Hostile(
        "a timestamp in nanoseconds",
        _with_good(a_message(timestamp="1749416383000000000")),
        ("Broken:message", ARRIVES),
    ),
    Hostile(
        "a timestamp beyond the calendar", _with_good(a_message(timestamp="999999999999")), ("Broken:message", ARRIVES)
    ),
    Hostile("a timestamp that is true", _with_good(a_message(timestamp=True)), ("Broken:message", ARRIVES)),
    Hostile("a timestamp of Arabic digits", _with_good(a_message(timestamp="١٧٤٩٤١٦٣٨٣")), ("Broken:message", ARRIVES)),
    Hostile("a type that is a list", _with_good(a_message(type=["text"])), ("Broken:message", ARRIVES)),
    Hostile("a type of 5,000 characters", _with_good(a_message(type="t" * 5_000)), ("Broken:message", ARRIVES)),
    # contents of the wrong shape
    Hostile("a text that is no object", _with_good(a_message("text", "hello")), ("Broken:message", ARRIVES)),
    Hostile("a text without body", _with_good(a_message("text", {})), ("Broken:message", ARRIVES)),
    Hostile("a body that is a list", _with_good(a_message("text", {"body": ["a"]})), ("Broken:message", ARRIVES)),
    Hostile("a text without its content", _with_good(a_message(text=None)), ("Inbound:unsupported", ARRIVES)),
    Hostile(
        "an interactive reply without its object",
        _with_good(a_message("interactive")),
        ("Inbound:unsupported", ARRIVES),
    ),
    Hostile("a picture that is a number", _with_good(a_message("image", 5)), ("Inbound:image", ARRIVES)),
    Hostile(
        "a place nowhere",
        _with_good(a_message("location", {"latitude": "x", "longitude": []})),
        ("Inbound:location", ARRIVES),
    ),
    Hostile(
        "cards that are numbers",
        _with_good(a_message("contacts", [1, {"name": 2, "phones": [3]}])),
        ("Inbound:contacts", ARRIVES),
    ),
    Hostile(
        "an order of nothing",
        _with_good(a_message("order", {"product_items": [[], {"quantity": {}}]})),
        ("Inbound:order", ARRIVES),
    ),
    Hostile(
        "a reaction to a list",
        _with_good(a_message("reaction", {"message_id": [], "emoji": {}})),
        ("Inbound:reaction", ARRIVES),
    ),
    Hostile("a context that is a text", _with_good(a_message(context="x", referral=[1])), (ARRIVES, ARRIVES)),
    Hostile("a kind nobody knows", _with_good(a_message("hologram", {"body": "hi"})), ("Inbound:hologram", ARRIVES)),
    Hostile(
        "a kind named like a method", _with_good(a_message("__class__", {"body": "hi"})), ("Inbound:__class__", ARRIVES)
    ),
    Hostile(
        "a kind that tries SQL", _with_good(a_message("'; DROP TABLE x--", 1)), ("Inbound:'; DROP TABLE x--", ARRIVES)
    ),
    Hostile("an edit of nothing", _with_good(a_message("edit", {"message": {}})), ("Broken:message", ARRIVES)),
    Hostile(
        "an edit without the new text",
        _with_good(a_message("edit", {"original_message_id": "wamid.A"})),
        ("Broken:message", ARRIVES),
    ),
    Hostile(
        "an edit that contains an edit",
        _with_good(
            a_message("edit", {"original_message_id": "wamid.A", "message": {"type": "edit", "edit": {"message": {}}}})
        ),
        ("Edited", ARRIVES),
    ),
    Hostile(
        "a revoke of an object",
        _with_good(a_message("revoke", {"original_message_id": {}})),
        ("Broken:message", ARRIVES),
    ),
    Hostile(
        "a message to a group", _with_good(a_message(group_id="Y2FwaV9ncm91cD")), ("Unknown:group_message", ARRIVES)
    ),
    # what a database or a JSON column would refuse
    *(
        Hostile(f"a text with {name}", _escaped(a_message("text", {"body": text})), (ARRIVES, ARRIVES))
        for name, text in _TEXT_WITH.items()
    ),
    Hostile("an id with NUL", _escaped(a_message(id="wamid\0X")), (ARRIVES, ARRIVES)),
    Hostile("a key with NUL", _escaped(a_message(**{"x\0y": 1})), (ARRIVES, ARRIVES)),
    Hostile(
        "broken UTF-8",
        dump(with_messages(a_message("text", {"body": "caf~"}), GOOD)).replace(b"~", b"\xe9"),
        (ARRIVES, ARRIVES),
    ),
    Hostile("a byte order mark", b"\xef\xbb\xbf" + dump(with_messages(GOOD)), (ARRIVES,)),
    Hostile(
        "infinity",
        dump(with_messages(a_message(extra=7), GOOD)).replace(b'"extra":7', b'"extra":1e999'),
        (ARRIVES, ARRIVES),
    ),
    Hostile(
        "not a number",
        dump(with_messages(a_message(extra=7), GOOD)).replace(b'"extra":7', b'"extra":NaN'),
        (ARRIVES, ARRIVES),
    ),
    Hostile(
        "a number of 6,000 digits",
        dump(with_messages(a_message(extra=7), GOOD)).replace(b":7", b":" + b"7" * 6_000),
        (ARRIVES, ARRIVES),
    ),
    Hostile("a payload 400 levels deep", _escaped(a_message(extra=_deep(400))), (ARRIVES, ARRIVES)),
    Hostile(
        "a name of 100,000 characters",
        dump(with_messages(GOOD, contacts=[a_contact(profile={"name": "n" * 100_000})])),
        (ARRIVES,),
    ),
    Hostile("a text of 500,000 characters", _with_good(a_message("text", {"body": "x" * 500_000})), (ARRIVES, ARRIVES)),
    Hostile("2,000 extra keys", _with_good(a_message(**{f"k{n}": "v" * 60 for n in range(2_000)})), (ARRIVES, ARRIVES)),
    # statuses, echoes, preferences
    Hostile(
        "a status without status",
        dump(with_statuses(a_status(status=None), a_status())),
        ("Broken:status", "StatusUpdate"),
    ),
    Hostile(
        "a status nobody knows",
        dump(with_statuses(a_status("deleted"), a_status())),
        ("Unknown:status:deleted", "StatusUpdate"),
    ),
    Hostile("a status of a group", dump(with_statuses(a_status(recipient_type="group"))), ("Unknown:group_status",)),
    Hostile("errors that are a text", dump(with_statuses(a_status("failed", errors="131026"))), ("StatusUpdate",)),
    Hostile(
        "an error code beyond any integer",
        dump(with_statuses(a_status("failed", errors=[{"code": 2**63}]))),
        ("StatusUpdate",),
    ),
    Hostile("a price that is a list", dump(with_statuses(a_status(pricing=[1], conversation="x"))), ("StatusUpdate",)),
    Hostile("an echo to nobody", dump(with_echoes(an_echo(to={}), an_echo())), ("Broken:echo", "Echo:text")),
    Hostile(
        "an echo that revokes nothing",
        dump(with_echoes(an_echo("revoke", {}), an_echo())),
        ("Broken:echo", "Echo:text"),
    ),
    Hostile(
        "a preference of nobody",
        dump(
            an_envelope(
                a_change(a_value(user_preferences=[{"value": "stop", "timestamp": 1731705721}]), "user_preferences")
            )
        ),
        ("Broken:preference",),
    ),
    Hostile(
        "a preference nobody knows",
        dump(
            an_envelope(
                a_change(
                    a_value(user_preferences=[{"value": "maybe", "timestamp": 1, "user_id": BSUID}]), "user_preferences"
                )
            )
        ),
        ("Unknown:user_preferences",),
    ),
    # accounts and fields
    Hostile(
        "an account event without time",
        dump(about_account("account_update", {"event": "DISABLED_UPDATE"}, None)),
        ("AccountEvent:account_update",),
    ),
    Hostile("an account event that is a list", dump(about_account("account_update", [])), ("Broken:change",)),
    Hostile(
        "an account event of rubbish",
        dump(about_account("account_alerts", {"alert_info": 5, "event": {}})),
        ("AccountEvent:account_alerts",),
    ),
    Hostile(
        "errors of a number that are rubbish",
        dump(an_envelope(a_change(a_value(errors=[None])))),
        ("AccountEvent:errors",),
    ),
    Hostile(
        "a field nobody knows",
        dump(an_envelope(a_change({"x": 1}, "telepathy"), a_change(a_value(messages=[GOOD])))),
        ("Unknown:telepathy", ARRIVES),
    ),
    Hostile("history of no number", dump(an_envelope(a_change({"messages": [GOOD]}, "history"))), ("Broken:change",)),
    # keys twice: the last one counts, as everywhere in JSON
    Hostile("an entry twice", _raw('{"entry":[1],"entry":[]}'), ()),
    Hostile("a prototype", _raw('{"__proto__":{"admin":true},"entry":[]}'), ()),
    Hostile(
        "another number id as an integer",
        dump(an_envelope(a_change({"metadata": {"phone_number_id": int(NUMBER_ID)}, "messages": [GOOD]}))),
        (ARRIVES,),
    ),
)
