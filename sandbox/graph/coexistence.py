"""What a coexistence number hands over once after onboarding: the address book and the history of the Business app.

Pure builders. Reference: section 1.3 (`smb_app_state_sync`, `history`) and section 8.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sandbox.graph.errors import Json
from sandbox.graph.state import Message
from sandbox.graph.webhooks import Identity, phone_key, seconds

CHUNK = 500
"""Messages in one webhook; Meta's hold thousands."""
WITH_FILES = timedelta(days=14)
"""Files of messages older than this are only mentioned."""
DAYS = timedelta(days=180)
PHASES = (timedelta(days=1), timedelta(days=90), DAYS)
FILES = frozenset({"image", "video", "audio", "document", "sticker"})

Line = tuple[Identity, Message]


def entry(person: Identity, name: str | None, at: datetime) -> Json:
    """One word of the address book: a name given or changed, or (None) taken out of it, which tells no names."""
    names = {} if name is None else {"full_name": name, "first_name": name.partition(" ")[0]}
    return {
        "type": "contact",
        "contact": names | phone_key("phone_number", person.wa_id) | {"user_id": person.bsuid},
        "action": "remove" if name is None else "add",
        "metadata": {"timestamp": seconds(at)},
    }


def address_book(entries: Iterable[Json]) -> Json:
    """Return words of the address book (`smb_app_state_sync`)."""
    return {"state_sync": list(entries)}


def declined() -> Json:
    """What comes when the owner does not share the history. Meta's example is this whole body, without an envelope."""
    title = "History sync is turned off by the business from the WhatsApp Business App"
    return {
        "history": [{"errors": [{"code": 2593109, "title": title, "message": title, "error_data": {"details": ""}}]}]
    }


def history(business: str, lines: Sequence[Line], now: datetime) -> list[Json]:
    """Return the values of `history` in Meta's order: the newest days first, in chunks, and after each the files it only mentioned."""
    values: list[Json] = []
    kept = sorted((each for each in lines if now - each[1].at <= DAYS), key=lambda each: each[1].at, reverse=True)
    phases = [[each for each in kept if _phase(now - each[1].at) == phase] for phase in range(len(PHASES))]
    total, done = max(1, len(kept)), 0
    for phase, inside in enumerate(phases):
        for start in range(0, len(inside), CHUNK):
            part = inside[start : start + CHUNK]
            done += len(part)
            told = {"phase": phase, "chunk_order": start // CHUNK + 1, "progress": done * 100 // total}
            values.append({"history": [{"metadata": told, "threads": list(_threads(business, part))}]})
            values.extend(_file(business, *each) for each in part if _follows(each[1], now))
    return values or [{"history": [{"metadata": {"phase": 2, "chunk_order": 1, "progress": 100}, "threads": []}]}]


def _phase(age: timedelta) -> int:
    return next(phase for phase, longest in enumerate(PHASES) if age <= longest)


def _follows(message: Message, now: datetime) -> bool:
    return message.type in FILES and now - message.at <= WITH_FILES


def _threads(business: str, lines: Sequence[Line]) -> Iterator[Json]:
    people = {person.bsuid: person for person, _ in lines}
    for bsuid, person in people.items():
        context = phone_key("wa_id", person.wa_id) | {"user_id": person.bsuid}
        context |= {"username": person.username} if person.username else {}
        messages = [_line(business, person, each) for who, each in lines if who.bsuid == bsuid]
        yield phone_key("id", person.wa_id) | {"context": context, "messages": messages}


def _line(business: str, person: Identity, message: Message) -> Json:
    status = "READ" if message.author == "person" else message.tick.upper()
    content = {"type": "media_placeholder"} if message.type in FILES else _content(message)
    return _ends(business, person, message) | content | {"history_context": {"status": status}}


def _file(business: str, person: Identity, message: Message) -> Json:
    key = "messages" if message.author == "person" else "message_echoes"
    return {"contacts": [person.contact()], key: [_ends(business, person, message) | _content(message)]}


def _ends(business: str, person: Identity, message: Message) -> Json:
    inbound = message.author == "person"
    ends = phone_key("from", person.wa_id) if inbound else {"from": business} | phone_key("to", person.wa_id)
    ends |= {"from_user_id": person.bsuid} if inbound else {"to_user_id": person.bsuid}
    return ends | {"id": message.wamid, "timestamp": seconds(message.at)}


def _content(message: Message) -> Json:
    content = {"body": message.text} if message.type == "text" else message.content
    return {"type": message.type, message.type: content}
