"""People we talk to on WhatsApp. The id is ours; Meta's names for a person may be missing, change, or arrive later."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """How one webhook names a person. At least one of `wa_id` (digits, no plus) and `bsuid` is present."""

    wa_id: str | None
    bsuid: str | None
    name: str | None = None
    username: str | None = None

    @property
    def identities(self) -> tuple[str, ...]:
        """The keys under which this person may already be known; the business-scoped id first (reference 1.5)."""
        bsuid = (f"b:{self.bsuid}",) if self.bsuid else ()
        return (*bsuid, f"w:{self.wa_id}") if self.wa_id else bsuid


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `named_at` and `consent_at` are the times of the facts that set name and consent: the newest fact wins.

    `name` is from the person's own profile, `book_name` from the address book of a phone of ours (crm/policy/address_book.py).
    `marketing_refusals` counts how often in a row Meta delivered no marketing to them (131049), `marketing_refused_at` is the last time
    (`policy/marketing.py`).
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
