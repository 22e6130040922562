"""What a message of ours says when it is neither words, nor a file, nor a template: a reaction, a place, people, buttons.

A closed union of plain records. How each looks on the wire is `bot/whatsapp/contents.py`, what Meta takes `bot/whatsapp/preflight.py`;
here stand what they are, the kind of message each makes, and how each reads as plain text, so that screens, searches and the comparison
with what somebody typed by hand work for all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on the customer's message with that id; an empty one takes it back."""

    wamid: str
    emoji: str


@dataclass(frozen=True, slots=True)
class Location:
    """A place, in degrees."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A person's card: the name, and phones as people write them."""

    name: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedContacts:
    contacts: tuple[SharedContact, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap: a button, or a row of a list. `id` comes back with the tap; a button has no description."""

    id: str
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """Words with up to three buttons that answer."""

    body: str
    buttons: tuple[Choice, ...]
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a list; the title may be missing when it is the only one."""

    title: str | None
    rows: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ListMenu:
    """Words with one button (`label`) that opens a list of up to ten rows."""

    body: str
    label: str
    sections: tuple[Section, ...]
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class LinkButton:
    """Words with one button that opens a page."""

    body: str
    label: str
    url: str
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """Words with the button by which a person shows the phone number that they hide (reference 1.5)."""

    body: str


Interactive = Buttons | ListMenu | LinkButton | ContactRequest
Content = Reaction | Location | SharedContacts | Interactive

_MARK = "▸"


def kind_of(content: Content) -> str:
    """The kind of the message that carries this, in Meta's words (reference 3)."""
    match content:
        case Reaction():
            return "reaction"
        case Location():
            return "location"
        case SharedContacts():
            return "contacts"
        case Buttons() | ListMenu() | LinkButton() | ContactRequest():
            return "interactive"


def text_of(content: Content) -> str:
    """How it reads as plain text."""
    match content:
        case Reaction(emoji=emoji):
            return emoji
        case Location():
            return place_text(content.name, content.address, content.latitude, content.longitude)
        case SharedContacts(contacts=contacts):
            return "\n".join(card_text(each.name, each.phones) for each in contacts)
        case LinkButton():
            return interactive_text(content.header, content.body, content.footer, [f"{content.label}: {content.url}"])
        case ContactRequest(body=body):
            return body
        case Buttons() | ListMenu():
            return interactive_text(content.header, content.body, content.footer, titles_of(content))


def titles_of(content: Content) -> list[str]:
    """What can be tapped, in order."""
    match content:
        case Buttons(buttons=buttons):
            return [each.title for each in buttons]
        case ListMenu(sections=sections):
            return [row.title for section in sections for row in section.rows]
        case LinkButton(label=label):
            return [label]
        case Reaction() | Location() | SharedContacts() | ContactRequest():
            return []


def place_text(name: str | None, address: str | None, latitude: float, longitude: float, url: str | None = None) -> str:
    """A place as plain text: what it is called, its coordinates, and a link that opens on any device without an account."""
    words = ", ".join(word for word in (name, address) if word)
    link = f"https://www.openstreetmap.org/?mlat={float(latitude)}&mlon={float(longitude)}"
    return "\n".join(part for part in (words, f"{float(latitude)}, {float(longitude)}", link, url) if part)


def card_text(name: str, reached: Iterable[str]) -> str:
    """A person's card as plain text: the name, and how they are reached."""
    told = ", ".join(reached)
    return f"{name}: {told}" if told else name


def interactive_text(header: str | None, body: str, footer: str | None, titles: Iterable[str]) -> str:
    """A message with something to tap as plain text: its words, then what can be tapped, each on its own line."""
    return "\n".join(part for part in (header, body, footer, *(f"{_MARK} {title}" for title in titles)) if part)
