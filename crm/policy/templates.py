"""What we believe of Meta's templates, and whether one may be used now.

Two sources tell of them: the list that the job fetches, true as of the moment at which it was asked for, and webhooks, each about one
aspect at Meta's time (reference 1.4). Of each aspect the newest word counts, whichever way it came and in whatever order. A refusal of
our own send is news too (132001, 132015, 132016 and their like, scope template; reference 4.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from crm.model.alerts import Severity
from crm.model.contacts import Contact
from crm.model.media import MediaKind
from crm.model.messages import TemplateRef
from crm.model.pending import PendingReason
from crm.model.records import replace
from crm.model.templates import APPROVED, Template, TemplateFacts
from crm.policy import filling

KINDS = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
        "message_template_components_update",
    }
)
"""The webhook fields that speak of templates."""

AVAILABLE = frozenset({"APPROVED", "REINSTATED", "UNARCHIVED"})
GONE = frozenset({"DELETED", "PENDING_DELETION"})
REMARKS = frozenset({"FLAGGED", "LOCKED"})
"""Events that leave a template as usable as it was: its quality is watched, or it cannot be edited."""
PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
"""How long Meta pauses for low quality; any other pause ends only by a person (reference 1.4)."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = 2**33
NOTICE = timedelta(hours=24)
"""How long before it changes a category Meta says so, when it does not say when (reference trap 15)."""
QUALITY = {"GREEN": 1, "YELLOW": 2, "RED": 3}

PAUSED, DISABLED, MISSING = 132015, 132016, 132001
MISMATCHES = frozenset({132000, 132008, 132012, 132018})
BARRED = frozenset({131055, 131063, 131064, 132007, 132068})
"""Meta lets such templates not leave, or not this way, whatever their values: for their category, their form, or a policy."""
BARRED_FOR = timedelta(hours=24)
"""Meta's list calls a barred template approved all the while, so that only a send can tell whether it may leave again: one a day."""
REFUSALS = frozenset({PAUSED, DISABLED, MISSING, *MISMATCHES, *BARRED})
"""Meta's codes that speak of the template and not of the message."""

HELD = frozenset(
    {
        PendingReason.TEMPLATE_MISSING,
        PendingReason.TEMPLATE_UNUSABLE,
        PendingReason.TEMPLATE_MISMATCH,
        PendingReason.TEMPLATE_BARRED,
    }
)
"""Reasons of cards that may go again once the template is in order, or the number may use it."""
BY_TEMPLATE = HELD | {PendingReason.TEMPLATE_MARKETING, PendingReason.TEMPLATE_PRICE, PendingReason.BUDGET}
"""Reasons of cards that were to leave by their template."""


class Trouble(StrEnum):
    """What is told about a template."""

    PAUSED = "paused"
    DISABLED = "disabled"
    REJECTED = "rejected"
    GONE = "gone"
    MISSING = "missing"
    MISMATCH = "mismatch"
    BARRED = "barred"
    RECATEGORISED = "recategorised"
    IMPENDING = "impending"
    LOW_QUALITY = "low_quality"
    FLAGGED = "flagged"
    APPROVED = "approved"

    @property
    def severity(self) -> Severity:
        return Severity.INFO if self is Trouble.APPROVED else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Learnt:
    """The template after some news; `trouble` is worth telling, `again` means that it can be used once more."""

    template: Template
    trouble: Trouble | None = None
    again: bool = False


# --- the list ----------------------------------------------------------------------------------------------------------------


def fetched(known: Template | None, number: int, waba_id: str, facts: TemplateFacts, asked_at: datetime) -> Learnt:
    """The template by a list that was asked for at that moment. What was heard since then stays, and it is fetched once more."""
    at = asked_at.replace(microsecond=0)  # as webhooks tell time, so that one of the same second is not taken for older
    if known is None:
        return Learnt(_new(number, waba_id, facts, at))
    if known.updated_at > asked_at:
        return Learnt(
            replace(
                known,
                components=known.components or facts.components,
                meta_id=known.meta_id or facts.meta_id,
                stale=True,
            )
        )
    announced = facts.next_category if facts.next_category != facts.category else None
    approved = facts.status == APPROVED
    barred = known.refusal in BARRED and known.refusal_at is not None and asked_at - known.refusal_at < BARRED_FOR
    after = replace(
        known,
        meta_id=facts.meta_id or known.meta_id,
        category=facts.category,
        category_at=at,
        previous_category=facts.previous_category or _before(known.category, facts.category, known.previous_category),
        next_category=announced,
        next_category_at=known.next_category_at if announced and announced == known.next_category else None,
        status=facts.status,
        status_at=at,
        reason=None if approved else facts.reason or known.reason,
        paused_until=known.paused_until if facts.status == known.status == "PAUSED" else None,
        quality=facts.quality,
        quality_at=at,
        components=facts.components,
        components_at=at,
        refusal=known.refusal if barred else None,
        refusal_at=known.refusal_at if barred else None,
        stale=False,
        deleted=False,
        updated_at=asked_at,
    )
    return Learnt(after, _told(known, after), not known.usable and after.usable)


