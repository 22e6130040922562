"""Erasing one person: what there is of them, what was done, and how they are known afterwards without being named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crm.model.contacts import Contact


@dataclass(frozen=True, slots=True)
class Mark:
    """Who or what was erased, by a keyed hash (`crm/erasing.py`), and what they had objected to. `until` is set for a message's: when
    it may be forgotten."""

    mark: str
    at: datetime
    opted_out: bool = False
    marketing_opted_out: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """How much there is of a person, by noun: `messages`, `files`, `notes`, `waiting` (queued messages and open cards), `walks`."""

    contact: Contact
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Body:
    """Something kept as it arrived that speaks of the person: a webhook, or a slice of a phone's history."""

    id: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. `counts` as in Footprint, with `webhooks` that were rewritten."""

    contact_id: int
    counts: Mapping[str, int]
