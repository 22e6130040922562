"""Where backups lie: a folder of this machine, or anybody who speaks S3.

A backup is two objects: the sealed file, and beside it a short description in JSON, without any secret, which is written last. What has
no description was never finished, and is not listed.
"""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import orjson
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from crm.errors import NotFound, Unavailable
from crm.model.backups import Backup, Scope
from storage.objects import placed

T = TypeVar("T")

SETTING = "backups.url"
BESIDE = "backups"
SEALED, TOLD = ".backup", ".json"
_UNFINISHED_FOR = timedelta(days=1)


class BackupStore:
    """Files by name, each with its description."""

    def __init__(self, remote: S3Store | None, folder: Path) -> None:
        self._remote, self._folder = remote, folder
        self._local: LocalStore | None = None

    @classmethod
    def open(cls, url: str, database_url: str) -> "BackupStore":
        """The store that the setting names; empty means the folder `backups` beside the database. Raises Misconfigured."""
        return cls(*placed(url, database_url, SETTING, BESIDE))

    async def put(self, backup: Backup, file: Path) -> None:
        """Keep a finished file, then say that it is there."""
        await _done(self._store().put_async(backup.name + SEALED, file))
        await self.describe(backup)

    async def describe(self, backup: Backup) -> None:
        """Say again what is known of a backup."""
        await _done(self._store().put_async(backup.name + TOLD, _written(backup)))

    async def fetch(self, name: str, to: Path) -> None:
        """Copy the sealed file to this machine."""
        found = await _done(self._store().get_async(name + SEALED))
        with to.open("wb") as out:
            try:
                async for chunk in found.stream(min_chunk_size=4 * 1024 * 1024):
                    await asyncio.to_thread(out.write, chunk)
            except (BaseError, OSError) as error:
                _failed(error)

    async def all(self) -> list[Backup]:
        """Every finished backup, the newest first."""
        found = await _done(self._store().list().collect_async())
        names = [each["path"] for each in found if each["path"].endswith(TOLD)]
        described = [_read(await self._bytes(name)) for name in names]
        return sorted((each for each in described if each), key=lambda each: (each.at, each.name), reverse=True)

    async def get(self, name: str) -> Backup:
        """One backup. Raises NotFound."""
        try:
            found = _read(await self._bytes(name + TOLD))
        except NotFound:
            found = None
        if found is None:
            raise NotFound("backup-not-found", backup=name)
        return found

    async def delete(self, name: str) -> None:
        """Forget a backup: first what says that it is there."""
        for path in (name + TOLD, name + SEALED):
            try:
                await _done(self._store().delete_async(path))
            except NotFound:
                continue

    async def sweep(self, now: datetime) -> int:
        """Delete files that were never finished; return how many."""
        found = {each["path"]: each for each in await _done(self._store().list().collect_async())}
        lost = [
            path
            for path, each in found.items()
            if path.endswith(SEALED)
            and path.removesuffix(SEALED) + TOLD not in found
            and each["last_modified"] < now - _UNFINISHED_FOR
        ]
        for path in lost:
            await _done(self._store().delete_async(path))
        return len(lost)

    async def _bytes(self, path: str) -> bytes:
        found = await _done(self._store().get_async(path))
        return bytes(await _done(found.bytes_async()))

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


def _written(backup: Backup) -> bytes:
    return orjson.dumps(
        {
            "name": backup.name,
            "at": backup.at.isoformat(),
            "reason": backup.reason,
            "scope": backup.scope.value,
            "schema": backup.schema,
            "size": backup.size,
            "rows": dict(backup.rows),
            "proven_at": backup.proven_at.isoformat() if backup.proven_at else None,
        },
        option=orjson.OPT_INDENT_2,
    )


def _read(content: bytes) -> Backup | None:
    """None for a file of somebody else's."""
    try:
        said: dict[str, Any] = orjson.loads(content)
        proven = said["proven_at"]
        return Backup(
            said["name"],
            datetime.fromisoformat(said["at"]),
            said["reason"],
            Scope(said["scope"]),
            said["schema"],
            said["size"],
            said["rows"],
            datetime.fromisoformat(proven) if proven else None,
        )
    except (ValueError, KeyError, TypeError):
        return None


async def _done(work: Awaitable[T]) -> T:
    try:
        return await work
    except FileNotFoundError as error:
        raise NotFound("backup-not-found") from error
    except (BaseError, OSError, ValueError) as error:
        _failed(error)


def _failed(error: Exception) -> NoReturn:
    raise Unavailable("backup-store-unavailable", problem=type(error).__name__) from error
