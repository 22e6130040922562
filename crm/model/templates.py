"""Messages approved by Meta: the only form allowed outside the window."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language. `language` is written with an underscore; `status` is Meta's word, `APPROVED` when usable."""

    id: int
    waba_id: str
    name: str
    language: str
    category: str
    status: str
    body: str
    parameter_count: int
    updated_at: datetime

    @property
    def usable(self) -> bool:
        return self.status == "APPROVED"
