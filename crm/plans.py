"""The sequences' definitions, kept in memory.

A pump asks for them with every batch; they change a few times a day. They are read again when the stored revision has moved (also by
another node) and after five minutes in any case. Who walks an older version of a plan goes on walking that one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crm.model.sequences import Enrollment, Sequence, SequenceState, Trigger
from crm.ports import UnitOfWork

KEPT_FOR = timedelta(minutes=5)
LISTENING = frozenset({Trigger.KEYWORD, Trigger.AD})


class Book(dict[int, Sequence]):
    """The present version of every sequence by id, and the older ones beside it."""

    def __init__(self, plans: Iterable[Sequence] = (), versions: Iterable[Sequence] = ()) -> None:
        super().__init__({plan.id: plan for plan in plans})
        self._versions = {(plan.id, plan.version): plan for plan in versions}
        self.listening = [
            plan for plan in self.values() if plan.trigger in LISTENING and plan.state is SequenceState.ACTIVE
        ]
        """Those that a customer's words, or the ad they come from, may begin."""

    def of(self, walk: Enrollment) -> Sequence | None:
        """The version of its plan that a walk is on; the present one where that was not kept; None for an archived sequence."""
        present = self.get(walk.sequence_id)
        if present is None or present.version == walk.version:
            return present
        return self._versions.get((walk.sequence_id, walk.version), present)


class Plans:
    """All sequences that are not archived."""

    def __init__(self) -> None:
        self._book = Book()
        self._revision = -1
        self._read_at: datetime | None = None

    async def all(self, uow: UnitOfWork, now: datetime) -> Book:
        revision = await uow.sequences.revision()
        if revision != self._revision or self._read_at is None or now - self._read_at > KEPT_FOR:
            self._book = Book(await uow.sequences.all(), await uow.sequences.versions())
            self._revision, self._read_at = revision, now
        return self._book
