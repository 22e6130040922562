"""A step that was queued while its walk went on, and whose walk stands still or is over by now.

A message may have waited for minutes or days: put off by a limit, or standing in for one that Meta took and then failed, of which we may
hear only after the reply that paused the walk. Whoever stops a walk stops this too, in whichever order the two are heard.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from crm import decisions
from crm.model.outbox import Origin, OutboxItem
from crm.model.sequences import Enrollment, EnrollmentState
from crm.plans import Book
from crm.policy import sequences
from crm.ports import UnitOfWork

STILL = frozenset({EnrollmentState.PAUSED, EnrollmentState.EXITED})


def standing(item: OutboxItem, walks: Mapping[int, Enrollment]) -> Enrollment | None:
    """The walk of a sequence's message, if it does not go on."""
    if item.origin is not Origin.SEQUENCE or item.enrollment_id is None:
        return None
    walk = walks.get(item.enrollment_id)
    return walk if walk is not None and walk.state in STILL else None


async def stand_back(uow: UnitOfWork, back: Sequence[tuple[Enrollment, OutboxItem]], now: datetime) -> None:
    """Let the walks stand before the steps that do not leave, unless a later one has left already."""
    book = Book(await uow.sequences.all(), await uow.sequences.versions())
    before = {walk.id: walk for walk, _ in back}
    after = dict(before)
    for known, item in sorted(back, key=lambda each: (each[1].step or 0, each[1].id), reverse=True):
        walk = after[known.id]
        plan = book.of(walk)
        if plan is not None and item.step is not None and item.step == walk.position - 1:
            after[walk.id] = sequences.called_back(walk, plan, item.step, now)
    moved = [number for number, walk in after.items() if walk != before[number]]
    if moved:
        await uow.enrollments.save(changed=[after[number] for number in moved])
        decisions.walks([before[number] for number in moved], [after[number] for number in moved])
