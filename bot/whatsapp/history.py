"""What a phone in coexistence hands over after onboarding: its history and its address book (reference 1.3, 8).

A history webhook may hold thousands of messages and is cut into slices without a look into any of them; `past` reads a slice when its
turn has come. A file that the history only mentions (`media_placeholder`) is told by a later webhook of the same field, with its
message under `messages` or `message_echoes` as in live ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from bot.whatsapp.attachments import attachment_of, without_url
from bot.whatsapp.readable import WITH_CONTENT, text_of
from bot.whatsapp.wire import (
    Malformed,
    PastMessage,
    People,
    bounded,
    identifier,
    items,
    moment,
    objects,
    phone,
    scoped_id,
    section,
    string,
    validated,
    whole,
)
from crm.model.contacts import Person
from crm.model.events import BookEntry, Broken, Event, HistoryDeclined, HistorySlice, Past, Unknown
from crm.model.imports import PLACEHOLDER
from crm.model.messages import DeliveryStatus

SLICE = 200
"""Messages that are applied in one transaction: few enough that nobody waits for it."""
DECLINED = 2593109
GROUP = "group_message"

_Object = dict[str, Any]
_STATUSES = {
    "DELIVERED": DeliveryStatus.DELIVERED,
    "ERROR": DeliveryStatus.FAILED,
    "PENDING": DeliveryStatus.ACCEPTED,
    "PLAYED": DeliveryStatus.READ,
    "READ": DeliveryStatus.READ,
    "SENT": DeliveryStatus.SENT,
}


# --- a webhook into slices ---------------------------------------------------------------------------------------------


def chunks(value: _Object, at: str) -> Iterator[Event]:
    """Cut the value of a `history` change. Raises Malformed when the number is missing."""
    prefix = f"{at}.value." if at else ""
    yield from _no_list(value, prefix, "history", "messages", "message_echoes")
    number = identifier(section(value, "metadata").get("phone_number_id"))
    business = phone(section(value, "metadata").get("display_phone_number"))
    for index, chunk in enumerate(items(value, "history")):
        where = f"{prefix}history[{index}]"
        if not isinstance(chunk, dict):
            yield Broken(where, "history", "not an object", bounded(chunk, len(orjson.dumps(chunk))))
            continue
        yield from _no_list(chunk, f"{where}.", "threads")
        if items(chunk, "errors"):
            yield _refusal(chunk, where, number)
            continue
        messages: list[_Object] = []
        for n, thread in enumerate(items(chunk, "threads")):
            within = f"{where}.threads[{n}]"
            if not isinstance(thread, dict):
                yield Broken(within, "history", "not an object", bounded(thread, len(orjson.dumps(thread))))
                continue
            yield from _no_list(thread, f"{within}.", "messages")
            messages += _lines(thread, within)
        yield from _slices(messages, where, number, business, section(chunk, "metadata"))
    for key in ("messages", "message_echoes"):
        ours = key == "message_echoes"
        followers = [
            {"at": f"{prefix}{key}[{n}]", "raw": raw, "contacts": _about(value, raw), "ours": ours}
            for n, raw in enumerate(items(value, key))
        ]
        if followers:
            yield from _slices(followers, f"{prefix}{key}", number, business, {})
    if not any(key in value for key in ("history", "messages", "message_echoes")):
        yield Unknown(at, "history", value)


def _no_list(holder: _Object, prefix: str, *keys: str) -> Iterator[Event]:
    """Say where a list is wanted and something else stands."""
    for key in keys:
        found = holder.get(key)
        if found is not None and not isinstance(found, list):
            kept = bounded(found, len(orjson.dumps(found)))
            yield Broken(f"{prefix}{key}", "history", f"{key}: not a list", kept)


def _refusal(chunk: _Object, where: str, number: str | None) -> Event:
    codes = [whole(error.get("code")) for error in objects(chunk, "errors")]
    return HistoryDeclined(where, number) if DECLINED in codes else Unknown(where, "history", chunk)


def _lines(thread: _Object, where: str) -> Iterator[_Object]:
    who = {"id": thread.get("id"), **section(thread, "context")}
    for index, raw in enumerate(items(thread, "messages")):
        yield {"at": f"{where}.messages[{index}]", "raw": raw, "who": who}


def _about(value: _Object, raw: Any) -> list[_Object]:
    """Those of the webhook's contacts whom one message speaks of."""
    ends = ("from", "to", "from_user_id", "to_user_id")
    names = {name for key in ends if (name := identifier(raw.get(key)))} if isinstance(raw, dict) else set()
    found = objects(value, "contacts") if names else []
    return [each for each in found if {identifier(each.get("wa_id")), identifier(each.get("user_id"))} & names]


def _slices(
    messages: list[_Object], where: str, number: str | None, business: str | None, metadata: _Object
) -> Iterator[Event]:
    """At least one slice, for a chunk without messages tells of progress all the same."""
    if number is None:
        raise Malformed("metadata.phone_number_id: missing")
    for start in range(0, max(len(messages), 1), SLICE):
        part = messages[start : start + SLICE]
        content = orjson.dumps({"business": business, "messages": part}).decode()
        phase, progress = whole(metadata.get("phase")), whole(metadata.get("progress"))
        yield HistorySlice(f"{where}[{start}:]", number, phase, progress, len(part), content)


