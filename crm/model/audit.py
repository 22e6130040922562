"""The append-only record of every change: who, what, before, after, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
