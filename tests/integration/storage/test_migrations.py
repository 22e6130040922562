"""The migrations make exactly the schema of `tables.py`, once, whoever starts them."""

import asyncio
import re
import sqlite3
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from crm.errors import Misconfigured
from storage import migrations
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.migrate import migrate
from storage.tables import metadata

INDEXES = {
    "sqlite": "SELECT tbl_name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' "
    "UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass "
    "AND contype <> 'n'",
}


async def schema(url: str) -> set[str]:
    """Every table, constraint and index as the database itself describes it."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.scalars(sa.text(INDEXES[engine.dialect.name]))
        described = {_comparable(text) for text in found if "alembic_version" not in text}
    await engine.dispose()
    return described


def _comparable(text: str) -> str:
    """A description without line breaks, and a table's parts in any order."""
    text = re.sub(r"\s+", " ", text).replace("( ", "(").replace(" )", ")")
    name, begin, rest = text.partition("CREATE TABLE")
    return text if not begin else name + begin + " ".join(sorted(re.split(r"[ ,()]+", rest)))


async def test_migrating_makes_the_schema_of_the_tables(empty_url: str) -> None:
    assert await migrate(empty_url) == (None, migrations.HEAD)
    assert await migrate(empty_url) == (migrations.HEAD, migrations.HEAD)

    engine = create_async_engine(empty_url)
    async with engine.connect() as connection:

        def differences(plain: sa.Connection) -> list[object]:
            context = MigrationContext.configure(plain, opts={"compare_type": True, "compare_server_default": True})
            return list(compare_metadata(context, metadata))

        assert await connection.run_sync(differences) == []
    migrated = await schema(empty_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert await schema(empty_url) == migrated


async def test_a_migrated_database_can_be_opened_and_counts(empty_url: str) -> None:
    await migrate(empty_url)
    async with await Database.open(empty_url) as database, database.begin() as uow:
        assert uow.ids.next() == 36**3
        assert await uow.sequences.revision() == 0


def test_the_program_knows_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == migrations.HEAD
    assert len(script.get_heads()) == 1


async def test_two_processes_at_once_do_it_once(empty_url: str) -> None:
    code = f"import asyncio; from storage.migrate import migrate; print(asyncio.run(migrate({empty_url!r})))"
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        for _ in range(3)
    ]
    answers = sorted([(await process.communicate())[0].decode().strip() for process in processes])
    assert [process.returncode for process in processes] == [0, 0, 0]
    head = repr(migrations.HEAD)
    assert answers == [f"({head}, {head})", f"({head}, {head})", f"(None, {head})"]


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    engine = create_async_engine(empty_url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE webhook_logs (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        await migrate(empty_url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda plain: sa.inspect(plain).get_table_names())
    await engine.dispose()
    assert set(tables) <= {"webhook_logs"}


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path}/new/folder/centralita.sqlite3")
    async with await Database.open(f"sqlite:///{tmp_path}/new/folder/centralita.sqlite3"):
        pass


async def test_trouble_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        await migrate("sqlite://")
    with pytest.raises(StorageUnavailable):
        await migrate("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    garbage = tmp_path / "garbage.sqlite3"
    garbage.write_bytes(b"this is no database, it only looks like a file" * 100)
    with pytest.raises(StorageUnavailable) as caught:
        await migrate(f"sqlite:///{garbage}")
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
