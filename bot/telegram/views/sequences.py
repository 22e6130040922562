"""Drip plans: the list, one plan with its steps, and choosing who walks it."""

from collections.abc import Sequence as Several

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views.common import NAME, back, fitting, name, one_line, quoted, refresh
from bot.texts import Html, Say, clip, escape, lines
from crm.model.agents import Agent
from crm.model.answers import ContactCard, SequenceCard
from crm.model.contacts import Contact
from crm.model.ids import short
from crm.model.sequences import EnrollmentState, Sequence, SequenceState, Step
from crm.policy.permissions import Capability, may

ICONS = {SequenceState.DRAFT: "📝", SequenceState.ACTIVE: "▶️", SequenceState.PAUSED: "⏸", SequenceState.ARCHIVED: "🗄"}
SHOWN = 12
SHOWN_STEPS = 20
TABLE = 30


def several(cards: Several[SequenceCard], agent: Agent, say: Say, start: int = 0) -> Screen:
    """`/secuencias`."""
    if not cards:
        return Screen(lines(say("sequences-title", active=0, inside=0), say("sequences-empty")), rows([back(say)]))
    active = sum(card.sequence.state is SequenceState.ACTIVE for card in cards)
    inside = sum(_inside(card) for card in cards)
    shown = cards[start : start + SHOWN]
    text = lines(
        say("sequences-title", active=active, inside=say.many(inside)), "", *(_line(card, say) for card in shown)
    )
    buttons = [Button(fitting(_label(card), 2), go("sq", card.sequence.id)) for card in shown]
    more = Button(say.plain("button-more"), go("s", start + SHOWN)) if start + SHOWN < len(cards) else None
    first = Button(say.plain("button-first"), go("s")) if start else None
    return Screen(text, rows(*in_rows(buttons, 2), [first, more], [back(say), refresh("s")]))


def card(card: SequenceCard, agent: Agent, say: Say) -> Screen:
    """One plan with its steps and how many are inside."""
    plan = card.sequence
    table = "\n".join(_step(number, step, say) for number, step in enumerate(plan.steps[:SHOWN_STEPS], start=1))
    left_out = len(plan.steps) - SHOWN_STEPS
    text = lines(
        say("sequence-title", name=clip(plan.name, NAME), version=str(plan.version), state=plan.state.value),
        say(
            "sequence-counts",
            active=say.many(card.counts.get(EnrollmentState.ACTIVE.value, 0)),
            paused=say.many(card.counts.get(EnrollmentState.PAUSED.value, 0)),
            completed=say.many(card.counts.get(EnrollmentState.COMPLETED.value, 0)),
            exited=say.many(card.counts.get(EnrollmentState.EXITED.value, 0)),
        ),
        say("sequence-trigger", trigger=plan.trigger.value),
        _hours(plan, say),
        say("sequence-tolerance", delay=say.delay(plan.rules.tolerance)) if plan.rules.tolerance else None,
        "",
        Html(f"<pre>{escape(table)}</pre>") if table else say("sequence-no-steps"),
        say("sequence-more-steps", count=left_out) if left_out > 0 else None,
    )
    return Screen(
        text,
        rows(_switch(plan, agent, say), [Button(say.plain("button-to-sequences"), go("s")), refresh("sq", plan.id)]),
    )


def _switch(plan: Sequence, agent: Agent, say: Say) -> list[Button]:
    found: list[Button] = []
    if may(agent, Capability.ENROLL) and plan.state is SequenceState.ACTIVE and plan.steps:
        found.append(Button(say.plain("button-enroll"), go("se", plan.id)))
    if may(agent, Capability.SEQUENCES) and plan.state is SequenceState.ACTIVE:
        found.append(Button(say.plain("button-pause"), Act("sz", plan.id, plan.version)))
    if may(agent, Capability.SEQUENCES) and plan.state is SequenceState.PAUSED:
        found.append(Button(say.plain("button-resume"), Act("sr", plan.id, plan.version), "primary"))
    return found


def ask_whom(plan: Sequence, say: Say) -> Screen:
    """Whom to enroll."""
    return Screen(say("enroll-ask", sequence=clip(plan.name, NAME)), ask=say.plain("find-placeholder"))


def choose(cards: Several[SequenceCard], contact: Contact, conversation_id: int, agent: Agent, say: Say) -> Screen:
    """Which plan shall this contact walk?"""
    ready = [card for card in cards if card.sequence.state is SequenceState.ACTIVE and card.sequence.steps]
    last = [Button(say.plain("button-back"), go("c", contact.id))]
    if not ready:
        return Screen(lines(say("enroll-which", contact=name(contact, agent)), say("enroll-none")), rows(last))
    buttons = [
        Button(fitting(card.sequence.name, 1), go("ec", card.sequence.id, contact.id, conversation_id))
        for card in ready[:SHOWN]
    ]
    return Screen(say("enroll-which", contact=name(contact, agent)), rows(*in_rows(buttons, 1), last))


def confirm_enroll(plan: Sequence, card: ContactCard, only: int | None, agent: Agent, say: Say) -> Screen:
    """What the contact would be told first, and on which of our numbers."""
    open_to = [
        each
        for each in card.conversations
        if (only is None or each.conversation.id == only) and plan.account_id in (None, each.account.id)
    ]
    last = [
        Button(say.plain("button-contact"), go("c", card.contact.id)),
        Button(say.plain("button-back"), go("sq", plan.id)),
    ]
    title = say("enroll-confirm", contact=name(card.contact, agent), sequence=clip(plan.name, NAME))
    if not open_to:
        return Screen(lines(title, say("enroll-wrong-account")), rows(last))
    first = plan.steps[0] if plan.steps else None
    text = lines(
        title,
        say("enroll-first", delay=say.delay(first.delay)) if first else None,
        quoted(first.text, 500) if first else None,
        say("enroll-steps", count=len(plan.steps)),
    )
    buttons = [
        Button(
            fitting(f"👥 {each.account.name}", 1) if len(open_to) > 1 else say.plain("button-enroll"),
            Act("en", plan.id, 0, short(each.conversation.id)),
            "primary" if position == 0 else None,
        )
        for position, each in enumerate(open_to[:3])
    ]
    return Screen(text, rows(*in_rows(buttons, 1), last))


def _line(card: SequenceCard, say: Say) -> Html:
    plan = card.sequence
    return say(
        "sequences-line",
        icon=ICONS[plan.state],
        name=clip(plan.name, NAME),
        version=str(plan.version),
        inside=say.many(_inside(card)),
        paused=say.many(card.counts.get(EnrollmentState.PAUSED.value, 0)),
    )


def _label(card: SequenceCard) -> str:
    icon = "" if card.sequence.state is SequenceState.ACTIVE else f"{ICONS[card.sequence.state]} "
    return f"{icon}{card.sequence.name}"


def _inside(card: SequenceCard) -> int:
    return card.counts.get(EnrollmentState.ACTIVE.value, 0) + card.counts.get(EnrollmentState.PAUSED.value, 0)


def _hours(plan: Sequence, say: Say) -> Html | None:
    found = plan.rules.hours
    if found is None:
        return None
    start, end = (f"{each:%H:%M}" for each in (found.start, found.end))
    return say("sequence-hours", **{"from": start, "to": end, "days": len(found.weekdays)})


def _step(number: int, step: Step, say: Say) -> str:
    icon = "💳" if step.template else "🔀" if step.branches else "📎" if step.file else "💬"
    return clip(f"{number:>2} {say.delay(step.delay):<7} {icon} {one_line(step.text)}", TABLE)
