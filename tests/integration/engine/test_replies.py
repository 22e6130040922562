"""An agent's answer: queued or kept once however often it is handled, pointing at what it answers, and told of without noise."""

import asyncio
from datetime import timedelta

import pytest

from crm.effects import COOL_DOWN
from crm.model.agents import Agent, Order, Role
from crm.model.alerts import AlertKind, NoticeKind
from crm.model.answers import Held, Queued
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, open_desk, typed, wrote

ORDER = Order(1001, 55)
OTHER = "5491155551111"


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("¿Hay stock?", NOON, "wamid.1")))
    return desk


async def conversation_of(desk: Desk, phone: str = CUSTOMER) -> int:
    contact = (await desk.engine.contacts.find(desk.admin, phone))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id


async def said_to(desk: Desk, wamid: str) -> int:
    async with desk.database.read() as uow:
        return (await uow.messages.known([wamid]))[wamid].id


async def told(desk: Desk, kind: AlertKind) -> list[int | None]:
    """Who is to be told of alerts of this kind, as (agent) ids; each once."""
    now = desk.clock.now()
    async with desk.database.begin() as uow:
        claimed = await uow.notices.claim(now, now + timedelta(minutes=2), 500)
        await uow.notices.done([notice.id for notice in claimed])
    return [n.agent_id for n in claimed if n.kind is NoticeKind.ALERT and n.params["kind"] == kind.value]


# --- once --------------------------------------------------------------------------------------------------------------------


async def test_the_same_order_handled_twice_is_queued_once(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    first = await desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=ORDER)
    await desk.sends()
    second = await desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=ORDER)
    await desk.sends()
    assert isinstance(first, Queued)
    assert isinstance(second, Queued)
    assert first.outbox_id == second.outbox_id
    assert [parcel.text for parcel in desk.meta.sent] == ["Sí"]
    async with desk.database.read() as uow:
        assert (await uow.outbox.load([first.outbox_id]))[first.outbox_id].dedupe == "tg:1001:55"


async def test_the_same_order_handled_twice_is_kept_once(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    first = await desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=ORDER)
    assert isinstance(first, Held)
    await desk.engine.pending.skip(desk.agent, first.pending_id, 1)
    assert await desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=ORDER) == first
    assert (await desk.engine.pending.page(desk.agent)).total == 0


@pytest.mark.parametrize("hours", [1, 30], ids=["queued", "kept"])
async def test_the_same_order_handled_by_two_at_once_has_one_outcome(desk: Desk, hours: int) -> None:
    desk.clock.advance(hours=hours)
    conversation = await conversation_of(desk)
    replies = (desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=ORDER) for _ in range(5))
    outcomes = await asyncio.gather(*replies)
    assert len({repr(outcome) for outcome in outcomes}) == 1
    await desk.sends()
    assert len(desk.meta.sent) + (await desk.engine.pending.page(desk.agent)).total == 1


async def test_the_same_words_in_another_message_are_another_order(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    for number in (1, 2):
        await desk.engine.conversations.reply(desk.agent, conversation, "Sí", order=Order(1001, number))
    await desk.sends()
    desk.clock.advance(seconds=10)
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Sí", "Sí"]


# --- pointing at what it answers ---------------------------------------------------------------------------------------------


async def test_an_answer_quotes_the_customers_message_and_nothing_else(desk: Desk) -> None:
    await desk.arrives(
        envelope(typed("Buenas", NOON, "wamid.E1")), envelope(wrote("Otro", NOON, "wamid.O", wa_id=OTHER))
    )
    conversation = await conversation_of(desk)
    for wamid in ("wamid.1", "wamid.E1", "wamid.O"):
        answered = await said_to(desk, wamid)
        await desk.engine.conversations.reply(desk.admin, conversation, wamid, reply_to_message_id=answered)
    await desk.engine.conversations.reply(desk.admin, conversation, "nobody", reply_to_message_id=1)
    await desk.sends()
    quoted = {parcel.text: parcel.reply_to_wamid for parcel in desk.meta.sent}
    assert quoted == {"wamid.1": "wamid.1", "wamid.E1": None, "wamid.O": None, "nobody": None}


async def test_an_answer_that_had_to_wait_still_quotes_what_it_answers(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    answered = await said_to(desk, "wamid.1")
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Sí", reply_to_message_id=answered)
    assert isinstance(held, Held)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    await desk.sends()
    assert [(parcel.text, parcel.reply_to_wamid) for parcel in desk.meta.sent] == [("Sí", "wamid.1")]


# --- outside the window ------------------------------------------------------------------------------------------------------


async def eva_too(desk: Desk) -> Agent:
    return await desk.engine.agents.add(1009, Role.ADMIN, "Eva")


async def test_an_answer_into_a_closed_window_alerts_the_other_admins_once(desk: Desk) -> None:
    eva = await eva_too(desk)
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    await told(desk, AlertKind.OUTSIDE_WINDOW)
    for text in ("Uno", "Dos"):
        assert isinstance(await desk.engine.conversations.reply(desk.admin, conversation, text), Held)
    assert await told(desk, AlertKind.OUTSIDE_WINDOW) == [eva.id]
    (alert,) = (await desk.engine.alerts.page(eva)).alerts
    assert (alert.kind, alert.count) == (AlertKind.OUTSIDE_WINDOW, 2)


async def test_an_agents_answer_alerts_every_admin_and_another_conversation_is_another_alert(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.O", wa_id=OTHER)))
    desk.clock.advance(hours=30)
    await told(desk, AlertKind.OUTSIDE_WINDOW)
    for phone in (CUSTOMER, OTHER):
        await desk.engine.conversations.reply(desk.agent, await conversation_of(desk, phone), "Tarde")
    assert await told(desk, AlertKind.OUTSIDE_WINDOW) == [desk.admin.id, desk.admin.id]


async def test_an_alert_that_was_seen_is_not_raised_again_before_its_cool_down_is_over(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    await desk.engine.conversations.reply(desk.agent, conversation, "Uno")
    (alert,) = (await desk.engine.alerts.page(desk.admin)).alerts
    await desk.engine.alerts.acknowledge(desk.admin, alert.id)
    await told(desk, AlertKind.OUTSIDE_WINDOW)
    await desk.engine.conversations.reply(desk.agent, conversation, "Dos")
    assert await told(desk, AlertKind.OUTSIDE_WINDOW) == []
    assert (await desk.engine.alerts.page(desk.admin)).alerts == ()
    desk.clock.advance(seconds=COOL_DOWN.total_seconds())
    await desk.engine.conversations.reply(desk.agent, conversation, "Tres")
    assert await told(desk, AlertKind.OUTSIDE_WINDOW) == [desk.admin.id]
