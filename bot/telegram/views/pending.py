"""The manual queue: its list, a card in every state, and the three ways out of it (as it is, by template, by hand)."""

from datetime import UTC, datetime, timedelta

from bot.telegram.buttons import Act, Button, Copy, Link, go
from bot.telegram.screen import WIDTHS, Screen, in_rows, rows
from bot.telegram.views.common import (
    COPYABLE,
    agreed,
    back,
    bar,
    category,
    content,
    discreet,
    doubt,
    name,
    one_line,
    phone,
    quoted,
    refresh,
    window,
)
from bot.texts import Html, Say, clip, escape, lines
from crm.model.accounts import barred
from crm.model.agents import Agent
from crm.model.answers import PendingCard, PendingPage
from crm.model.contacts import Contact
from crm.model.contents import kind_of
from crm.model.ids import from_short, short
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.policy.permissions import Capability, may
from crm.policy.templates import BY_TEMPLATE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_BY_HAND = 3400
LONGEST_LINK = 1800

Cursor = tuple[int, datetime, int]


# --- the list ----------------------------------------------------------------------------------------------------------------


def queue(page: PendingPage, agent: Agent, say: Say, after: Cursor | None = None) -> Screen:
    """`/cola`, one page."""
    if not page.lines:
        text = lines(say("queue-empty-title"), say("queue-empty"))
        return Screen(text, rows([back(say), refresh("q")]))
    text = lines(
        say("queue-title", count=page.total), say("queue-what"), "", *(_line(p, c, agent, say) for p, c in page.lines)
    )
    codes = [Button(short(pending.id), go("qi", pending.id)) for pending, _ in page.lines]
    per_row = 4 if all(len(code.label) <= WIDTHS[4] for code in codes) else 3
    first = Button(say.plain("button-first"), go("q")) if after else None
    more = Button(say.plain("button-more"), go("q", write_cursor(page.next_after))) if page.next_after else None
    one_by_one = Button(say.plain("button-one-by-one"), go("qn"), "primary")
    return Screen(
        text,
        rows(
            *in_rows(codes, per_row),
            [one_by_one if may(agent, Capability.RESOLVE) else None],
            [first, more],
            [back(say), refresh("q", *([write_cursor(after)] if after else []))],
        ),
    )


def write_cursor(after: Cursor) -> str:
    """The place in the queue that a page ends at, for a button."""
    priority, added_at, number = after
    micros = (added_at - EPOCH) // timedelta(microseconds=1)
    return f"{short(priority)}-{short(micros)}-{short(number)}"


def read_cursor(text: str) -> Cursor | None:
    """The place again; None when it is none."""
    match [from_short(part) for part in text.split("-")]:
        case [int(priority), int(micros), int(number)]:
            try:
                return priority, EPOCH + timedelta(microseconds=micros), number
            except OverflowError:
                return None
        case _:
            return None


def _line(pending: PendingManual, contact: Contact, agent: Agent, say: Say) -> Html:
    return say(
        "queue-line",
        icon=_icon(pending),
        code=short(pending.id),
        contact=name(contact, agent, 24),
        text=clip(one_line(pending.text if pending.media_id is None else f"📎 {pending.text}"), 32),
        ago=say.ago(pending.added_at),
    )


def _icon(pending: PendingManual) -> str:
    match pending.reason:
        case PendingReason.UNKNOWN_OUTCOME:
            return "❓"
        case PendingReason.REJECTED_BY_META:
            return "🟥"
        case (
            PendingReason.TEMPLATE_MISSING
            | PendingReason.TEMPLATE_UNUSABLE
            | PendingReason.TEMPLATE_MISMATCH
            | PendingReason.TEMPLATE_MARKETING
            | PendingReason.TEMPLATE_BARRED
        ):
            return "📄"
        case PendingReason.BUDGET:
            return "🎯"
        case PendingReason.TEMPLATE_PRICE:
            return "💱"
        case PendingReason.WINDOW_CLOSED:
            return "🔁" if pending.enrollment_id is not None else "💬"


# --- the card ----------------------------------------------------------------------------------------------------------------


def card(card: PendingCard, agent: Agent, say: Say, *, kept: bool = False) -> Screen:
    """One waiting message, open or resolved. `kept`: it is the answer that this agent typed just now."""
    if card.pending.state is not PendingState.OPEN:
        return _resolved(card, agent, say)
    pending = card.pending
    head = [say("kept-title", contact=name(card.contact, agent)), say("kept-what")] if kept else _head(card, agent, say)
    text = lines(*head, quoted(_content(card, say)), *_facts(card, agent, say))
    return Screen(text, _ways_out(card, agent, say), {"pending": pending.id})


def _content(card: PendingCard, say: Say) -> str:
    """What waits, in words; a place or a person says first what it is."""
    pending = card.pending
    kind = kind_of(pending.content) if pending.content is not None else card.file and card.file.kind.message_kind
    return content(kind, pending.text, say) if kind else pending.text


def _head(card: PendingCard, agent: Agent, say: Say) -> list[Html]:
    who = (phone(card.contact, agent, say), card.account.name)
    return [
        say(
            "pending-title",
            code=short(card.pending.id),
            contact=name(card.contact, agent),
            ago=say.ago(card.pending.added_at),
        ),
        say("pending-where", phone=who[0], account=clip(who[1], 40)),
        window(card.window, card.conversation, say),
        _origin(card, say),
        Html(""),
    ]


