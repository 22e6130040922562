"""What the world asks of a running program, wherever it runs.

Meta and Telegram reach it by its address, as in reality. The rest is what an operator could do at its console, and two things that
only a time machine needs: `drain` (work until nothing is due now) and the fire times of the jobs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from crm.model.agents import Role
from crm.services.accounts import NewAccount

State = Literal["running", "killed", "starting"]


class HostRefused(Exception):
    """This cannot be done here, or not now; the words are a sentence for people."""


class HostGone(Exception):
    """The program died before it answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a program says after it has worked: when it wants to go on, and when its jobs fire."""

    later: datetime | None = None
    fires: Mapping[str, datetime] = field(default_factory=dict)


class Host(Protocol):
    """A program and what keeps it. What its rules refuse it raises as CrmError or HostRefused; HostGone when it died meanwhile."""

    @property
    def url(self) -> str:
        """Where Meta posts to."""
        ...

    @property
    def state(self) -> State: ...

    @property
    def starts(self) -> int:
        """How often the program was started."""
        ...

    @property
    def time_zone(self) -> str: ...

    async def drain(self, jobs: Mapping[str, datetime]) -> Turn:
        """Run these jobs for their fire times, then work until nothing is due now; without a database, nothing is done."""
        ...

    async def status(self) -> Mapping[str, Any]:
        """Return the counts that `centralita status` prints."""
        ...

    async def run_job(self, name: str, fire_at: datetime) -> None: ...

    async def add_account(self, new: NewAccount, token: str) -> None: ...

    async def set_token(self, phone_number_id: str, token: str) -> None: ...

    async def invite(self, role: Role) -> str:
        """Return a one-time code that makes somebody an agent."""
        ...

    async def import_sequence(self, text: str, fmt: str) -> list[str]:
        """Create or replace the sequences of a file ("toml" or "json"); return their keys."""
        ...

    async def enroll(self, sequence: str, who: str, phone_number_id: str) -> None:
        """Start the walk of somebody whom the program knows by this WhatsApp number or business-scoped id."""
        ...

    def kill(self) -> None:
        """End the program as `kill -9` does, at once."""
        ...

    async def restart(self) -> None:
        """Start the program again on what it left behind."""
        ...

    async def lose_database(self, *, lost: bool) -> None:
        """Let the program's own way to a database in a file be broken, or mended."""
        ...
