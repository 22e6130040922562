"""How a contact walks through a sequence: start, due, advance, pause, resume.

The walk is kept as `position` (the next step) and `step_from` (the moment that step's delay counts from). When it is due, and how much
of the delay was left when it was paused, follow from these and the plan. So replies and echoes may be applied in any order. An answer
that a branch awaits moves the walk to the branch's step, as if it had been the only reply until then; what came later pauses.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.messages import DeliveryStatus, Message
from crm.model.pending import PendingManual, PendingState
from crm.model.records import replace
from crm.model.sequences import (
    Condition,
    Enrollment,
    EnrollmentState,
    OnReply,
    Reason,
    Sequence,
    Step,
    Subject,
    Trigger,
    Variant,
)

LATE = timedelta(hours=2)
"""A step processed later than this (a paused number, a machine that was off) counts the next delay from now: no burst to catch up."""
LONGEST = 1_000
"""Characters of a message that are looked at for answers and keywords."""
MARKS = ".,;:!¡¿?() "
ENDING = timedelta(hours=1)
"""How long a walk that an answer has led to its end still counts as open: webhooks may come out of order."""
PATIENCE = timedelta(days=7)
"""How long a walk whose last step asks something waits for the answer."""
LED_TO_A_MESSAGE = frozenset({PendingState.RELEASED, PendingState.OBSOLETE})
"""Cards of a question that say nothing of when it left: the message does."""
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
        version=sequence.version,
    )


def due_at(walk: Enrollment, sequence: Sequence) -> datetime | None:
    """When the next step is due if nothing holds it; None past the last step."""
    if walk.position >= len(sequence.steps):
        return None
    return (walk.step_from or walk.started_at) + sequence.steps[walk.position].delay


def advance(walk: Enrollment, sequence: Sequence, now: datetime) -> Enrollment:
    """The due step was put into the outbox or into pending manual: move on, and await its answer if it has branches."""
    due = walk.next_due_at or now
    return _at_next_step(_asking(walk, sequence), sequence, now if now - due > LATE else due)


def passed_over(walk: Enrollment, sequence: Sequence, now: datetime) -> Enrollment:
    """The due step does not fit the contact (a condition): the next one is counted from when this one would have left."""
    due = walk.next_due_at or now
    return _at_next_step(walk, sequence, now if now - due > LATE else due)


def fulfilled(walk: Enrollment, sequence: Sequence, step: int, at: datetime) -> Enrollment:
    """A person sent step `step` by hand at `at`: its branches await an answer as if it had left by itself. A step that is already behind
    changes nothing."""
    if step != walk.position:
        return walk
    return _at_next_step(_asking(walk, sequence), sequence, max(at, walk.step_from or at))


def _asking(walk: Enrollment, sequence: Sequence) -> Enrollment:
    """The step where it stands takes the place of what was awaited before it."""
    asked = walk.position if sequence.steps[walk.position].branches else None
    return replace(walk, asked=asked, branched_at=None, asked_before=walk.asked, branched_before=walk.branched_at)


def answered(
    walk: Enrollment, sequence: Sequence, words: str, at: datetime, latest: datetime | None, asked_at: datetime | None
) -> Enrollment | None:
    """Go on at the branch that awaits these words; None when none does, or when an earlier answer has decided.

    `asked_at` is when the question left (None: it has not): what was written before answers nothing. `latest` is when the contact last
    wrote: if that was later, the walk stands at its new place, paused by that reply.
    """
    if walk.asked is None or walk.asked >= len(sequence.steps) or not _awaits_answers(walk):
        return None
    if asked_at is None or at < asked_at:
        return None
    if at <= walk.started_at or (walk.branched_at is not None and walk.branched_at <= at):
        return None
    branches = sequence.steps[walk.asked].branches
    target = next((branch.to for branch in branches if words in map(folded, branch.answers)), None)
    position = None if target is None else sequence.step_labelled(target)
    if position is None:
        return None
    moved = replace(walk, position=position, step_from=at, branched_at=at, reason=None, replied_at=None, remaining=None)
    if position >= len(sequence.steps):  # over, but for an answer of before that may still come
        return replace(moved, state=EnrollmentState.ACTIVE, next_due_at=at + ENDING)
    moved = replace(moved, state=EnrollmentState.ACTIVE, next_due_at=due_at(moved, sequence))
    return replied(moved, sequence, latest) if latest is not None and latest > at else moved


def asked_at(walk: Enrollment, messages: Iterable[Message], cards: Iterable[PendingManual]) -> datetime | None:
    """When the question that a walk awaits an answer to left; None while it has not, as far as is known. A step may be visited again:
    the newest word about it counts."""
    told = [
        (each.created_at, _left_at(each))
        for each in messages
        if (each.enrollment_id, each.step) == (walk.id, walk.asked) and each.status is not DeliveryStatus.CANCELLED
    ]
    told += [
        (each.added_at, each.resolved_at if each.state is PendingState.BY_HAND else None)
        for each in cards
        if (each.enrollment_id, each.step) == (walk.id, walk.asked) and each.state not in LED_TO_A_MESSAGE
    ]
    left = max(told, key=lambda each: each[0], default=(None, None))[1]
    return None if left is None else left.replace(microsecond=0)  # Meta tells whole seconds


def _left_at(message: Message) -> datetime | None:
    """The first proof that it was on its way, by Meta or by our own clock. One that Meta says has failed may have arrived nevertheless."""
    known = message.delivery
    proofs = (known.accepted_at, known.sent_at, known.delivered_at, known.read_at, known.played_at)
    return min((at for at in proofs if at is not None), default=None)


def _awaits_answers(walk: Enrollment) -> bool:
    """A walk that a person paused, or that was suspected, does not go on by itself; one that was finished may still branch."""
    match walk.state:
        case EnrollmentState.ACTIVE:
            return True
        case EnrollmentState.PAUSED:
            return walk.reason is Reason.CUSTOMER_REPLIED
        case _:
            return False


def folded(words: str) -> str:
    """A whole message as branches and keywords compare it: without case, outer marks and doubled spaces."""
    return " ".join(words[:LONGEST].casefold().split()).strip(MARKS)


def _at_next_step(walk: Enrollment, sequence: Sequence, at: datetime) -> Enrollment:
    moved = replace(walk, position=walk.position + 1, step_from=at)
    due = due_at(moved, sequence)
    if due is None and walk.asked == walk.position and moved.state is EnrollmentState.ACTIVE:
        return replace(moved, next_due_at=at + PATIENCE)  # the last step asks something: the walk waits for its answer
    if due is None:
        done = EnrollmentState.COMPLETED
        return replace(moved, state=done, reason=Reason.FINISHED, next_due_at=None, remaining=None)
    if moved.state is EnrollmentState.ACTIVE:
        return replace(moved, next_due_at=due)
    return replace(moved, remaining=_left(moved, sequence, moved.replied_at or at))


def replied(walk: Enrollment, sequence: Sequence, at: datetime) -> Enrollment:
    """The contact wrote at `at`: pause, and remember the earliest reply. A message from before the start is no reply."""
    if at <= (walk.branched_at or walk.started_at) or walk.state not in (
        EnrollmentState.ACTIVE,
        EnrollmentState.PAUSED,
    ):
        return walk
    led_to_the_end = walk.branched_at is not None and walk.position >= len(sequence.steps)
    if sequence.rules.on_reply is OnReply.CONTINUE or led_to_the_end:
        return walk
    if sequence.rules.on_reply is OnReply.EXIT:
        return leave(walk, Reason.CUSTOMER_REPLIED)
    if walk.state is EnrollmentState.PAUSED and walk.reason is not Reason.CUSTOMER_REPLIED:
        return replace(walk, replied_at=walk.replied_at or at)
    if walk.state is EnrollmentState.PAUSED and _known_better(walk, at):
        return walk
    paused = replace(
        walk, state=EnrollmentState.PAUSED, reason=Reason.CUSTOMER_REPLIED, replied_at=at, next_due_at=None
    )
    return replace(paused, remaining=_left(paused, sequence, at))


def _known_better(walk: Enrollment, at: datetime) -> bool:
    """Does the walk know a reply that counts more? Of those after an answer only the latest is known for sure, else the earliest."""
    known = walk.replied_at
    if known is None:
        return False
    return known <= at if walk.branched_at is None else known >= at


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


def finished(walk: Enrollment) -> Enrollment:
    """The last step is behind, and nothing more is awaited."""
    done = EnrollmentState.COMPLETED
    return replace(walk, state=done, reason=Reason.FINISHED, next_due_at=None, remaining=None)


def moved_over(walk: Enrollment, old: Sequence, new: Sequence) -> Enrollment:
    """The walk on another version of its plan: before the step with the same label, else with the same number."""
    label = old.steps[walk.position].label if walk.position < len(old.steps) else None
    same = new.step_labelled(label) if label else None
    position = min(walk.position if same is None else same, len(new.steps))
    moved = replace(
        walk,
        version=new.version,
        position=position,
        asked=None,
        branched_at=None,
        asked_before=None,
        branched_before=None,
    )
    if position >= len(new.steps):
        return finished(moved)
    return replace(moved, next_due_at=due_at(moved, new)) if moved.state is EnrollmentState.ACTIVE else moved


def entered(plan: Sequence, words: str, ad: str | None) -> bool:
    """Does a message begin this plan: by one of its keywords as whole words, or by the ad it comes from (`""` for an unnamed one)?"""
    match plan.trigger:
        case Trigger.KEYWORD:
            said = f" {_bare(words)} "
            return any(f" {_bare(folded(keyword))} " in said for keyword in plan.rules.keywords)
        case Trigger.AD:
            return ad is not None and (not plan.rules.ads or ad in plan.rules.ads)
        case _:
            return False


def _bare(words: str) -> str:
    """Without punctuation."""
    return " ".join(re.findall(r"\w+", words))


def may_begin(plan: Sequence, last_started: datetime | None, at: datetime) -> bool:
    """May a trigger enroll somebody who was last enrolled then?"""
    if last_started is None:
        return True
    return plan.rules.again_after is not None and at - last_started >= plan.rules.again_after


def leave(walk: Enrollment, reason: Reason) -> Enrollment:
    """End the walk before its last step."""
    if walk.state not in (EnrollmentState.ACTIVE, EnrollmentState.PAUSED):
        return walk
    ended = EnrollmentState.EXITED
    return replace(walk, state=ended, reason=reason, next_due_at=None, remaining=None, replied_at=None)


def called_back(walk: Enrollment, sequence: Sequence, step: int, now: datetime) -> Enrollment:
    """A step that was queued did not leave after all: stand before it again, and await what was awaited then. Of a step further back
    that is not known any more, and nothing is awaited: any reply is for a person."""
    if step >= walk.position or walk.state is EnrollmentState.EXITED:
        return walk
    asked, branched_at = walk.asked_before, walk.branched_before
    if step != walk.position - 1:
        asked, branched_at = None, None
    back = replace(
        walk,
        position=step,
        step_from=now - sequence.steps[step].delay,
        asked=asked,
        branched_at=branched_at,
        asked_before=None,
        branched_before=None,
    )
    if back.state is EnrollmentState.COMPLETED:
        back = replace(back, state=EnrollmentState.ACTIVE, reason=None)
    if back.state is EnrollmentState.ACTIVE:
        return replace(back, next_due_at=now)
    return replace(back, remaining=timedelta(0))


def visit(walk: Enrollment) -> str:
    """What tells one visit of a step from another: a step may be stood before again, called back or led back to by a branch, and each
    time its delay counts from another moment. Within a visit it is queued once."""
    since = walk.step_from or walk.started_at
    return f"{walk.id}:{walk.position}:{int(since.timestamp() * 1_000_000)}"


def wording(step: Step, walk: Enrollment) -> str:
    """The words of a step for this walk: the same variant whenever it is asked for, and each with its share of all walks."""
    if not step.variants:
        return step.text
    return variant(step, walk.id, walk.position).text


def variant(step: Step, enrollment_id: int, position: int) -> Variant:
    """Which of a step's variants a walk gets. It must have some."""
    drawn = blake2b(f"{enrollment_id}:{position}".encode(), digest_size=8).digest()
    place = int.from_bytes(drawn, "big") % sum(each.weight for each in step.variants)
    for each in step.variants:
        place -= each.weight
        if place < 0:
            return each
    return step.variants[-1]


