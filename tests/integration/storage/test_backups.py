"""A backup holds every row, gives it back on either database, and is refused when a bit of it is not what was written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.errors import NotFound, Refused, Unavailable, Unreadable
from crm.model.backups import Scope
from storage import snapshot
from storage.archive import Sums
from storage.backup_store import SEALED, BackupStore
from storage.backups import Backups
from storage.coverage import COVERAGE, Cover, Covered, covered
from storage.database import Database
from storage.statements import Row, Statement, insert
from storage.tables import metadata
from storage.vault import Vault, generate_key

NOW = datetime(2026, 11, 24, 6, 10, tzinfo=UTC)
EACH = 3


def a_row(table: sa.Table, number: int) -> Row:
    """A row in which every column holds something of its own, at the edges of what it may hold."""

    def value(column: sa.Column[object]) -> object:
        if isinstance(column.type, sa.LargeBinary):
            return bytes([0, 255, number]) * 5
        if isinstance(column.type, sa.Boolean):
            return number % 2 == 0
        if isinstance(column.type, sa.Text):
            return f"{column.name} {number} “ñ” 🙂\n{{" if number else ""
        if isinstance(column.type, sa.SmallInteger):
            return number
        linked = column.name.endswith("id") or column.primary_key or "version" in column.name
        most = 2**53 if isinstance(column.type, sa.BigInteger) else 2**31 - 1 - EACH
        return number if linked else None if column.nullable and number == 1 else most + number

    return [value(column) for column in table.c]


async def filled(database: Database) -> None:
    """Three rows in every table there is."""
    async with database.writing() as transaction:
        for table in metadata.sorted_tables:
            await transaction.run(Statement(sa.delete(table)))
            await transaction.many(insert(table), [a_row(table, number) for number in range(EACH)])


async def sums(database: Database, scope: Scope = Scope.EVERYTHING) -> Sums:
    async with database.reading() as transaction:
        return await snapshot.sums_of(transaction, scope)


async def count(database: Database, table: str) -> int:
    async with database.reading() as transaction:
        found: int = await transaction.value(Statement(sa.select(sa.func.count()).select_from(metadata.tables[table])))
        return found


@pytest.fixture
def vault() -> Vault:
    return Vault([generate_key()])


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    return BackupStore(None, tmp_path / "backups")


@pytest.fixture
def backups(database: Database, vault: Vault, store: BackupStore) -> Backups:
    return Backups(database, vault, store)


@asynccontextmanager
async def the_other(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Database]:
    """An empty database of the other engine."""
    name = "postgres_url" if database.engine.value == "sqlite" else "sqlite_url"
    async with await Database.open(request.getfixturevalue(name)) as opened:
        yield opened


async def test_every_row_comes_back_on_the_other_database(
    request: pytest.FixtureRequest, database: Database, backups: Backups, vault: Vault, store: BackupStore
) -> None:
    await filled(database)
    made = await backups.make("manual", Scope.EVERYTHING, NOW)
    assert made.rows["contacts"] == EACH
    async with the_other(request, database) as other:
        async with other.writing() as transaction:
            path = next((store._folder).glob(f"*{SEALED}"))
            await snapshot.fill(transaction, path, vault.signers("backup"))
        assert await sums(other) == await sums(database)
        for name, cover in COVERAGE.items():
            there = EACH if cover in (Cover.CONFIGURATION, Cover.CONTENT) else 0
            assert await count(other, name) == there, name
        async with other.begin() as uow:  # what the database numbers itself goes on behind what was put in
            await uow.webhooks.retry(None, NOW)
        async with other.writing() as transaction:
            row = a_row(metadata.tables["audit_log"], 9)[1:]
            await transaction.many(insert(metadata.tables["audit_log"], without=("id",)), [row])
        assert await count(other, "audit_log") == EACH + 1


async def test_a_backup_is_proven_by_restoring_it(database: Database, backups: Backups) -> None:
    await filled(database)
    made = await backups.make("daily", Scope.EVERYTHING, NOW)
    assert made.proven_at is None
    assert (await backups.prove(made.name, NOW)).proven_at == NOW
    assert [each.proven_at for each in await backups.all()] == [NOW]


async def test_pages_follow_each_other_along_keys_of_several_columns(
    database: Database, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(database)
    expected = await sums(database)
    monkeypatch.setattr(snapshot, "covered", lambda scope: [_in_single_pages(each) for each in covered(scope)])
    assert await sums(database) == expected
    await backups.prove((await backups.make("daily", Scope.EVERYTHING, NOW)).name, NOW)


def _in_single_pages(each: Covered) -> Covered:
    return Covered(each.table, each.only, 1)


async def test_what_is_written_meanwhile_is_not_in_it_and_waits_for_nobody(
    database: Database, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer commits in the middle of the copy; the copy is of the moment at which it began."""
    await filled(database)
    before = await sums(database)
    pages = snapshot._pages

    async def interrupted(*given: object) -> AsyncIterator[list[Row]]:
        async for rows in pages(*given):  # type: ignore[arg-type]
            yield rows
            async with database.writing() as transaction:
                await transaction.run(Statement(sa.text("UPDATE conversations SET control = 'later'")))

    monkeypatch.setattr(snapshot, "_pages", interrupted)
    made = await backups.make("daily", Scope.EVERYTHING, NOW)
    monkeypatch.undo()
    await backups.prove(made.name, NOW)
    async with database.writing() as transaction:
        await snapshot.fill(transaction, next(backups._store._folder.glob(f"*{SEALED}")), backups._keys)
    assert await sums(database) == before


