"""What a person typed, read: commands with their arguments, one-time codes, cursors. Nothing here fails loudly; what cannot be read
is None, and the caller says how it is written."""

import re
from dataclasses import dataclass

from crm.model.ids import from_short

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,64}))?(?:\s+(.*))?", re.DOTALL)
_SECRET = re.compile(
    r"\bEAA[A-Za-z0-9]{20,}"  # Meta's access tokens
    r"|\b\d{6,20}\|[A-Za-z0-9_-]{20,}"  # an app's token: its id and its secret
    r"|\b\d{8,10}:[A-Za-z0-9_-]{35}\b"  # a bot's
)
_CODE = re.compile(r"[A-Za-z0-9_-]{6,64}")


@dataclass(frozen=True, slots=True)
class Command:
    """`/c@centralita_bot juan` is the command `c`, meant for that bot, with `juan`."""

    name: str
    bot: str | None
    args: str


def command(text: str | None) -> Command | None:
    """Read a command; None when the text does not begin with one."""
    found = _COMMAND.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    return Command(found[1].lower(), found[2], (found[3] or "").strip())


def holds_secret(text: str | None) -> bool:
    """Is there something in it that can only be an access token or a bot's, typed or pasted by mistake?"""
    return text is not None and _SECRET.search(text) is not None


def start_code(text: str | None) -> str | None:
    """The one-time code of `/start CODE`; None when it cannot be one."""
    said = command(text)
    if said is None or said.name != "start" or not _CODE.fullmatch(said.args):
        return None
    return said.args


def number(args: tuple[str, ...], position: int) -> int | None:
    """The short id at this place, if it is one that can exist."""
    found = from_short(args[position]) if position < len(args) else None
    return found if found is not None and found < 2**63 else None
