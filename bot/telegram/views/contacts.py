"""One contact with its conversations, and the list when a name fits several."""

from collections.abc import Sequence

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views import explain, identities, labels
from bot.telegram.views.common import (
    NAME,
    PLAYED,
    TICKS,
    back,
    content,
    copy_phone,
    discreet,
    doubt,
    fitting,
    name,
    one_line,
    phone,
    refresh,
    window,
)
from bot.texts import Html, Say, clip, escape, lines
from crm.model.agents import Agent
from crm.model.answers import ContactCard, ConversationCard, Walk
from crm.model.contacts import Contact
from crm.model.conversations import BlockState
from crm.model.ids import short
from crm.model.messages import Direction, Message
from crm.model.sequences import EnrollmentState
from crm.policy.control import by_meta
from crm.policy.permissions import Capability, may

SHOWN_CONVERSATIONS = 3
SHOWN_WALKS = 3
SHOWN_WORDS = 160
WALK_WORDS = 30
WALKING = {EnrollmentState.ACTIVE, EnrollmentState.PAUSED}


def ask(say: Say) -> Screen:
    """Whom to look for."""
    return Screen(say("find-ask"), ask=say.plain("find-placeholder"))


def nobody(text: str, say: Say) -> Screen:
    return Screen(
        lines(say("find-nobody", text=clip(text, NAME)), say("find-hint")),
        rows([Button(say.plain("button-find-again"), go("fc"))], [back(say)]),
    )


def several(found: Sequence[Contact], agent: Agent, say: Say, to: tuple[str, ...] = ("c",)) -> Screen:
    """Which one? `to` is the screen that a choice leads to."""
    text = lines(
        say("find-several", count=len(found)),
        "",
        *(
            say("find-line", contact=name(contact, agent), phone=phone(contact, agent, say), code=short(contact.id))
            for contact in found
        ),
    )
    buttons = [Button(fitting(name(contact, agent), 2), go(*to, contact.id)) for contact in found]
    return Screen(text, rows(*in_rows(buttons, 2), [back(say)]))


def card(card: ContactCard, agent: Agent, say: Say) -> Screen:
    """`/c`: who it is, and how things stand on each of our numbers."""
    contact = card.contact
    shown = card.conversations[:SHOWN_CONVERSATIONS]
    left_out = len(card.conversations) - len(shown)
    text = lines(
        say("contact-title", contact=name(contact, agent), code=short(contact.id)),
        _known_as(contact, agent, say),
        _profile_name(contact, agent, say),
        *identities.told(card, agent, say),
        say("contact-opted-out") if contact.opted_out else None,
        say("contact-marketing-stopped") if contact.marketing_opted_out and not contact.opted_out else None,
        *labels.told(card, say),
        *(line for each in shown for line in _conversation(each, agent, say)),
        say("contact-more-conversations", count=left_out) if left_out else None,
    )
    several_accounts = len(shown) > 1
    acts = [row for each in shown for row in _acts(each, contact, agent, say, named=several_accounts)]
    coloured = _one_primary(acts)
    return Screen(
        text,
        rows(
            *coloured,
            *identities.acts(card, agent, say),
            [labels.button(contact, say), explain.button(contact, say)],
            [copy_phone(contact, agent, say)],
            [back(say), refresh("c", contact.id)],
        ),
        shows={"contact": contact.id},
    )


def _known_as(contact: Contact, agent: Agent, say: Say) -> Html:
    known = contact.wa_id or not contact.username
    parts = [escape(phone(contact, agent, say)) if known else say("contact-only-username")]
    if contact.username:
        parts.append(escape(f"@{contact.username.lstrip('@')}"))
    if contact.time_zone:
        parts.append(say("contact-local-time", time=say.clock_in(contact.time_zone)))
    return Html(" · ".join(parts))


def _profile_name(contact: Contact, agent: Agent, say: Say) -> Html | None:
    """What the person is called in their own profile, where the shop's address book calls them otherwise."""
    if contact.book_name is None or contact.name in (None, contact.book_name):
        return None
    return say("contact-profile-name", name=clip(one_line(discreet(contact.name or "", agent)), NAME))


