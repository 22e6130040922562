"""What Meta puts on the wire, read with suspicion and without surprise.

Two rules keep a customer's message from being lost. What an element cannot do without (an id, a time, a person) is
validated and breaks that element alone; what only decorates it is looked at by hand and dropped when it is odd. And
whatever comes out of `parse` can be stored: no NUL, no half a surrogate pair, no infinity, no bottomless nesting.
Shapes and their bugs: reference 1.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError

from crm.errors import Unreadable
from crm.model.contacts import Person

TEXT_LIMIT = 65_536  # the longest text WhatsApp lets a person type
PAYLOAD_LIMIT = 65_536
DEPTH_LIMIT = 48
LAST_SECOND = 253_370_764_799  # the end of the year 9998: a window or a local time computed from it still is a datetime

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_A_DIGIT_OF_A_PHONE = re.compile(r"[\s+().-]")
_T = TypeVar("_T", bound=BaseModel)


class Malformed(Exception):
    """This element cannot be read. The message names the field, never its content."""


# --- bytes to values that can be stored -------------------------------------------------------------------------------


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a webhook, cleaned. Raises Unreadable for anything that is no JSON object."""
    try:
        value = orjson.loads(body)
        dirty = b"\\u0000" in body
    except orjson.JSONDecodeError:
        value, dirty = _parse_leniently(body), True
    if not isinstance(value, dict):
        raise Unreadable("unreadable-webhook", reason="not a JSON object")
    if dirty or (body.count(b"{") + body.count(b"[") > DEPTH_LIMIT and _is_deeper(value, DEPTH_LIMIT)):
        value = _clean(value, DEPTH_LIMIT)
    return value  # type: ignore[no-any-return]


def _parse_leniently(body: bytes) -> Any:
    """Read what orjson refuses though people may send it: half surrogate pairs, broken UTF-8, endless numbers."""
    try:
        return json.loads(
            body.decode("utf-8-sig", "replace"),
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=lambda _: None,
        )
    except ValueError:
        raise Unreadable("unreadable-webhook", reason="not JSON") from None
    except RecursionError:
        raise Unreadable("unreadable-webhook", reason="nested too deep") from None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 18 else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) != float("inf") else None


def _is_deeper(value: Any, levels: int) -> bool:
    if levels == 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return any(_is_deeper(child, levels - 1) for child in children if isinstance(child, dict | list))


def _clean(value: Any, levels: int) -> Any:
    """Copy without what a database refuses; what lies deeper than `levels` becomes None."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _clean(child, levels - 1) for key, child in value.items()} if levels else None
    if isinstance(value, list):
        return [_clean(child, levels - 1) for child in value] if levels else None
    return value


def clean(text: str) -> str:
    """Return the text without NUL and with half surrogate pairs replaced, as PostgreSQL and JSON demand."""
    return _SURROGATE.sub("\ufffd", text.replace("\0", ""))


def bounded(raw: Any, body_size: int) -> Any:
    """Return the raw element to be kept; one above 64 KB is cut down to its keys."""
    if body_size <= PAYLOAD_LIMIT:
        return raw
    size = len(orjson.dumps(raw))
    if size <= PAYLOAD_LIMIT:
        return raw
    keys = [key[:100] for key in list(raw)[:50]] if isinstance(raw, dict) else []
    return {"trimmed": size, "keys": keys}


# --- what must be there -----------------------------------------------------------------------------------------------

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]
Seconds = Annotated[int, Strict(), Field(ge=0)] | Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]


class Wire(BaseModel):
    """The manner in which everything of Meta's is read: unknown fields ignored, ids as text."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Message(Wire):
    """One element of `messages` (reference 1.1). The phone is missing for people who hide it."""

    id: Id
    timestamp: Seconds
    type: Word | None = None
    phone: str | None = Field(default=None, alias="from")
    user_id: str | None = Field(default=None, alias="from_user_id")
    parent_id: str | None = Field(default=None, alias="from_parent_user_id")


class EchoMessage(Wire):
    """One element of `message_echoes` (reference 1.3): what our own side wrote on a phone."""

    id: Id
    timestamp: Seconds
    type: Word | None = None
    phone: str | None = Field(default=None, alias="to")
    user_id: str | None = Field(default=None, alias="to_user_id")
    parent_id: str | None = Field(default=None, alias="to_parent_user_id")


class PastMessage(Wire):
    """One message of a `history` webhook (reference 1.3): either side's."""

    id: Id
    timestamp: Seconds
    type: Word | None = None
    sender: str | None = Field(default=None, alias="from")
    sender_id: str | None = Field(default=None, alias="from_user_id")
    receiver: str | None = Field(default=None, alias="to")
    receiver_id: str | None = Field(default=None, alias="to_user_id")


