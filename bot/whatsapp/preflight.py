"""What Meta takes of a content, to the character, looked at before anything is queued and once more before it leaves (reference 3).

What is harmless is mended without a word: space around a text, a new line in a title, characters that cannot be seen. Everything else is
refused, and the refusal names the field: Meta's own answer (131008, 131009, 100) comes late and often does not. Where the reference knows
no limit, one of ours keeps the message bounded; these are marked.
"""

import re
import unicodedata
from collections.abc import Iterable

from yarl import URL

from bot.whatsapp.wire import clean
from crm.errors import Refused
from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    LinkButton,
    ListMenu,
    Location,
    Reaction,
    Section,
    SharedContact,
    SharedContacts,
)

BODY, LIST_BODY, MARGIN = 1_024, 4_096, 60
"""Characters of the words above buttons, above a list, and of a header or footer."""
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
LABEL = 20
SECTIONS, ROWS, SECTION_TITLE, ROW_TITLE, ROW_ID, DESCRIPTION = 10, 10, 24, 24, 200, 72
URL_LIMIT = 2_000  # ours
CONTACTS, PHONES, NAME, PHONE, ADDRESS = 20, 10, 200, 40, 400  # ours
CONTEXT_LIMIT = 512  # ours; ids of messages are opaque

_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_MODIFIED = f"{_EMOJI.pattern}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_ONE_EMOJI = re.compile(
    f"(?:{_MODIFIED}(?:\u200d{_MODIFIED})*"  # alone, or joined: a family, a profession
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # a flag of a region
    "|[0-9#*]\ufe0f?\u20e3)"  # a key
)
_PHONE = re.compile(r"\+?[0-9][0-9 ().\-/]{1,38}[0-9]", re.ASCII)


def fitted(content: Content) -> Content:
    """Return the content as it may leave. Raises Refused, naming the `field` (and its `place` where there are several)."""
    match content:
        case Reaction(wamid=wamid, emoji=emoji):
            return Reaction(_message_id(wamid), _emoji(emoji))
        case Location():
            return _location(content)
        case SharedContacts(contacts=contacts):
            _count(contacts, "contacts", CONTACTS)
            return SharedContacts(tuple(_contact(each, place) for place, each in enumerate(contacts, 1)))
        case Buttons():
            return _buttons(content)
        case ListMenu():
            return _list(content)
        case LinkButton():
            return LinkButton(
                _words(content.body, "body", BODY),
                _title(content.label, "label", LABEL),
                _address(content.url),
                _margin(content.header, "header"),
                _margin(content.footer, "footer"),
            )
        case ContactRequest(body=body):
            return ContactRequest(_words(body, "body", BODY))


# --- what can be tapped -------------------------------------------------------------------------------------------------------


def _buttons(content: Buttons) -> Buttons:
    _count(content.buttons, "buttons", BUTTONS)
    buttons = tuple(
        Choice(_id(each.id, "button-id", BUTTON_ID, place), _title(each.title, "button", BUTTON_TITLE, place))
        for place, each in enumerate(content.buttons, 1)
    )
    _distinct((each.title for each in buttons), "button")
    _distinct((each.id for each in buttons), "button-id")
    return Buttons(
        _words(content.body, "body", BODY),
        buttons,
        _margin(content.header, "header"),
        _margin(content.footer, "footer"),
    )


def _list(content: ListMenu) -> ListMenu:
    _count(content.sections, "sections", SECTIONS)
    _count([row for section in content.sections for row in section.rows], "rows", ROWS)
    several = len(content.sections) > 1
    sections: list[Section] = []
    place = 0
    for number, section in enumerate(content.sections, 1):
        _count(section.rows, "rows", ROWS)
        titled = _margin(section.title, "section", SECTION_TITLE, number)
        if several and titled is None:
            raise Refused("content-empty", field="section", place=number)
        sections.append(Section(titled, tuple(_row(row, place + n) for n, row in enumerate(section.rows, 1))))
        place += len(section.rows)
    _distinct((row.id for section in sections for row in section.rows), "row-id")
    return ListMenu(
        _words(content.body, "body", LIST_BODY),
        _title(content.label, "label", LABEL),
        tuple(sections),
        _margin(content.header, "header"),
        _margin(content.footer, "footer"),
    )


