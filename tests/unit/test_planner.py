"""Where steps are placed: whatever the plan, the contact and the window, the planner stays within its bounds."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.model.records import replace
from crm.model.sequences import Hours, Rules, Sequence, SequenceState, Step, Trigger
from crm.policy import hours, planner, sequences
from crm.policy.planner import Placed, Subject
from crm.policy.windows import SAFETY_MARGIN
from tests.builders import NOW, a_contact, a_conversation, an_account

ZONES = [
    "America/Argentina/Buenos_Aires",
    "America/Sao_Paulo",
    "Europe/Madrid",
    "America/Santiago",
    "Asia/Kathmandu",
    "UTC",
]
WORKING = Hours(time(9), time(20), frozenset({1, 2, 3, 4, 5}))
HOUR = timedelta(hours=1)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.timedeltas(timedelta(0), timedelta(days=4))
any_hours = st.builds(
    lambda start, length, days: Hours(time(start), time(min(start + length, 23), 59), frozenset(days)),
    st.integers(0, 22),
    st.integers(1, 12),
    st.sets(st.integers(1, 7), min_size=1),
)


def about(zone: str = "UTC", **conversation: object) -> Subject:
    contact = a_contact(time_zone=zone)
    account = an_account(assumptions=frozenset())
    return Subject(contact, a_conversation(contact=contact, account=account, **conversation), account)


@given(moments, st.none() | any_hours, spans, st.sampled_from(ZONES), moments, st.none() | spans)
def test_a_step_is_placed_within_its_bounds(
    nominal: datetime,
    open_hours: Hours | None,
    tolerance: timedelta,
    zone: str,
    now: datetime,
    inbound_before: timedelta | None,
) -> None:
    inbound = None if inbound_before is None else nominal - inbound_before
    subject = about(zone, last_inbound_at=inbound)
    place = planner.place(
        nominal, Rules(hours=open_hours, tolerance=tolerance), subject, now, nominal - timedelta(days=5)
    )
    assert place.at >= now
    assert place.at >= nominal - tolerance
    if open_hours is not None:
        assert hours.inside(open_hours, ZoneInfo(zone), place.at)
    if place.how is Placed.PULLED_FORWARD:
        assert inbound is not None
        assert place.open
        assert place.at < inbound + timedelta(hours=24) - SAFETY_MARGIN
    elif place.at >= nominal and place.how is Placed.ON_TIME:
        assert place.at == max(nominal, now)


@given(moments, any_hours, st.sampled_from(ZONES))
def test_the_next_opening_is_the_first(at: datetime, open_hours: Hours, zone: str) -> None:
    opening = hours.next_opening(open_hours, ZoneInfo(zone), at)
    assert hours.inside(open_hours, ZoneInfo(zone), opening)
    for minutes in range(0, int((opening - at) / timedelta(minutes=1)), 37):
        assert not hours.inside(open_hours, ZoneInfo(zone), at + timedelta(minutes=minutes))


def test_a_step_of_the_night_is_pushed_to_the_morning_of_the_contact() -> None:
    night = datetime(2026, 11, 25, 2, tzinfo=UTC)  # Wednesday 23:00 of the day before in Buenos Aires
    subject = about("America/Argentina/Buenos_Aires")
    place = planner.place(night, Rules(hours=WORKING), subject, night, NOW)
    assert (place.at, place.how) == (datetime(2026, 11, 25, 12, tzinfo=UTC), Placed.PUSHED)


def test_a_step_that_would_miss_the_window_is_pulled_forward_if_the_plan_allows() -> None:
    subject = about(last_inbound_at=NOW)
    nominal = NOW + 24 * HOUR
    late = planner.place(nominal, Rules(), subject, NOW, NOW)
    early = planner.place(nominal, Rules(tolerance=3 * HOUR), subject, NOW, NOW)
    assert (late.at, late.open) == (nominal, False)
    assert (early.at, early.how, early.open) == (NOW + 24 * HOUR - planner.LEAD, Placed.PULLED_FORWARD, True)
    assert planner.place(nominal, Rules(tolerance=HOUR), subject, NOW, NOW) == late


def test_a_change_of_clocks_keeps_the_morning_at_nine() -> None:
    zone = ZoneInfo("Europe/Madrid")
    for day in (27, 28, 29, 30):  # the night to Sunday 29 March 2026 loses an hour
        at = datetime(2026, 3, day, 3, tzinfo=UTC)
        opening = hours.next_opening(Hours(time(9), time(20)), zone, at)
        assert opening.astimezone(zone).time() == time(9)


@pytest.mark.parametrize(
    ("wa_id", "zone"),
    [("34600111222", "Europe/Madrid"), ("5491155550099", "America/Buenos_Aires"), ("000", "America/Lima")],
)
def test_the_zone_comes_from_the_number(wa_id: str, zone: str) -> None:
    contact = a_contact(wa_id=wa_id, time_zone=None)
    assert hours.zone_of(contact, "America/Lima").key == zone
    assert hours.zone_of(replace(contact, time_zone="Asia/Tokyo")).key == "Asia/Tokyo"


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), min_size=1, max_size=8), any_hours, spans)
def test_a_forecast_tells_every_step_once_and_in_order(
    delays: list[timedelta], open_hours: Hours, tolerance: timedelta
) -> None:
    steps = tuple(Step(delay, f"Paso {n}") for n, delay in enumerate(delays))
    rules = Rules(hours=open_hours, tolerance=tolerance)
    plan = Sequence(1, "p", "P", SequenceState.ACTIVE, Trigger.MANUAL, None, steps, 1, NOW, rules)
    subject = about("America/Bogota", last_inbound_at=NOW)
    walk = sequences.start(7, plan, subject.conversation, at=NOW, trigger=Trigger.MANUAL)
    told = planner.forecast(walk, plan, subject, NOW)
    assert [each.position for each in told] == list(range(len(steps)))
    assert [each.place.at for each in told] == sorted(each.place.at for each in told)
