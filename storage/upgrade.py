"""Bringing the schema up to date: Alembic, driven by the program, without a configuration file.

Everything happens in one transaction under a lock, so it is done whole or not at all, and a second process that starts
at the same moment waits and then finds nothing left to do.
"""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, StampStep
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from storage.errors import translate_postgres, translate_sqlite
from storage.statements import Engine
from storage.tables import metadata
from storage.urls import Location

Moved = tuple[str | None, str | None]

_HERE = Path(__file__).parent / "migrations"
_LOCK = 0x63656E74  # "cent": the advisory lock that means "the schema is being changed"


async def upgrade(location: Location) -> Moved:
    """Upgrade the database to the newest schema; return the revision before and after."""
    if location.engine is Engine.SQLITE:
        return await asyncio.to_thread(_upgrade_sqlite, location)
    return await _upgrade_postgres(location)


def _upgrade_sqlite(location: Location) -> Moved:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(location.path)),
        connect_args={"timeout": 60, "isolation_level": None},
        poolclass=sa.NullPool,
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                moved = _upgrade(connection)
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
            return moved
    except sa.exc.DBAPIError as error:
        problem = translate_sqlite(error.orig) if isinstance(error.orig, Exception) else None
        if problem is None:
            raise
        raise problem from error.orig
    finally:
        engine.dispose()


async def _upgrade_postgres(location: Location) -> Moved:
    url = sa.make_url(location.dsn).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=sa.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            return await connection.run_sync(_upgrade)
    except (sa.exc.DBAPIError, OSError) as error:
        original = error.orig.__cause__ if isinstance(error, sa.exc.DBAPIError) and error.orig else error
        problem = translate_postgres(original) if isinstance(original, Exception) else None
        if problem is None:
            raise
        raise problem from original
    finally:
        await engine.dispose()


def _upgrade(connection: sa.Connection) -> Moved:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    before = MigrationContext.configure(connection).get_current_revision()

    def steps(revision: object, _: MigrationContext) -> list[StampStep]:
        return script._upgrade_revs("head", revision)  # type: ignore[arg-type, return-value]

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()
    return before, MigrationContext.configure(connection).get_current_revision()
