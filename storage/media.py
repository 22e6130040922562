"""Files that people sent: which are still wanted, which lie where. The bytes are in the object store (`objects.py`).

A file is named by its row's id where something waits to leave with it (the outbox, the cards), and by its key where it was not sent yet:
in the steps of plans, in what an agent is just filling in, and in what they were asked to confirm. Both count before it is deleted.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.media import Media, MediaKind, MediaState
from storage.claims import claim, holding, holding_free
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite
from storage.tables import (
    ENROLLMENT_OPEN,
    MEDIA_KEPT,
    MEDIA_LOST,
    MEDIA_STORED,
    MEDIA_WANTED,
    MEDIA_WITH_THUMBNAIL,
    OUTBOX_UNSETTLED,
    PENDING_OPEN,
    confirmations,
    dialogs,
    enrollments,
    media,
    outbox,
    pending,
    sequence_versions,
    sequences,
)
from storage.transaction import Transaction
from storage.types import members, micros, micros_or_none, moment, moment_or_none

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
_awaited = sa.union_all(
    sa.select(pending.c.media_id).where(pending.c.media_id.is_not(None), literal(PENDING_OPEN)),
    sa.select(outbox.c.media_id).where(outbox.c.media_id.is_not(None), literal(OUTBOX_UNSETTLED)),
)
_KEPT_SINCE = holding_free(
    sa.select(media)
    .where(_column.ready_at < number("before"), literal(MEDIA_KEPT), _column.id.not_in(_awaited))
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
_FILED: sa.ColumnElement[str] = sa.literal_column("""'%"key"%'""")
_KEY = re.compile(r'"key":\s*"([0-9a-f]{64})"')
_walked = sa.exists(sa.literal_column("1")).where(
    enrollments.c.sequence_id == sequence_versions.c.sequence_id,
    enrollments.c.version == sequence_versions.c.version,
    literal(ENROLLMENT_OPEN),
)
_NAMING = Statement(
    sa.union_all(
        sa.select(sequences.c.steps).where(
            sequences.c.steps.like(_FILED), sequences.c.state != sa.literal_column("'archived'")
        ),
        sa.select(sequence_versions.c.steps).where(sequence_versions.c.steps.like(_FILED), _walked),
        sa.select(dialogs.c.state).where(dialogs.c.state.like(_FILED)),
        sa.select(confirmations.c.act).where(
            confirmations.c.act.like(_FILED), confirmations.c.expires_at > number("now")
        ),
    )
)
"""What names files by their keys, as JSON: plans that may be walked, versions that are, what agents are just about to send."""


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

    async def in_use(self, keys: Collection[str], now: datetime) -> set[str]:
        if not keys:
            return set()
        used = {row[0] for row in await self._tx.rows(_IN_USE, keys=list(keys))}
        for (said,) in await self._tx.rows(_NAMING, now=micros(now)):
            used.update(key for key in _KEY.findall(said) if key in keys)
        return used


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
        m.url,
        micros_or_none(m.url_until),
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
        r[16],
        moment_or_none(r[17]),
    )