def not_listed(known: Template, asked_at: datetime) -> Learnt:
    """The list of that moment does not have it. One that was heard of since then may not have been there yet."""
    if known.deleted or known.updated_at > asked_at:
        return Learnt(known)
    gone = replace(known, deleted=True, status="DELETED", status_at=asked_at, updated_at=asked_at, stale=False)
    return Learnt(gone, Trouble.GONE)


def _new(number: int, waba_id: str, facts: TemplateFacts, at: datetime) -> Template:
    return Template(
        id=number,
        waba_id=waba_id,
        name=facts.name,
        language=facts.language,
        category=facts.category,
        status=facts.status,
        components=facts.components,
        updated_at=at,
        meta_id=facts.meta_id,
        quality=facts.quality,
        reason=facts.reason,
        previous_category=facts.previous_category,
        next_category=facts.next_category if facts.next_category != facts.category else None,
        status_at=at,
        category_at=at,
        quality_at=at,
        components_at=at,
    )


def heard_of(number: int, waba_id: str, name: str, language: str, at: datetime) -> Template:
    """A template that a webhook named before any list did: kept without components until it is fetched."""
    return Template(number, waba_id, name, language, "", "PENDING", None, at, stale=True)


# --- webhooks ----------------------------------------------------------------------------------------------------------------


def told(
    known: Template, kind: str, event: str, at: datetime, payload: Mapping[str, Any], now: datetime
) -> Learnt | None:
    """The template after one webhook that Meta dated `at`; None when it is no news."""
    match kind:
        case "message_template_status_update":
            learnt = _status(known, event.upper(), at, payload)
        case "message_template_quality_update":
            learnt = _quality(known, (_text(payload.get("new_quality_score")) or event).upper()[:32], at)
        case "template_category_update":
            learnt = _category(known, at, payload)
        case "message_template_components_update" if known.components is None or _not_before(at, known.components_at):
            learnt = Learnt(replace(known, stale=True))
        case _:
            learnt = None
    return learnt and replace(learnt, template=replace(learnt.template, updated_at=now))


def _status(known: Template, event: str, at: datetime, payload: Mapping[str, Any]) -> Learnt | None:
    status = _word(event)
    if event in REMARKS:
        return Learnt(known, Trouble.FLAGGED) if event == "FLAGGED" and _not_before(at, known.status_at) else None
    if not _outweighs(known, status, at):
        return None
    info = payload.get("other_info")
    title = (_text(info.get("title")) or "").upper() if isinstance(info, Mapping) else ""
    pause = PAUSES.get(title) if status == "PAUSED" else None
    fits_again = status == APPROVED and known.refusal_at is not None and known.refusal_at <= at
    after = replace(
        known,
        status=status,
        status_at=at,
        category=known.category or (_text(payload.get("message_template_category")) or "").lower(),
        reason=_reason(payload, title) if status != APPROVED else None,
        paused_until=at + pause if pause is not None else None,
        deleted=event in GONE,
        refusal=None if fits_again else known.refusal,
        refusal_at=None if fits_again else known.refusal_at,
        stale=known.stale or known.components is None,
        meta_id=known.meta_id or _text(payload.get("message_template_id")),
    )
    return Learnt(after, _told(known, after), not known.usable and after.usable)


def _quality(known: Template, score: str, at: datetime) -> Learnt | None:
    weight = (at, QUALITY.get(score, 0), score)
    if known.quality_at is not None and weight <= (known.quality_at, QUALITY.get(known.quality, 0), known.quality):
        return None
    low = score == "RED" and known.quality != "RED"
    return Learnt(replace(known, quality=score, quality_at=at), Trouble.LOW_QUALITY if low else None)


