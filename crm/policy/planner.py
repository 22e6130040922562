"""Where a due step is placed: inside the contact's hours and, if that can be had for a little haste, inside the open window.

A timer fires when its time comes, window open or not. Here a step may be pulled forward by the plan's tolerance so that it still
reaches the window, is pushed to the morning when its time falls into the night, and says beforehand when it will need a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.model.accounts import Account
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.records import replace
from crm.model.sequences import Enrollment, EnrollmentState, Rules, Sequence
from crm.policy import sequences, windows
from crm.policy.hours import last_moment, next_opening, zone_of

LEAD = timedelta(hours=1) + windows.SAFETY_MARGIN
"""A step aims at leaving so long before a window closes: the job that takes due steps runs every hour."""


class Placed(StrEnum):
    """How a step's place came about."""

    ON_TIME = "on_time"
    PULLED_FORWARD = "pulled_forward"
    PUSHED = "pushed"


@dataclass(frozen=True, slots=True)
class Place:
    """When a step leaves. `open` tells whether the window will be open by then, as far as is known now."""

    at: datetime
    how: Placed
    open: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """One step of a plan as it would go for a contact."""

    position: int
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom is planned. `zone` is where people live of whom nothing else is known."""

    contact: Contact
    conversation: Conversation
    account: Account
    zone: str = "UTC"


def place(nominal: datetime, rules: Rules, subject: Subject, now: datetime, started_at: datetime) -> Place:
    """Place a step that is due at `nominal`. Never before `nominal - tolerance`, never before now, never outside the hours."""
    zone = zone_of(subject.contact, subject.zone) if rules.hours else None
    earliest = max(nominal, now)
    at = next_opening(rules.hours, zone, earliest) if rules.hours and zone else earliest
    closes = windows.closes_at(subject.conversation, subject.account.assumptions, started_at)
    if closes is None:
        return Place(at, Placed.PUSHED if at > earliest else Placed.ON_TIME, open=False)
    last = closes - LEAD
    if at > last and rules.tolerance:
        target = last_moment(rules.hours, zone, last) if rules.hours and zone else last
        if target is not None and target >= max(nominal - rules.tolerance, now):
            return Place(target, Placed.PULLED_FORWARD, open=True)
    return Place(at, Placed.PUSHED if at > earliest else Placed.ON_TIME, open=at < closes - windows.SAFETY_MARGIN)


def planned(walk: Enrollment, plan: Sequence, subject: Subject, now: datetime) -> Enrollment:
    """The walk with its next step placed; plans without hours or tolerance keep their plain times."""
    if walk.state is not EnrollmentState.ACTIVE or not (plan.rules.hours or plan.rules.tolerance):
        return walk
    nominal = sequences.due_at(walk, plan)
    if nominal is None:
        return walk
    return replace(walk, next_due_at=place(nominal, plan.rules, subject, now, walk.started_at).at)


def forecast(walk: Enrollment, plan: Sequence, subject: Subject, now: datetime) -> list[Forecast]:
    """What would leave when, if nobody replies and nothing changes: the steps from the walk's next one on."""
    found: list[Forecast] = []
    while walk.state is EnrollmentState.ACTIVE and walk.position < len(plan.steps):
        step, nominal = plan.steps[walk.position], sequences.due_at(walk, plan)
        if nominal is None:
            break
        where = place(nominal, plan.rules, subject, now, walk.started_at)
        words = sequences.render(sequences.wording(step, walk), subject.contact)
        found.append(Forecast(walk.position, where, words))
        walk = sequences.advance(replace(walk, next_due_at=where.at), plan, where.at)
        now = max(now, where.at)
    return found
