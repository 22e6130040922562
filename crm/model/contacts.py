"""People we talk to on WhatsApp. The id is ours; Meta's names for a person may be missing, change, or arrive later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class IdentityKind(StrEnum):
    """A phone as Meta spells it, an id within one portfolio, an id over several portfolios, and a name that may change hands."""

    WA_ID = "wa_id"
    BSUID = "bsuid"
    PARENT = "parent_bsuid"
    USERNAME = "username"


@dataclass(frozen=True, slots=True)
class Person:
    """How one webhook names a person. At least one of `wa_id` (digits, no plus) and `bsuid` is present. `parent` is the id that several
    portfolios of one enterprise share (reference 1.5)."""

    wa_id: str | None
    bsuid: str | None
    name: str | None = None
    username: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One of Meta's names for a contact. `key` is what it is found by; two contacts may have had the same one.

    `since` and `seen` are the earliest and the latest of Meta's times that we know it by; `until` is when Meta said that it was given up.
    `held`: of all contacts with this key, whoever has it now or had it last. A username is never held: it says nothing of who it is.
    `portfolio` only for the kind that is an id within one.
    """

    key: str
    contact_id: int
    kind: IdentityKind
    value: str
    portfolio: str | None
    since: datetime
    seen: datetime
    until: datetime | None = None
    held: bool = True

    @property
    def given_up(self) -> bool:
        """Meta said so, and it was not seen again since."""
        return self.until is not None and self.seen <= self.until

    @property
    def current(self) -> bool:
        """This is the contact's today, as far as we know."""
        return not self.given_up and (self.held or self.kind is IdentityKind.USERNAME)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `wa_id` and `bsuid` are the newest of the identities that still hold, for titles and prices; all are `Identity`s.
    `named_at` and `consent_at` are the times of the facts that set name and consent: the newest fact wins.

    `name` is from the person's own profile, `book_name` from the address book of a phone of ours (crm/policy/address_book.py).
    `marketing_refusals` counts how often in a row Meta delivered no marketing to them (131049), `marketing_refused_at` is the last time
    (`policy/marketing.py`). `tags` and `fields` are the business's own words about them.
    """

    id: int
    wa_id: str | None
    bsuid: str | None
    name: str | None
    username: str | None
    time_zone: str | None
    language: str | None
    created_at: datetime
    named_at: datetime | None = None
    opted_out: bool = False
    consent_at: datetime | None = None
    marketing_opted_out: bool = False
    marketing_consent_at: datetime | None = None
    book_name: str | None = None
    marketing_refused_at: datetime | None = None
    marketing_refusals: int = 0
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What an agent calls this person: as the shop wrote it down, before what the person calls themselves."""
        return (
            self.book_name or self.name or (f"@{self.username.lstrip('@')}" if self.username else None) or self.address
        )

    @property
    def address(self) -> str:
        """The phone with its plus, or the business-scoped id."""
        return f"+{self.wa_id}" if self.wa_id else (self.bsuid or "?")
