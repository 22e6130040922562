"""Who is who: what the names in webhooks say about people, as pure functions over the identities that are known.

The rules and their reasons are in docs/decisions/0009-who-is-who.md. All of them depend on Meta's times, never on the order in which
webhooks are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crm.model.contacts import Identity, IdentityKind, Person
from crm.model.records import replace
from crm.policy.phones import subscriber

PHONE, SCOPED, PARENT, NICK = IdentityKind.WA_ID, IdentityKind.BSUID, IdentityKind.PARENT, IdentityKind.USERNAME


@dataclass(frozen=True, slots=True)
class Naming:
    """One of the names in a webhook, and the key by which it is found."""

    key: str
    kind: IdentityKind
    value: str
    portfolio: str | None = None


def phone_key(wa_id: str) -> str:
    """All spellings of a phone have one key."""
    return f"w:{subscriber(wa_id)}"


def scoped_key(portfolio: str, bsuid: str) -> str:
    """A business-scoped id means somebody within one portfolio only."""
    return f"b:{portfolio}:{bsuid}"


def namings(person: Person, portfolio: str) -> list[Naming]:
    """The names of a person, in the order in which they are believed (reference 1.5)."""
    found: list[Naming] = []
    if person.bsuid:
        found.append(Naming(scoped_key(portfolio, person.bsuid), SCOPED, person.bsuid, portfolio))
    if person.parent:
        found.append(Naming(f"p:{person.parent}", PARENT, person.parent))
    if person.wa_id:
        found.append(Naming(phone_key(person.wa_id), PHONE, person.wa_id))
    if person.username:
        nick = person.username.lstrip("@")
        found.append(Naming(f"u:{nick.casefold()}", NICK, nick))
    return found


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`seen` of a name that we know only because Meta said that it was given up."""


def keys(person: Person, portfolio: str) -> list[str]:
    """What the person may be found by."""
    return [each.key for each in namings(person, portfolio) if each.kind is not NICK]


def sighted(naming: Naming, contact_id: int, at: datetime, *, in_use: bool = True) -> Identity:
    """A name that we did not know."""
    seen, held = at if in_use else NEVER, naming.kind is not NICK
    return Identity(naming.key, contact_id, naming.kind, naming.value, naming.portfolio, at, seen, held=held)


def seen_again(known: Identity, value: str, at: datetime, *, in_use: bool = True) -> Identity:
    """The same name in another webhook. The spelling is that of the earliest; `seen` moves only when that tells something."""
    if (at, value) < (known.since, known.value):
        known = replace(known, since=at, value=value)
    if in_use and at > known.seen and (known.until is not None or known.seen == NEVER):
        known = replace(known, seen=at)
    return known


def given_up(known: Identity, at: datetime) -> Identity:
    """Meta says that the name was given up at `at`."""
    return replace(known, until=min(known.until or at, at))


def together(one: Identity, other: Identity) -> Identity:
    """Two contacts are one: what both knew of the same name."""
    first = min(one, other, key=lambda each: (each.since, each.value))
    ends = [each.until for each in (one, other) if each.until is not None]
    return replace(
        first, contact_id=one.contact_id, seen=max(one.seen, other.seen), until=min(ends) if ends else None, held=False
    )


def holder(rows: Iterable[Identity], at: datetime) -> Identity | None:
    """Whose name it was at that moment: the last to come by it until then; failing that, the first."""
    rows = sorted(rows, key=lambda each: (each.since, each.contact_id))
    before = [each for each in rows if each.since <= at]
    return before[-1] if before else rows[0] if rows else None


def held_now(rows: Iterable[Identity]) -> int | None:
    """The contact that has this name now, or had it last."""
    last = max(rows, key=lambda each: (not each.given_up, each.since, each.contact_id), default=None)
    return None if last is None or last.kind is NICK else last.contact_id


def differ(some: Iterable[Identity | Naming], others: Iterable[Identity | Naming], same: Mapping[str, str]) -> bool:
    """Are these two people? To Meta they are if one portfolio has an id for each, and none is the same (reference 1.5). `same` leads
    from a business account to its portfolio."""
    mine, theirs = _scoped(some, same), _scoped(others, same)
    return any(not (mine[portfolio] & theirs[portfolio]) for portfolio in mine.keys() & theirs.keys())


def _scoped(names: Iterable[Identity | Naming], same: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in names:
        if each.kind is SCOPED and each.portfolio is not None:
            found.setdefault(same.get(each.portfolio, each.portfolio), set()).add(each.value)
    return found


def called(rows: Iterable[Identity]) -> tuple[str | None, str | None, str | None]:
    """The phone, the business-scoped id and the username by which a contact is called: the newest that still hold."""
    current = [each for each in rows if each.current]
    return _newest(current, PHONE), _newest(current, SCOPED), _newest(current, NICK)


def _newest(rows: Iterable[Identity], kind: IdentityKind) -> str | None:
    found = max((each for each in rows if each.kind is kind), key=lambda each: (each.since, each.value), default=None)
    return found.value if found is not None else None


def nicks(rows: Iterable[Identity]) -> list[Identity]:
    """A contact's usernames: each but the newest was given up when the next one was seen."""
    ordered = sorted((each for each in rows if each.kind is NICK), key=lambda each: (each.since, each.key))
    ends = [*(each.since for each in ordered[1:]), None]
    return [
        replace(each, until=end, seen=min(each.seen, end or each.seen))
        for each, end in zip(ordered, ends, strict=False)
    ]


def with_held(row: Identity, held: bool) -> Identity:
    """The same name, had by the contact or not."""
    return replace(row, held=held)


def moved(row: Identity, contact_id: int) -> Identity:
    """The same name of another contact."""
    return replace(row, contact_id=contact_id, held=False)


def parted(row: Identity, before: Identity | None, contact_id: int) -> Identity:
    """A name of a contact that becomes two again: as whoever had it knew it."""
    return before if before is not None else replace(row, contact_id=contact_id)


def held_by_newest(rows: Iterable[Identity]) -> list[Identity]:
    """These names, each held by whoever has it now or had it last; all rows of each name are given."""
    by_key: dict[str, list[Identity]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return [with_held(row, row.contact_id == held_now(same)) for same in by_key.values() for row in same]


def in_order(rows: Iterable[Identity]) -> list[Identity]:
    """As a person reads them: what still holds before what does not, phones first, the newest first."""
    kinds = list(IdentityKind)
    return sorted(
        rows, key=lambda each: (not each.current, kinds.index(each.kind), -each.since.timestamp(), each.value)
    )
