"""How our values lie in a column: times as microseconds since 1970, spans as microseconds, free-form data as JSON text.

Integers and text are the same in both databases and need no converter on the hot paths; a time that is not aware UTC is
refused here, once, for every query.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import orjson

from crm.errors import Unreadable
from crm.model import stored_contents
from crm.model.contents import Content, Location
from crm.model.costs import agreed_data, agreed_of
from crm.model.messages import ButtonValue, TemplateRef

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZERO = timedelta(0)
MICROSECOND = timedelta(microseconds=1)

_fromtimestamp = datetime.fromtimestamp

S = TypeVar("S", bound=StrEnum)


def micros(moment: datetime) -> int:
    """Write an aware UTC time; anything else is a bug of the caller."""
    if moment.tzinfo is not UTC and moment.utcoffset() != ZERO:
        raise ValueError(f"times are aware UTC, not {moment!r}")
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def micros_or_none(moment: datetime | None) -> int | None:
    """Write a time that may be missing."""
    return None if moment is None else micros(moment)


def moment(value: int) -> datetime:
    """Read a time. Exact to the microsecond until 2106: a float has bits enough, and this is the fastest way."""
    return _fromtimestamp(value / 1_000_000, UTC)


def moment_or_none(value: int | None) -> datetime | None:
    """Read a time that may be missing."""
    return None if value is None else _fromtimestamp(value / 1_000_000, UTC)


def span(duration: timedelta) -> int:
    """Write a duration."""
    return duration // MICROSECOND


def span_or_none(duration: timedelta | None) -> int | None:
    """Write a duration that may be missing."""
    return None if duration is None else duration // MICROSECOND


def duration_or_none(value: int | None) -> timedelta | None:
    """Read a duration that may be missing."""
    return None if value is None else timedelta(0, 0, value)


def members(kind: type[S]) -> dict[str, S]:
    """A table from stored text to member, faster than calling the enum."""
    return {member.value: member for member in kind}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def dumps(value: object) -> str:
    """Write free-form data as JSON text."""
    try:
        return orjson.dumps(value, _plain).decode()
    except TypeError as error:
        raise Unreadable("not-storable", problem=str(error)[:200]) from error


def dumps_or_none(value: object) -> str | None:
    """Write free-form data that may be missing."""
    return None if value is None else dumps(value)


def loads(text: str) -> Any:
    """Read free-form data."""
    return orjson.loads(text)


def loads_or_none(text: str | None) -> Any:
    """Read free-form data that may be missing."""
    return None if text is None else orjson.loads(text)


def content_text(content: Content | None) -> str | None:
    """Write what a message says that is no text."""
    return None if content is None else dumps(stored_contents.written(content))


def content_or_none(text: str | None) -> Content | None:
    """Read what a message says that is no text."""
    return None if text is None else stored_contents.read(orjson.loads(text))


def template_text(template: TemplateRef | None) -> str | None:
    """Write a template with its values."""
    return None if template is None else dumps(template_data(template))


def template_ref(text: str | None) -> TemplateRef | None:
    """Read a template with its values."""
    return None if text is None else template_of(orjson.loads(text))


def template_data(template: TemplateRef) -> dict[str, object]:
    """A template with its values as JSON knows them; what it has not is left out."""
    data: dict[str, object] = {"name": template.name, "language": template.language, "parameters": template.parameters}
    more = {
        "names": template.names,
        "header": template.header,
        "place": template.place,
        "buttons": template.buttons,
        "header_name": template.header_name,
        "agreed": None if template.agreed is None else agreed_data(template.agreed),
    }
    return data | {key: value for key, value in more.items() if value not in (None, ())}


def template_of(data: Mapping[str, Any]) -> TemplateRef:
    """A template with its values again."""
    place, agreed = data.get("place"), data.get("agreed")
    return TemplateRef(
        data["name"],
        data["language"],
        tuple(data["parameters"]),
        tuple(data.get("names", ())),
        data.get("header"),
        None if place is None else Location(place["latitude"], place["longitude"], place["name"], place["address"]),
        tuple(ButtonValue(each["index"], each["kind"], each["value"]) for each in data.get("buttons", ())),
        data.get("header_name"),
        None if agreed is None else agreed_of(agreed),
    )
