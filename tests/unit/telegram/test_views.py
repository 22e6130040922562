"""What every screen must be, whatever it shows: markup Telegram reads, within its limits, with labels that fit on a phone, the same
buttons in every language, nothing coloured twice, no whole phone number before a viewer's eyes.

The pictures of all screens are kept in `screens/`, one file for each language, for people to look at; a screen that changes fails here
until they are drawn again: `UPDATE_SCREENS=1 python -m pytest tests/unit/telegram/test_views.py`.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.telegram.buttons import Act, Confirm, Copy, Go, Link, encode
from bot.telegram.handlers.routes import SCREENS, VERBS
from bot.telegram.screen import WIDTHS, Screen
from bot.telegram.views import common, pending
from bot.texts import LANGUAGES, Say
from crm.model.agents import Agent, Role
from sandbox.telegram import html
from tests.builders import NOW, a_contact
from tests.unit.telegram.gallery import ANA, HOSTILE, LEO, LONG, TEXTS, a_card, fence, pictures

PICTURES = Path(__file__).parent / "screens"
PHONE = re.compile(r"\+?\d{11,}")


def a_say(language: str = "es") -> Say:
    return TEXTS.say(language, "Europe/Madrid", NOW)


CASTS = {
    "ordinary": (LEO, None, "Ventas AR"),
    "hostile": (replace(LEO, name=f"{HOSTILE}\u202e{HOSTILE}"), f"{HOSTILE}\n\n{HOSTILE}", HOSTILE),
    "long": (replace(LEO, name="N" * 300), LONG, "A" * 300),
    "nameless": (replace(LEO, name=None), "x", "·"),
    "endless line": (replace(LEO, name="ñ" * 60), "&" * 4096, "<" * 60),
}


def screens(language: str = "es") -> Iterator[tuple[str, Agent, Screen]]:
    for cast, (contact, text, account) in CASTS.items():
        for role in Role:
            for picture in pictures(contact, text, account):
                yield f"{cast}/{role.value}/{picture.name}", ANA[role], picture.paint(ANA[role], a_say(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_as_they_were(language: str) -> None:
    drawn = "\n".join(fence(p.name, p.paint(ANA[Role.ADMIN], a_say(language))) for p in pictures())
    path = PICTURES / f"{language}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        PICTURES.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_within_telegrams_limits(language: str) -> None:
    for name, _, screen in screens(language):
        read = html.parse(screen.text)
        assert 0 < html.utf16_length(read.text) <= 4096, name
        assert len(read.entities) < 100, name
        assert sum(map(len, screen.rows)) <= 100, name
        for button in (button for row in screen.rows for button in row):
            match button.target:
                case Copy(text):
                    assert 1 <= len(text) <= 256, name
                case Link(url):
                    assert len(url) <= 2048, name
                case value:
                    assert 1 <= len(encode(value).encode()) <= 64, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_on_a_phone(language: str) -> None:
    for name, _, screen in screens(language):
        for row in screen.rows:
            assert 1 <= len(row) <= 4, name
            for button in row:
                assert len(button.label.strip()) > 0, name
                assert len(button.label) <= WIDTHS[len(row)], f"{name}: {button.label!r} among {len(row)}"


def test_at_most_one_button_of_a_screen_is_coloured() -> None:
    for name, _, screen in screens():
        assert sum(button.style is not None for row in screen.rows for button in row) <= 1, name


def test_every_language_has_the_same_buttons() -> None:
    shapes = [
        [
            (name, [[b.target for b in row] for row in screen.rows], bool(screen.ask))
            for name, _, screen in screens(language)
        ]
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1] == shapes[2]


def test_every_button_leads_somewhere_and_every_handler_is_reachable() -> None:
    seen_screens, seen_verbs = {"home"}, set()
    for name, _, screen in screens():
        for button in (button for row in screen.rows for button in row):
            match button.target:
                case Go(where):
                    assert where in SCREENS, name
                    seen_screens.add(where)
                case Act(verb):
                    assert verb in VERBS, name
                    seen_verbs.add(verb)
                case Confirm() | Copy() | Link():
                    pass
    assert seen_screens == set(SCREENS)
    assert seen_verbs == set(VERBS)


def test_a_viewer_sees_no_whole_phone_number_and_can_change_nothing_but_the_language() -> None:
    for name, agent, screen in screens():
        if agent.role is not Role.VIEWER or name.split("/")[2].startswith(("by-hand", "late", "push", "confirm")):
            continue  # a viewer never gets these
        assert not PHONE.search(html.parse(screen.text).text.replace(" ", "").replace("-", "")), name
        for button in (button for row in screen.rows for button in row):
            assert not PHONE.search(button.label), name
            assert not isinstance(button.target, Copy | Link), name
            if isinstance(button.target, Act) and not name.split("/")[2].startswith(("enroll", "reactivate")):
                assert button.target.verb == "lg", name


def test_what_customers_write_is_shown_not_obeyed() -> None:
    for name, _, screen in screens():
        assert "<script" not in screen.text, name


def test_masked_phones_tell_people_apart() -> None:
    assert common.masked("+5491155555678") == "+54 911 ••• 5678"
    assert common.masked("+34600000001") == "+34 6 ••• 0001"
    assert common.masked("AR.1349") == "••• 1349"
    assert common.spaced("+5491155555678") == "+54 9 11 5555-5678"
    assert common.spaced("no phone") == "no phone"


def test_a_viewer_does_not_read_the_phone_in_an_alert_or_a_nameless_title() -> None:
    viewer, agent = ANA[Role.VIEWER], ANA[Role.AGENT]
    nameless = a_contact(name=None, wa_id="34600000001")
    assert common.name(nameless, viewer) == "+34 6 ••• 0001"
    assert common.name(nameless, agent) == "+34600000001"
    assert common.discreet("Falta +34600000001.", viewer) == "Falta +34 6 ••• 0001."


def test_the_queues_cursor_survives_its_button() -> None:
    after = (1, NOW.replace(microsecond=123456), 2**62)
    assert pending.read_cursor(pending.write_cursor(after)) == after
    for broken in ("", "1-2", "x", "1-2-3-4", "zzzzzzzzzzzz-zzzzzzzzzzzz-1", "!-1-1"):
        assert pending.read_cursor(broken) is None


def test_a_long_text_does_not_stand_on_the_by_hand_screen_and_its_link_is_short() -> None:
    card = a_card()
    long = replace(card, pending=replace(card.pending, text="x" * 4096), link="https://wa.me/1?text=" + "x" * 4096)
    screen = pending.by_hand(long, ANA[Role.AGENT], a_say())
    assert not pending.fits_by_hand(long)
    assert "<code>" not in screen.text
    assert Link("https://wa.me/1") in [b.target for row in screen.rows for b in row]
    assert not any(isinstance(b.target, Copy) for row in screen.rows for b in row)
