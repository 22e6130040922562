"""Contents from an agent's hand to Meta's: queued or kept like words, said once, in order, and never a card for a mere reaction."""

from datetime import timedelta

import pytest

from crm.errors import Conflict, NotFound, Refused, SendRejected, SendUncertain
from crm.model.agents import Order
from crm.model.answers import Held, Queued
from crm.model.contents import Buttons, Choice, Content, Reaction, kind_of, text_of
from crm.model.messages import DeliveryStatus, Message
from crm.model.outbox import OutboxItem, OutboxState
from crm.model.pending import PendingReason, PendingState
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, heard, open_desk, stamp, typed, wrote
from tests.unit.contents import BUTTONS, EVERY, LINK, MENU, PEOPLE, PLACE

ORDER = Order(1001, 55)
SENDABLE = [each for each in EVERY if not isinstance(each, Reaction)]


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


async def kept(desk: Desk, number: int) -> tuple[OutboxItem, Message]:
    async with desk.database.read() as uow:
        return (await uow.outbox.load([number]))[number], (await uow.messages.load([number]))[number]


# --- like words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", SENDABLE)
async def test_each_content_leaves_whole_and_quotes(desk: Desk, content: Content) -> None:
    conversation = await conversation_of(desk)
    answered = await said_to(desk, "wamid.1")
    queued = await desk.engine.conversations.say(desk.agent, conversation, content, answered, ORDER)
    assert isinstance(queued, Queued)
    await desk.sends()
    assert [(p.content, p.reply_to_wamid) for p in desk.meta.sent] == [(content, "wamid.1")]
    _, message = await kept(desk, queued.outbox_id)
    assert (message.kind, message.text, message.status) == (
        kind_of(content),
        text_of(content),
        DeliveryStatus.ACCEPTED,
    )


@pytest.mark.parametrize("content", SENDABLE)
async def test_each_content_waits_whole_while_the_window_is_closed(desk: Desk, content: Content) -> None:
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    answered = await said_to(desk, "wamid.1")
    held = await desk.engine.conversations.say(desk.agent, conversation, content, answered, ORDER)
    assert isinstance(held, Held)
    assert await desk.engine.conversations.say(desk.agent, conversation, content, answered, ORDER) == held
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    await desk.sends()
    assert [(p.content, p.reply_to_wamid) for p in desk.meta.sent] == [(content, "wamid.1")]


