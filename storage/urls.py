"""Reading `storage.url`: which database, and where."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crm.errors import Misconfigured
from storage.statements import Engine

SETTING = "storage.url"


@dataclass(frozen=True, slots=True)
class Location:
    """A file for SQLite, a driver's own address for PostgreSQL."""

    engine: Engine
    path: Path
    dsn: str


def locate(url: str) -> Location:
    """Understand `sqlite:///file` or `postgresql://…`, with or without a driver's name; never repeats the password."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Misconfigured(SETTING, "is not a database URL") from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return Location(Engine.SQLITE, Path(parsed.database), "")
        case "sqlite":
            raise Misconfigured(SETTING, "must name a file: what is only in memory is lost")
        case "postgresql" | "postgres":
            dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            return Location(Engine.POSTGRES, Path(), dsn)
        case other:
            raise Misconfigured(SETTING, f"{other} is not supported: use sqlite or postgresql")
