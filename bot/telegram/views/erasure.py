"""The question before a person is erased, and what became of it."""

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import back, name, phone
from bot.texts import Say, lines
from crm.model.agents import Agent
from crm.model.contacts import Contact
from crm.model.erasure import Erased, Footprint
from crm.model.ids import short
from crm.policy.permissions import Capability, may


def button(contact: Contact, agent: Agent, say: Say) -> Button | None:
    """On the contact's card, for those who may."""
    return Button(say.plain("button-erase"), go("er", contact.id)) if may(agent, Capability.ERASE) else None


def word(contact_id: int, say: Say) -> str:
    """What must be typed; it names the contact, so that no other is erased by mistake."""
    return say.plain("erase-word", code=short(contact_id))


def ask(found: Footprint, agent: Agent, say: Say) -> Screen:
    """What goes, what stays, and that nothing brings it back."""
    contact, counts = found.contact, found.counts
    text = lines(
        say("erase-title", contact=name(contact, agent), phone=phone(contact, agent, say)),
        "",
        say("erase-goes", messages=counts["messages"], files=counts["files"], notes=counts["notes"]),
        say("erase-ends", walks=counts["walks"], waiting=counts["waiting"]),
        say("erase-stays"),
        "",
        say("erase-type", word=word(contact.id, say)),
    )
    return Screen(text, shows={"contact": contact.id}, ask=word(contact.id, say))


def done(erased: Erased, say: Say) -> Screen:
    return Screen(
        say("erase-done", code=short(erased.contact_id), messages=erased.counts["messages"]), rows([back(say)])
    )
