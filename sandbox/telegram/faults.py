"""What can go wrong between a bot and Telegram, and the plan that makes it go wrong on purpose.

`ApiFault` is the only way this server says no: the rules raise it, and a test may queue one. `Delay`,
`DropConnection` and `BadGateway` are the troubles no rule produces. A fault is used up when a call meets it.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

ANY_METHOD = "*"


class ApiFault(Exception):
    """An answer with ok=false, exactly as Telegram words it (prefix included)."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, migrate_to_chat_id: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = {
            name: value
            for name, value in (("retry_after", retry_after), ("migrate_to_chat_id", migrate_to_chat_id))
            if value is not None
        }


def bad(reason: str) -> ApiFault:
    """The commonest refusal: 400 with a reason."""
    return ApiFault(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiFault:
    """403: the other side does not want the bot, or never met it."""
    return ApiFault(403, f"Forbidden: {reason}")


def flood(seconds: int) -> ApiFault:
    """429: come back after so many seconds."""
    return ApiFault(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Delay:
    """Answer correctly, but only after this much real time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class DropConnection:
    """Cut the line: after the call took effect (the bot cannot know) or before."""

    after_applying: bool = True


@dataclass(frozen=True, slots=True)
class BadGateway:
    """A proxy's HTML page instead of an answer; the call was not applied."""

    status: int = 502


Fault = ApiFault | Delay | DropConnection | BadGateway


class FaultPlan:
    """Faults waiting for the next calls of each method, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._waiting[method.lower()].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        for name in (method.lower(), ANY_METHOD):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return None

    def clear(self) -> None:
        self._waiting.clear()
