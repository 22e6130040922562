"""A step that was queued while its walk went on, and whose walk stands still or is over by now.

A message may have waited for minutes or days: put off by a limit, or standing in for one that Meta took and then failed, of which we may
hear only after the reply that paused the walk. Whoever stops a walk stops this too, in whichever order the two are heard.
"""

from collections.abc import Mapping

from crm.model.outbox import Origin, OutboxItem
from crm.model.sequences import Enrollment, EnrollmentState

STILL = frozenset({EnrollmentState.PAUSED, EnrollmentState.EXITED})


def standing(item: OutboxItem, walks: Mapping[int, Enrollment]) -> Enrollment | None:
    """The walk of a sequence's message, if it does not go on."""
    if item.origin is not Origin.SEQUENCE or item.enrollment_id is None:
        return None
    walk = walks.get(item.enrollment_id)
    return walk if walk is not None and walk.state in STILL else None
