"""How the ledger is cut into periods and added up. Days are those of the house's zone, whoever looks: a budget's month is everybody's."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.model.costs import Period, Total

DAY = timedelta(days=1)


def days(first: date, last: date, zone: str) -> Period:
    """From the first day to the last, both of them whole."""
    return Period(first, last, _midnight(first, zone), _midnight(last + DAY, zone))


def month(now: datetime, zone: str) -> Period:
    """The whole month that it is."""
    first = _today(now, zone).replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    return days(first, after - DAY, zone)


def lately(now: datetime, zone: str, count: int) -> Period:
    """So many days, today the last of them."""
    today = _today(now, zone)
    return days(today - (count - 1) * DAY, today, zone)


def yesterday(now: datetime, zone: str) -> Period:
    day = _today(now, zone) - DAY
    return days(day, day, zone)


def each_day(period: Period, zone: str) -> Iterator[Period]:
    for number in range((period.last - period.first).days + 1):
        day = period.first + number * DAY
        yield days(day, day, zone)


def whole(totals: Iterable[Total]) -> tuple[Total, ...]:
    """The parts together, by currency."""
    found: dict[str, Total] = {}
    for each in totals:
        known = found.get(each.currency, Total(None, each.currency, Decimal(0), 0, 0, 0))
        found[each.currency] = Total(
            None,
            each.currency,
            known.amount + each.amount,
            known.messages + each.messages,
            known.free + each.free,
            known.unpriced + each.unpriced,
        )
    return tuple(found[currency] for currency in sorted(found))


def _today(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
