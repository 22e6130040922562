"""When the next part of what was said in several messages may leave.

Meta does not keep the order of several sends (reference 3, trap 12): the one before must have been delivered or read, for `delivered`
may be skipped. Somebody whose phone is off must not wait for ever for the second half, nor may it come first when they are back: a
phone that was off gets what waits in the order in which Meta took it, so a moment's distance is enough there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.model.messages import DeliveryStatus, Message
from crm.model.outbox import OutboxItem, OutboxState

PATIENCE = timedelta(seconds=20)
"""So long after Meta took it, a part that has not arrived holds the next one up no longer."""
LOOK_EVERY = timedelta(seconds=2)
UNDER_WAY = frozenset({OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN})
ARRIVED = frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.READ})


@dataclass(frozen=True, slots=True)
class Now:
    """It may leave."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """The one before never left: half a message must not leave by itself."""


def turn(before: OutboxItem | None, message: Message | None, now: datetime) -> Now | Wait | Broken:
    """Is it its turn? `before` is the item that it stands after, `message` that one's message; a forgotten one is long gone."""
    if before is None or message is None:
        return Now()
    if before.state in UNDER_WAY:
        return Wait(now + LOOK_EVERY)
    if before.state is not OutboxState.ACCEPTED or message.status is DeliveryStatus.FAILED:
        return Broken()
    patience = (message.delivery.accepted_at or message.at) + PATIENCE
    if message.status in ARRIVED or now >= patience:
        return Now()
    return Wait(min(now + LOOK_EVERY, patience))
