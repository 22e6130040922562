"""What must never be read in a log: secrets disappear, phone numbers keep their last three digits.

It works on values, wherever they stand (nested, in a mapping's key, in an exception's text), just before a line is rendered, so that
no caller has to think of it. Secrets are known by value (the settings', and tokens as they are used) and by shape (Meta's and
Telegram's tokens, keys, passwords in addresses), so that one that nobody announced is still not written. It rather hides too
much than too little; our own ids are numbers, and numbers are left alone.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

GONE = "***"
SHORTEST_SECRET = 4
DEEPEST = 8
MOST_KEYS = 1_000
WIDEST_NUMBER = 2**63

_SHAPES = re.compile(
    r"\b\d{5,}:[A-Za-z0-9_-]{16,}"  # Telegram's bot token, also inside /bot<token>/method
    r"|EAA[A-Za-z0-9_|-]{8,}"  # Meta's access tokens
    r"|\b[A-Za-z0-9_-]{43}="  # a vault key
)
_BOT_PATH = re.compile(r"(/bot)\d+:[^/\s\"']+")
_NAMED = re.compile(
    r"""((?:token|secret|password|appsecret_proof)["']?\s*[=:]\s*["']?|\bBearer\s+)[^\s&"',;)}\]]+""", re.IGNORECASE
)
_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s/]+(@)")
_PHONE = re.compile(
    r"\+\d(?:[ .()-]{0,2}\d){6,14}(?!\d)"
    r"|(?<!\d)\d{10,15}(?!\d)"
    r"|(?<![\w.])(?<!\d:)\(?\d(?:[ ()-]{0,2}\d){7,}(?!\w)"
)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})")
_WORD = re.compile(r"[a-z_.]*")
"""Our own names (events, fields, states): nothing in it has a shape that is looked for, and most of a line is made of it."""
_SECRET_KEY = re.compile(r"(?:token|secret|secrets|password|authorization)$", re.IGNORECASE)
_PHONE_KEY = re.compile(r"(?:^|_)(?:wa_id|phone|from|to|recipient_id)$")
_META_IDS = frozenset({"phone_number_id", "waba_id", "message_id", "timestamp"})
"""Fields that look like a phone number and are none."""


class _Key(NamedTuple):
    """A field's name as it may be written, and what its value is."""

    said: str
    secret: bool
    phone: bool
    meta_id: bool


class Redactor:
    """The last processor before a log line is rendered. `learn` tells it secrets by value."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self._keys: dict[str, _Key] = {}
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Never write this again, nor the ways in which it is written in addresses and in JSON."""
        if len(secret) < SHORTEST_SECRET or secret in self._secrets or _SHAPES.fullmatch(secret):
            return
        self._secrets.add(secret)
        self._keys.clear()
        forms = {form for each in self._secrets for form in _forms(each)}
        self._known = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))

    def __call__(self, _logger: object, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Clean one log line."""
        return {self._key(key).said: self._field(key, value, 0) for key, value in event.items()}

    def text(self, text: str, *, phones: bool = True) -> str:
        """Clean a piece of text."""
        if self._known is not None:
            text = self._known.sub(GONE, text)
        if _WORD.fullmatch(text):
            return text
        if "/" in text:
            text = _PASSWORD.sub(rf"\1{GONE}\2", _BOT_PATH.sub(rf"\1{GONE}", text))
        if "=" in text or ":" in text or "EAA" in text:
            text = _SHAPES.sub(GONE, text)
        if "=" in text or ":" in text or "earer " in text:
            text = _NAMED.sub(rf"\1{GONE}", text)
        return _PHONE.sub(_masked, text) if phones else text

    def _key(self, name: str) -> "_Key":
        """What there is to know of a field's name; most lines use the same few."""
        known = self._keys.get(name)
        if known is None:
            if len(self._keys) >= MOST_KEYS:
                self._keys.clear()
            known = self._keys[name] = _Key(
                self.text(name), bool(_SECRET_KEY.search(name)), bool(_PHONE_KEY.search(name)), name in _META_IDS
            )
        return known

    def _field(self, name: object, value: Any, depth: int) -> Any:
        key = self._key(name if isinstance(name, str) else "")
        if value is not None and key.secret:
            return GONE
        if isinstance(value, str):
            return self.text(value, phones=not key.meta_id)
        if isinstance(value, int) and key.phone:
            return self.text(str(value))
        return self._value(value, depth)

    def _value(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return int(value) if abs(value) < WIDEST_NUMBER else self.text(str(value))
        if depth < DEEPEST:
            if isinstance(value, Mapping):
                return {self.text(_said(key)): self._field(key, each, depth + 1) for key, each in value.items()}
            if isinstance(value, list | tuple | set | frozenset):
                return [self._value(each, depth + 1) for each in value]
        return self.text(_said(value))


def _said(value: object) -> str:
    """A value in words; a log line must not fail because of what it tells."""
    try:
        return str(value)
    except Exception as error:
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"


def _masked(found: re.Match[str]) -> str:
    """Days look like phone numbers to a pattern; they stay, what stands between them does not."""
    return "".join(part if _DATE.fullmatch(part) else _last_digits(part) for part in _DATE.split(found[0]))


def _last_digits(text: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    return f"{text[: len(text) - len(text.lstrip())]}{GONE}{digits[-3:]}" if len(digits) >= 7 else text


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
