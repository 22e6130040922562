"""What kinds of message do to the state: opting out by a button, reactions and changes on messages of ours, a played voice note."""

from datetime import timedelta
from typing import Any

import pytest

from crm.model.messages import DeliveryStatus, Message
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, came, envelope, heard, open_desk, typed, wrote


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def recent(desk: Desk) -> dict[str, Message]:
    contact = (await desk.engine.contacts.find(desk.admin, ""))[0]
    card = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]
    return {message.wamid or "": message for message in card.recent}


@pytest.mark.parametrize(
    ("kind", "content", "out"),
    [
        ("button", {"payload": "STOP", "text": "No más ofertas"}, True),
        ("button", {"payload": "promo-7", "text": "Baja"}, True),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "stop", "title": "Dejar de recibir"}}, True),
        ("button", {"payload": "STOP-BY-THE-SHOP", "text": "Paso por la tienda"}, False),
    ],
)
async def test_a_button_that_stands_for_an_opt_out_word_opts_out(
    desk: Desk, kind: str, content: dict[str, Any], out: bool
) -> None:
    await desk.arrives(envelope(came(kind, content, NOON, "wamid.B")))
    (contact,) = await desk.engine.contacts.find(desk.admin, "")
    assert contact.opted_out is out


async def test_a_played_voice_note_counts_as_read_and_keeps_its_own_time(desk: Desk) -> None:
    await desk.arrives(
        envelope(
            wrote("Hola", NOON, "wamid.1"),
            typed("Escucha", NOON, "wamid.E"),
            heard("wamid.E", "played", NOON + timedelta(minutes=2)),
            heard("wamid.E", "delivered", NOON + timedelta(minutes=1)),
        )
    )
    message = (await recent(desk))["wamid.E"]
    assert message.status is DeliveryStatus.READ
    assert message.delivery.played_at == NOON + timedelta(minutes=2)
    assert message.delivery.read_at is None


async def test_the_newest_reaction_counts_however_late_an_older_one_comes(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1"), typed("¿Sí?", NOON, "wamid.E")))
    desk.clock.advance(hours=1)
    newer = came("reaction", {"message_id": "wamid.E"}, NOON + timedelta(minutes=2), "wamid.R2")
    older = came("reaction", {"message_id": "wamid.E", "emoji": "👍"}, NOON + timedelta(minutes=1), "wamid.R1")
    await desk.arrives(envelope(newer))
    await desk.arrives(envelope(older))
    message = (await recent(desk))["wamid.E"]
    assert (message.reaction, message.reaction_at) == (None, NOON + timedelta(minutes=2))


async def test_a_reaction_that_overtakes_the_answer_to_our_send_is_not_lost(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    (contact,) = await desk.engine.contacts.find(desk.admin, CUSTOMER)
    talk = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation
    await desk.engine.conversations.reply(desk.agent, talk.id, "¿Sí?")
    await desk.arrives(envelope(came("reaction", {"message_id": "wamid.OUT1", "emoji": "👍"}, NOON, "wamid.R1")))
    await desk.sends()
    assert (await recent(desk))["wamid.OUT1"].reaction == "👍"


async def test_a_reaction_is_heard_but_opens_no_window(desk: Desk) -> None:
    await desk.plan("Uno", "Dos")
    await desk.arrives(envelope(typed("Hola, soy Ana", NOON, "wamid.E")))
    await desk.arrives(envelope(came("reaction", {"message_id": "wamid.E", "emoji": "👍"}, NOON, "wamid.R1")))
    contact = (await desk.engine.contacts.find(desk.admin, CUSTOMER))[0]
    card = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]
    assert card.conversation.last_inbound_at is None
    assert card.conversation.first_inbound_at == NOON


async def test_what_is_new_to_this_version_is_kept_counted_and_told_by_kind(desk: Desk) -> None:
    """It is never an error; what has no effect by design, or names a stranger's number, is not called new."""
    strange = [{"field": "from_the_future", "n": number} for number in range(3)]
    group = {"field": "group_lifecycle_update", "groups": []}
    stray = came("text", {"body": "Hola"}, NOON, "wamid.S")
    stray["metadata"] = {"phone_number_id": "1"}
    await desk.arrives(envelope(*strange, {"field": "poll_votes"}, group, stray))
    status = await desk.engine.reports.status(None)
    assert status.elements == {"unknown": 5, "kept": 1}
    assert [(each.kind, each.count) for each in status.new_kinds] == [("from_the_future", 3), ("poll_votes", 1)]
    assert status.webhooks["dead"] == 0
    assert status.as_json()["new_kinds"][0]["kind"] == "from_the_future"
    assert (await desk.engine.reports.glance(desk.admin)).new_kinds == status.new_kinds
    assert len(await desk.engine.housekeeping.new_kinds(1)) == 1
