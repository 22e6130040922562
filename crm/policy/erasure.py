"""What an erasure looks for, as pure functions: the words by which a person is known, the marks in stored bodies, and a body without them.

A person is remembered by `words`, which say the same of every webhook that names them; only hashes of these are kept (`crm/erasing.py`).
A body is searched for `traces`: the phone in each spelling, the ids, and the phone as it lies in Meta's message ids.
"""

import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from crm.model.contacts import Identity, IdentityKind, Person
from crm.model.erasure import Mark
from crm.model.events import (
    BookEntry,
    Control,
    Echo,
    Edited,
    Event,
    Inbound,
    MarketingPreference,
    Past,
    Revoked,
    StatusUpdate,
)
from crm.policy.phones import subscriber

SHORTEST = 6
"""A trace shorter than this would be found in everything."""
NOTHING = b"{}"
WithPerson = Inbound | Echo | Control | MarketingPreference | Past | BookEntry
WithMessage = StatusUpdate | Edited | Revoked


def words_of(person: Person) -> list[str]:
    """What a person is remembered by. Portfolios are left out: Meta may tell of one only later."""
    return _words(
        (IdentityKind.WA_ID, person.wa_id), (IdentityKind.BSUID, person.bsuid), (IdentityKind.PARENT, person.parent)
    )


def words(names: Iterable[Identity]) -> list[str]:
    """The same of what a contact is or was called."""
    return _words(*((each.kind, each.value) for each in names if each.kind is not IdentityKind.USERNAME))


def message_word(wamid: str) -> str:
    return f"m:{wamid}"


def opaque_word(opaque: str) -> str:
    return f"o:{opaque}"


def words_said(event: Event) -> list[str]:
    """By which words an event may speak of somebody who was erased."""
    if isinstance(event, WithPerson):
        return words_of(event.person)
    if isinstance(event, WithMessage):
        opaque = event.opaque if isinstance(event, StatusUpdate) else None
        return [message_word(event.wamid), *([opaque_word(opaque)] if opaque else [])]
    return []


def is_past(event: Event, marks: Mapping[str, Mark], now: datetime) -> bool:
    """Does the event belong to what was erased? What a person does after it makes them somebody new."""
    found = [marks[word] for word in words_said(event) if word in marks]
    if isinstance(event, WithPerson):
        return any(min(event.at, now) <= mark.at for mark in found)
    return bool(found)


def traces(names: Iterable[Identity]) -> set[str]:
    """By what a person is found in bodies that nobody has read."""
    found: set[str] = set()
    for each in names:
        if each.kind is IdentityKind.WA_ID:
            for phone in {each.value, subscriber(each.value)}:
                found |= {phone, _in_message_ids(phone)}
        elif each.kind is not IdentityKind.USERNAME:
            found.add(each.value)
    return {each for each in found if len(each) >= SHORTEST}


def traces_of(event: Event) -> set[str]:
    """By what an event that came too late is found in its own webhook."""
    if isinstance(event, WithPerson):
        person = event.person
        return {each for each in (person.wa_id, person.bsuid, person.parent) if each}
    return {event.wamid} if isinstance(event, WithMessage) else set()


def redacted(body: bytes, sought: Collection[str]) -> bytes:
    """A body of JSON without the elements that speak of the person; one that cannot be read is left with nothing."""
    try:
        document = json.loads(body)
    except ValueError:
        return NOTHING
    kept = _without(document, sought)
    return (
        json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() if not _speaks(kept, sought) else NOTHING
    )


def _without(node: Any, sought: Collection[str]) -> Any:
    """The smallest elements of lists go: what stands beside them in a webhook is somebody else's."""
    if isinstance(node, list):
        return [_without(each, sought) for each in node if not _speaks(each, sought)]
    if isinstance(node, dict):
        return {key: _without(part, sought) for key, part in node.items()}
    return node


def _speaks(node: Any, sought: Collection[str]) -> bool:
    """Of the person, in this element itself; lists within it are looked through for themselves."""
    if isinstance(node, dict):
        return any(_speaks(part, sought) for part in node.values() if not isinstance(part, list))
    return isinstance(node, str | int) and any(trace in str(node) for trace in sought)


def _words(*names: tuple[IdentityKind, str | None]) -> list[str]:
    return [f"{kind.value}:{subscriber(v) if kind is IdentityKind.WA_ID else v}" for kind, v in names if v]


def _in_message_ids(phone: str) -> str:
    """Meta's message ids hold the phone in base 64, behind three bytes."""
    return b64encode(phone[: len(phone) // 3 * 3].encode()).decode()
