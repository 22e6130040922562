"""Who is who: what a contact was called before, who may be the same person, and the two questions before contacts are joined or parted."""

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, fitting, masked, name, phone, spaced
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent, Role
from crm.model.answers import ContactCard
from crm.model.contacts import Contact, Identity, IdentityKind
from crm.model.ids import short
from crm.model.merges import Merge
from crm.policy.permissions import Capability, may

SHOWN = 3


def told(card: ContactCard, agent: Agent, say: Say) -> list[Html]:
    """The lines of a contact's card about other names and other contacts."""
    before = [_called(each, agent) for each in card.names if not each.current and each.kind in _SHOWN_KINDS]
    found = [say("contact-before", names=", ".join(before[:SHOWN]))] if before else []
    found += [
        say("contact-alike", contact=name(each, agent), phone=phone(each, agent, say), code=short(each.id))
        for each in card.alike[:SHOWN]
    ]
    if card.merge is not None:
        gone = name(card.merge.gone, agent)
        found.append(say("contact-merged", contact=gone, ago=say.ago(card.merge.at), why=card.merge.why.value))
    return found


def acts(card: ContactCard, agent: Agent, say: Say) -> list[list[Button]]:
    """The buttons that go with them."""
    if not may(agent, Capability.MERGE):
        return []
    number = card.contact.id
    found = [
        [Button(fitting(say.plain("button-merge", contact=name(each, agent)), 1), go("mg", number, each.id))]
        for each in card.alike[:SHOWN]
    ]
    if card.merge is not None:
        found.append([Button(say.plain("button-unmerge"), go("um", number, card.merge.id))])
    return found


def confirm(one: Contact, other: Contact, agent: Agent, say: Say) -> Screen:
    """What joining them means. The button carries the moment it was shown at: it is good for 90 seconds."""
    text = lines(
        say("merge-title", one=name(one, agent), other=name(other, agent)),
        say("find-line", contact=name(one, agent), phone=phone(one, agent, say), code=short(one.id)),
        say("find-line", contact=name(other, agent), phone=phone(other, agent, say), code=short(other.id)),
        "",
        say("merge-means"),
        say("confirm-valid"),
    )
    sure = Button(say.plain("button-merge-now"), Act("mg", other.id, _now(say), short(one.id)), "danger")
    return Screen(text, rows([sure] if may(agent, Capability.MERGE) else [], [_cancel(one, say)]))


def part(merge: Merge, contact: Contact, agent: Agent, say: Say) -> Screen:
    """What parting them again means."""
    one, other = name(contact, agent), name(merge.gone, agent)
    text = lines(
        say("unmerge-title", one=one, other=other),
        "",
        say("unmerge-means", one=one, other=other),
        say("confirm-valid"),
    )
    sure = Button(say.plain("button-unmerge-now"), Act("um", merge.id, _now(say), short(contact.id)), "danger")
    return Screen(text, rows([sure] if may(agent, Capability.MERGE) else [], [_cancel(contact, say)]))


_SHOWN_KINDS = (IdentityKind.WA_ID, IdentityKind.USERNAME)


def _called(each: Identity, agent: Agent) -> str:
    if each.kind is IdentityKind.USERNAME:
        return clip(f"@{each.value}", NAME)
    number = f"+{each.value}"
    return masked(number) if agent.role is Role.VIEWER else spaced(number)


def _cancel(contact: Contact, say: Say) -> Button:
    return Button(say.plain("button-cancel"), go("c", contact.id))


def _now(say: Say) -> int:
    return int(say.now.timestamp())
