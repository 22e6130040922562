"""A person's own settings: for now the language."""

from bot.telegram.buttons import Act, Button
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import back
from bot.texts import Say, lines

NAMES = {"es": "Español", "en": "English", "pt": "Português"}


def language(say: Say) -> Screen:
    """`/idioma`."""
    buttons = [
        Button(f"✓ {title}" if code == say.language else title, Act("lg", 0, 0, code)) for code, title in NAMES.items()
    ]
    return Screen(lines(say("language-title"), say("language-what")), rows(buttons, [back(say)]))
