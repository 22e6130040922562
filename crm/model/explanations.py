"""Why something happened, or did not: the chain of facts and rules behind it, and what happens next.

A link is a code and what fills its sentence; the sentences stand with all other words of the program (`why-…` in bot/texts). Nothing in a
chain is anybody's words: whoever may see a contact may see why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm.model.accounts import Account
from crm.model.contacts import Contact


class Part(StrEnum):
    """What a link is: something known, the rule that decides on it, or what it leads to."""

    FACT = "fact"
    RULE = "rule"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain. `facts`: moments, numbers and words by name; `why` is the code of a sentence that says more."""

    part: Part
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    why: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of `centralita why --json`, kept stable."""
        told = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in self.facts.items()}
        return {"part": self.part.value, "code": self.code, **told} | ({"why": self.why} if self.why else {})


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why things stand as they did at `at` in one conversation, or with one message of it (`message_id`)."""

    at: datetime
    contact: Contact
    account: Account
    conversation_id: int
    links: tuple[Link, ...]
    message_id: int | None = None
