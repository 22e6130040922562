"""Budgets: what is on its way counts, replies always leave, a template that goes beyond waits for somebody who knows that it does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.model.alerts import AlertKind
from crm.model.costs import Budgets, Part, Spending
from crm.model.pending import PendingReason
from crm.model.records import replace
from crm.services.template_sends import Target
from storage.database import Database
from tests.integration.engine.desk import NOON, PHONE_ID, Desk, envelope, heard, open_desk, wrote
from tests.integration.engine.test_charges import priced
from tests.integration.engine.test_costs import spent
from tests.integration.engine.test_templates import cards, known, listed, queue

MINUTE = timedelta(minutes=1)
NOTHING = Decimal(0)
PRICE = Decimal("0.0260")
"""Of a utility template to Argentina."""


async def shop(database: Database, **budgets: Any) -> Desk:
    desk = await open_desk(database, budgets=Budgets(**budgets))
    desk.meta.found = [listed()]
    await desk.engine.templates.refresh()
    await desk.arrives(envelope(wrote("Hola", NOON - timedelta(days=3), "wamid.IN")))
    return desk


async def spending(desk: Desk) -> Spending:
    (found,) = (await desk.engine.costs.month(desk.admin, Part.CATEGORY)).budgets
    return found


async def told(desk: Desk) -> list[tuple[int, str]]:
    page = await desk.engine.alerts.page(desk.admin, None)
    return sorted(
        (each.params["percent"], each.severity.value) for each in page.alerts if each.kind is AlertKind.BUDGET
    )


@pytest.mark.parametrize("of", ["together", "of_numbers"])
async def test_what_goes_beyond_a_budget_waits_and_leaves_when_somebody_knows(database: Database, of: str) -> None:
    limit: Any = 3 * PRICE
    desk = await shop(database, **{of: limit if of == "together" else {PHONE_ID: limit}})
    for name in ("Ana", "Leo", "Eva", "Mía"):
        await queue(desk, name)
        desk.clock.advance(minutes=1)
        await desk.sends()
    assert len(desk.meta.sent) == 3
    (card,) = await cards(desk)
    assert (card.reason, card.text) == (PendingReason.BUDGET, "Hola Mía, ¿seguimos?")
    assert ((await spending(desk)).charged, (await spending(desk)).ahead) == (NOTHING, 3 * PRICE)
    assert await told(desk) == [(100, "critical")]

    target = Target(pending_id=card.id, version=card.version)
    template = (await known(desk)).id
    filling = await desk.engine.template_sends.begin(desk.agent, target, template)
    look = await desk.engine.template_sends.prepare(desk.agent, target, template, filling.values)
    await desk.engine.template_sends.confirm(desk.agent, look.token)
    desk.clock.advance(minutes=1)
    await desk.sends()
    assert len(desk.meta.sent) == 4
    assert await cards(desk) == []
    assert (await spending(desk)).ahead == 4 * PRICE


async def test_a_commitment_becomes_a_charge_or_ends_with_its_message(database: Database) -> None:
    desk = await shop(database, together=Decimal(1))
    await queue(desk, "Ana")
    await desk.sends()
    desk.clock.advance(minutes=1)
    await queue(desk, "Leo")
    await desk.sends()
    assert (await spending(desk)).ahead == 2 * PRICE
    await desk.arrives(
        envelope(priced("delivered", category="utility", wamid="wamid.OUT1")),
        envelope(heard("wamid.OUT2", "failed", NOON + MINUTE, code=131026)),
    )
    assert ((await spending(desk)).charged, (await spending(desk)).ahead) == (PRICE, NOTHING)


async def test_replies_and_what_is_free_leave_whatever_was_spent(database: Database) -> None:
    desk = await shop(database, together=PRICE)
    await spent(desk, {"amount": Decimal(5)})
    await desk.arrives(envelope(wrote("¿Están?", NOON, "wamid.2")))
    (leo,) = await desk.engine.contacts.find(desk.admin, "")
    (talk,) = (await desk.engine.contacts.card(desk.admin, leo.id)).conversations
    await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "Sí")
    await desk.sends()
    async with desk.database.begin() as uow:
        free = (await uow.conversations.load([talk.conversation.id]))[talk.conversation.id]
        await uow.conversations.save(changed=[replace(free, free_entry_until=NOON + timedelta(days=2))])
    await queue(desk, "Leo")
    desk.clock.advance(minutes=1)
    await desk.sends()
    assert len(desk.meta.sent) == 2
    assert await cards(desk) == []


async def test_each_level_is_told_once_a_month(database: Database) -> None:
    desk = await shop(database, together=Decimal(10))
    assert await desk.engine.costs.watch() == {"told": 0}
    await spent(desk, {"amount": Decimal("7.99")})
    assert await desk.engine.costs.watch() == {"told": 0}
    await spent(desk, {"amount": Decimal("0.01")})
    assert await desk.engine.costs.watch() == {"told": 1}
    (alert,) = (await desk.engine.alerts.page(desk.admin, None)).alerts
    await desk.engine.alerts.acknowledge(desk.admin, alert.id)
    desk.clock.advance(hours=9)
    assert await desk.engine.costs.watch() == {"told": 0}
    await spent(desk, {"amount": Decimal(2)}, {"amount": Decimal(9), "currency": "ARS"})
    assert await desk.engine.costs.watch() == {"told": 1}
    assert await told(desk) == [(100, "critical")]
    desk.clock.at = NOON + timedelta(days=10)
    assert await desk.engine.costs.watch() == {"told": 0}
    await spent(desk, {"amount": Decimal(9), "at": NOON + timedelta(days=9)})
    assert await desk.engine.costs.watch() == {"told": 1}
