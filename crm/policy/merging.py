"""What becomes of two contacts' facts when they turn out to be one person, and of one's when they turn out to be two.

Nothing is sent twice: of two walks through one sequence the one that is further goes on. Nothing is allowed that one of the two had
forbidden, unless Meta itself says that they are one: then the newest word counts, as if it had always been one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Reason, Sequence, Trigger
from crm.policy import sequences

OPEN = frozenset({EnrollmentState.ACTIVE, EnrollmentState.PAUSED})

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T", Contact, Conversation)


def contact(kept: Contact, gone: Contact, *, certain: bool) -> Contact:
    """One contact of two. The names are the caller's business; the newest name of the person counts."""
    newer = max(
        kept, gone, key=lambda each: (each.named_at is not None, each.named_at or each.created_at, each.name or "")
    )
    out, out_at = _wish((kept.opted_out, kept.consent_at), (gone.opted_out, gone.consent_at), certain=certain)
    stopped, stopped_at = _wish(
        (kept.marketing_opted_out, kept.marketing_consent_at),
        (gone.marketing_opted_out, gone.marketing_consent_at),
        certain=certain,
    )
    return replace(
        kept,
        name=newer.name or kept.name or gone.name,
        named_at=newer.named_at,
        username=kept.username or gone.username,
        time_zone=kept.time_zone or gone.time_zone,
        language=kept.language or gone.language,
        book_name=kept.book_name or gone.book_name,
        created_at=min(kept.created_at, gone.created_at),
        opted_out=out,
        consent_at=out_at,
        marketing_opted_out=stopped,
        marketing_consent_at=stopped_at,
        tags=kept.tags | gone.tags,
        fields={**gone.fields, **kept.fields},
        marketing_refused_at=_last(kept.marketing_refused_at, gone.marketing_refused_at),
        marketing_refusals=kept.marketing_refusals + gone.marketing_refusals,
    )


def _wish(
    one: tuple[bool, datetime | None], other: tuple[bool, datetime | None], *, certain: bool
) -> tuple[bool, datetime | None]:
    """Whether the person wants nothing more, and since when we know. A wish without a time was never expressed."""
    said = [each for each in (one, other) if each[0] or each[1] is not None]
    if not said:
        return False, None
    if certain:
        return max(said, key=lambda each: (each[1] is not None, each[1] or LONG_AGO, each[0]))
    return max(said, key=lambda each: (each[0], each[1] is not None, each[1] or LONG_AGO))


def conversation(into: Conversation, gone: Conversation) -> Conversation:
    """One thread of two with the same account: times only grow, the newest belief about a block counts, and whoever was in the newer
    exchange looks after it."""
    later, earlier = sorted((into, gone), key=_exchanged, reverse=True)
    believed = max(into, gone, key=_proved)
    newest = max(into, gone, key=lambda talk: (talk.control_at is not None, talk.control_at or talk.created_at))
    return replace(
        into,
        created_at=min(into.created_at, gone.created_at),
        agent_id=later.agent_id if later.agent_id is not None else earlier.agent_id,
        first_inbound_at=_first(into.first_inbound_at, gone.first_inbound_at),
        last_inbound_at=_last(into.last_inbound_at, gone.last_inbound_at),
        last_manual_at=_last(into.last_manual_at, gone.last_manual_at),
        last_interaction_at=_last(into.last_interaction_at, gone.last_interaction_at),
        window_refuted_at=_last(into.window_refuted_at, gone.window_refuted_at),
        ad_entry_at=_last(into.ad_entry_at, gone.ad_entry_at),
        free_entry_until=_last(into.free_entry_until, gone.free_entry_until),
        block_state=believed.block_state,
        block_evidence_from=_last(into.block_evidence_from, gone.block_evidence_from),
        pair_free_at=_last(into.pair_free_at, gone.pair_free_at),
        control=newest.control,
        control_at=newest.control_at,
    )


def _exchanged(talk: Conversation) -> datetime:
    return talk.last_interaction_at or talk.created_at


def _proved(talk: Conversation) -> datetime:
    """When we last knew that it is not blocked."""
    return _last(talk.last_inbound_at, talk.block_evidence_from) or talk.created_at


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one is not None and other is not None else one or other


def _last(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one is not None and other is not None else one or other


def suspected(talk: Conversation) -> bool:
    return talk.block_state is not BlockState.CLEAR


def walks(
    mine: Iterable[Enrollment],
    theirs: Iterable[Enrollment],
    into: Conversation,
    gone: Conversation,
    plans: Mapping[int, Sequence],
) -> dict[int, Enrollment]:
    """The open walks of two conversations that become one, as they are afterwards, where that is not as before; by id.

    Of two through one sequence the one that is further goes on. One that a first message began ends where there was an earlier one: it
    was no first message. What the customer wrote in the other conversation was a reply.
    """
    mine, theirs = list(mine), list(theirs)
    changed: dict[int, Enrollment] = {}
    for walk, beside, other in [*((w, theirs, gone) for w in mine), *((w, mine, into) for w in theirs)]:
        if walk.state not in OPEN:
            continue
        rivals = [each for each in beside if each.sequence_id == walk.sequence_id]
        plan = plans.get(walk.sequence_id)
        if any(_goes_before(each, walk) for each in rivals):
            after = sequences.leave(walk, Reason.MERGED)
        elif plan is not None:
            wrote = next(
                (at for at in (other.first_inbound_at, other.last_inbound_at) if at and at > walk.started_at), None
            )
            after = sequences.replied(walk, plan, wrote) if wrote is not None else walk
        else:
            after = walk
        if after != walk:
            changed[walk.id] = after
    return changed


def _goes_before(rival: Enrollment, walk: Enrollment) -> bool:
    if rival.state not in OPEN:
        return walk.trigger is Trigger.FIRST_MESSAGE and rival.started_at <= walk.started_at
    return _rank(rival) > _rank(walk)


def _rank(walk: Enrollment) -> tuple[int, float, int]:
    """How far it is; of two that are as far, the one that began first."""
    return walk.position, -walk.started_at.timestamp(), -walk.id


def as_before(now: T, before: T, after: T) -> T:
    """Undo a merge: what it had changed and nobody since is as it was; the rest stays as it is."""
    changes: dict[str, Any] = {}
    for field in fields(before):
        was, became, stands = (getattr(each, field.name) for each in (before, after, now))
        if was != became and stands == became:
            changes[field.name] = was
    return replace(now, **changes)


def wrote(talk: Conversation, times: Iterable[datetime]) -> Conversation:
    """Messages of the customer come (back) to a conversation. They open no window: when it is open is only told by what was not moved."""
    times = list(times)
    return replace(
        talk,
        first_inbound_at=_first(talk.first_inbound_at, min(times)),
        last_interaction_at=_last(talk.last_interaction_at, max(times)),
    )
