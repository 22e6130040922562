"""What agents type becomes what can be tapped, and what they share or react with becomes what WhatsApp knows."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Contact, Location, Message, ReactionTypeCustomEmoji, ReactionTypeEmoji, Venue

from bot.telegram import contents
from bot.telegram.forms import Form, complete, words_only
from bot.telegram.handlers.reactions import emoji_of
from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    LinkButton,
    ListMenu,
    Section,
    SharedContact,
    SharedContacts,
)
from crm.model.contents import Location as Place


@pytest.mark.parametrize(
    ("form", "typed", "content"),
    [
        (Form.BUTTONS, " Sí \n\nNo\n", Buttons("?", (Choice("b1", "Sí"), Choice("b2", "No")))),
        (Form.BUTTONS, "", Buttons("?", ())),
        (
            Form.LIST,
            "Lunes | de 9 a 12\nMartes",
            ListMenu("?", "Ver", (Section(None, (Choice("r1", "Lunes", "de 9 a 12"), Choice("r2", "Martes"))),)),
        ),
        (
            Form.LIST,
            "# Mañana\nUno\n# Tarde\nDos|",
            ListMenu("?", "Ver", (Section("Mañana", (Choice("r2", "Uno"),)), Section("Tarde", (Choice("r4", "Dos"),)))),
        ),
        (Form.LIST, "# Sola", ListMenu("?", "Ver", (Section("Sola", ()),))),
        (Form.LINK, "Ver catálogo https://example.com/a", LinkButton("?", "Ver catálogo", "https://example.com/a")),
        (Form.LINK, "Ver\nhttps://example.com", LinkButton("?", "Ver", "https://example.com")),
        (Form.LINK, "Ver | https://example.com", LinkButton("?", "Ver", "https://example.com")),
        (Form.LINK, "Ver example.com", LinkButton("?", "Ver example.com", "")),
        (Form.PHONE, "x", ContactRequest("?")),
    ],
)
def test_lines_become_what_can_be_tapped(form: Form, typed: str, content: Content) -> None:
    assert complete(form, "?", typed, "Ver") == content


@pytest.mark.parametrize("form", Form)
def test_the_words_alone_are_looked_at_as_what_they_will_be(form: Form) -> None:
    assert type(words_only(form, "?", "Ver")) is type(complete(form, "?", "Sí https://example.com", "Ver"))


def a_message(**parts: object) -> Message:
    return Message(1, datetime(2026, 11, 24, tzinfo=UTC), Chat(1, "private"), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "content"),
    [
        ({"location": Location(longitude=-58.5, latitude=-34.5)}, Place(-34.5, -58.5)),
        (
            {
                "location": Location(longitude=-58.5, latitude=-34.5),
                "venue": Venue(Location(longitude=-58.5, latitude=-34.5), "Obelisco", "Centro"),
            },
            Place(-34.5, -58.5, "Obelisco", "Centro"),
        ),
        (
            {"contact": Contact("5491155550001", "Ana", "López")},
            SharedContacts((SharedContact("Ana López", ("+5491155550001",)),)),
        ),
        ({"contact": Contact("+34 600 000 001", "Ana")}, SharedContacts((SharedContact("Ana", ("+34 600 000 001",)),))),
        ({"contact": Contact("123", "")}, SharedContacts((SharedContact("123", ("123",)),))),
        ({"text": "Hola"}, None),
    ],
)
def test_what_is_shared_is_read(parts: dict[str, object], content: Content | None) -> None:
    assert contents.of(a_message(**parts)) == content


CUSTOM = ReactionTypeCustomEmoji("5368324170671202286")


def some(*emojis: str) -> list[ReactionTypeEmoji]:
    return [ReactionTypeEmoji(each) for each in emojis]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ([], some("👍"), "👍"),
        (some("👍"), some("🔥"), "🔥"),
        (some("👍"), [], ""),
        (some("👍"), some("👍", "🔥"), "🔥"),
        (some("👍", "🔥"), some("👍"), "👍"),
        (some("👍", "🔥"), some("🔥"), None),
        (some("👍"), some("👍"), None),
        ([], some("❤"), "❤️"),
        ([], [CUSTOM], None),
        (some("👍"), [CUSTOM], ""),
        ([], [], None),
    ],
)
def test_telegrams_reactions_become_one_emoji(before: list, after: list, wanted: str | None) -> None:  # type: ignore[type-arg]
    assert emoji_of(before, after) == wanted
