"""What is done to files, with a counter: how long looking into them takes, how it ends, and how often the store fails."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.metrics import Metrics
from crm.errors import NotFound, Refused
from crm.model.media import MediaKind
from crm.ports import Fitted, MediaStore, Picture, Pictures

T = TypeVar("T")


class MeteredPictures:
    """Looking into files. The labels are our own kinds and codes."""

    def __init__(self, pictures: Pictures, metrics: Metrics) -> None:
        self._pictures, self._metrics = pictures, metrics

    async def thumbnail(self, content: bytes, mime_type: str) -> Picture | None:
        return await self._timed("thumbnail", self._pictures.thumbnail(content, mime_type))

    async def for_whatsapp(self, kind: MediaKind, content: bytes, mime_type: str) -> Fitted:
        return await self._timed(kind.value, self._pictures.for_whatsapp(kind, content, mime_type))

    async def _timed(self, work: str, looking: Awaitable[T]) -> T:
        begun, outcome = self._metrics.now(), "broken"
        try:
            found = await looking
            outcome = "ok" if found is not None else "nothing"
            return found
        except Refused as flaw:
            outcome = flaw.code
            raise
        finally:
            self._metrics.count("media_work", work, outcome)
            self._metrics.observe("media_work_seconds", self._metrics.now() - begun)


class MeteredStore:
    """The object store. A file that is not there is an answer and no failure."""

    def __init__(self, store: MediaStore, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        await self._watched("put", self._store.put(key, content, mime_type))

    async def get(self, key: str) -> bytes:
        return await self._watched("get", self._store.get(key))

    async def part(self, key: str, start: int, length: int) -> bytes:
        return await self._watched("part", self._store.part(key, start, length))

    async def delete(self, key: str) -> None:
        await self._watched("delete", self._store.delete(key))

    async def _watched(self, call: str, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except NotFound:
            raise
        except Exception:
            self._metrics.count("media_store_errors", call)
            raise
