"""How a contact walks through a sequence: start, due, advance, pause, resume.

The walk is kept as `position` (the next step) and `step_from` (the moment that step's delay counts from). When it is due, and how much
of the delay was left when it was paused, follow from these and the plan. So replies and echoes may be applied in any order.
"""

from datetime import datetime, timedelta

from crm.model.conversations import Conversation
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Reason, Sequence, Trigger

LATE = timedelta(hours=2)
"""A step processed later than this (a paused number, a machine that was off) counts the next delay from now: no burst to catch up."""
FRESH = timedelta(hours=24)
"""A first message older than this when it arrives starts nothing: a late webhook is no news (reference, trap 10)."""


def start(
    enrollment_id: int, sequence: Sequence, conversation: Conversation, *, at: datetime, trigger: Trigger
) -> Enrollment:
    """Begin a contact's walk at `at`, in that conversation."""
    return Enrollment(
        id=enrollment_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        sequence_id=sequence.id,
        state=EnrollmentState.ACTIVE,
        position=0,
        started_at=at,
        trigger=trigger,
        next_due_at=at + sequence.steps[0].delay,
        step_from=at,
    )


def due_at(walk: Enrollment, sequence: Sequence) -> datetime | None:
    """When the next step is due if nothing holds it; None past the last step."""
    if walk.position >= len(sequence.steps):
        return None
    return (walk.step_from or walk.started_at) + sequence.steps[walk.position].delay


def advance(walk: Enrollment, sequence: Sequence, now: datetime) -> Enrollment:
    """The due step was put into the outbox or into pending manual: move on."""
    due = walk.next_due_at or now
    return _at_next_step(walk, sequence, now if now - due > LATE else due)


def fulfilled(walk: Enrollment, sequence: Sequence, step: int, at: datetime) -> Enrollment:
    """A person sent step `step` by hand at `at`. A step that is already behind changes nothing."""
    return walk if step != walk.position else _at_next_step(walk, sequence, max(at, walk.step_from or at))


def _at_next_step(walk: Enrollment, sequence: Sequence, at: datetime) -> Enrollment:
    moved = replace(walk, position=walk.position + 1, step_from=at)
    due = due_at(moved, sequence)
    if due is None:
        done = EnrollmentState.COMPLETED
        return replace(moved, state=done, reason=Reason.FINISHED, next_due_at=None, remaining=None)
    if moved.state is EnrollmentState.ACTIVE:
        return replace(moved, next_due_at=due)
    return replace(moved, remaining=_left(moved, sequence, moved.replied_at or at))


def replied(walk: Enrollment, sequence: Sequence, at: datetime) -> Enrollment:
    """The contact wrote at `at`: pause, and remember the earliest reply. A message from before the start is no reply."""
    if at <= walk.started_at or walk.state not in (EnrollmentState.ACTIVE, EnrollmentState.PAUSED):
        return walk
    if walk.state is EnrollmentState.PAUSED and walk.reason is not Reason.CUSTOMER_REPLIED:
        return replace(walk, replied_at=walk.replied_at or at)
    if walk.replied_at is not None and walk.replied_at <= at and walk.state is EnrollmentState.PAUSED:
        return walk
    paused = replace(
        walk, state=EnrollmentState.PAUSED, reason=Reason.CUSTOMER_REPLIED, replied_at=at, next_due_at=None
    )
    return replace(paused, remaining=_left(paused, sequence, at))


def begun_earlier(walk: Enrollment, sequence: Sequence, first_at: datetime) -> Enrollment:
    """The message that started this walk turns out not to be the first one: begin at the first, and count the other as a reply."""
    if walk.trigger is not Trigger.FIRST_MESSAGE or first_at >= walk.started_at:
        return walk
    earlier = replace(walk, started_at=first_at)
    if walk.position == 0 and walk.step_from == walk.started_at:
        earlier = replace(earlier, step_from=first_at)
        if earlier.state is EnrollmentState.ACTIVE:
            earlier = replace(earlier, next_due_at=due_at(earlier, sequence))
    return replied(earlier, sequence, walk.started_at)


def pause(walk: Enrollment, sequence: Sequence, reason: Reason, now: datetime) -> Enrollment:
    """Stop for now, by a person or a suspicion."""
    if walk.state is not EnrollmentState.ACTIVE:
        return walk
    paused = replace(walk, state=EnrollmentState.PAUSED, reason=reason, next_due_at=None)
    return replace(paused, remaining=_left(paused, sequence, now))


def resume(walk: Enrollment, sequence: Sequence, now: datetime) -> Enrollment:
    """Go on: what was left of the running delay starts again now, so that nothing fires in a burst."""
    if walk.state is not EnrollmentState.PAUSED:
        return walk
    if walk.position >= len(sequence.steps):
        return replace(walk, state=EnrollmentState.COMPLETED, reason=Reason.FINISHED, next_due_at=None, remaining=None)
    left = walk.remaining if walk.remaining is not None else timedelta(0)
    step_from = now + left - sequence.steps[walk.position].delay
    active = EnrollmentState.ACTIVE
    return replace(
        walk, state=active, reason=None, next_due_at=now + left, step_from=step_from, remaining=None, replied_at=None
    )


def leave(walk: Enrollment, reason: Reason) -> Enrollment:
    """End the walk before its last step."""
    if walk.state not in (EnrollmentState.ACTIVE, EnrollmentState.PAUSED):
        return walk
    ended = EnrollmentState.EXITED
    return replace(walk, state=ended, reason=reason, next_due_at=None, remaining=None, replied_at=None)


def called_back(walk: Enrollment, sequence: Sequence, step: int, now: datetime) -> Enrollment:
    """A step that was queued did not leave after all: stand before it again."""
    if step >= walk.position or walk.state is EnrollmentState.EXITED:
        return walk
    back = replace(walk, position=step, step_from=now - sequence.steps[step].delay)
    if back.state is EnrollmentState.COMPLETED:
        back = replace(back, state=EnrollmentState.ACTIVE, reason=None)
    if back.state is EnrollmentState.ACTIVE:
        return replace(back, next_due_at=now)
    return replace(back, remaining=timedelta(0))


def render(text: str, name: str | None) -> str:
    """Fill a step's text. `{name}` is the contact's first name; without one the placeholder goes, with the space before it."""
    first = (name or "").split()
    if first:
        return text.replace("{name}", first[0])
    return text.replace(" {name}", "").replace("{name}", "").strip()


def _left(walk: Enrollment, sequence: Sequence, stopped_at: datetime) -> timedelta:
    due = due_at(walk, sequence)
    if due is None:
        return timedelta(0)
    began = walk.step_from or walk.started_at
    return max(due - max(stopped_at, began), timedelta(0))
