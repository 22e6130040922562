"""The append-only record of every change: who, what, before, after, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes all entries since the seal before, up to the one with id `up_to`: `digest` (hexadecimal) runs over them and over the digest
    before it, so that none can be changed, added or taken away unseen."""

    up_to: int
    count: int
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole chain found: how much is sealed, the last digest, how many entries wait for their seal, and the first seal
    that does not fit (None: all do)."""

    seals: int
    entries: int
    digest: str
    waiting: int
    broken: Seal | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. `actor` is `agent:7`, `customer`, `meta`, `phone`, `job:blocks`, `cli` or `engine`; `subject` is `contact:12`."""

    at: datetime
    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    why: str | None = None