def holds(condition: Condition, contact: Contact, *, replied: bool, window_open: bool) -> bool:
    """Does it hold for this contact now?"""
    match condition.subject:
        case Subject.TAG:
            found = condition.name in contact.tags
        case Subject.FIELD:
            value = contact.fields.get(condition.name)
            found = value is not None if condition.value is None else folded(value or "") == folded(condition.value)
        case Subject.REPLIED:
            found = replied
        case Subject.WINDOW:
            found = window_open
    return found is not condition.negated


_PLACEHOLDER = re.compile(r"( ?)\{([a-z][a-z0-9_]{0,31})(?:\|([^{}]{0,200}))?\}")


def render(text: str, contact: Contact) -> str:
    """Fill a step's text with the contact's first name and fields; what is missing and has no words instead goes, with the space
    before it."""

    def filled(match: re.Match[str]) -> str:
        space, key, otherwise = match.groups()
        value = (contact.name or "").split()[:1] if key == "name" else [contact.fields.get(key, "")]
        words = (value[0] if value else "") or otherwise or ""
        return f"{space}{words}" if words else ""

    return _PLACEHOLDER.sub(filled, text).strip()


def _left(walk: Enrollment, sequence: Sequence, stopped_at: datetime) -> timedelta:
    due = due_at(walk, sequence)
    if due is None:
        return timedelta(0)
    began = walk.step_from or walk.started_at
    return max(due - max(stopped_at, began), timedelta(0))
