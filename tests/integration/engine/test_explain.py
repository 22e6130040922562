"""`/why` over the real engine: what happened is explained by what the rules did, and only to who may see it."""

from datetime import timedelta

import pytest

from crm.errors import NotFound
from crm.model.agents import Role
from crm.model.explanations import Explanation, Link
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote

HOUR = timedelta(hours=1)


async def with_leo(database: Database) -> tuple[Desk, int, int]:
    """A desk to which Leo has written an hour ago; his contact and his conversation."""
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("Hola", NOON - HOUR, "wamid.L1")))
    (leo,) = await desk.engine.contacts.find(desk.admin, "Leo")
    (talk,) = (await desk.engine.contacts.card(desk.admin, leo.id)).conversations
    return desk, leo.id, talk.conversation.id


def link(found: list[Explanation], code: str) -> Link:
    (one,) = [each for each in found[0].links if each.code == code]
    return one


async def test_an_answer_is_explained_from_its_wish_to_its_arrival(database: Database) -> None:
    desk, leo, talk = await with_leo(database)
    queued = await desk.engine.conversations.reply(desk.agent, talk, "Sí")
    waiting = await desk.engine.explain.contact(desk.admin, leo)
    assert link(waiting, "queued").facts["origin"] == "reply"
    await desk.sends()
    assert [each.code for each in (await desk.engine.explain.contact(desk.admin, leo))[0].links][-1] == "nothing"
    told = await desk.engine.explain.message(desk.admin, queued.outbox_id)  # type: ignore[union-attr]
    assert link(told, "message-out").facts["agent"] == desk.agent.name
    assert link(told, "message-basis").facts["basis"] == "customer_message"
    assert link(told, "message-on-its-way").facts["long"] is False


async def test_a_card_is_explained_by_the_window_that_closed(database: Database) -> None:
    desk, leo, talk = await with_leo(database)
    desk.clock.advance(hours=30)
    held = await desk.engine.conversations.reply(desk.agent, talk, "Tarde")
    told = await desk.engine.explain.card(desk.admin, held.pending_id)  # type: ignore[union-attr]
    assert link(told, "must-ask").facts == {"since": NOON + 23 * HOUR}
    assert link(told, "card").facts["reason"] == "window_closed"
    assert told == await desk.engine.explain.contact(None, leo)


async def test_nobody_is_told_of_what_is_not_theirs(database: Database) -> None:
    desk, leo, talk = await with_leo(database)
    await desk.engine.conversations.assign(desk.admin, talk, desk.agent.id)
    queued = await desk.engine.conversations.reply(desk.agent, talk, "Sí")
    other = await desk.engine.agents.add(1003, Role.AGENT, "Otra")
    for look, subject in (
        (desk.engine.explain.contact, leo),
        (desk.engine.explain.conversation, talk),
        (desk.engine.explain.message, queued.outbox_id),  # type: ignore[union-attr]
        (desk.engine.explain.message, 404),
        (desk.engine.explain.card, 404),
    ):
        with pytest.raises(NotFound):
            await look(other, subject)


async def test_whoever_was_erased_is_nobody_to_explain(database: Database) -> None:
    desk, leo, talk = await with_leo(database)
    async with database.read() as uow:
        (message,) = await uow.messages.recent(talk, 1)
    await desk.engine.erasure.erase(None, leo)
    for look, subject in (
        (desk.engine.explain.contact, leo),
        (desk.engine.explain.conversation, talk),
        (desk.engine.explain.message, message.id),
    ):
        with pytest.raises(NotFound):
            await look(None, subject)
