"""The file of a message, handed to Meta before the message: once for each account, and again when Meta has forgotten it.

An upload is not a send: nobody sees it, and it may be repeated, so its silence is a delay and never an unknown outcome.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm.clock import Clock
from crm.errors import NotFound, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain, Unavailable
from crm.model.media import Media, MediaState, Upload
from crm.model.outbox import Enclosed, OutboxItem, Parcel
from crm.model.records import replace
from crm.ports import MediaStore, Store, UnitOfWork, Uploader

log = structlog.get_logger(__name__)

KEPT_BY_META = timedelta(days=29)
"""Meta keeps an upload for thirty days; one day is left for the message that wants it."""
AT_A_TIME = 4
AGAIN_IN = timedelta(seconds=30)
PATIENCE = timedelta(minutes=2)
"""So long after it was given a file holds up those behind it."""
REMEMBERED = 1_000
FORGOTTEN = frozenset({100, 131009, 131052, 131053})
"""Meta's codes that may mean that it does not know the file's id any more."""


async def enclosed_in(uow: UnitOfWork, items: Sequence[OutboxItem], now: datetime) -> dict[int, Enclosed]:
    """The files of these items by the item's id, with the ids that Meta gave them before."""
    wanted = {item.media_id for item in items if item.media_id is not None}
    if not wanted:
        return {}
    files = await uow.media.load(wanted)
    pairs = {(m.account_id, m.key) for m in files.values() if m.key is not None}
    known = await uow.uploads.find(pairs, now - KEPT_BY_META)
    return {item.id: _enclosed(files[item.media_id], known) for item in items if item.media_id in files}


def _enclosed(media: Media, known: Mapping[tuple[int, str], str]) -> Enclosed:
    key = media.key if media.state is MediaState.STORED else None
    meta_id = known.get((media.account_id, key)) if key is not None else None
    return Enclosed(media.kind, key, media.mime_type, media.name, meta_id, cached=meta_id is not None)


@dataclass(frozen=True, slots=True)
class FileTools:
    """Where agents' files lie, and who hands them to Meta."""

    objects: MediaStore
    uploader: Uploader


class Handing:
    """Hands files over, a few at a time."""

    def __init__(self, store: Store, tools: FileTools, clock: Clock) -> None:
        self._store = store
        self._tools = tools
        self._clock = clock
        self._room = asyncio.Semaphore(AT_A_TIME)

    async def ready(self, parcel: Parcel, in_time: Callable[[], None]) -> Parcel:
        """The parcel with Meta's id of its file. `in_time` raises when the lease does not last. Raises a SendFailed."""
        enclosed = parcel.enclosed
        if enclosed is None or enclosed.meta_id is not None:
            return parcel
        if enclosed.key is None:
            raise SendRejected("file-gone")
        async with self._room:
            in_time()
            meta_id = await self._hand(parcel, enclosed, enclosed.key)
        async with self._store.begin() as uow:
            await uow.uploads.save(Upload(parcel.account_id, enclosed.key, meta_id, self._clock.now()))
        log.info("media_uploaded", account_id=parcel.account_id, kind=enclosed.kind.value)
        in_time()
        return replace(parcel, enclosed=replace(enclosed, meta_id=meta_id))

    async def forget(self, parcel: Parcel) -> Parcel:
        """Meta does not know the file any more: the parcel as if it had never been handed over."""
        enclosed = parcel.enclosed
        if enclosed is None or enclosed.key is None:
            return parcel
        async with self._store.begin() as uow:
            await uow.uploads.forget(parcel.account_id, enclosed.key)
        return replace(parcel, enclosed=replace(enclosed, meta_id=None, cached=False))

    async def _hand(self, parcel: Parcel, enclosed: Enclosed, key: str) -> str:
        try:
            content = await self._tools.objects.get(key)
            return await self._tools.uploader.upload(parcel.account_id, parcel.phone_number_id, content, enclosed)
        except NotFound as missing:
            raise SendRejected("file-gone") from missing
        except Unavailable as away:
            raise _later(away.code) from away
        except SendUncertain as silence:
            raise _later(silence.detail or silence.code) from silence


class FilesInOrder:
    """The files of a conversation leave in the order in which they were given, as the pictures of an album must: one that has not got
    through yet is waited for, though not for long. Words do not wait for it."""

    def __init__(self) -> None:
        self._awaited: dict[int, tuple[int, datetime]] = {}

    def check(self, item: OutboxItem, now: datetime) -> None:
        """Raise when one before it has not left yet."""
        number, until = self._awaited.get(item.conversation_id, (item.id, now))
        if number < item.id and now < until:
            raise SendPostponed("upload-failed", scope=Scope.NUMBER, wait=AGAIN_IN, detail="after the file before it")

    def ended(self, item: OutboxItem, failure: SendFailed | None) -> None:
        """Its turn is over, or it is waited for."""
        first, _ = self._awaited.get(item.conversation_id, (item.id, item.created_at))
        if first == item.id:
            self._awaited.pop(item.conversation_id, None)
        if isinstance(failure, SendPostponed) and item.id <= first:
            self._awaited[item.conversation_id] = item.id, item.created_at + PATIENCE
            if len(self._awaited) > REMEMBERED:
                del self._awaited[next(iter(self._awaited))]


def may_be_forgotten(parcel: Parcel, refusal: SendRejected) -> bool:
    """May Meta have refused the message only because it forgot the file that it had from us?"""
    return parcel.enclosed is not None and parcel.enclosed.cached and refusal.meta_code in FORGOTTEN


def _later(why: str) -> SendPostponed:
    return SendPostponed("upload-failed", scope=Scope.MESSAGE, wait=AGAIN_IN, detail=why)
