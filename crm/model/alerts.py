"""Facts agents must see (alerts), and what must be told to one person in Telegram (notices)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class AlertKind(StrEnum):
    PROBABLE_BLOCK = "probable_block"
    CONFIRMED_BLOCK = "confirmed_block"
    TOKEN_EXPIRING = "token_expiring"
    TOKEN_FAILED = "token_failed"
    ACCOUNT_HELD = "account_held"
    ACCOUNT_LIMITED = "account_limited"
    ACCOUNT_SLOWED = "account_slowed"
    PORTFOLIO_LIMIT = "portfolio_limit"
    BUDGET = "budget"
    APP_SENDS = "app_sends"
    ACCOUNT_EVENT = "account_event"
    WEBHOOK_DEAD = "webhook_dead"
    OUTSIDE_WINDOW = "outside_window"
    ASSUMPTION_OFF = "assumption_off"
    SEND_FAILED = "send_failed"
    UNKNOWN_OUTCOME = "unknown_outcome"
    JOB_FAILED = "job_failed"
    AGENT_UNREACHABLE = "agent_unreachable"
    MEDIA_STORE = "media_store"
    TEMPLATE = "template"
    BACKUP_FAILED = "backup_failed"
    BACKUP_OLD = "backup_old"
    RESTORED = "restored"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Alert:
    """One fact, counted: the same `key` raised again while open only grows `count`. `params` fill its text."""

    id: int
    kind: AlertKind
    severity: Severity
    key: str
    params: Mapping[str, Any]
    count: int
    raised_at: datetime
    last_at: datetime
    account_id: int | None = None
    contact_id: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = None


class NoticeKind(StrEnum):
    INBOUND = "inbound"
    MANUAL = "manual"
    PENDING = "pending"
    ALERT = "alert"
    CARD = "card"
    MEDIA = "media"
    CHANGED = "changed"
    IMPORT = "import"
    TOKEN = "token"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell one agent. `subject_id` is the message, pending item, alert, file or account it speaks of; `params` fill its
    text.

    `agent_id` None goes with kind `card`: every Telegram copy of the pending item is drawn again; and with `erased`: the message
    `subject_id` of a chat shows something of a person who was erased, and is taken out of it.
    """

    id: int
    agent_id: int | None
    kind: NoticeKind
    subject_id: int
    conversation_id: int | None
    params: Mapping[str, Any]
    priority: int
    due_at: datetime
    attempts: int
    created_at: datetime
