"""Messages with something to tap, as an agent types them: the words first, then what can be tapped, a line each.

Only the reading is here. Whether WhatsApp takes it is the engine's to say, so that what is wrong is told in one and the same way.
"""

from enum import StrEnum

from crm.model.contents import Buttons, Choice, ContactRequest, Interactive, LinkButton, ListMenu, Section


class Form(StrEnum):
    """What may be composed."""

    BUTTONS = "buttons"
    LIST = "list"
    LINK = "link"
    PHONE = "phone"


def words_only(form: Form, body: str, list_label: str) -> Interactive:
    """The message as if all but its words were there: for looking at these alone."""
    match form:
        case Form.BUTTONS:
            return Buttons(body, (Choice("1", "1"),))
        case Form.LIST:
            return ListMenu(body, list_label, (Section(None, (Choice("1", "1"),)),))
        case Form.LINK:
            return LinkButton(body, "1", "https://example.com")
        case Form.PHONE:
            return ContactRequest(body)


def complete(form: Form, body: str, typed: str, list_label: str) -> Interactive:
    """The message with what can be tapped."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    match form:
        case Form.BUTTONS:
            return Buttons(body, tuple(Choice(f"b{place}", line) for place, line in enumerate(lines, 1)))
        case Form.LIST:
            return ListMenu(body, list_label, _sections(lines))
        case Form.LINK:
            return LinkButton(body, *_link(typed))
        case Form.PHONE:
            return ContactRequest(body)


def _sections(lines: list[str]) -> tuple[Section, ...]:
    """`# title` begins a section; `title | description` is a row."""
    found: list[tuple[str | None, list[Choice]]] = []
    for place, line in enumerate(lines, 1):
        if line.startswith("#"):
            found.append((line.lstrip("# ").strip() or None, []))
            continue
        if not found:
            found.append((None, []))
        title, _, description = line.partition("|")
        found[-1][1].append(Choice(f"r{place}", title.strip(), description.strip() or None))
    return tuple(Section(title, tuple(rows)) for title, rows in found)


def _link(typed: str) -> tuple[str, str]:
    """The address is the word with `://`; all others are the button's title."""
    words = typed.replace("|", " ").split()
    address = next((word for word in words if "://" in word), "")
    return " ".join(word for word in words if word != address), address
