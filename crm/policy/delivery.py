"""How far a message got, from statuses that arrive in any order, twice, or with one missing.

Each status only ever adds its earliest time; what they amount to is read off the set. So any permutation ends the same. When both
`delivered` and `failed` come for one message, delivered wins (Meta's support page, reference 1.2). `read` may come without `delivered`.
"""

from datetime import datetime

from crm.model.messages import Delivery, DeliveryStatus
from crm.model.records import replace


def merge(
    known: Delivery,
    status: DeliveryStatus,
    at: datetime,
    error_code: int | None = None,
    error_detail: str | None = None,
) -> Delivery:
    """Add one status."""
    match status:
        case DeliveryStatus.SENT:
            return replace(known, sent_at=_earlier(known.sent_at, at))
        case DeliveryStatus.DELIVERED:
            return replace(known, delivered_at=_earlier(known.delivered_at, at))
        case DeliveryStatus.READ:
            return replace(known, read_at=_earlier(known.read_at, at))
        case DeliveryStatus.PLAYED:
            return replace(known, played_at=_earlier(known.played_at, at))
        case DeliveryStatus.ACCEPTED:
            return replace(known, accepted_at=_earlier(known.accepted_at, at))
        case DeliveryStatus.FAILED:
            if known.failed_at is not None and (known.failed_at, known.error_code or 0) <= (at, error_code or 0):
                return known
            return replace(known, failed_at=at, error_code=error_code, error_detail=error_detail)
        case DeliveryStatus.RECEIVED | DeliveryStatus.QUEUED | DeliveryStatus.CANCELLED:
            return known


def status(known: Delivery) -> DeliveryStatus:
    """What all the statuses amount to, for an outgoing message."""
    if known.read_at or known.played_at:
        return DeliveryStatus.READ
    if known.delivered_at:
        return DeliveryStatus.DELIVERED
    if known.failed_at:
        return DeliveryStatus.FAILED
    if known.sent_at:
        return DeliveryStatus.SENT
    return DeliveryStatus.ACCEPTED if known.accepted_at else DeliveryStatus.QUEUED


def stronger(left: DeliveryStatus, right: DeliveryStatus) -> DeliveryStatus:
    """What counts of two words about one outgoing message whose times are not all known: the order of `status`."""
    return min(left, right, key=_STRENGTH.index)


_STRENGTH = (
    DeliveryStatus.READ,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.SENT,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.QUEUED,
    DeliveryStatus.CANCELLED,
    DeliveryStatus.RECEIVED,
)


def arrived(known: Delivery) -> datetime | None:
    """When we know that it reached the phone, if it did."""
    times = [at for at in (known.delivered_at, known.read_at, known.played_at) if at is not None]
    return min(times) if times else None


def _earlier(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)
