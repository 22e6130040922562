"""Whose turn it is when something was said in several messages (reference 3, trap 12)."""

from datetime import timedelta
from typing import Any

import pytest

from crm.model.messages import Delivery, DeliveryStatus, Message
from crm.model.outbox import OutboxItem, OutboxState
from crm.policy.ordering import LOOK_EVERY, PATIENCE, Broken, Now, Wait, turn
from tests.builders import NOW, a_message, an_outbox_item


def before(state: OutboxState, status: DeliveryStatus, **times: Any) -> tuple[OutboxItem, Message]:
    return an_outbox_item(state=state), a_message(status=status, delivery=Delivery(**times))


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN])
def test_it_waits_while_the_one_before_is_under_way(state: OutboxState) -> None:
    assert turn(*before(state, DeliveryStatus.QUEUED), NOW) == Wait(NOW + LOOK_EVERY)


@pytest.mark.parametrize("status", [DeliveryStatus.DELIVERED, DeliveryStatus.READ])
def test_it_leaves_when_the_one_before_arrived_or_was_read_without_arriving(status: DeliveryStatus) -> None:
    assert turn(*before(OutboxState.ACCEPTED, status, accepted_at=NOW), NOW) == Now()


@pytest.mark.parametrize("status", [DeliveryStatus.ACCEPTED, DeliveryStatus.SENT])
def test_its_patience_ends(status: DeliveryStatus) -> None:
    one = before(OutboxState.ACCEPTED, status, accepted_at=NOW)
    almost = NOW + PATIENCE - timedelta(seconds=1)
    assert turn(*one, NOW) == Wait(NOW + LOOK_EVERY)
    assert turn(*one, almost) == Wait(NOW + PATIENCE)
    assert turn(*one, NOW + PATIENCE) == Now()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (OutboxState.FAILED, DeliveryStatus.FAILED),
        (OutboxState.CANCELLED, DeliveryStatus.CANCELLED),
        (OutboxState.HELD, DeliveryStatus.CANCELLED),
        (OutboxState.ACCEPTED, DeliveryStatus.FAILED),
    ],
)
def test_half_a_message_does_not_leave_by_itself(state: OutboxState, status: DeliveryStatus) -> None:
    assert turn(*before(state, status, accepted_at=NOW), NOW + PATIENCE) == Broken()


def test_a_forgotten_one_is_long_gone() -> None:
    assert turn(None, None, NOW) == Now()