@pytest.mark.parametrize("at", [0, 30, 60, 500, -1])
async def test_a_changed_bit_is_found(database: Database, backups: Backups, store: BackupStore, at: int) -> None:
    await filled(database)
    made = await backups.make("daily", Scope.EVERYTHING, NOW)
    path = store._folder / (made.name + SEALED)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises((Unreadable, Refused)):
        await backups.prove(made.name, NOW)
    assert (await backups.all())[0].proven_at is None


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.99])
async def test_what_was_cut_off_is_found_and_nothing_of_it_is_put_in_place(
    database: Database, backups: Backups, store: BackupStore, kept: float
) -> None:
    await filled(database)
    before = await sums(database)
    made = await backups.make("daily", Scope.EVERYTHING, NOW)
    path = store._folder / (made.name + SEALED)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(Unreadable):
        await backups.restore(made.name, NOW)
    assert await sums(database) == before


async def test_another_key_does_not_open_it(database: Database, backups: Backups, store: BackupStore) -> None:
    made = await backups.make("daily", Scope.CONFIGURATION, NOW)
    stranger = Backups(database, Vault([generate_key()]), store)
    with pytest.raises(Refused, match="backup-key"):
        await stranger.prove(made.name, NOW)


async def test_a_rotated_key_still_opens_it(database: Database, store: BackupStore) -> None:
    old = generate_key()
    made = await Backups(database, Vault([old]), store).make("daily", Scope.CONFIGURATION, NOW)
    await Backups(database, Vault([generate_key(), old]), store).prove(made.name, NOW)


async def test_no_word_of_a_customer_can_be_read_in_it(
    database: Database, backups: Backups, store: BackupStore
) -> None:
    await filled(database)
    made = await backups.make("daily", Scope.EVERYTHING, NOW)
    for path in store._folder.iterdir():
        assert b"wa_id 2" not in path.read_bytes()
    assert (store._folder / (made.name + SEALED)).stat().st_size == made.size


async def test_the_configuration_alone_is_put_over_what_there_is(database: Database, backups: Backups) -> None:
    """People and messages stay; of the configuration the rows of the backup win, and newer ones stay."""
    await filled(database)
    made = await backups.make("before-sequence", Scope.CONFIGURATION, NOW)
    async with database.writing() as transaction:
        await transaction.run(Statement(sa.text("UPDATE sequences SET name = 'spoilt'")))
        await transaction.many(insert(metadata.tables["sequences"]), [a_row(metadata.tables["sequences"], 8)])
        path = backups._store._folder / (made.name + SEALED)
        await snapshot.fill(transaction, path, backups._keys)
    assert await count(database, "contacts") == EACH
    assert await count(database, "sequences") == EACH + 1
    async with database.reading() as transaction:
        names = await transaction.rows(Statement(sa.text("SELECT name FROM sequences WHERE name = 'spoilt'")))
    assert names == []


async def test_backups_that_are_not_there_and_stores_that_do_not_answer_are_told(
    database: Database, backups: Backups, vault: Vault, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        await backups.prove("20261124T061000000-daily", NOW)
    (tmp_path / "file").touch()
    nowhere = Backups(database, vault, BackupStore(None, tmp_path / "file" / "backups"))
    with pytest.raises(Unavailable):
        await nowhere.make("daily", Scope.CONFIGURATION, NOW)


async def test_what_was_never_finished_is_neither_listed_nor_kept_for_ever(
    backups: Backups, store: BackupStore
) -> None:
    made = await backups.make("daily", Scope.CONFIGURATION, NOW)
    (store._folder / f"half{SEALED}").write_bytes(b"half")
    assert [each.name for each in await backups.all()] == [made.name]
    assert await backups.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 1
    await backups.delete(made.name)
    assert list(store._folder.iterdir()) == []
