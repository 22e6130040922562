"""Files that people sent: which are still wanted, which lie where. The bytes are in the object store (`objects.py`)."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.media import Media, MediaKind, MediaState
from storage.claims import claim, holding, holding_free
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite
from storage.tables import MEDIA_KEPT, MEDIA_LOST, MEDIA_STORED, MEDIA_WANTED, MEDIA_WITH_THUMBNAIL, media
from storage.transaction import Transaction
from storage.types import members, micros, moment, moment_or_none

_KINDS = members(MediaKind)
_STATES = members(MediaState)
_column = media.c

_INSERT = insert(media)
_OVERWRITE = overwrite(media, steady=("account_id", "meta_id", "kind", "created_at"))
_LOAD = holding(sa.select(media).where(one_of(_column.id, "ids")).order_by(_column.id))
_OF_MESSAGES = holding(sa.select(media).where(one_of(_column.message_id, "message_ids")).order_by(_column.id))
_CLAIM = claim(
    media,
    _column.id,
    sa.select(_column.id)
    .where(_column.ready_at <= number("now"), literal(MEDIA_WANTED))
    .order_by(_column.ready_at, _column.id)
    .limit(number("at_most")),
    {"ready_at": number("until"), "attempts": _column.attempts + sa.literal_column("1")},
    *_column,
)
_NEXT_DUE_AT = Statement(sa.select(sa.func.min(_column.ready_at)).where(literal(MEDIA_WANTED)))
_KEPT_SINCE = holding_free(
    sa.select(media)
    .where(_column.ready_at < number("before"), literal(MEDIA_KEPT))
    .order_by(_column.ready_at, _column.id)
    .limit(number("at_most")),
    media,
)
_WANTED = Statement(
    sa.select(media).where(literal(MEDIA_WANTED)).order_by(_column.ready_at, _column.id).limit(number("at_most"))
)
_lost = (_column.ready_at >= number("since"), literal(MEDIA_LOST))
_LOST = Statement(
    sa.select(media).where(*_lost).order_by(_column.ready_at.desc(), _column.id.desc()).limit(number("at_most"))
)
_COUNT_WANTED = Statement(sa.select(sa.func.count()).select_from(capped(media, literal(MEDIA_WANTED))))
_COUNT_LOST = Statement(sa.select(sa.func.count()).select_from(capped(media, *_lost)))
_IN_USE = Statement(
    sa.union(
        sa.select(_column.key).where(one_of(_column.key, "keys"), literal(MEDIA_STORED)),
        sa.select(_column.thumbnail_key).where(
            one_of(_column.thumbnail_key, "keys"), literal(MEDIA_STORED), literal(MEDIA_WITH_THUMBNAIL)
        ),
        sa.select(_column.sha256).where(one_of(_column.sha256, "keys"), literal(MEDIA_WANTED)),
    )
)


class MediaFiles:
    """Claimed while wanted, the longest due first; counted by key when something is to be deleted."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def save(self, new: Sequence[Media] = (), changed: Sequence[Media] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def load(self, ids: Collection[int]) -> dict[int, Media]:
        if not ids:
            return {}
        return {row[0]: _media(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def of_messages(self, message_ids: Collection[int]) -> dict[int, Media]:
        if not message_ids:
            return {}
        rows = await self._tx.rows(_OF_MESSAGES, message_ids=list(message_ids))
        return {row[2]: _media(row) for row in reversed(rows)}

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> list[Media]:
        rows = await self._tx.rows(_CLAIM, now=micros(now), until=micros(lease_until), at_most=limit)
        return sorted(map(_media, rows), key=lambda found: found.id)

    async def next_due_at(self) -> datetime | None:
        return moment_or_none(await self._tx.value(_NEXT_DUE_AT))

    async def wanted(self, limit: int) -> list[Media]:
        return [_media(row) for row in await self._tx.rows(_WANTED, at_most=limit)]

    async def lost(self, since: datetime, limit: int) -> list[Media]:
        return [_media(row) for row in await self._tx.rows(_LOST, since=micros(since), at_most=limit)]

    async def counts(self, lost_since: datetime, most: int) -> dict[str, int]:
        return {
            "wanted": await self._tx.value(_COUNT_WANTED, most=most),
            "lost": await self._tx.value(_COUNT_LOST, since=micros(lost_since), most=most),
        }

    async def kept_since(self, before: datetime, limit: int) -> list[Media]:
        return [_media(row) for row in await self._tx.rows(_KEPT_SINCE, before=micros(before), at_most=limit)]

    async def in_use(self, keys: Collection[str]) -> set[str]:
        return {row[0] for row in await self._tx.rows(_IN_USE, keys=list(keys))} if keys else set()


def _row(m: Media) -> tuple[object, ...]:
    return (
        m.id,
        m.account_id,
        m.message_id,
        m.meta_id,
        m.kind.value,
        m.mime_type,
        m.name,
        m.size,
        m.sha256,
        m.state.value,
        m.key,
        m.thumbnail_key,
        micros(m.created_at),
        micros(m.ready_at),
        m.attempts,
        m.error,
    )


def _media(r: Row) -> Media:
    return Media(
        r[0],
        r[1],
        r[2],
        r[3],
        _KINDS[r[4]],
        r[5],
        r[6],
        r[7],
        r[8],
        _STATES[r[9]],
        r[10],
        r[11],
        moment(r[12]),
        moment(r[13]),
        r[14],
        r[15],
    )
