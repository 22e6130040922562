"""`/porque`: the chain of facts and rules behind a contact, a card or a message, in sentences."""

from collections.abc import Sequence
from datetime import datetime

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, back, category, fitting, name, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.contacts import Contact
from crm.model.explanations import Explanation, Link, Part
from crm.model.ids import short

SHOWN = 2
"""So many conversations are explained on one screen."""
WORDS = 40


def explained(found: Sequence[Explanation], agent: Agent, say: Say) -> Screen:
    """Why things stand as they do, for each of our numbers that somebody wrote to, or with one message."""
    first, told = found[0], [lines(*_told(each, agent, say)) for each in found[:SHOWN]]
    about = Button(say.plain("button-why-contact"), go("y", first.contact.id)) if first.message_id else None
    here = refresh("ym", first.message_id) if first.message_id else refresh("y", first.contact.id)
    return Screen(Html("\n\n".join(told)), rows([_to_card(first.contact, agent), about], [back(say), here]))


def ask(say: Say) -> Screen:
    """About whom or what?"""
    return Screen(say("why-ask"), rows([back(say)]))


def button(contact: Contact, say: Say) -> Button:
    """On the cards that it explains."""
    return Button(say.plain("button-why"), go("y", contact.id))


def sentence(link: Link, account: str, say: Say) -> str:
    """A link in words, without markup; where more is known of why, the reason follows."""
    text = say.plain(f"why-{link.code}", **{name: _word(name, one, say) for name, one in link.facts.items()})
    reason = _reason(link.why, account, say) if link.why else None
    return f"{text} {reason}" if reason else text


def _told(one: Explanation, agent: Agent, say: Say) -> list[Html]:
    known = {"contact": name(one.contact, agent), "account": clip(one.account.name, NAME)}
    title = say("why-title", **known)
    if one.message_id is not None:
        title = say("why-title-message", code=short(one.message_id), **known)
    found = [title]
    for part in Part:
        links = [link for link in one.links if link.part is part]
        if links:
            found += [Html(""), say(f"why-part-{part.value}")]
            found += [lines(f"• {sentence(link, one.account.name, say)}") for link in links]
    return found


def _word(name: str, one: object, say: Say) -> object:
    """What fills a sentence: moments in the reader's zone, what is missing as `none`."""
    match one:
        case None | "":
            return "none"
        case bool():
            return "yes" if one else "no"
        case datetime():
            return say.moment(one)
        case str():
            return category(one, say) if name == "category" else clip(one, WORDS)
        case _:
            return one


def _reason(code: str, account: str, say: Say) -> str | None:
    """The sentence for a code of ours or of a refusal; None for one that says nothing to people."""
    keys = (f"why-because-{code.replace('_', '-')}", f"error-{code}")
    key = next((key for key in keys if say.knows(key)), None)
    return say.plain(key, account=clip(account, NAME)) if key else None


def _to_card(contact: Contact, agent: Agent) -> Button:
    return Button(fitting(f"👤 {name(contact, agent)}", 2), go("c", contact.id))
