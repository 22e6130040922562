"""A message with something to tap: choosing its form, typing it, and how the customer will see it."""

from bot.telegram.buttons import Act, Button, go
from bot.telegram.forms import Form
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, QUOTE, name, window
from bot.telegram.views.conversations import on_assumption
from bot.texts import Html, Say, clip, escape, lines
from crm.model.agents import Agent
from crm.model.answers import ConversationCard, Queued
from crm.model.contacts import Contact
from crm.model.contents import Buttons, ContactRequest, Content, LinkButton, ListMenu, Section, text_of
from crm.policy.permissions import Capability, may


def forms(talk: ConversationCard, contact: Contact, agent: Agent, say: Say) -> Screen:
    """Which form? Somebody whose phone is known is not asked for it."""
    numbers = (talk.conversation.id, contact.id)
    offered = {form: go("wf", *numbers, form.value) for form in Form}
    return Screen(
        lines(
            say("compose-title", contact=name(contact, agent), account=clip(talk.account.name, NAME)),
            say("compose-what"),
            window(talk.window, talk.conversation, say),
            say("reply-will-wait") if talk.window is None else None,
        ),
        rows(
            [
                Button(say.plain("button-form-buttons"), offered[Form.BUTTONS]),
                Button(say.plain("button-form-list"), offered[Form.LIST]),
            ],
            [
                Button(say.plain("button-form-link"), offered[Form.LINK]),
                Button(say.plain("button-form-phone"), offered[Form.PHONE]) if not contact.wa_id else None,
            ],
            [Button(say.plain("button-back"), go("c", contact.id))],
        ),
    )


def ask_words(form: Form, talk: ConversationCard, contact: Contact, agent: Agent, say: Say) -> Screen:
    """Opens the field for the words."""
    who = {"contact": name(contact, agent), "account": clip(talk.account.name, NAME)}
    return Screen(
        lines(say("compose-ask-words", form=form.value, **who), say("compose-cancel")),
        ask=say.plain("compose-placeholder-words"),
    )


def ask_titles(form: Form, say: Say) -> Screen:
    """Opens the field for what can be tapped."""
    return Screen(
        lines(say("compose-ask-titles", form=form.value), say("compose-cancel")),
        ask=say.plain("compose-placeholder-titles", form=form.value),
    )


def look(
    content: Content, form: Form, number: int, talk: ConversationCard, contact: Contact, agent: Agent, say: Say
) -> Screen:
    """The message as the customer will see it, and the button that sends just this."""
    send = Button(say.plain("button-send-this"), Act("cs", talk.conversation.id, number), "success")
    return Screen(
        lines(
            say("compose-look", contact=name(contact, agent), account=clip(talk.account.name, NAME)),
            drawn(content, say),
            say("compose-will-wait") if talk.window is None else None,
        ),
        rows(
            [send if may(agent, Capability.REPLY) else None],
            [
                Button(say.plain("button-start-over"), go("wf", talk.conversation.id, contact.id, form.value)),
                Button(say.plain("button-cancel"), go("c", contact.id)),
            ],
        ),
    )


def sent(content: Content, queued: Queued, talk: ConversationCard, contact: Contact, agent: Agent, say: Say) -> Screen:
    """What was looked at is on its way."""
    doubtful = on_assumption(queued, say)
    return Screen(
        lines(
            say("compose-sent", contact=name(contact, agent), account=clip(talk.account.name, NAME)),
            drawn(content, say),
            doubtful.text if doubtful else None,
        ),
        rows([Button(say.plain("button-contact"), go("c", contact.id))]),
    )


def drawn(content: Content, say: Say) -> Html:
    """As WhatsApp draws it: the words in a bubble, what can be tapped below."""
    match content:
        case Buttons(buttons=buttons):
            return _bubble(content, [f"[ {each.title} ]" for each in buttons])
        case ListMenu(label=label, sections=sections):
            return _bubble(content, [f"[ ☰ {label} ]", *(line for each in sections for line in _section(each))])
        case LinkButton(label=label, url=url):
            return _bubble(content, [f"[ ↗ {label} ]", url])
        case ContactRequest(body=body):
            shown = lines(escape(clip(body, QUOTE)), "", escape(f"[ {say.plain('compose-phone-button')} ]"))
            return Html(f"<blockquote>{shown}</blockquote>")
        case _:
            return Html(f"<blockquote>{escape(clip(text_of(content), QUOTE))}</blockquote>")


def _bubble(content: Buttons | ListMenu | LinkButton, tappable: list[str]) -> Html:
    shown = lines(
        Html(f"<b>{escape(content.header)}</b>") if content.header else None,
        escape(clip(content.body, QUOTE)),
        Html(f"<i>{escape(content.footer)}</i>") if content.footer else None,
        "",
        *map(escape, tappable),
    )
    return Html(f"<blockquote>{shown}</blockquote>")


def _section(section: Section) -> list[str]:
    titled = [section.title] if section.title else []
    told = [f"○ {row.title}" + (f" · {row.description}" if row.description else "") for row in section.rows]
    return [*titled, *told]
