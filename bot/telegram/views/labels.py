"""What the team wrote down about a contact: tags, fields and notes, on the card and on a page of their own."""

from hashlib import blake2b

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views import erasure
from bot.telegram.views.common import NAME, fitting, name, one_line, quoted
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.answers import ContactCard
from crm.model.contacts import Contact
from crm.model.ids import short
from crm.model.notes import Note
from crm.policy.permissions import Capability, may

SHOWN_TAGS = 12
SHOWN_FIELDS = 12
NOTE_WORDS = 300
VALUE = 60


def told(card: ContactCard, say: Say) -> list[Html]:
    """The lines of a contact's card."""
    found = [_tags(card.contact, say)] if card.contact.tags else []
    found += [_field(key, value, say) for key, value in _first_fields(card.contact)]
    if card.notes:
        note, author = card.notes[0]
        found.append(_note(note, author, say, 160))
    return found


def page(card: ContactCard, agent: Agent, say: Say) -> Screen:
    """Everything written down, with a button to take each tag away and to write more."""
    contact, changes = card.contact, may(agent, Capability.LABEL)
    text = lines(
        say("labels-title", contact=name(contact, agent), code=short(contact.id)),
        _tags(contact, say) if contact.tags else say("labels-no-tags"),
        *(_field(key, value, say) for key, value in _first_fields(contact)),
        *(line for note, author in card.notes for line in (Html(""), _note(note, author, say, NOTE_WORDS))),
    )
    shown = sorted(contact.tags)[:SHOWN_TAGS]
    away = [Button(fitting(f"✖️ {one_line(tag)}", 2), Act("lx", contact.id, 0, sign(tag))) for tag in shown]
    more = [
        Button(say.plain("button-tag"), go("lt", contact.id)),
        Button(say.plain("button-field"), go("lf", contact.id)),
        Button(say.plain("button-note"), go("ln", contact.id)),
    ]
    return Screen(
        text,
        rows(
            *(in_rows(away, 2) if changes else []),
            more if changes else [],
            [erasure.button(contact, agent, say)],
            [_to_card(contact, agent)],
        ),
        {"contact": contact.id},
    )


def button(contact: Contact, say: Say) -> Button:
    """On the contact's card."""
    return Button(say.plain("button-labels"), go("lb", contact.id))


def ask_tag(contact: Contact, agent: Agent, say: Say) -> Screen:
    return Screen(say("labels-ask-tag", contact=name(contact, agent)), ask=say.plain("labels-ask-tag-placeholder"))


def ask_field(contact: Contact, agent: Agent, say: Say) -> Screen:
    return Screen(say("labels-ask-field", contact=name(contact, agent)), ask=say.plain("labels-ask-field-placeholder"))


def ask_note(contact: Contact, agent: Agent, say: Say) -> Screen:
    return Screen(say("labels-ask-note", contact=name(contact, agent)), ask=say.plain("labels-ask-note-placeholder"))


def sign(tag: str) -> str:
    """A tag as a button can carry it."""
    return blake2b(tag.encode(), digest_size=6).hexdigest()


def _tags(contact: Contact, say: Say) -> Html:
    shown = sorted(contact.tags)[:SHOWN_TAGS]
    left_out = len(contact.tags) - len(shown)
    return say("labels-tags", tags=" · ".join([clip(one_line(tag), NAME) for tag in shown] + ["…"] * (left_out > 0)))


def _first_fields(contact: Contact) -> list[tuple[str, str]]:
    return sorted(contact.fields.items())[:SHOWN_FIELDS]


def _field(key: str, value: str, say: Say) -> Html:
    return say("labels-field", field=key, value=clip(one_line(value), VALUE))


def _note(note: Note, author: Agent | None, say: Say, longest: int) -> Html:
    who = clip(author.name, NAME) if author else say.plain("labels-operator")
    head = say("labels-note", agent=who, ago=say.ago(note.at))
    return Html(f"{head}\n{quoted(note.text, longest)}")


def _to_card(contact: Contact, agent: Agent) -> Button:
    return Button(fitting(f"👤 {name(contact, agent)}", 1), go("c", contact.id))