def _conversation(card: ConversationCard, agent: Agent, say: Say) -> list[Html]:
    talk = card.conversation
    owner = say("contact-owner", agent=clip(card.agent.name, NAME)) if card.agent else say("contact-no-owner")
    found = [
        Html(""),
        say("contact-account", account=clip(card.account.name, NAME), owner=owner),
        window(card.window, talk, say),
        say("contact-by-meta") if by_meta(talk) else None,
        doubt(talk, card.issue, say),
        say("contact-pending", count=card.pending) if card.pending else None,
        *(_walk(walk, say) for walk in card.walks[:SHOWN_WALKS]),
        _recent(card.recent, agent, say),
    ]
    return [line for line in found if line is not None]


def _walk(walk: Walk, say: Say) -> Html:
    enrollment, plan = walk.enrollment, walk.sequence
    due = enrollment.next_due_at
    return say(
        "contact-walk",
        sequence=clip(plan.name, WALK_WORDS),
        step=min(enrollment.position + 1, len(plan.steps)),
        steps=len(plan.steps),
        state=enrollment.state.value,
        reason=enrollment.reason.value if enrollment.reason else "none",
        when=say.moment(due) if due else "—",
    )


def _recent(recent: Sequence[Message], agent: Agent, say: Say) -> Html | None:
    if not recent:
        return None
    told = [_said(message, agent, say) for message in reversed(recent)]
    return Html("<blockquote expandable>" + "\n".join(told) + "</blockquote>")


def _said(message: Message, agent: Agent, say: Say) -> str:
    ours = message.direction is Direction.OUT
    heard = message.delivery.played_at is not None
    mark = (PLAYED if heard else TICKS.get(message.status, "")) if ours else ""
    changed = "✏️" if message.edited_at and not message.revoked_at else ""
    text = discreet(clip(one_line(content(message.kind, message.text, say)), SHOWN_WORDS), agent)
    gone = f"<s>{escape(text)}</s>" if message.revoked_at else escape(text)
    held = say("message-held-by-meta") if message.held_by_meta else ""
    parts = ("→" if ours else "←", say.moment(message.at), mark, gone, changed, escape(message.reaction or ""), held)
    return " ".join(part for part in parts if part)


def _acts(card: ConversationCard, contact: Contact, agent: Agent, say: Say, *, named: bool) -> list[list[Button]]:
    talk, account = card.conversation, card.account.name
    found: list[list[Button]] = []
    first: list[Button] = []
    if may(agent, Capability.REPLY):
        label = fitting(f"✍️ {account}", 2) if named else say.plain("button-reply")
        first.append(Button(label, go("wr", talk.id, contact.id), "primary"))
    if may(agent, Capability.ENROLL):
        first.append(Button(say.plain("button-enroll"), go("ce", talk.id, contact.id)))
    found.append(first)
    if may(agent, Capability.ENROLL):
        found.extend(
            [_walk_act(walk, contact)] for walk in card.walks[:SHOWN_WALKS] if walk.enrollment.state in WALKING
        )
    if may(agent, Capability.PAY) and card.window is None:
        found.append([Button(say.plain("button-template"), go("wt", talk.id, contact.id))])
    last: list[Button] = []
    if may(agent, Capability.REPLY):
        last.append(Button(say.plain("button-compose"), go("wm", talk.id, contact.id)))
        if card.agent is None:
            last.append(Button(say.plain("button-take"), Act("ta", talk.id, 0, short(contact.id))))
        elif card.agent.id == agent.id:
            last.append(Button(say.plain("button-give-back"), Act("gb", talk.id, 0, short(contact.id))))
    if talk.block_state is not BlockState.CLEAR and may(agent, Capability.REACTIVATE):
        last.append(Button(say.plain("button-reactivate"), go("ra", talk.id, contact.id)))
    found.append(last)
    return found


def _walk_act(walk: Walk, contact: Contact) -> Button:
    running = walk.enrollment.state is EnrollmentState.ACTIVE
    verb, icon = ("pe", "⏸") if running else ("re", "▶️")
    return Button(fitting(f"{icon} {walk.sequence.name}", 1), Act(verb, walk.enrollment.id, 0, short(contact.id)))


def _one_primary(acts: list[list[Button]]) -> list[list[Button]]:
    """Several conversations, one colour: the first."""
    seen = False
    kept: list[list[Button]] = []
    for row in acts:
        kept.append([Button(b.label, b.target, None if seen else b.style) for b in row])
        seen = seen or any(b.style for b in row)
    return kept
