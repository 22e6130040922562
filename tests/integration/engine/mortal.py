"""A process that dies: a store and a sender that stop for ever at a chosen step.

A step is every point where the engine waits for a neighbour: before each statement, before and after each commit, before a call to
Meta and after Meta took the message. `Died` is no Exception, so nobody handles it; a transaction it leaves is rolled back, as the
database does when a process is gone. From then on whatever still runs dies at its next step.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast

from crm.model.outbox import Accepted, Enclosed, Parcel
from crm.ports import Address, Fetched, MediaSource, MediaStore, Sender, Store, UnitOfWork, Uploader


class Died(BaseException):
    """The process is gone."""


class Life:
    """So many steps, then none."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        """Live on, or die here."""
        if self.left <= 0:
            raise Died
        self.left -= 1


class MortalStore:
    """The store of a process with that life."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store, self._life = store, life

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._mortal(self._store.begin)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._mortal(self._store.read)

    @asynccontextmanager
    async def _mortal(self, opens: Callable[[], AbstractAsyncContextManager[UnitOfWork]]) -> AsyncIterator[UnitOfWork]:
        self._life.step()
        async with opens() as uow:
            yield cast(UnitOfWork, _Mortal(uow, self._life))
            self._life.step()
        self._life.step()


class _Mortal:
    """A unit of work, or one of its query groups: every awaited query is a step."""

    def __init__(self, real: object, life: Life) -> None:
        self._real, self._life = real, life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return _Mortal(found, self._life)
        if not inspect.iscoroutinefunction(found):
            return found

        async def mortal(*arguments: Any, **named: Any) -> Any:
            self._life.step()
            return await found(*arguments, **named)

        return mortal


class MortalSender:
    """The way to Meta of a process with that life."""

    def __init__(self, sender: Sender, life: Life) -> None:
        self._sender, self._life = sender, life

    async def send(self, parcel: Parcel) -> Accepted:
        self._life.step()
        accepted = await self._sender.send(parcel)
        self._life.step()
        return accepted


class MortalUploader:
    """The way of agents' files to Meta of a process with that life."""

    def __init__(self, uploader: Uploader, life: Life) -> None:
        self._uploader, self._life = uploader, life

    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        self._life.step()
        meta_id = await self._uploader.upload(account_id, phone_number_id, content, enclosed)
        self._life.step()
        return meta_id


class MortalSource:
    """The way to customers' files of a process with that life."""

    def __init__(self, source: MediaSource, life: Life) -> None:
        self._source, self._life = source, life

    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        self._life.step()
        fetched = await self._source.fetch(account_id, meta_id, limit, at)
        self._life.step()
        return fetched


class MortalShelf:
    """The object store of a process with that life."""

    def __init__(self, store: MediaStore, life: Life) -> None:
        self._store, self._life = store, life

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        self._life.step()
        await self._store.put(key, content, mime_type)
        self._life.step()

    async def get(self, key: str) -> bytes:
        self._life.step()
        return await self._store.get(key)

    async def part(self, key: str, start: int, length: int) -> bytes:
        self._life.step()
        return await self._store.part(key, start, length)

    async def delete(self, key: str) -> None:
        self._life.step()
        await self._store.delete(key)
        self._life.step()
