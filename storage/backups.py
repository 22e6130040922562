"""Making backups, proving them, and putting one in place.

A backup is written to a temporary file, sealed as it is written, and kept only when it is whole. It is proven by doing what it is for:
it is restored into a scratch database of its own, whose tables are summed up anew and compared with the manifest.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crm import restoring
from crm.model.backups import Backup, Held, Scope
from storage import holding_back, snapshot
from storage.archive import ArchiveWriter, Head, Layout, Sums
from storage.backup_store import BackupStore
from storage.coverage import covered
from storage.database import Database, UnitOfWork
from storage.migrate import migrate
from storage.migrations import HEAD
from storage.sealing import broken
from storage.vault import Vault

PURPOSE = "backup"


class Backups:
    """The BackupDesk of `crm.ports`."""

    def __init__(self, database: Database, vault: Vault, store: BackupStore) -> None:
        self._database, self._keys, self._store = database, vault.signers(PURPOSE), store

    async def make(self, reason: str, scope: Scope, now: datetime) -> Backup:
        """Copy the database as it is at one moment, without holding anybody up, and keep the copy."""
        layouts = [Layout(each.table) for each in covered(scope)]
        tables = {each.name: each.columns for each in layouts}
        async with _workplace() as place:
            file = place / "made"
            with file.open("wb") as out:
                archive = ArchiveWriter(out, self._keys[0], Head(HEAD, now, reason, scope, tables))
                async with self._database.reading() as transaction:
                    await snapshot.write(transaction, archive, scope)
            rows = {name: each.rows for name, each in archive.sums.items()}
            backup = Backup(_name(now, reason), now, reason, scope, HEAD, file.stat().st_size, rows)
            await self._store.put(backup, file)
        return backup

    async def all(self) -> list[Backup]:
        """Every backup, the newest first."""
        return await self._store.all()

    async def prove(self, name: str, now: datetime) -> Backup:
        """Restore a backup into a scratch database and compare. Raises Unreadable for what is not as it was written, Refused for a
        strange key."""
        backup = await self._store.get(name)
        async with self._fetched(name) as file, _scratch(file.parent) as scratch:
            async with scratch.writing() as transaction:
                archive, _ = await snapshot.fill(transaction, file, self._keys)
            async with scratch.reading() as transaction:
                found = await snapshot.sums_of(transaction, archive.head.scope)
        _compare(found, archive.sums)
        if {each: total.rows for each, total in found.items()} != dict(backup.rows):
            raise broken("its description tells of other rows")
        proven = replace(backup, proven_at=now)
        await self._store.describe(proven)
        return proven

    async def restore(self, name: str, now: datetime) -> Held:
        """Put a backup in the place of what is in the database, all or nothing; hold back what may have happened already. Only for
        somebody who knows that nobody serves the database."""
        await self._store.get(name)
        async with self._fetched(name) as file, self._database.writing() as transaction:
            archive, whole = await snapshot.fill(transaction, file, self._keys)
            held = Held(0, 0, 0, 0, 0)
            if archive.head.scope is Scope.EVERYTHING:
                held = await holding_back.hold_back(transaction, now)
            stopped = await holding_back.pause_accounts(transaction)
            held = replace(held, accounts=len(stopped))
            uow = UnitOfWork(transaction, await holding_back.fresh_ids(transaction, ahead=whole))
            await restoring.tell(uow, name, archive.head.at, held, stopped, now)
        return held

    async def filled(self) -> str | None:
        """A table that holds something already, if there is one."""
        async with self._database.reading() as transaction:
            return await snapshot.first_filled(transaction)

    async def delete(self, name: str) -> None:
        """Forget a backup."""
        await self._store.delete(name)

    async def sweep(self, now: datetime) -> int:
        """Forget what was never finished."""
        return await self._store.sweep(now)

    @asynccontextmanager
    async def _fetched(self, name: str) -> AsyncIterator[Path]:
        async with _workplace() as place:
            file = place / "fetched"
            await self._store.fetch(name, file)
            yield file


@asynccontextmanager
async def _workplace() -> AsyncIterator[Path]:
    """A folder that only this user may enter, for as long as it is needed."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="centralita-backup-")
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)


@asynccontextmanager
async def _scratch(place: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{place / 'scratch.sqlite3'}"
    await migrate(url)
    async with await Database.open(url, readers=1, synchronous="NORMAL") as database:
        yield database


def _compare(found: Sums, told: Sums) -> None:
    for name, each in found.items():
        if each != told.get(name):
            raise broken(f"{name} came back different")


def _name(now: datetime, reason: str) -> str:
    """It sorts by time and can be typed."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}-{reason}"
