"""What a page looks at: whose phone, whose Telegram, which part of the journal. Whatever is missing or unknown has a sensible first."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class View:
    language: str = LANGUAGES[0]
    customer: str | None = None
    number: str | None = None
    agent: str | None = None
    chat: str | None = None
    topic: str | None = None
    log: str | None = None
    log_after: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "View":
        """Read the query of a request."""
        language, after = query.get("language", ""), query.get("log_after", "")
        return cls(
            language=language if language in LANGUAGES else LANGUAGES[0],
            customer=query.get("customer") or None,
            number=query.get("number") or None,
            agent=query.get("agent") or None,
            chat=query.get("chat") or None,
            topic=query.get("topic") or None,
            log=query.get("log") or None,
            log_after=int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0,
        )