def _row(row: Choice, place: int) -> Choice:
    return Choice(
        _id(row.id, "row-id", ROW_ID, place),
        _title(row.title, "row", ROW_TITLE, place),
        _margin(row.description, "description", DESCRIPTION, place),
    )


def _address(url: str) -> str:
    address = "".join(clean(url).split())
    if len(address) > URL_LIMIT:
        raise Refused("content-too-long", field="url", place=0, length=len(address), limit=URL_LIMIT)
    try:
        read = URL(address)
        good = read.scheme == "https" and bool(read.host) and "." in (read.host or "") and read.user is None
    except ValueError:
        good = False
    if not good:
        raise Refused("content-url")
    return address


# --- places, people, reactions ------------------------------------------------------------------------------------------------


def _location(content: Location) -> Location:
    if not (-90 <= content.latitude <= 90 and -180 <= content.longitude <= 180):
        raise Refused("content-location")
    return Location(
        content.latitude,
        content.longitude,
        _margin(content.name, "place-name", NAME),
        _margin(content.address, "address", ADDRESS),
    )


def _contact(contact: SharedContact, place: int) -> SharedContact:
    phones = tuple(phone for each in contact.phones if (phone := " ".join(_seen(each).split())))
    if len(phones) > PHONES:
        raise Refused("content-too-many", field="phones", limit=PHONES, count=len(phones))
    if not all(map(_PHONE.fullmatch, phones)):
        raise Refused("content-phone", place=place)
    return SharedContact(_title(contact.name, "name", NAME, place), phones)


def _message_id(wamid: str) -> str:
    if not 0 < len(wamid) <= CONTEXT_LIMIT:
        raise Refused("content-no-message")
    return wamid


def _emoji(emoji: str) -> str:
    """One emoji, or none, which takes an earlier one back."""
    wanted = emoji.strip()
    if wanted and not _ONE_EMOJI.fullmatch(wanted):
        raise Refused("content-emoji")
    return wanted


# --- texts --------------------------------------------------------------------------------------------------------------------


def _words(text: str, field: str, limit: int) -> str:
    """Words that may have several lines."""
    lines = (line.rstrip() for line in _seen(text).replace("\r\n", "\n").split("\n"))
    return _limited("\n".join(lines).strip(), field, limit, 0)


def _title(text: str, field: str, limit: int, place: int = 0) -> str:
    """Words on one line, which must not be missing."""
    return _limited(" ".join(_seen(text).split()), field, limit, place)


def _margin(text: str | None, field: str, limit: int = MARGIN, place: int = 0) -> str | None:
    """Words on one line, which may be missing."""
    return _title(text, field, limit, place) if text is not None and _seen(text).strip() else None


def _limited(text: str, field: str, limit: int, place: int) -> str:
    if not text:
        raise Refused("content-empty", field=field, place=place)
    if len(text) > limit:
        raise Refused("content-too-long", field=field, place=place, length=len(text), limit=limit)
    return text


def _id(given: str, field: str, limit: int, place: int) -> str:
    """An id is ours, and comes back as it went: nothing is mended."""
    if given != _seen(given).strip():
        raise Refused("content-empty", field=field, place=place)
    return _limited(given, field, limit, place)


def _seen(text: str) -> str:
    """The text without what cannot be seen; tabs become spaces, new lines stay."""
    plain = clean(text).replace("\t", " ")
    return "".join(c for c in plain if c in "\n\r" or unicodedata.category(c) != "Cc")


def _count(things: Iterable[object], field: str, limit: int) -> None:
    count = len(list(things))
    if not count:
        raise Refused("content-empty", field=field, place=0)
    if count > limit:
        raise Refused("content-too-many", field=field, limit=limit, count=count)


def _distinct(values: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for place, value in enumerate(values, 1):
        if value in seen:
            raise Refused("content-twice", field=field, place=place)
        seen.add(value)
