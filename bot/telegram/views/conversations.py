"""Answering a customer: the field to write in, and what became of the words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import ASSUMED, CALL, NAME, content, discreet, name, one_line, quoted, window
from bot.texts import Html, Say, clip, escape, lines
from crm.model.agents import Agent
from crm.model.answers import ConversationCard, Queued
from crm.model.contacts import Contact
from crm.model.conversations import META_AGENT
from crm.policy.permissions import Capability, may

AD_WORDS, QUOTED_WORDS, OLD_WORDS = 120, 120, 400


def inbound(
    params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say, *, quote: bool = True
) -> Screen:
    """A customer wrote. Answering this message answers the customer. With `quote` it repeats what the customer answers."""
    closes_at = _moment(params.get("closes_at"))
    still_open = closes_at is not None and closes_at > say.now
    text = lines(
        say("push-inbound", contact=_title(params), account=clip(str(params.get("account", "")), NAME)),
        *_origin(params, say),
        _answers(params, agent, say) if quote else None,
        quoted(content(str(params.get("kind", "text")), _text(params), say)),
        say("push-consent", said=str(params["consent"])) if params.get("consent") else None,
        say("push-closes", when=say.tg_time(closes_at)) if closes_at and still_open else None,
    )
    return _push(text_rows=text, params=params, conversation_id=conversation_id, agent=agent, say=say)


def changed(params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say) -> Screen:
    """A message reads differently now, or was deleted for everybody. What changes of a call is how it went."""
    if params.get("change") == "control":
        return _push(
            text_rows=_handed_over(params, say), params=params, conversation_id=conversation_id, agent=agent, say=say
        )
    kind, text, before = str(params.get("kind", "text")), _text(params), params.get("before")
    title = {"contact": _title(params), "account": clip(str(params.get("account", "")), NAME)}
    now = content(kind, text, say)
    if kind == CALL:
        told = lines(say("push-inbound", **title), quoted(now))
    elif params.get("change") == "revoke":
        told = lines(say("push-changed", **title, change="revoke", ours=_ours(params)), _struck(now))
    else:
        old = content(kind, before if isinstance(before, str) else None, say)
        told = lines(say("push-changed", **title, change="edit", ours=_ours(params)), _struck(old), quoted(now))
    return _push(text_rows=told, params=params, conversation_id=conversation_id, agent=agent, say=say)


def _handed_over(params: Mapping[str, Any], say: Say) -> Html:
    holder = "meta" if params.get("holder") == META_AGENT else "ours"
    account = clip(str(params.get("account", "")), NAME)
    return lines(say("push-control", contact=_title(params), account=account, holder=holder))


def _ours(about: Mapping[str, Any]) -> str:
    return "yes" if about.get("ours") else "no"


def _struck(text: str) -> Html:
    """Words that no longer stand."""
    return Html(f"<blockquote><s>{escape(clip(text.strip(), OLD_WORDS)) or '—'}</s></blockquote>")


def _origin(params: Mapping[str, Any], say: Say) -> list[Html]:
    """Where it comes from, if not from the person alone: forwarded, an ad, a product of the catalogue."""
    found: list[Html] = []
    if params.get("standby"):
        found.append(say("push-standby"))
    forwarded, ad, product = params.get("forwarded"), params.get("ad"), params.get("product")
    if forwarded in ("once", "often"):
        found.append(say("push-forwarded", often="yes" if forwarded == "often" else "no"))
    if isinstance(ad, Mapping):
        words = clip(one_line(str(ad.get("headline") or ad.get("source_url") or "—")), AD_WORDS)
        found.append(say("push-ad", source="post" if ad.get("source_type") == "post" else "ad", headline=words))
    if isinstance(product, str):
        found.append(say("push-product", product=clip(one_line(product), NAME)))
    return found


def _answers(params: Mapping[str, Any], agent: Agent, say: Say) -> Html | None:
    """Which message it answers or reacts to."""
    about = params.get("about")
    if not isinstance(about, Mapping):
        return None
    if "message_id" not in about:
        return say("push-answers-unknown")
    text = about.get("text")
    words = one_line(content(str(about.get("kind", "text")), text if isinstance(text, str) else None, say))
    return say("push-answers", ours=_ours(about), text=clip(discreet(words, agent), QUOTED_WORDS))


def manual(params: Mapping[str, Any], conversation_id: int | None, agent: Agent, say: Say) -> Screen:
    """Somebody answered from the phone."""
    title = {"contact": _title(params), "account": clip(str(params.get("account", "")), NAME)}
    text = lines(
        say("push-by-meta", **title) if params.get("standby") else say("push-manual", **title),
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


def preparing(say: Say) -> Screen:
    """A file takes its time; this line becomes what came of it."""
    return Screen(say("reply-preparing"))


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
