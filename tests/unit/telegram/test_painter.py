"""What is remembered of a message when it turns into another screen."""

from bot.telegram import painter
from bot.telegram.buttons import Button, Copy, Link, go
from bot.telegram.screen import Screen
from bot.texts import Html


def test_a_card_that_gave_way_is_never_drawn_over_its_successor() -> None:
    other, card = Screen(Html("menu")), Screen(Html("card"), shows={"pending": 9})
    assert painter.changed_marks({"pending": 7}, other) == {"pending": 0}
    assert painter.changed_marks({"pending": 0}, other) == {}
    assert painter.changed_marks({}, other) == {}
    assert painter.changed_marks({"pending": 7}, card) == {"pending": 9}
    assert painter.changed_marks({"pending": 9, "conversation": 3}, card) == {}


def test_buttons_become_telegrams() -> None:
    row = (Button("a", go("home"), "primary"), Button("b", Copy("text")), Button("c", Link("https://wa.me/1")))
    markup = painter.keyboard(Screen(Html("x"), (row,)))
    assert markup is not None
    first, second, third = markup.inline_keyboard[0]
    assert (first.callback_data, first.style) == ("n:home", "primary")
    assert second.copy_text is not None
    assert second.copy_text.text == "text"
    assert third.url == "https://wa.me/1"
    assert painter.keyboard(Screen(Html("x"))) is None


def test_plain_words_lose_only_the_markup() -> None:
    assert painter.plain("<b>a &lt;b&gt;</b>\n<blockquote expandable>c</blockquote>") == "a <b>\nc"