def _origin(card: PendingCard, say: Say) -> Html:
    if card.sequence is None or card.pending.step is None:
        return say("pending-from-agent")
    title = clip(card.sequence.name, 40)
    return say("pending-from-sequence", sequence=title, step=card.pending.step + 1, steps=len(card.sequence.steps))


def _facts(card: PendingCard, agent: Agent, say: Say) -> list[Html]:
    reason = card.pending.reason
    ready = say("pending-ready", price=say.price(card.quote)) if card.window and card.quote else None
    heard = card.last_inbound
    said = clip(one_line(content(heard.kind, heard.text, say)), 60) if heard else ""
    facts = [
        say("pending-unknown") if reason is PendingReason.UNKNOWN_OUTCOME else None,
        say("pending-rejected") if reason is PendingReason.REJECTED_BY_META else None,
        _of_template(card, say),
        bar(card.account, say),
        ready if reason is not PendingReason.UNKNOWN_OUTCOME else None,
        say("pending-last", ago=say.ago(heard.at), text=discreet(said, agent)) if heard else None,
        doubt(card.conversation, None, say),
        say("contact-opted-out") if card.contact.opted_out else None,
    ]
    return [fact for fact in facts if fact is not None]


def _of_template(card: PendingCard, say: Say) -> Html | None:
    """What is the matter with its template, or that it works again."""
    reason, wanted = card.pending.reason, card.pending.template
    if wanted is None or reason not in BY_TEMPLATE:
        return None
    if card.template_works:
        return say("pending-template-works", template=clip(wanted.name, 60))
    if wanted.agreed is not None and card.template_quote is not None:
        return say(
            "pending-template-price",
            template=clip(wanted.name, 60),
            before=agreed(wanted.agreed, say),
            was=category(wanted.agreed.category.value, say),
            price=say.price(card.template_quote),
            now=category(card.template_quote.category.value, say),
        )
    return say("pending-template", reason=reason.value, template=clip(wanted.name, 60))


def _ways_out(card: PendingCard, agent: Agent, say: Say) -> tuple[tuple[Button, ...], ...]:
    number, version = card.pending.id, card.pending.version
    acts, pays = may(agent, Capability.RESOLVE), may(agent, Capability.PAY)
    safe = card.pending.reason is not PendingReason.UNKNOWN_OUTCOME
    now = Button(say.plain("button-send-now"), Act("qs", number, version), "success" if safe else None)
    pays = pays and barred(card.account, say.now, utility=False) is None
    by_template = Button(say.plain("button-template"), go("qt", number), None if card.window else "primary")
    return rows(
        [now if card.window and acts else None],
        [by_template if pays else None, Button(say.plain("button-by-hand"), go("qh", number)) if acts else None],
        [
            Button(say.plain("button-discard"), Act("qd", number, version)) if acts else None,
            Button(say.plain("button-contact"), go("c", card.contact.id)),
        ],
        [Button(say.plain("button-to-queue"), go("q")), refresh("qi", number)],
    )


def _resolved(card: PendingCard, agent: Agent, say: Say) -> Screen:
    pending = card.pending
    text = lines(
        say(
            "resolved-title",
            state=pending.state.value,
            seen="person" if card.resolver else "program",
            code=short(pending.id),
            contact=name(card.contact, agent),
            by=card.resolver.name if card.resolver else "",
            when=say.moment(pending.resolved_at) if pending.resolved_at else "",
        ),
        quoted(_content(card, say), 600),
    )
    following = Button(say.plain("button-next"), go("qn")) if may(agent, Capability.RESOLVE) else None
    return Screen(
        text,
        rows(
            [Button(say.plain("button-contact"), go("c", card.contact.id)), following],
            [Button(say.plain("button-to-queue"), go("q"))],
        ),
        {"pending": pending.id},
    )


# --- by hand -----------------------------------------------------------------------------------------------------------------


def fits_by_hand(card: PendingCard) -> bool:
    """Can the text stand on the by-hand screen, or must it be sent before it in a message of its own?"""
    return len(card.pending.text) <= LONGEST_BY_HAND


def by_hand(card: PendingCard, agent: Agent, say: Say) -> Screen:
    """How to send it from the phone: copy, open WhatsApp, mark."""
    pending = card.pending
    steps = "by-hand-steps" if card.account.coexistence else "by-hand-steps-elsewhere"
    words = Html(f"<code>{escape(pending.text)}</code>") if pending.text else quoted(_content(card, say))
    body = words if fits_by_hand(card) else say("by-hand-above")
    text = lines(
        say("by-hand-title", code=short(pending.id), contact=name(card.contact, agent)),
        say(steps, account=clip(card.account.name, 40)),
        say("by-hand-file") if card.file is not None else None,
        "",
        body,
    )
    copy = Button(say.plain("button-copy-text"), Copy(pending.text)) if 0 < len(pending.text) <= COPYABLE else None
    done = Button(say.plain("button-sent-it"), Act("qo", pending.id, pending.version), "success")
    return Screen(
        text,
        rows(
            [copy],
            [Button(say.plain("button-open-whatsapp"), Link(_short_link(card.link))) if card.link else None],
            [done],
            [Button(say.plain("button-back"), go("qi", pending.id))],
        ),
        {"pending": pending.id},
    )


def _short_link(link: str) -> str:
    """Telegram refuses very long links; then the chat opens without the text, which was copied before."""
    return link if len(link) <= LONGEST_LINK else link.partition("?")[0]
