"""Where the real program runs while the sandbox plays the world around it: in this process, or in one of its own that can be killed.

`Host` is what the world needs of either. `LocalHost` wraps a program of this process; `ChildHost` starts the same program as a child
(`python -m sandbox.hosting`), talks with it over loopback HTTP as Meta, Telegram and an operator do, and reads its log.
"""

from sandbox.hosting.children import ChildHost
from sandbox.hosting.databases import DATABASES, Database, GivenDatabase, OwnPostgres, SqliteFile
from sandbox.hosting.host import Host, HostGone, HostRefused, State, Turn
from sandbox.hosting.local import LocalHost

__all__ = [
    "DATABASES",
    "ChildHost",
    "Database",
    "GivenDatabase",
    "Host",
    "HostGone",
    "HostRefused",
    "LocalHost",
    "OwnPostgres",
    "SqliteFile",
    "State",
    "Turn",
]
