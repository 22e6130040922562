"""The people we talk to, and the names under which Meta knows them."""

import re
import unicodedata
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from crm.model.agents import Agent
from crm.model.contacts import Contact
from crm.model.records import maker
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, one_of, overwrite, text
from storage.tables import contacts, conversations, identities
from storage.transaction import Transaction
from storage.types import micros, micros_or_none, moment, moment_or_none
from storage.visibility import contact_visible, conversation_visible, seen_by

_make = maker(Contact)

COLUMNS = tuple(column for column in contacts.c if column is not contacts.c.searchable)

_RESOLVE = Statement(sa.select(identities.c.key, identities.c.contact_id).where(one_of(identities.c.key, "keys")))
_IDENTIFY = insert(identities)
_LOAD = holding(sa.select(*COLUMNS).where(one_of(contacts.c.id, "ids")).order_by(contacts.c.id))
_INSERT = insert(contacts)
_OVERWRITE = overwrite(contacts)

_SEARCH = Statement(
    sa.select(*COLUMNS)
    .where(
        sa.or_(
            contacts.c.searchable.like(text("pattern"), escape="\\"),
            contacts.c.wa_id.like(text("digits"), escape="\\"),
        ),
        contact_visible(contacts.c.id),
    )
    .order_by(contacts.c.created_at.desc(), contacts.c.id.desc())
    .limit(number("at_most"))
)

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

    async def resolve(self, identities: Collection[str]) -> dict[str, int]:
        if not identities:
            return {}
        return await self._tx.pairs(_RESOLVE, keys=list(identities))

    async def identify(self, pairs: Sequence[tuple[str, int]]) -> None:
        await self._tx.many(_IDENTIFY, sorted(pairs))

    async def load(self, ids: Collection[int]) -> dict[int, Contact]:
        if not ids:
            return {}
        return {row[0]: contact(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def save(self, new: Sequence[Contact] = (), changed: Sequence[Contact] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

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
                at_most=limit,
                **seen_by(viewer),
            )
        return [contact(row) for row in rows]


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
    )
