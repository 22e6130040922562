"""What phones in coexistence hand over: how far each import is, the slices of history that wait, the names in address books."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.imports import BookName, Haul, Import, Slice
from crm.model.media import MediaState
from storage.claims import claim, holding
from storage.statements import Row, Statement, literal, number, one_of
from storage.tables import MESSAGE_IMPORTED, book_names, history_slices, imports, media, messages
from storage.transaction import Transaction
from storage.types import micros, micros_or_none, moment, moment_or_none
from storage.upserts import keep_first, put

_slice = history_slices.c

_OF = holding(
    sa.select(imports).where(one_of(imports.c.account_id, "account_ids")).order_by(imports.c.account_id), imports
)
_SAVE = put(imports, ("account_id",))
_ADD_SLICE = keep_first(history_slices)
_CLAIM = claim(
    history_slices,
    _slice.id,
    sa.select(_slice.id)
    .where(_slice.ready_at <= number("now"))
    .order_by(_slice.phase, _slice.id)
    .limit(number("at_most")),
    {"ready_at": number("until"), "attempts": _slice.attempts + sa.literal_column("1")},
    *(column for column in history_slices.c if column is not _slice.ready_at),
)
_held = (_slice.id == number("slice_id"), _slice.attempts == number("tries"), _slice.ready_at.is_not(None))
# What was applied stays, without its words, so that the same slice does not come in again.
_DONE = Statement(sa.update(history_slices).where(*_held).values(ready_at=sa.null(), size=0, content=""))
_DROP = Statement(sa.delete(history_slices).where(*_held))
_PRUNE = Statement(sa.delete(history_slices).where(_slice.ready_at.is_(None), _slice.created_at < number("before")))
_POSTPONE = Statement(sa.update(history_slices).where(_slice.id == number("slice_id")).values(ready_at=number("due")))
_NEXT_DUE_AT = Statement(sa.select(sa.func.min(_slice.ready_at)))
_NEXT_TOLD_AT = Statement(sa.select(sa.func.min(imports.c.told_at)).where(imports.c.told_at > number("now")))

_imported = (literal(f"messages.{MESSAGE_IMPORTED}"), messages.c.account_id == number("of_account"))
_MESSAGES = Statement(
    sa.select(sa.func.count(), sa.func.count(messages.c.conversation_id.distinct()))
    .select_from(messages)
    .where(*_imported)
)
_WAITING = Statement(
    sa.select(sa.func.coalesce(sa.func.sum(_slice.size), 0)).where(_slice.account_id == number("of_account"))
)
_FILES = Statement(
    sa.select(media.c.state, sa.func.count())
    .join_from(messages, media, media.c.message_id == messages.c.id)
    .where(*_imported)
    .group_by(media.c.state)
)

_NAMES = holding(
    sa.select(book_names).where(one_of(book_names.c.key, "keys")).order_by(book_names.c.key, book_names.c.account_id),
    book_names,
)
_SAVE_NAME = put(book_names, ("key", "account_id"))


class Imports:
    """One row for each account that ever asked or heard; its slices are claimed from the newest days on."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def of(self, account_ids: Collection[int]) -> dict[int, Import]:
        rows = await self._tx.rows(_OF, account_ids=list(account_ids)) if account_ids else []
        return {row[0]: _import(row) for row in rows}

    async def save(self, progress: Collection[Import]) -> None:
        await self._tx.many(_SAVE, [_row(each) for each in sorted(progress, key=lambda each: each.account_id)])

    async def add_slices(self, slices: Sequence[Slice]) -> None:
        await self._tx.many(_ADD_SLICE, map(_slice_row, slices))

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Slice]:
        rows = await self._tx.rows(_CLAIM, now=micros(now), until=micros(lease_until), at_most=limit)
        found = [Slice(r[0], r[1], r[2], r[3], r[4], r[5], moment(r[6]), r[7]) for r in rows]
        return sorted(found, key=lambda each: (each.phase, each.id))

    async def done(self, slice_id: int, attempts: int) -> bool:
        return await self._tx.run(_DONE, slice_id=slice_id, tries=attempts) > 0

    async def drop(self, slice_id: int, attempts: int) -> bool:
        return await self._tx.run(_DROP, slice_id=slice_id, tries=attempts) > 0

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))

    async def postpone(self, slice_id: int, due_at: datetime) -> None:
        await self._tx.run(_POSTPONE, slice_id=slice_id, due=micros(due_at))

    async def next_due_at(self) -> datetime | None:
        return moment_or_none(await self._tx.value(_NEXT_DUE_AT))

    async def next_told_at(self, now: datetime) -> datetime | None:
        return moment_or_none(await self._tx.value(_NEXT_TOLD_AT, now=micros(now)))

    async def waiting(self, account_id: int) -> int:
        return int(await self._tx.value(_WAITING, of_account=account_id))

    async def haul(self, account_id: int) -> Haul:
        said, talks = (await self._tx.rows(_MESSAGES, of_account=account_id))[0]
        files = await self._tx.pairs(_FILES, of_account=account_id)
        stored, wanted = (files.get(state.value, 0) for state in (MediaState.STORED, MediaState.WANTED))
        return Haul(said, talks, await self.waiting(account_id), stored, wanted)

    async def names(self, keys: Collection[str]) -> list[BookName]:
        rows = await self._tx.rows(_NAMES, keys=list(keys)) if keys else []
        return [BookName(r[0], r[1], r[2], moment(r[3])) for r in rows]

    async def save_names(self, names: Collection[BookName]) -> None:
        ordered = sorted(names, key=lambda each: (each.key, each.account_id))
        rows = [(each.key, each.account_id, each.name, micros(each.at)) for each in ordered]
        await self._tx.many(_SAVE_NAME, rows)


def _slice_row(s: Slice) -> tuple[object, ...]:
    created_at = micros(s.created_at)
    return (s.id, s.account_id, s.webhook_id, s.phase, s.size, s.content, created_at, created_at, s.attempts, s.key)


def _row(p: Import) -> tuple[object, ...]:
    return (
        p.account_id,
        micros_or_none(p.contacts_asked_at),
        micros_or_none(p.history_asked_at),
        micros_or_none(p.heard_at),
        p.phase,
        p.progress,
        micros_or_none(p.declined_at),
        p.groups,
        micros_or_none(p.told_at),
        micros_or_none(p.files_until),
    )


def _import(r: Row) -> Import:
    return Import(
        r[0],
        moment_or_none(r[1]),
        moment_or_none(r[2]),
        moment_or_none(r[3]),
        r[4],
        r[5],
        moment_or_none(r[6]),
        r[7],
        moment_or_none(r[8]),
        moment_or_none(r[9]),
    )
