"""Every limit of reference 3, to the character: one more is refused and named, and what is harmless is mended."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.whatsapp import contents as wire
from bot.whatsapp.preflight import fitted
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
from sandbox.graph.errors import GraphError
from sandbox.graph.shapes import CHECKERS
from tests.unit import contents
from tests.unit.contents import BUTTONS, LINK, MENU, PEOPLE, PHONE_REQUEST, PLACE


def buttons(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"b{place}", title) for place, title in enumerate(titles))


def rows(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"r{place}", f"Opción {place}") for place in range(count))


def menu(*sections: Section) -> ListMenu:
    return replace(MENU, sections=sections)


LONGEST: list[tuple[Content, Content, dict[str, Any]]] = [
    (
        replace(BUTTONS, body="x" * 1_024),
        replace(BUTTONS, body="x" * 1_025),
        {"field": "body", "place": 0, "length": 1_025, "limit": 1_024},
    ),
    (
        replace(BUTTONS, header="x" * 60),
        replace(BUTTONS, header="x" * 61),
        {"field": "header", "place": 0, "length": 61, "limit": 60},
    ),
    (
        replace(BUTTONS, footer="x" * 60),
        replace(BUTTONS, footer="x" * 61),
        {"field": "footer", "place": 0, "length": 61, "limit": 60},
    ),
    (
        replace(BUTTONS, buttons=buttons("a", "á" * 20)),
        replace(BUTTONS, buttons=buttons("a", "á" * 21)),
        {"field": "button", "place": 2, "length": 21, "limit": 20},
    ),
    (
        replace(BUTTONS, buttons=(Choice("i" * 256, "a"),)),
        replace(BUTTONS, buttons=(Choice("i" * 257, "a"),)),
        {"field": "button-id", "place": 1, "length": 257, "limit": 256},
    ),
    (
        replace(MENU, body="x" * 4_096),
        replace(MENU, body="x" * 4_097),
        {"field": "body", "place": 0, "length": 4_097, "limit": 4_096},
    ),
    (
        replace(MENU, label="x" * 20),
        replace(MENU, label="x" * 21),
        {"field": "label", "place": 0, "length": 21, "limit": 20},
    ),
    (
        menu(Section("x" * 24, rows(1))),
        menu(Section("x" * 25, rows(1))),
        {"field": "section", "place": 1, "length": 25, "limit": 24},
    ),
    (
        menu(Section("a", rows(2)), Section("b", (Choice("z", "x" * 24),))),
        menu(Section("a", rows(2)), Section("b", (Choice("z", "x" * 25),))),
        {"field": "row", "place": 3, "length": 25, "limit": 24},
    ),
    (
        menu(Section(None, (Choice("z", "x", "d" * 72),))),
        menu(Section(None, (Choice("z", "x", "d" * 73),))),
        {"field": "description", "place": 1, "length": 73, "limit": 72},
    ),
    (
        menu(Section(None, (Choice("i" * 200, "x"),))),
        menu(Section(None, (Choice("i" * 201, "x"),))),
        {"field": "row-id", "place": 1, "length": 201, "limit": 200},
    ),
    (
        replace(LINK, label="x" * 20),
        replace(LINK, label="x" * 21),
        {"field": "label", "place": 0, "length": 21, "limit": 20},
    ),
    (
        replace(LINK, body="x" * 1_024),
        replace(LINK, body="x" * 1_025),
        {"field": "body", "place": 0, "length": 1_025, "limit": 1_024},
    ),
    (
        replace(LINK, url="https://example.com/" + "x" * 1_980),
        replace(LINK, url="https://example.com/" + "x" * 1_981),
        {"field": "url", "place": 0, "length": 2_001, "limit": 2_000},
    ),
    (
        ContactRequest("x" * 1_024),
        ContactRequest("x" * 1_025),
        {"field": "body", "place": 0, "length": 1_025, "limit": 1_024},
    ),
    (
        SharedContacts((SharedContact("x" * 200),)),
        SharedContacts((SharedContact("x" * 201),)),
        {"field": "name", "place": 1, "length": 201, "limit": 200},
    ),
    (
        replace(PLACE, name="x" * 200),
        replace(PLACE, name="x" * 201),
        {"field": "place-name", "place": 0, "length": 201, "limit": 200},
    ),
]


@pytest.mark.parametrize(("fits", "too_long", "names"), LONGEST)
def test_the_longest_fits_and_one_more_is_named(fits: Content, too_long: Content, names: dict[str, Any]) -> None:
    assert fitted(fits) == fits
    with pytest.raises(Refused) as refused:
        fitted(too_long)
    assert (refused.value.code, refused.value.params) == ("content-too-long", names)


@pytest.mark.parametrize(
    ("most", "too_many", "names"),
    [
        (
            replace(BUTTONS, buttons=buttons("a", "b", "c")),
            replace(BUTTONS, buttons=buttons("a", "b", "c", "d")),
            {"field": "buttons", "limit": 3, "count": 4},
        ),
        (menu(Section(None, rows(10))), menu(Section(None, rows(11))), {"field": "rows", "limit": 10, "count": 11}),
        (
            menu(*(Section(str(n), (Choice(str(n), "x"),)) for n in range(10))),
            menu(*(Section(str(n), (Choice(str(n), "x"),)) for n in range(11))),
            {"field": "sections", "limit": 10, "count": 11},
        ),
        (
            SharedContacts((SharedContact("Ana"),) * 20),
            SharedContacts((SharedContact("Ana"),) * 21),
            {"field": "contacts", "limit": 20, "count": 21},
        ),
        (
            SharedContacts((SharedContact("Ana", ("+34600000001",) * 10),)),
            SharedContacts((SharedContact("Ana", ("+34600000001",) * 11),)),
            {"field": "phones", "limit": 10, "count": 11},
        ),
    ],
)
def test_the_most_fits_and_one_more_is_named(most: Content, too_many: Content, names: dict[str, Any]) -> None:
    assert fitted(most) == most
    with pytest.raises(Refused) as refused:
        fitted(too_many)
    assert (refused.value.code, refused.value.params) == ("content-too-many", names)


@pytest.mark.parametrize(
    ("content", "code", "names"),
    [
        (replace(BUTTONS, body=" \n"), "content-empty", {"field": "body", "place": 0}),
        (replace(BUTTONS, buttons=()), "content-empty", {"field": "buttons", "place": 0}),
        (replace(BUTTONS, buttons=buttons("a", "\u0007 ")), "content-empty", {"field": "button", "place": 2}),
        (replace(BUTTONS, buttons=(Choice(" ", "a"),)), "content-empty", {"field": "button-id", "place": 1}),
        (menu(), "content-empty", {"field": "sections", "place": 0}),
        (menu(Section(None, ())), "content-empty", {"field": "rows", "place": 0}),
        (menu(Section("a", rows(1)), Section("b", ())), "content-empty", {"field": "rows", "place": 0}),
        (
            menu(Section(None, rows(1)), Section("b", (Choice("z", "z"),))),
            "content-empty",
            {"field": "section", "place": 1},
        ),
        (replace(MENU, label=""), "content-empty", {"field": "label", "place": 0}),
        (replace(PHONE_REQUEST, body=""), "content-empty", {"field": "body", "place": 0}),
        (SharedContacts(()), "content-empty", {"field": "contacts", "place": 0}),
        (SharedContacts((SharedContact("Ana"), SharedContact(""))), "content-empty", {"field": "name", "place": 2}),
        (replace(BUTTONS, buttons=buttons("Sí", " Sí ")), "content-twice", {"field": "button", "place": 2}),
        (
            replace(BUTTONS, buttons=(Choice("y", "a"), Choice("y", "b"))),
            "content-twice",
            {"field": "button-id", "place": 2},
        ),
        (
            menu(Section("a", (Choice("y", "a"),)), Section("b", (Choice("y", "b"),))),
            "content-twice",
            {"field": "row-id", "place": 2},
        ),
        (replace(LINK, url="http://example.com"), "content-url", {}),
        (replace(LINK, url="example.com"), "content-url", {}),
        (replace(LINK, url="https://"), "content-url", {}),
        (replace(LINK, url="https://localhost/x"), "content-url", {}),
        (replace(LINK, url="https://ana:secret@example.com"), "content-url", {}),
        (replace(LINK, url="https://example.com:99999999/"), "content-url", {}),
        (replace(LINK, url="javascript:alert(1)"), "content-url", {}),
        (Location(90.0001, 0), "content-location", {}),
        (Location(0, -180.0001), "content-location", {}),
        (Location(float("nan"), 0), "content-location", {}),
        (Location(0, float("inf")), "content-location", {}),
        (SharedContacts((SharedContact("Ana", ("llámame",)),)), "content-phone", {"place": 1}),
        (Reaction("", "👍"), "content-no-message", {}),
        (Reaction("w" * 513, "👍"), "content-no-message", {}),
        (Reaction("wamid.IN", "👍👍"), "content-emoji", {}),
        (Reaction("wamid.IN", "ok"), "content-emoji", {}),
        (Reaction("wamid.IN", "👍 gracias"), "content-emoji", {}),
    ],
)
def test_what_meta_would_refuse_is_refused_first(content: Content, code: str, names: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        fitted(content)
    assert (refused.value.code, refused.value.params) == (code, names)


@pytest.mark.parametrize("emoji", ["👍", "❤️", "❤", "👍🏽", "👨‍👩‍👧‍👦", "🇦🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "👩🏾‍🚀", "🤣", "☺️", ""])
def test_a_reaction_is_one_emoji_or_none(emoji: str) -> None:
    assert fitted(Reaction("wamid.IN", emoji)) == Reaction("wamid.IN", emoji)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        (
            Buttons(
                "  ¿Vienes? \r\nDinos\u0000 hoy  ",
                (Choice("y", " Sí,\n claro "), Choice("n", "\tNo\u0008")),
                "Turno\nde hoy",
                " ",
            ),
            Buttons("¿Vienes?\nDinos hoy", (Choice("y", "Sí, claro"), Choice("n", "No")), "Turno de hoy", None),
        ),
        (
            ListMenu(" ¿Día? ", " Ver\ndías ", (Section(" ", (Choice("l", " Lunes ", " \n"),)),)),
            ListMenu("¿Día?", "Ver días", (Section(None, (Choice("l", "Lunes", None),)),)),
        ),
        (
            LinkButton("Mira", "Abrir ", " https://example.com/a\n"),
            LinkButton("Mira", "Abrir", "https://example.com/a"),
        ),
        (Location(1, 2, " Casa\n ", ""), Location(1, 2, "Casa", None)),
        (
            SharedContacts((SharedContact(" Ana\nLópez ", (" +34  600 000 001 ", " ")),)),
            SharedContacts((SharedContact("Ana López", ("+34 600 000 001",)),)),
        ),
        (Reaction("wamid.IN", " 👍\n"), Reaction("wamid.IN", "👍")),
    ],
)
def test_what_is_harmless_is_mended(written: Content, mended: Content) -> None:
    assert fitted(written) == mended


@pytest.mark.parametrize("content", [*contents.EVERY, PEOPLE])
def test_what_fits_is_left_alone(content: Content) -> None:
    assert fitted(content) == content


WORDS = st.text(max_size=30)
CHOICES = st.lists(st.builds(Choice, WORDS, WORDS, st.none() | WORDS), max_size=4).map(tuple)
ANY = st.one_of(
    st.builds(Buttons, WORDS, CHOICES, st.none() | WORDS, st.none() | WORDS),
    st.builds(ListMenu, WORDS, WORDS, st.lists(st.builds(Section, st.none() | WORDS, CHOICES), max_size=4).map(tuple)),
    st.builds(LinkButton, WORDS, WORDS, WORDS | WORDS.map(lambda words: f"https://example.com/{words}")),
    st.builds(ContactRequest, WORDS),
    st.builds(Location, st.floats(), st.floats(), st.none() | WORDS, st.none() | WORDS),
    st.builds(
        SharedContacts,
        st.lists(st.builds(SharedContact, WORDS, st.lists(WORDS, max_size=3).map(tuple)), max_size=3).map(tuple),
    ),
    st.builds(Reaction, WORDS, WORDS),
)


@given(ANY)
def test_whatever_passes_is_taken_by_the_simulated_meta_and_passes_again(content: Content) -> None:
    try:
        good = fitted(content)
    except Refused:
        return
    assert fitted(good) == good
    message = wire.compose(good)
    try:
        CHECKERS[message["type"]](message[message["type"]])
    except GraphError as refusal:  # said with the message that Meta would have refused
        pytest.fail(f"{refusal} for {message}")