async def test_what_closed_on_the_way_out_waits_whole(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    await desk.engine.conversations.say(desk.agent, conversation, MENU, await said_to(desk, "wamid.1"))
    desk.clock.advance(hours=30)
    await desk.sends()
    ((card, _),) = (await desk.engine.pending.page(desk.agent)).lines
    assert (card.content, card.reply_to_wamid, card.text) == (MENU, "wamid.1", text_of(MENU))


async def test_what_whatsapp_would_not_take_is_refused_before_anything_is_written(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    wrong = Buttons("¿Sí?", (Choice("y", "x" * 21),))
    for ask in (desk.engine.conversations.say(desk.agent, conversation, wrong, None, ORDER),):
        with pytest.raises(Refused, match="content-too-long"):
            await ask
    with pytest.raises(Refused, match="content-too-long"):
        desk.engine.conversations.fitted(desk.agent, wrong)
    await desk.sends()
    assert desk.meta.sent == []


async def test_the_phones_echo_of_a_content_proves_that_it_left(desk: Desk) -> None:
    """The answer of the call was lost; what Meta tells of it later has the same words (reference, trap 8)."""
    conversation = await conversation_of(desk)
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    queued = await desk.engine.conversations.say(desk.agent, conversation, PLACE)
    assert isinstance(queued, Queued)
    await desk.sends()
    place = {"latitude": PLACE.latitude, "longitude": PLACE.longitude, "name": PLACE.name, "address": PLACE.address}
    echo = {"from": "15550783881", "to": CUSTOMER, "id": "wamid.E", "timestamp": stamp(NOON), "type": "location"}
    await desk.arrives(envelope({**typed("", NOON, "x"), "message_echoes": [{**echo, "location": place}]}))
    item, message = await kept(desk, queued.outbox_id)
    assert (item.state, message.wamid) == (OutboxState.ACCEPTED, "wamid.E")


async def test_a_text_that_reads_like_a_place_proves_nothing(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    queued = await desk.engine.conversations.say(desk.agent, conversation, PLACE)
    assert isinstance(queued, Queued)
    await desk.sends()
    await desk.arrives(envelope(typed(text_of(PLACE), NOON, "wamid.E")))
    item, _ = await kept(desk, queued.outbox_id)
    assert item.state is OutboxState.UNKNOWN


async def test_buttons_typed_by_hand_close_their_card(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    held = await desk.engine.conversations.say(desk.agent, await conversation_of(desk), BUTTONS)
    assert isinstance(held, Held)
    await desk.arrives(envelope(typed(text_of(BUTTONS), desk.clock.now(), "wamid.E")))
    card = (await desk.engine.pending.card(desk.admin, held.pending_id)).pending
    assert card.state is PendingState.BY_HAND


# --- reactions ---------------------------------------------------------------------------------------------------------------


async def test_a_reaction_is_put_changed_and_taken_back(desk: Desk) -> None:
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    for emoji in ("👍", "❤️", ""):
        await desk.engine.conversations.react(desk.agent, conversation, message, emoji)
        await desk.sends()
    assert [p.content for p in desk.meta.sent] == [Reaction("wamid.1", emoji) for emoji in ("👍", "❤️", "")]


async def test_only_the_newest_reaction_leaves(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Otra cosa", NOON, "wamid.2")))
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    await desk.engine.conversations.react(desk.agent, conversation, await said_to(desk, "wamid.2"), "🙏")
    first = await desk.engine.conversations.react(desk.agent, conversation, message, "👍")
    await desk.engine.conversations.react(desk.agent, conversation, message, "❤️")
    await desk.sends()
    assert [p.content for p in desk.meta.sent] == [Reaction("wamid.2", "🙏"), Reaction("wamid.1", "❤️")]
    item, told = await kept(desk, first.outbox_id)
    assert (item.state, told.status) == (OutboxState.CANCELLED, DeliveryStatus.CANCELLED)


async def test_the_same_reaction_handled_twice_leaves_once(desk: Desk) -> None:
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    await desk.engine.conversations.react(desk.agent, conversation, message, "👍", "tg-r:7")
    await desk.sends()
    with pytest.raises(Conflict):
        await desk.engine.conversations.react(desk.agent, conversation, message, "👍", "tg-r:7")
    await desk.sends()
    assert len(desk.meta.sent) == 1


async def test_a_reaction_needs_the_window_and_a_customers_message_of_late(desk: Desk) -> None:
    await desk.arrives(envelope(typed("Buenas", NOON, "wamid.E1")))
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    react = desk.engine.conversations.react
    for wrong in (await said_to(desk, "wamid.E1"), 1):
        with pytest.raises(Refused, match="content-no-message"):
            await react(desk.agent, conversation, wrong, "👍")
    with pytest.raises(Refused, match="content-emoji"):
        await react(desk.agent, conversation, message, "ok")
    with pytest.raises(NotFound):
        await react(desk.agent, 1, message, "👍")
    desk.clock.advance(hours=30)
    with pytest.raises(Refused, match="reaction-window-closed"):
        await react(desk.agent, conversation, message, "👍")
    desk.clock.advance(hours=30 * 24)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    with pytest.raises(Refused, match="content-no-message"):
        await react(desk.agent, conversation, message, "👍")
    assert (await desk.engine.pending.page(desk.admin)).total == 0


async def test_a_reaction_that_came_too_late_asks_nobody(desk: Desk) -> None:
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    queued = await desk.engine.conversations.react(desk.agent, conversation, message, "👍")
    desk.clock.advance(hours=30)
    await desk.sends()
    item, told = await kept(desk, queued.outbox_id)
    assert (item.state, told.status) == (OutboxState.CANCELLED, DeliveryStatus.CANCELLED)
    assert (await desk.engine.pending.page(desk.admin)).total == 0


async def test_a_reaction_without_an_answer_asks_nobody(desk: Desk) -> None:
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    queued = await desk.engine.conversations.react(desk.agent, conversation, message, "👍")
    await desk.sends()
    desk.clock.advance(minutes=20)
    assert await desk.engine.outbox.reconcile() == {"lost": 0, "asked": 0}
    assert (await kept(desk, queued.outbox_id))[0].state is OutboxState.FAILED
    assert (await desk.engine.pending.page(desk.admin)).total == 0


async def test_a_reaction_that_meta_found_outside_the_window_asks_nobody(desk: Desk) -> None:
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    desk.meta.refuse = lambda parcel: SendRejected("window-closed", meta_code=131047)
    await desk.engine.conversations.react(desk.agent, conversation, message, "👍")
    await desk.sends()
    assert (await desk.engine.pending.page(desk.admin)).total == 0


async def test_reactions_that_only_were_sent_are_no_sign_of_a_block(desk: Desk) -> None:
    """Meta tells of a reaction only that it was sent (reference 1.2); three of them must not look like three lost messages."""
    conversation, message = await conversation_of(desk), await said_to(desk, "wamid.1")
    for place, emoji in enumerate(("👍", "❤️", "🙏"), 1):
        desk.clock.advance(minutes=1)
        await desk.engine.conversations.react(desk.agent, conversation, message, emoji)
        await desk.sends()
        await desk.arrives(envelope(heard(f"wamid.OUT{place}", "sent", desk.clock.now())))
    async with desk.database.read() as uow:
        assert await uow.blocks.evidence(desk.clock.now() + timedelta(days=9), 0, 10) == []


# --- long texts --------------------------------------------------------------------------------------------------------------

LONG = "\n\n".join(f"{letter} {letter * 3_000}" for letter in "abc")


async def test_a_long_text_leaves_in_parts_each_after_the_one_before_arrived(desk: Desk) -> None:
    conversation, answered = await conversation_of(desk), await said_to(desk, "wamid.1")
    first = await desk.engine.conversations.reply(desk.agent, conversation, LONG, answered, ORDER)
    again = await desk.engine.conversations.reply(desk.agent, conversation, LONG, answered, ORDER)
    assert isinstance(first, Queued)
    assert isinstance(again, Queued)
    assert first.outbox_id == again.outbox_id
    await desk.engine.outbox.due()
    for letter, place in (("a", 1), ("b", 2), ("c", 3)):
        await desk.sends()
        assert [p.text[0] for p in desk.meta.sent] == list("abc"[:place])
        await desk.arrives(envelope(heard(f"wamid.OUT{place}", "delivered", desk.clock.now())))
        desk.clock.advance(seconds=3)
        assert letter == desk.meta.sent[-1].text[0]
    assert [p.reply_to_wamid for p in desk.meta.sent] == ["wamid.1", None, None]
    assert "\n\n".join(p.text for p in desk.meta.sent) == LONG


async def test_a_part_that_does_not_arrive_holds_the_next_up_for_twenty_seconds(desk: Desk) -> None:
    await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), LONG)
    sent: list[int] = []
    for _ in range(60):
        await desk.sends()
        sent.append(len(desk.meta.sent))
        desk.clock.advance(seconds=1)
    assert (sent[0], sent[15], sent[25], sent[55]) == (1, 1, 2, 3)


async def test_the_rest_of_a_text_whose_beginning_failed_waits_for_a_person(desk: Desk) -> None:
    await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), LONG)
    desk.meta.refuse = lambda parcel: SendRejected("undeliverable", meta_code=131026)
    for _ in range(5):
        await desk.sends()
        desk.clock.advance(seconds=5)
    assert desk.meta.sent == []
    cards = (await desk.engine.pending.page(desk.admin)).lines
    assert [(card.text[0], card.reason) for card, _ in cards] == [
        ("b", PendingReason.REJECTED_BY_META),
        ("c", PendingReason.REJECTED_BY_META),
    ]


async def test_a_long_text_waits_as_one_card_and_leaves_in_parts(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    held = await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), LONG)
    assert isinstance(held, Held)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    for _ in range(60):
        await desk.sends()
        desk.clock.advance(seconds=1)
    assert "\n\n".join(p.text for p in desk.meta.sent) == LONG


