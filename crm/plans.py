"""The sequences' definitions, kept in memory.

A pump asks for them with every batch; they change a few times a day. They are read again when the stored revision has moved (also by
another node) and after five minutes in any case.
"""

from datetime import datetime, timedelta

from crm.model.sequences import Sequence
from crm.ports import UnitOfWork

KEPT_FOR = timedelta(minutes=5)


class Plans:
    """All sequences by id, archived ones too once they were seen."""

    def __init__(self) -> None:
        self._plans: dict[int, Sequence] = {}
        self._revision = -1
        self._read_at: datetime | None = None

    async def all(self, uow: UnitOfWork, now: datetime) -> dict[int, Sequence]:
        revision = await uow.sequences.revision()
        if revision != self._revision or self._read_at is None or now - self._read_at > KEPT_FOR:
            self._plans = {plan.id: plan for plan in await uow.sequences.all()}
            self._revision, self._read_at = revision, now
        return self._plans
