"""The form in which an administrator hands over a token: a token never belongs in a chat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LIVES = timedelta(minutes=15)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class TokenForm:
    """One form, known by the hash of its secret: for one account, for the agent who asked, once. `tries` counts what was handed in."""

    code_hash: str
    account_id: int
    agent_id: int
    expires_at: datetime
    tries: int = 0
