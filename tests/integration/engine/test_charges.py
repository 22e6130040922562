"""What Meta charges for is counted once a message, in whatever order, batches and repetitions its statuses come."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from bot.metrics import Metrics
from storage.database import Database
from tests.integration.engine.desk import NOON, envelope, heard, open_desk, typed


def priced(status: str, kind: str = "regular", category: str = "service", wamid: str = "wamid.E1") -> dict[str, Any]:
    change = heard(wamid, status, NOON + timedelta(minutes=1))
    change["statuses"][0]["pricing"] = {"billable": True, "pricing_model": "PMP", "type": kind, "category": category}
    return change


def metered(charges: list[Any]) -> dict[tuple[str, ...], float]:
    metrics = Metrics()
    metrics.charge(charges)
    found = {}
    for family in metrics.registry.collect():
        for each in family.samples:
            if each.name in ("centralita_cost_total", "centralita_unpriced_total"):
                found[(each.name.removeprefix("centralita_"), *each.labels.values())] = each.value
    return found


async def test_any_order_of_statuses_charges_once(database: Database) -> None:
    desk = await open_desk(database)
    arrived = heard("wamid.E1", "delivered", NOON + timedelta(minutes=1))
    orders = list(itertools.permutations([priced("sent"), arrived, priced("read")]))
    for number, order in enumerate(orders):
        wamid = f"wamid.E{number}"
        for change in order:
            change["statuses"][0]["id"] = wamid
        if number % 2:
            await desk.arrives(envelope(typed("Hola", NOON, wamid)), envelope(*order), envelope(*order))
        else:  # the statuses are parked until the message comes
            await desk.arrives(*[envelope(each) for each in order])
            await desk.arrives(envelope(typed("Hola", NOON, wamid)), envelope(order[0]))
        assert len(desk.meta.charges) == number + 1
    assert metered(desk.meta.charges) == {
        ("cost_total", "USD", "service", "regular"): pytest.approx(len(orders) * 0.0260)
    }


async def test_what_did_not_arrive_is_not_charged(database: Database) -> None:
    desk = await open_desk(database)
    failed = heard("wamid.E1", "failed", NOON + timedelta(minutes=1), code=131026)
    await desk.arrives(envelope(typed("Hola", NOON, "wamid.E1")), envelope(priced("sent")), envelope(failed))
    assert desk.meta.charges == []


@pytest.mark.parametrize(
    ("kind", "category", "told"),
    [
        ("free_customer_service", "service", {("cost_total", "USD", "service", "free_customer_service"): 0}),
        (
            "free_entry_point",
            "referral_conversion",
            {("cost_total", "USD", "referral_conversion", "free_entry_point"): 0},
        ),
        (
            "free_group_customer_service",
            "group_service",
            {("cost_total", "USD", "other", "free_group_customer_service"): 0},
        ),
        ("regular", "marketing", {("cost_total", "USD", "marketing", "regular"): pytest.approx(0.0618)}),
        ("regular", "authentication-international", {("unpriced_total", "authentication_international", "regular"): 1}),
        ("of_tomorrow", "news", {("unpriced_total", "other", "other"): 1}),
    ],
)
async def test_each_type_and_category_counts_as_it_is_charged(
    database: Database, kind: str, category: str, told: dict[tuple[str, ...], float]
) -> None:
    desk = await open_desk(database)
    await desk.arrives(envelope(typed("Hola", NOON, "wamid.E1")), envelope(priced("delivered", kind, category)))
    assert metered(desk.meta.charges) == told
