"""The people we talk to, and the names under which Meta knows them."""

import re
import unicodedata
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.contacts import Contact, Identity, IdentityKind
from crm.model.records import maker
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, one_of, overwrite, text
from storage.tables import contacts, conversations, identities
from storage.transaction import Transaction
from storage.types import dumps, loads, micros, micros_or_none, moment, moment_or_none
from storage.visibility import contact_visible, conversation_visible, seen_by

_make = maker(Contact)
_make_identity = maker(Identity)
_KINDS = {kind.value: kind for kind in IdentityKind}

NO_TAGS: frozenset[str] = frozenset()

COLUMNS = tuple(column for column in contacts.c if column.name not in ("searchable", "erased_at"))

_KNOWN = Statement(sa.select(identities).where(one_of(identities.c.key, "keys")))
_mine = identities.alias("mine")
_BESIDE = Statement(
    sa.select(identities).where(identities.c.key.in_(sa.select(_mine.c.key).where(one_of(_mine.c.contact_id, "ids"))))
)
_IDENTIFY = insert(identities)
_FORGET = Statement(sa.delete(identities).where(one_of(identities.c.contact_id, "ids")))
_LOAD = holding(
    sa.select(*COLUMNS).where(one_of(contacts.c.id, "ids"), contacts.c.erased_at.is_(None)).order_by(contacts.c.id)
)
_INSERT = insert(contacts, without=("erased_at",))
_OVERWRITE = overwrite(contacts, keep=("erased_at",))

_SEARCH = Statement(
    sa.select(*COLUMNS)
    .where(
        sa.or_(
            contacts.c.searchable.like(text("pattern"), escape="\\"),
            contacts.c.id.in_(
                sa.select(identities.c.contact_id).where(
                    sa.or_(
                        sa.and_(
                            identities.c.kind == sa.literal_column(f"'{IdentityKind.WA_ID.value}'"),
                            identities.c.value.like(text("digits"), escape="\\"),
                        ),
                        identities.c.value == text("exactly"),
                    )
                )
            ),
        ),
        contact_visible(contacts.c.id),
    )
    .order_by(contacts.c.created_at.desc(), contacts.c.id.desc())
    .limit(number("at_most"))
)

_other = identities.alias("other")
# The kinds are literals; a name that Meta said was given up makes nobody look alike.
_SHARED = (
    _other.c.key == _mine.c.key,
    _other.c.contact_id != _mine.c.contact_id,
    _mine.c.kind.in_([sa.literal_column(f"'{kind.value}'") for kind in (IdentityKind.WA_ID, IdentityKind.USERNAME)]),
    _mine.c.until.is_(None),
    _other.c.until.is_(None),
)
_ALIKE = Statement(
    sa.select(*COLUMNS)
    .where(
        contacts.c.id.in_(
            sa.select(_other.c.contact_id)
            .join_from(_mine, _other, _SHARED[0])
            .where(_mine.c.contact_id == number("of"), *_SHARED[1:])
        ),
        contact_visible(contacts.c.id),
    )
    .order_by(contacts.c.created_at, contacts.c.id)
    .limit(sa.literal_column("5"))
)
_PAIRS_ALIKE = Statement(
    sa.select(_mine.c.contact_id, _other.c.contact_id)
    .join_from(_mine, _other, _SHARED[0])
    .where(_mine.c.contact_id < _other.c.contact_id, *_SHARED[2:])
    .distinct()
    .order_by(_mine.c.contact_id, _other.c.contact_id)
    .limit(number("at_most"))
)
_EVERYBODY = {"sees_all": 1, "viewer_id": 0}

_newer = conversations.alias("newer")
_LATELY = Statement(
    sa.select(*COLUMNS)
    .join_from(conversations, contacts, contacts.c.id == conversations.c.contact_id)
    .where(
        conversations.c.last_inbound_at.is_not(None),
        conversation_visible(),
        ~sa.exists(
            sa.select(sa.literal_column("1")).where(
                _newer.c.contact_id == conversations.c.contact_id,
                conversation_visible(_newer),
                sa.or_(
                    _newer.c.last_inbound_at > conversations.c.last_inbound_at,
                    sa.and_(
                        _newer.c.last_inbound_at == conversations.c.last_inbound_at, _newer.c.id > conversations.c.id
                    ),
                ),
            )
        ),
    )
    .order_by(conversations.c.last_inbound_at.desc(), conversations.c.id.desc())
    .limit(number("at_most"))
)


