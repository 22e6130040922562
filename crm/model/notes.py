"""What agents write down about a contact for one another. It never leaves to the contact."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """`agent_id` None: the operator at the command line."""

    id: int
    contact_id: int
    agent_id: int | None
    text: str
    at: datetime
