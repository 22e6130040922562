"""Answering a customer: the field to write in, and what became of the words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import ASSUMED, NAME, content, name, quoted, window
from bot.texts import Say, clip, lines
from crm.model.agents import Agent
from crm.model.answers import ConversationCard, Queued
from crm.model.contacts import Contact
from crm.policy.permissions import Capability, may


def inbound(params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say) -> Screen:
    """A customer wrote. Answering this message answers the customer."""
    closes_at = _moment(params.get("closes_at"))
    still_open = closes_at is not None and closes_at > say.now
    text = lines(
        say("push-inbound", contact=_title(params), account=clip(str(params.get("account", "")), NAME)),
        quoted(content(str(params.get("kind", "text")), _text(params), say)),
        say("push-closes", when=say.tg_time(closes_at)) if closes_at and still_open else None,
    )
    return _push(text_rows=text, params=params, conversation_id=conversation_id, agent=agent, say=say)


def manual(params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say) -> Screen:
    """Somebody answered from the phone."""
    text = lines(
        say("push-manual", contact=_title(params), account=clip(str(params.get("account", "")), NAME)),
        quoted(content(str(params.get("kind", "text")), _text(params), say)),
    )
    return _push(text_rows=text, params=params, conversation_id=conversation_id, agent=agent, say=say)


def prompt(card: ConversationCard, contact: Contact, agent: Agent, say: Say) -> Screen:
    """Opens the answer field."""
    text = lines(
        say("reply-ask", contact=name(contact, agent), account=clip(card.account.name, NAME)),
        window(card.window, card.conversation, say),
        say("reply-will-wait") if card.window is None else None,
    )
    return Screen(text, shows={"conversation": card.conversation.id}, ask=say.plain("reply-placeholder"))


def on_assumption(queued: Queued, say: Say) -> Screen | None:
    """It leaves, but on a belief that Meta does not share: worth a line. Otherwise a reaction is enough."""
    if queued.window is None or queued.window.basis not in ASSUMED:
        return None
    return Screen(say("reply-assumed", basis=queued.window.basis.value))


def sent(queued: Queued, say: Say) -> Screen:
    """The line for chats in which reactions do not work."""
    return on_assumption(queued, say) or Screen(say("reply-queued"))


def late(original_id: int, age: datetime, say: Say, *, shows: Mapping[str, int]) -> Screen:
    """An order that arrived late: do it still?"""
    return Screen(
        say("late", ago=say.ago(age)),
        rows(
            [
                Button(say.plain("button-do-it"), Act("go", original_id, 0), "primary"),
                Button(say.plain("button-ignore"), Act("no", original_id, 0)),
            ]
        ),
        shows,
    )


def cannot_leave(say: Say) -> Screen:
    """A place, a poll, a card: nothing that leaves from here."""
    return Screen(say("reply-cannot-leave"))


def how_to_reply(say: Say) -> Screen:
    """Words that belong to nobody."""
    text = lines(say("hint-reply"), say("hint-find"))
    return Screen(
        text, rows([Button(say.plain("button-find"), go("fc")), Button(say.plain("button-menu"), go("home"))])
    )


def _push(*, text_rows: Any, params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say) -> Screen:
    contact_id = params.get("contact_id")
    known = isinstance(contact_id, int)
    answer = known and conversation_id is not None and may(agent, Capability.REPLY)
    return Screen(
        text_rows,
        rows(
            [
                Button(say.plain("button-contact"), go("c", contact_id)) if isinstance(contact_id, int) else None,
                Button(say.plain("button-reply"), go("wr", conversation_id or 0, contact_id or 0)) if answer else None,
            ]
        ),
        {"conversation": conversation_id} if conversation_id is not None else {},
    )


def _title(params: Mapping[str, Any]) -> str:
    return clip(" ".join(str(params.get("contact", "?")).split()), NAME)


def _text(params: Mapping[str, Any]) -> str | None:
    text = params.get("text")
    return text if isinstance(text, str) else None


def _moment(iso: object) -> datetime | None:
    try:
        return datetime.fromisoformat(iso) if isinstance(iso, str) else None
    except ValueError:
        return None