# --- a slice into messages ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One message of a slice, with what its webhook said around it."""

    at: str
    raw: Any
    who: _Object | None
    contacts: Any
    ours: bool
    business: str | None
    number: str


def past(phone_number_id: str, content: str) -> list[Event]:
    """Read a slice; what goes wrong with one message stays with it."""
    holder = orjson.loads(content)
    business = holder["business"]
    return [
        _guarded(
            _Line(
                each["at"],
                each["raw"],
                each.get("who"),
                each.get("contacts"),
                each.get("ours", False),
                business,
                phone_number_id,
            )
        )
        for each in holder["messages"]
    ]


def _guarded(line: _Line) -> Event:
    try:
        return _message(line)
    except Malformed as problem:
        return Broken(line.at, "history", str(problem), bounded(line.raw, len(orjson.dumps(line.raw))))
    except Exception as problem:  # the last net, for our own mistakes: no neighbour is lost
        return Broken(line.at, "history", f"unforeseen {type(problem).__name__}", None)


def _message(line: _Line) -> Event:
    head, raw = validated(PastMessage, line.raw), line.raw
    if raw.get("group_id") or "@g" in str((line.who or {}).get("id")):
        return Unknown(line.at, GROUP, None)
    person, ours = _parties(line, head)
    kind = head.type or "unknown"
    if kind in WITH_CONTENT and raw.get(kind) is None:
        kind = "unsupported"
    return Past(
        position=line.at,
        phone_number_id=line.number,
        person=person,
        wamid=head.id,
        at=moment(head.timestamp),
        kind=kind,
        text=None if kind == PLACEHOLDER else text_of(kind, raw),
        payload=bounded(without_url(kind, raw), len(orjson.dumps(raw))),
        ours=ours,
        status=_status(raw) if ours else DeliveryStatus.RECEIVED,
        attachment=attachment_of(kind, raw),
    )


def _parties(line: _Line, head: PastMessage) -> tuple[Person, bool]:
    """With whom, and whether from our side: `from` is our number then, or the message says `to` whom it went."""
    sender = phone(head.sender)
    if line.who is None:
        ours = line.ours or (sender is not None and sender == line.business)
        ends = (head.receiver, head.receiver_id) if ours else (head.sender, head.sender_id)
        return People(line.contacts).person(*ends), ours
    wa_id = phone(line.who.get("wa_id")) or phone(line.who.get("id"))
    bsuid = scoped_id(line.who.get("user_id"))
    if wa_id is None and bsuid is None:
        raise Malformed("names nobody: neither a phone nor a business-scoped user id")
    person = Person(wa_id, bsuid, None, identifier(line.who.get("username")))
    return person, _is_ours(head, sender, wa_id, bsuid, line.business)


def _is_ours(head: PastMessage, sender: str | None, wa_id: str | None, bsuid: str | None, business: str | None) -> bool:
    """In a thread: what the sender's own number says, else whether the message is addressed to somebody."""
    if sender is not None and sender in (wa_id, business):
        return sender != wa_id
    if bsuid is not None and scoped_id(head.sender_id) == bsuid:
        return False
    addressed = head.receiver is not None or head.receiver_id is not None
    return addressed or (sender is not None and wa_id is not None)


def _status(raw: _Object) -> DeliveryStatus:
    said = string(section(raw, "history_context").get("status"), 32) or "SENT"
    return _STATUSES.get(said.upper(), DeliveryStatus.SENT)


# --- the address book --------------------------------------------------------------------------------------------------


def book_entry(raw: Any, at: str, phone_number_id: str) -> Event:
    """One element of `state_sync`. Its action says `add` for a new name and for a changed one."""
    if not isinstance(raw, dict):
        raise Malformed("not an object")
    action = (string(raw.get("action"), 32) or "").lower()
    if raw.get("type", "contact") != "contact" or action not in ("add", "edit", "remove"):
        return Unknown(at, "state_sync", raw)
    contact = section(raw, "contact")
    wa_id, bsuid = phone(contact.get("phone_number")), scoped_id(contact.get("user_id"))
    if wa_id is None and bsuid is None:
        raise Malformed("contact: neither a phone nor a business-scoped user id")
    timestamp = section(raw, "metadata").get("timestamp")
    seconds = whole(timestamp)
    if seconds is None:
        raise Malformed("metadata.timestamp: no unix seconds")
    written = string(contact.get("full_name")) or string(contact.get("first_name"))
    name = " ".join(written.split())[:200] if written and action != "remove" else None
    if name is None and action != "remove":
        raise Malformed("contact.full_name: missing")
    person = Person(wa_id, bsuid, None, identifier(contact.get("username")))
    return BookEntry(at, phone_number_id, person, name, moment(seconds))