def _category(known: Template, at: datetime, payload: Mapping[str, Any]) -> Learnt | None:
    """In the impending form `new_category` is the current one, and `correct_category` is what it will be (reference trap 15)."""
    new, correct = ((_text(payload.get(key)) or "").lower() for key in ("new_category", "correct_category"))
    category = new or known.category
    before = (_text(payload.get("previous_category")) or known.category).lower()
    weight = (at, correct, category)
    if known.category_at is not None and weight <= (known.category_at, known.next_category or "", known.category):
        return None
    if correct:
        starts = moment(payload.get("category_update_timestamp")) or at + NOTICE
        after = replace(known, category=category, next_category=correct, next_category_at=starts, category_at=at)
        return Learnt(after, Trouble.IMPENDING)
    after = replace(
        known,
        category=category,
        category_at=at,
        previous_category=before or None,
        next_category=None,
        next_category_at=None,
    )
    return Learnt(after, Trouble.RECATEGORISED if before and before != category else None)


# --- our own sends -----------------------------------------------------------------------------------------------------------


def refused(known: Template, code: int, at: datetime, now: datetime) -> Learnt:
    """Meta refused a send of ours because of the template: nothing else leaves with it until there is better news."""
    if code in (PAUSED, DISABLED):
        if not _outweighs(known, "PAUSED" if code == PAUSED else "DISABLED", at):
            return Learnt(known)
        status = "PAUSED" if code == PAUSED else "DISABLED"
        after = replace(known, status=status, status_at=at, updated_at=now, stale=True)
        return Learnt(after, Trouble.PAUSED if code == PAUSED else Trouble.DISABLED)
    if known.components_at is not None and known.components_at > at:
        return Learnt(known)
    after = replace(known, refusal=code, refusal_at=at, stale=True, updated_at=now)
    if code in BARRED:
        return Learnt(after, Trouble.BARRED)
    return Learnt(after, Trouble.MISSING if code == MISSING else Trouble.MISMATCH)


def reason_of(code: int | None) -> PendingReason:
    """Why a message waits that Meta refused because of its template."""
    if code == MISSING:
        return PendingReason.TEMPLATE_MISSING
    if code in (PAUSED, DISABLED) or code in BARRED:
        return PendingReason.TEMPLATE_UNUSABLE
    return PendingReason.TEMPLATE_MISMATCH


# --- before a send -----------------------------------------------------------------------------------------------------------


def obstacle(
    template: Template | None, ref: TemplateRef, media: MediaKind | None, contact: Contact, now: datetime
) -> PendingReason | None:
    """Why a message by this template must wait for a person instead of costing a call; None when Meta would take it."""
    if template is None or template.deleted or template.refusal == MISSING:
        return PendingReason.TEMPLATE_MISSING
    if template.refusal in MISMATCHES:
        return PendingReason.TEMPLATE_MISMATCH
    if not template.usable or template.components is None:
        return PendingReason.TEMPLATE_UNUSABLE
    if contact.marketing_opted_out and template.is_marketing(now):
        return PendingReason.TEMPLATE_MARKETING
    if filling.mismatch(template.components, ref, media) is not None:
        return PendingReason.TEMPLATE_MISMATCH
    return None


# --- inside ------------------------------------------------------------------------------------------------------------------


def _word(event: str) -> str:
    """The status that an event leaves a template in."""
    return APPROVED if event in AVAILABLE else "DELETED" if event in GONE else event[:64]


def _not_before(at: datetime, known: datetime | None) -> bool:
    return known is None or at >= known


def _outweighs(known: Template, status: str, at: datetime) -> bool:
    """Of the same second the graver word counts, so that any order ends the same."""
    if known.status_at is None or at > known.status_at:
        return True
    return at == known.status_at and (status != APPROVED, status) > (known.status != APPROVED, known.status)


def _told(before: Template, after: Template) -> Trouble | None:
    """What is worth saying about the change of status."""
    if (before.status, before.deleted) == (after.status, after.deleted):
        return Trouble.APPROVED if before.refusal is not None and after.usable and not before.usable else None
    if after.deleted:
        return Trouble.GONE
    if after.status == APPROVED:
        return Trouble.APPROVED if before.components is not None else None
    words = {"PAUSED": Trouble.PAUSED, "DISABLED": Trouble.DISABLED, "REJECTED": Trouble.REJECTED}
    return words.get(after.status)


def _before(old: str, new: str, known: str | None) -> str | None:
    return old if old and old != new else known


def _reason(payload: Mapping[str, Any], title: str) -> str | None:
    given = _text(payload.get("reason"))
    return given if given and given.upper() != "NONE" else title or None


def _text(value: object) -> str | None:
    return str(value)[:200] if isinstance(value, str | int) and not isinstance(value, bool) and str(value) else None


def moment(value: object) -> datetime | None:
    """A time that Meta writes as seconds, number or text; None when it is none."""
    text = _text(value)
    if text is None or not text.isascii() or not text.isdigit() or int(text) > LAST_SECOND:
        return None
    return EPOCH + timedelta(seconds=int(text))