class Contacts:
    """Found by any of their identities, loaded in sets, searched by people."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def known(self, keys: Collection[str]) -> list[Identity]:
        if not keys:
            return []
        return [identity(row) for row in await self._tx.rows(_KNOWN, keys=list(keys))]

    async def identities(self, ids: Collection[int]) -> list[Identity]:
        if not ids:
            return []
        return [identity(row) for row in await self._tx.rows(_BESIDE, ids=list(ids))]

    async def identify(self, rows: Sequence[Identity], instead_of: Collection[int] = ()) -> None:
        if instead_of:
            await self._tx.run(_FORGET, ids=list(instead_of))
        await self._tx.many(_IDENTIFY, [_identity_row(each) for each in sorted(rows, key=_by_key)])

    async def load(self, ids: Collection[int]) -> dict[int, Contact]:
        if not ids:
            return {}
        return {row[0]: contact(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def save(self, new: Sequence[Contact] = (), changed: Sequence[Contact] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def alike(self, viewer: Agent | None, contact_id: int) -> list[Contact]:
        seen = seen_by(viewer) if viewer is not None else _EVERYBODY
        return [contact(row) for row in await self._tx.rows(_ALIKE, of=contact_id, **seen)]

    async def pairs_alike(self, limit: int) -> list[tuple[Contact, Contact]]:
        pairs = [(row[0], row[1]) for row in await self._tx.rows(_PAIRS_ALIKE, at_most=limit)]
        found = await self.load({each for pair in pairs for each in pair})
        ordered = [sorted((found[a], found[b]), key=lambda each: (each.created_at, each.id)) for a, b in pairs]
        return [(older, newer) for older, newer in ordered]

    async def search(self, viewer: Agent, text: str, limit: int) -> list[Contact]:
        sought = fold(text).strip()
        if not sought:
            rows = await self._tx.rows(_LATELY, at_most=limit, **seen_by(viewer))
        else:
            named = re.search(r"[^\W\d_]", sought)  # "Client 001" is a name, not a part of a phone
            digits = "" if named else re.sub(r"\D", "", sought)
            rows = await self._tx.rows(
                _SEARCH,
                pattern=f"%{_escaped(sought)}%",
                digits=f"%{digits}%" if len(digits) >= 3 else None,
                exactly=text.strip(),
                at_most=limit,
                **seen_by(viewer),
            )
        return [contact(row) for row in rows]


def _by_key(each: Identity) -> tuple[str, int]:
    return each.key, each.contact_id


def _identity_row(i: Identity) -> tuple[object, ...]:
    until = micros_or_none(i.until)
    return i.key, i.contact_id, i.kind.value, i.value, i.portfolio, micros(i.since), micros(i.seen), until, i.held


def identity(r: Row) -> Identity:
    """Read a whole row of `identities`."""
    return _make_identity(
        r[0], r[1], _KINDS[r[2]], r[3], r[4], moment(r[5]), moment(r[6]), moment_or_none(r[7]), bool(r[8])
    )


def fold(text: str) -> str:
    """Write a name so that a search finds it without its capitals and accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _searchable(name: str | None, username: str | None, book_name: str | None) -> str:
    words = f"{name or ''} {username or ''}" if book_name is None else f"{book_name} {name or ''} {username or ''}"
    return words.casefold() if words.isascii() else fold(words)


def _row(c: Contact) -> tuple[object, ...]:
    return (
        c.id,
        c.wa_id,
        c.bsuid,
        c.name,
        c.username,
        c.time_zone,
        c.language,
        micros(c.created_at),
        micros_or_none(c.named_at),
        c.opted_out,
        micros_or_none(c.consent_at),
        c.marketing_opted_out,
        micros_or_none(c.marketing_consent_at),
        c.book_name,
        micros_or_none(c.marketing_refused_at),
        c.marketing_refusals,
        _searchable(c.name, c.username, c.book_name),
        dumps(c.tags) if c.tags else "[]",
        dumps(c.fields) if c.fields else "{}",
    )


def contact(r: Row) -> Contact:
    """Read a row of `COLUMNS`."""
    return _make(
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        r[5],
        r[6],
        moment(r[7]),
        moment_or_none(r[8]),
        bool(r[9]),
        moment_or_none(r[10]),
        bool(r[11]),
        moment_or_none(r[12]),
        r[13],
        moment_or_none(r[14]),
        r[15],
        frozenset(loads(r[16])) if r[16] != "[]" else NO_TAGS,
        loads(r[17]) if r[17] != "{}" else {},
    )
