"""The hours in which a contact may be written to, in the contact's own zone.

A zone comes from the contact (set by hand), else from the phone number; where a number may be in several zones the house's own is
taken if it is one of them, else the middle one. Local times are turned into UTC day by day, so that a change of clocks moves nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

from crm.model.contacts import Contact
from crm.model.sequences import Hours

MINUTE = timedelta(minutes=1)
_DAYS = 9
"""Enough days to find an open one: the longest gap is six closed days, and a day may vanish in a change of clocks."""


def zone_of(contact: Contact, otherwise: str = "UTC") -> ZoneInfo:
    """Where the contact lives, as far as anybody knows."""
    if contact.time_zone:
        return ZoneInfo(contact.time_zone)
    return ZoneInfo(_of_phone(contact.wa_id, otherwise) if contact.wa_id else otherwise)


@lru_cache(maxsize=50_000)
def _of_phone(wa_id: str, otherwise: str) -> str:
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(f"+{wa_id}"))
    except phonenumbers.NumberParseException:
        return otherwise
    known = [zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE]
    if not known or otherwise in known:
        return otherwise
    return known[len(known) // 2]


def inside(hours: Hours, zone: tzinfo, at: datetime) -> bool:
    """May one write now?"""
    return any(start <= at < end for start, end in _spans(hours, zone, at))


def next_opening(hours: Hours, zone: tzinfo, at: datetime) -> datetime:
    """The first moment from `at` on at which one may write."""
    for start, end in _spans(hours, zone, at):
        if at < end:
            return max(at, start)
    return at


def last_moment(hours: Hours, zone: tzinfo, limit: datetime) -> datetime | None:
    """The last whole minute up to `limit` at which one may write; None when there was none for days."""
    for start, end in _spans(hours, zone, limit, forward=False):
        if start <= limit:
            return max(start, min(limit, end - MINUTE))
    return None


def _spans(hours: Hours, zone: tzinfo, at: datetime, *, forward: bool = True) -> Iterator[tuple[datetime, datetime]]:
    """The open spans around a moment, day by day, beginning with the one before (or after)."""
    today = at.astimezone(zone).date()
    for number in range(-1, _DAYS):
        day = today + timedelta(days=number if forward else -number)
        if day.isoweekday() in hours.weekdays:
            start, end = (datetime.combine(day, t, zone).astimezone(UTC) for t in (hours.start, hours.end))
            if start < end:
                yield start, end