async def test_a_text_that_no_number_of_messages_holds_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="text-too-long"):
        await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), "x" * 40_961)


async def test_other_conversations_do_not_wait_for_a_part(desk: Desk) -> None:
    other = "5491155551111"
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.O", wa_id=other)))
    await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), LONG)
    await desk.engine.conversations.say(desk.agent, await conversation_of(desk, other), LINK)
    await desk.engine.conversations.say(desk.agent, await conversation_of(desk, other), PEOPLE)
    await desk.sends()
    assert [p.content for p in desk.meta.sent] == [None, LINK, PEOPLE]


# --- held by Meta --------------------------------------------------------------------------------------------------------------


async def a_held_message(desk: Desk) -> int:
    """An answer that Meta took and keeps back."""
    desk.meta.held = True
    queued = await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), "Oferta")
    assert isinstance(queued, Queued)
    await desk.sends()
    return queued.outbox_id


async def test_what_meta_holds_for_quality_says_so_until_it_is_sent(desk: Desk) -> None:
    number = await a_held_message(desk)
    item, message = await kept(desk, number)
    assert (item.state, message.status, message.wamid) == (OutboxState.ACCEPTED, DeliveryStatus.ACCEPTED, "wamid.OUT1")
    assert message.held_by_meta
    await desk.arrives(envelope(heard("wamid.OUT1", "sent", desk.clock.now())))
    _, message = await kept(desk, number)
    assert (message.status, message.held_by_meta) == (DeliveryStatus.SENT, False)


async def test_what_meta_drops_after_holding_it_fails(desk: Desk) -> None:
    number = await a_held_message(desk)
    await desk.arrives(envelope(heard("wamid.OUT1", "failed", desk.clock.now(), code=132015)))
    item, message = await kept(desk, number)
    assert (item.state, message.status, message.held_by_meta) == (OutboxState.FAILED, DeliveryStatus.FAILED, False)


async def test_what_meta_holds_is_no_sign_of_a_block(desk: Desk) -> None:
    for _ in range(3):
        await a_held_message(desk)
        desk.clock.advance(minutes=1)
    async with desk.database.read() as uow:
        assert await uow.blocks.evidence(desk.clock.now() + timedelta(days=9), 0, 10) == []
