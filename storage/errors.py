"""The databases' errors in our words, so that nobody outside needs to know a driver.

unique or foreign key broken, deadlock, serialisation failure   Conflict            somebody else was first
no disk, no connection, no lock in time, shut down              StorageUnavailable  nothing was kept: try again later
a value that no column can hold (NUL, lone surrogate, 70 bits)  Unreadable          it never will be kept
anything else                                                   stays as it is      a bug
"""

import sqlite3
from collections.abc import Callable
from typing import NoReturn

import asyncpg

from crm.errors import Conflict, CrmError, Unavailable, Unreadable


class StorageUnavailable(Unavailable):
    """The database cannot take or give anything now; what was asked did not happen."""

    def __init__(self, problem: str) -> None:
        super().__init__("storage-unavailable", problem=problem)


# SQLite's primary result codes that speak of the machine, not of the statement.
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def translate_sqlite(error: Exception) -> CrmError | None:
    """What a sqlite3 or aiosqlite error means, or None when it is a bug."""
    if isinstance(error, sqlite3.IntegrityError):
        unique = error.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
        return Conflict("duplicate" if unique else "inconsistent", problem=str(error))
    if isinstance(error, UnicodeEncodeError | OverflowError | sqlite3.DataError):
        return Unreadable("not-storable", problem=str(error)[:200])
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        closed = code is None and "closed database" in str(error)
        if closed or (code is not None and code & 0xFF in _UNAVAILABLE):
            return StorageUnavailable(str(error))
    if isinstance(error, ValueError) and str(error) in ("Connection closed", "no active connection"):
        return StorageUnavailable(str(error))
    return None


def translate_postgres(error: Exception) -> CrmError | None:
    """What an asyncpg error means, or None when it is a bug."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("duplicate", problem=error.constraint_name or "")
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Conflict("inconsistent", problem=error.constraint_name or "")
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError | asyncpg.LockNotAvailableError):
        return Conflict("concurrent-change")
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError):
        return Unreadable("not-storable", problem=str(error)[:200])
    unavailable = (
        OSError,
        TimeoutError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,  # what is left of a connection that broke in the middle of a word
        asyncpg.PostgresConnectionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.OperatorInterventionError,
        asyncpg.PostgresSystemError,
        asyncpg.ReadOnlySQLTransactionError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
    )
    return StorageUnavailable(f"{type(error).__name__}: {error}") if isinstance(error, unavailable) else None


Translate = Callable[[Exception], CrmError | None]


def raise_translated(error: Exception, translate: Translate) -> NoReturn:
    """Raise what the error means, with the original as its cause; a bug stays as it is."""
    translated = translate(error)
    if translated is None:
        raise error
    raise translated from error
