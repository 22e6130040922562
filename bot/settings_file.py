"""The settings as a file: every one with its default and its sentence. `config.example.toml` is this text, and `init` writes it
with fresh secrets, so neither can fall behind the settings themselves."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.config import Section, Settings

HEAD = """\
# Every setting of Centralita with its default. Copy to config.toml and change what differs.
# Each can be overridden by the environment as CENTRALITA_SECTION__KEY (lists as JSON); secrets belong there.
"""


def text(given: Mapping[str, str] | None = None) -> str:
    """The file; `given` says some settings (`section.key`) otherwise."""
    given, fields = given or {}, Settings.model_fields
    sections = {name: type(field.default) for name, field in fields.items() if isinstance(field.default, Section)}
    top = {name: field for name, field in fields.items() if name not in sections}
    parts = [HEAD, _entries("", top, given)]
    for name, section in sections.items():
        parts.append(f"[{name}]\n{_entries(f'{name}.', section.model_fields, given)}")
    return "\n".join(parts)


def write(path: Path) -> bool:
    """Write a file for this installation, which only its owner may read; False when there is one already."""
    chosen = {
        name: secrets.token_urlsafe(24)
        for name in ("whatsapp.verify_token", "telegram.path_secret", "telegram.secret_token")
    }
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(text(chosen))
    return True


def _entries(prefix: str, fields: Mapping[str, FieldInfo], given: Mapping[str, str]) -> str:
    return "".join(
        f"# {field.description}\n{name} = {_value(given.get(prefix + name, field.default))}\n"
        for name, field in fields.items()
    )


def _value(value: Any) -> str:
    """TOML writes these values as JSON does."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(str(value))
