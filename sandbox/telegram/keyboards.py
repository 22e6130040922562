"""Inline keyboards: what a bot may put under a message, and what a person sees of it.

Checks a reply_markup the way the real server does (kinds of button, 64 bytes of callback_data, 100 buttons) and
keeps the original JSON beside the buttons, because answers must give back exactly what was sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.faults import bad

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_PER_ROW = 8
MAX_COPY_CHARS = 256
STYLES = {"primary", "success", "danger"}
ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownButton:
    """One button under a message; at most one of data, url and copy is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None

    def __str__(self) -> str:
        return f"[ {self.text} ]"


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Rows of buttons; none at all when the message carries no inline keyboard."""

    rows: tuple[tuple[ShownButton, ...], ...] = ()
    raw: Json | None = None

    def __iter__(self) -> Iterator[ShownButton]:
        return (button for row in self.rows for button in row)


NO_KEYBOARD = Keyboard()


def read(markup: Json | None) -> Keyboard:
    """Accept an inline keyboard or refuse it; other markups (reply keyboards) are accepted and not shown."""
    if not markup or "inline_keyboard" not in markup:
        return NO_KEYBOARD
    raw_rows = [row for row in markup["inline_keyboard"] if row]
    rows = tuple(tuple(_button(button) for button in row) for row in raw_rows)
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_PER_ROW for row in rows):
        raise bad("reply markup is too long")
    return Keyboard(rows, {"inline_keyboard": raw_rows}) if rows else NO_KEYBOARD


def _button(raw: Json) -> ShownButton:
    text = raw.get("text", "")
    if not isinstance(text, str) or not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    if not any(action in raw for action in ACTIONS) or raw.get("callback_data") == "":
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if raw.get("style") is not None and raw["style"] not in STYLES:
        raise bad("can't parse inline keyboard button: Invalid button style specified")
    data, url, copy = raw.get("callback_data"), raw.get("url"), (raw.get("copy_text") or {}).get("text")
    if data is not None and len(data.encode()) > MAX_CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if copy is not None and not 1 <= len(copy) <= MAX_COPY_CHARS:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if url is not None and not _opens(url):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return ShownButton(text, data, url, copy, raw.get("style"))


def _opens(url: str) -> bool:
    """Only links a Telegram client follows: no bare words, no hosts of the local machine."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme == "tg":
        return True
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
