"""The open database: writing and reading units of work, the intake, the ids.

Whoever opens it closes it. The schema must be the program's own (`migrate`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, Self

import sqlalchemy as sa

from crm.errors import Misconfigured
from storage.accounts import Accounts
from storage.agents import Agents
from storage.alerts import Alerts
from storage.audit import Audit
from storage.blocks import Blocks
from storage.contacts import Contacts
from storage.conversations import Conversations
from storage.desk import Desk
from storage.echoes import Echoes
from storage.enrollments import Enrollments
from storage.erasure import Erasure
from storage.ids import ENOUGH, Allocator
from storage.imports import Imports
from storage.intake import Intake, PostgresWriter, SqliteWriter
from storage.jobs import Jobs
from storage.leases import Leases
from storage.ledger import Ledger
from storage.media import MediaFiles
from storage.merges import Merges
from storage.messages import Messages
from storage.migrations import HEAD
from storage.notes import Notes
from storage.notices import Notices
from storage.outbox import Outbox
from storage.overview import Overview
from storage.parked import ParkedFacts
from storage.pending import Pending
from storage.postgres import PostgresBackend
from storage.reach import ReachBook
from storage.secrets import Secrets
from storage.sequences import Sequences
from storage.sqlite import SqliteBackend
from storage.statements import Engine, Statement
from storage.templates import Templates
from storage.token_forms import TokenForms
from storage.transaction import Transaction
from storage.uploads import Uploads
from storage.urls import SETTING, locate
from storage.webhooks import Webhooks

_VERSION_TABLE = {
    Engine.SQLITE: "SELECT name FROM sqlite_master WHERE name = 'alembic_version'",
    Engine.POSTGRES: "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}
_VERSION = Statement(sa.text("SELECT version_num FROM alembic_version"))


class UnitOfWork:
    """One transaction and its named queries."""

    def __init__(self, transaction: Transaction, ids: Allocator) -> None:
        self.ids = ids
        self.accounts = Accounts(transaction)
        self.contacts = Contacts(transaction)
        self.notes = Notes(transaction)
        self.merges = Merges(transaction)
        self.erasure = Erasure(transaction)
        self.conversations = Conversations(transaction)
        self.messages = Messages(transaction)
        self.ledger = Ledger(transaction)
        self.parked = ParkedFacts(transaction)
        self.webhooks = Webhooks(transaction)
        self.sequences = Sequences(transaction)
        self.enrollments = Enrollments(transaction)
        self.outbox = Outbox(transaction)
        self.pending = Pending(transaction)
        self.blocks = Blocks(transaction)
        self.agents = Agents(transaction)
        self.alerts = Alerts(transaction)
        self.notices = Notices(transaction)
        self.templates = Templates(transaction)
        self.media = MediaFiles(transaction)
        self.uploads = Uploads(transaction)
        self.imports = Imports(transaction)
        self.echoes = Echoes(transaction)
        self.reach = ReachBook(transaction)
        self.audit = Audit(transaction)
        self.jobs = Jobs(transaction)
        self.leases = Leases(transaction)
        self.secrets = Secrets(transaction)
        self.desk = Desk(transaction)
        self.token_forms = TokenForms(transaction)
        self.overview = Overview(transaction)


class Backend(Protocol):
    """Transactions on one of the two databases."""

    engine: Engine

    def write(self) -> AbstractAsyncContextManager[Transaction]: ...
    def read(self) -> AbstractAsyncContextManager[Transaction]: ...
    async def close(self) -> None: ...


class Database:
    """The Store of `crm.ports`."""

    def __init__(self, backend: SqliteBackend | PostgresBackend) -> None:
        self._backend = backend
        self._ids = Allocator()
        self._refilling = asyncio.Lock()
        self._intakes: list[Intake] = []
        self._writing: set[asyncio.Task[Any] | None] = set()

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        readers: int = 3,
        pool_size: int = 10,
        synchronous: str = "FULL",
        cache_kb: int = 65_536,
    ) -> Self:
        """Connect to a migrated database. `pool_size` is PostgreSQL's, the other options are SQLite's."""
        location = locate(url)
        if synchronous not in ("FULL", "NORMAL"):
            raise Misconfigured("storage.synchronous", "must be FULL or NORMAL")
        backend: SqliteBackend | PostgresBackend
        if location.engine is Engine.SQLITE:
            if not location.path.exists():
                raise Misconfigured(SETTING, f"there is no database at {location.path}: run `centralita migrate` first")
            backend = await SqliteBackend.open(
                location.path, readers=readers, synchronous=synchronous, cache_kb=cache_kb
            )
        else:
            backend = await PostgresBackend.open(location.dsn, pool_size=pool_size)
        try:
            await _check_schema(backend)
        except BaseException:
            await backend.close()
            raise
        return cls(backend)

    @property
    def engine(self) -> Engine:
        """Which of the two databases this is."""
        return self._backend.engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A writing transaction, committed at the end of the block; one inside another would wait for itself."""
        task = asyncio.current_task()
        if task in self._writing:
            raise RuntimeError("begin() inside begin(): one use case is one transaction")
        self._writing.add(task)
        try:
            if self._ids.in_hand < ENOUGH:
                await self._refill()
            async with self._backend.write() as transaction:
                yield UnitOfWork(transaction, self._ids)
        finally:
            self._writing.discard(task)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A reading transaction beside the writers."""
        async with self._backend.read() as transaction:
            yield UnitOfWork(transaction, self._ids)

    def writing(self) -> AbstractAsyncContextManager[Transaction]:
        """A bare writing transaction, for storage's own helpers and for tests that look under the queries."""
        return self._backend.write()

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A bare reading transaction."""
        return self._backend.read()

    def intake(self, on_stored: Callable[[], None] = lambda: None) -> Intake:
        """The way in for webhooks; closed with the database."""
        if isinstance(self._backend, SqliteBackend):
            intake = Intake(SqliteWriter(self._backend), on_stored)
        else:
            intake = Intake(PostgresWriter(self._backend), on_stored)
        self._intakes.append(intake)
        return intake

    async def close(self) -> None:
        """Let what is under way end, then disconnect."""
        for intake in self._intakes:
            await intake.close()
        await self._backend.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _refill(self) -> None:
        async with self._refilling:
            if self._ids.in_hand >= ENOUGH:
                return
            async with self._backend.write() as transaction:
                block = await self._ids.refill(transaction)
            self._ids.add(block)


async def _check_schema(backend: Backend) -> None:
    async with backend.read() as transaction:
        exists = await transaction.first(Statement(sa.text(_VERSION_TABLE[backend.engine])))
        version = None if exists is None else await transaction.value(_VERSION)
    if version != HEAD:
        found = "has no tables" if version is None else f"has schema {version}"
        raise Misconfigured(SETTING, f"the database {found}, this program needs {HEAD}: run `centralita migrate`")
