"""What a period cost, as people are told it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.model.costs import Part, Total
from storage.database import Database
from tests.builders import a_charge
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote

DAY = timedelta(days=1)


async def spent(desk: Desk, *charges: dict[str, Any]) -> None:
    async with desk.database.begin() as uow:
        await uow.ledger.add([a_charge(**{"account_id": desk.account.id, "at": NOON} | each) for each in charges])


def dollars(key: str | None, amount: str, messages: int, free: int = 0, unpriced: int = 0) -> Total:
    return Total(key, "USD", Decimal(amount), messages, free, unpriced)


async def test_a_month_is_told_by_each_of_its_parts(database: Database) -> None:
    desk = await open_desk(database)
    await spent(
        desk,
        {},
        {"at": NOON - DAY, "category": "service", "amount": Decimal("0.0260")},
        {"category": "service", "type": "free_customer_service", "amount": Decimal(0), "market": "Spain"},
        {"category": "news", "amount": None},
        {"at": NOON - 30 * DAY},
        {"at": NOON + 8 * DAY},
    )
    found = await desk.engine.costs.month(desk.admin, Part.CATEGORY)
    assert found.totals == (
        dollars("marketing", "0.0618", 1),
        dollars("news", "0", 1, unpriced=1),
        dollars("service", "0.0260", 2, free=1),
    )
    assert found.whole == (dollars(None, "0.0878", 4, free=1, unpriced=1),)
    assert found.yesterday == (dollars(None, "0.0260", 1),)
    by_number = await desk.engine.costs.month(None, Part.ACCOUNT)
    assert by_number.names == {str(desk.account.id): desk.account.name}
    assert [each.key for each in (await desk.engine.costs.month(None, Part.MARKET)).totals] == ["Argentina", "Spain"]
    assert [each.key for each in (await desk.engine.costs.month(None, Part.SEQUENCE)).totals] == [None]
    days = await desk.engine.costs.between(None, Part.DAY, date(2026, 11, 20), date(2026, 11, 24))
    assert [each.key for each in days.totals] == ["2026-11-23", "2026-11-24"]
    assert days.whole == found.whole
    assert (await desk.engine.costs.month(None, Part.CATEGORY, account_id=99)).totals == ()
    assert (await desk.engine.costs.lately(desk.admin, Part.CATEGORY, 1)).whole[0].messages == 3


async def test_what_steps_cost_is_their_sequence_s(database: Database) -> None:
    desk = await open_desk(database)
    plan = await desk.plan("Hola")
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    (leo,) = await desk.engine.contacts.find(desk.admin, "")
    (talk,) = (await desk.engine.contacts.card(desk.admin, leo.id)).conversations
    (walk,) = talk.walks
    await spent(desk, {"enrollment_id": walk.enrollment.id}, {"enrollment_id": walk.enrollment.id}, {})
    found = await desk.engine.costs.month(desk.admin, Part.SEQUENCE)
    assert found.totals == (dollars(str(plan.id), "0.1236", 2), dollars(None, "0.0618", 1))
    assert found.names == {str(plan.id): "Bienvenida"}
