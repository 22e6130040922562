"""Writes stories as TOML for people: long texts over several lines, acts and claims one to a line."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def value(given: Any) -> str:
    """Write a value in one line."""
    match given:
        case bool():
            return "true" if given else "false"
        case int() | float():
            return repr(given)
        case str():
            return quoted(given)
        case datetime():
            return given.isoformat()
        case Mapping():
            return inline(given)
        case list() | tuple():
            return f"[{', '.join(map(value, given))}]"
        case _:
            raise TypeError(f"TOML has no {type(given).__name__}")


def quoted(text: str) -> str:
    """Write a string."""
    return f'"{"".join(map(_escaped, text))}"'


def inline(table: Mapping[str, Any]) -> str:
    """Write a table in one line. What is None is left out: TOML has no word for it."""
    written = ", ".join(f"{key(name)} = {value(each)}" for name, each in table.items() if each is not None)
    return f"{{{written}}}"


def rows(name: str, tables: Iterable[Mapping[str, Any]]) -> str:
    """Write an array of tables, one to a line."""
    written = "".join(f"\n  {inline(each)}," for each in tables)
    return f"{name} = [{written}\n]" if written else f"{name} = []"


def entries(table: Mapping[str, Any]) -> str:
    """Write a table's entries, one to a line."""
    return "\n".join(f"{key(name)} = {value(each)}" for name, each in table.items() if each is not None)


def key(name: str) -> str:
    """Write a key, in quotes if it must be."""
    return name if name and set(name) <= BARE else quoted(name)


def _escaped(letter: str) -> str:
    if letter in ESCAPES:
        return ESCAPES[letter]
    if ord(letter) < 0x20 or ord(letter) == 0x7F:
        return f"\\u{ord(letter):04x}"
    return "\ufffd" if 0xD800 <= ord(letter) <= 0xDFFF else letter