class Status(Wire):
    """One element of `statuses` (reference 1.2)."""

    id: Id
    timestamp: Seconds
    status: Word


class Preference(Wire):
    """One element of `user_preferences` (reference 1.4)."""

    timestamp: Seconds
    value: Word
    phone: str | None = Field(default=None, alias="wa_id")
    user_id: str | None = None
    parent_id: str | None = Field(default=None, alias="parent_user_id")


class Original(Wire):
    """What an edit or a revoke points at."""

    original_message_id: Id


def validated(model: type[_T], raw: Any) -> _T:
    """Read one element, or raise Malformed with the first thing that is wrong."""
    if not isinstance(raw, dict):
        raise Malformed("not an object")
    try:
        return model.model_validate(raw)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][:1])
        raise Malformed(f"{where}: {first['msg']}"[:200]) from None


def moment(seconds: int | str) -> datetime:
    """Return Meta's unix seconds as an aware UTC datetime."""
    number = int(seconds)
    if number > LAST_SECOND:
        raise Malformed("timestamp: beyond any calendar")
    return datetime.fromtimestamp(number, UTC)


def moment_or_none(value: Any) -> datetime | None:
    """Return unix seconds (text or number) as a datetime; None when they are not."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LAST_SECOND:
        return None
    return datetime.fromtimestamp(value, UTC)


# --- what may be there ------------------------------------------------------------------------------------------------


def section(holder: Any, key: str) -> dict[str, Any]:
    """Return the object under a key, or an empty one."""
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def items(holder: Any, key: str) -> list[Any]:
    """Return the list under a key, or an empty one."""
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def objects(holder: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects in the list under a key."""
    return [each for each in items(holder, key) if isinstance(each, dict)]


def string(value: Any, limit: int = TEXT_LIMIT) -> str | None:
    """Return a text, or a number as text, cut to a limit; None for blank or anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    return value if len(value) <= limit else value[: limit - 1] + "…"


def identifier(value: Any) -> str | None:
    """Return an id that stands in an optional place; None when it cannot be one."""
    text = string(value, 1_000)
    return text.strip() if text and len(text) <= 256 else None


def whole(value: Any) -> int | None:
    """Return a whole number that fits a database column, from a number or its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2_147_483_647 else None


def phone(value: Any) -> str | None:
    """Return the digits of a phone or wa_id; None when it is none (a group, a name, nothing)."""
    if isinstance(value, str) and value.isdigit() and value.isascii() and len(value) <= 20:
        return value
    text = string(value, 64)
    digits = _NOT_A_DIGIT_OF_A_PHONE.sub("", text) if text else ""
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None


def scoped_id(value: Any) -> str | None:
    """Return a business-scoped user id (reference 1.5: at most about 140 characters)."""
    text = identifier(value)
    return text if text and len(text) <= 160 and text.isprintable() and " " not in text else None


# --- people -----------------------------------------------------------------------------------------------------------


class People:
    """The `contacts` of one webhook, found by either of their ids."""

    __slots__ = ("_by_id", "_only")

    def __init__(self, contacts: Any) -> None:
        self._by_id: dict[str, Mapping[str, Any]] = {}
        known = [each for each in contacts if isinstance(each, dict)] if isinstance(contacts, list) else []
        self._only: Mapping[str, Any] | None = known[0] if len(known) == 1 else None
        for each in known:
            if wa_id := phone(each.get("wa_id")):
                self._by_id[wa_id] = each
            if bsuid := scoped_id(each.get("user_id")):
                self._by_id[bsuid] = each

    def person(self, raw_phone: Any, raw_user_id: Any, raw_parent_id: Any = None) -> Person:
        """Name the person an element speaks of; one that names nobody means the only contact."""
        wa_id, bsuid, parent = phone(raw_phone), scoped_id(raw_user_id), scoped_id(raw_parent_id)
        found = self._by_id.get(bsuid or "") or self._by_id.get(wa_id or "")
        if found is None and wa_id is None and bsuid is None:
            found = self._only
        if found is not None:
            wa_id = wa_id or phone(found.get("wa_id"))
            bsuid = bsuid or scoped_id(found.get("user_id"))
            parent = parent or scoped_id(found.get("parent_user_id"))
        if wa_id is None and bsuid is None:
            raise Malformed("names nobody: neither a phone nor a business-scoped user id")
        profile = section(found, "profile")
        return Person(wa_id, bsuid, _name(profile.get("name")), identifier(profile.get("username")), parent)


def _name(value: Any) -> str | None:
    text = string(value)
    return " ".join(text.split())[:200] or None if text else None
