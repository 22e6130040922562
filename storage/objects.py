"""The object store: files by key, in a folder of this machine or at anybody who speaks S3.

A key is the hash of its content, so that a write can be repeated and nothing is ever changed in place. What a store says when it
cannot is told in our words. The folder is made by the first file, and a file is on the disk before `put` returns; credentials
for S3 come from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …) and appear nowhere else.
"""

import asyncio
import os
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from crm.errors import Misconfigured, NotFound, Unavailable
from storage.statements import Engine
from storage.urls import locate

T = TypeVar("T")

SETTING = "media.url"
BESIDE = "media"
"""The folder beside the database."""
_PATIENCE = timedelta(seconds=60)
_RETRIES = 3


class Objects:
    """The MediaStore of `crm.ports`."""

    def __init__(self, store: S3Store | None, folder: Path) -> None:
        self._remote, self._folder = store, folder
        self._local: LocalStore | None = None

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        """Keep a file; durable on return."""
        store, place = self._store(), _place(key)
        try:
            if isinstance(store, S3Store):
                await store.put_async(place, content, attributes={"Content-Type": mime_type})
            else:
                await store.put_async(place, content)
                await asyncio.to_thread(_sync, self._folder / place)
        except (BaseError, OSError, ValueError) as error:  # a bucket that does not exist is no file that is gone
            _failed(error)

    async def get(self, key: str) -> bytes:
        """The whole file."""
        found = await _done(self._store().get_async(_place(key)))
        return bytes(await _done(found.bytes_async()))

    async def part(self, key: str, start: int, length: int) -> bytes:
        """So many bytes from there on."""
        return bytes(await _done(self._store().get_range_async(_place(key), start=start, length=length)))

    async def delete(self, key: str) -> None:
        """Forget a file."""
        with suppress(NotFound):
            await _done(self._store().delete_async(_place(key)))

    def _store(self) -> S3Store | LocalStore:
        if self._remote is not None:
            return self._remote
        if self._local is None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._local = LocalStore(self._folder.absolute())
            except (OSError, BaseError) as error:
                _failed(error)
        return self._local


def open_objects(url: str, database_url: str) -> Objects:
    """The store that a setting names; empty means a folder beside the database. Raises Misconfigured."""
    return Objects(*placed(url, database_url, SETTING, BESIDE))


def placed(url: str, database_url: str, setting: str, beside: str) -> tuple[S3Store | None, Path]:
    """A bucket, or else the folder; an empty setting means the folder of that name beside the database."""
    parsed = urlsplit(url)
    if not url:
        return None, _beside(database_url, beside)
    if parsed.scheme == "file":
        if parsed.netloc not in ("", "localhost") or not parsed.path.startswith("/"):
            raise Misconfigured(setting, "a folder is written file:///its/path")
        return None, Path(unquote(parsed.path))
    if parsed.scheme != "s3" or not parsed.netloc:
        raise Misconfigured(setting, "is neither file:///its/path nor s3://bucket/prefix")
    try:
        store = S3Store(
            parsed.netloc,
            prefix=parsed.path.strip("/") or None,
            client_options={"timeout": _PATIENCE, "allow_http": True},  # only an endpoint that is written so is http
            retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
        )
    except (BaseError, ValueError) as error:
        raise Misconfigured(setting, f"S3 cannot be used: {str(error).splitlines()[0][:200]}") from None
    return store, Path()


def _beside(database_url: str, folder: str) -> Path:
    """With PostgreSQL there is no file to lie beside: then in the working folder."""
    location = locate(database_url)
    return (location.path.parent if location.engine is Engine.SQLITE else Path()) / folder


def _place(key: str) -> str:
    """Where a key lies: no folder becomes endless."""
    return f"{key[:2]}/{key}"


def _sync(path: Path) -> None:
    """Let a file and its name reach the disk: a row that says that it is there outlives a power cut."""
    for each, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        handle = os.open(each, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


async def _done(work: Awaitable[T]) -> T:
    try:
        return await work
    except FileNotFoundError as error:
        raise NotFound("media-gone") from error
    except (BaseError, OSError, ValueError) as error:
        _failed(error)


def _failed(error: Exception) -> NoReturn:
    """In our words. The store's own name paths and hosts, no secrets, but they belong into the log, not to an agent."""
    raise Unavailable("media-store-unavailable", problem=type(error).__name__) from error
