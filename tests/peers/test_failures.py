"""Threads 46 to 54: what Meta refuses, and who is told."""

from datetime import timedelta

import pytest

from bot.whatsapp.errors import classify
from crm.model.conversations import BlockState
from crm.model.messages import DeliveryStatus
from crm.model.outbox import OutboxState, Parcel
from tests.integration.engine.desk import NOON, Desk, envelope, heard, wrote
from tests.peers.suffering import alerts, answer, hello, sent_as, suffered, talk


@suffered("chatwoot#5770", "whatomate#27", "whatomate#88")
async def test_a_message_that_was_not_delivered_keeps_its_reason(desk: Desk) -> None:
    conversation = await hello(desk)
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    await desk.arrives(envelope(heard("wamid.OUT1", "failed", desk.clock.now(), code=131026)))
    message = (await sent_as(desk, number))[1]
    assert (message.status, message.delivery.error_code, message.delivery.error_detail) == (
        DeliveryStatus.FAILED,
        131026,
        "d",
    )
    assert "send_failed" in await alerts(desk)


@suffered("chatwoot#12179")
async def test_131000_is_uncertain_when_it_comes_as_a_server_error_and_is_not_repeated(desk: Desk) -> None:
    conversation = await hello(desk)
    calls: list[Parcel] = []

    def shaken(parcel: Parcel) -> Exception:
        calls.append(parcel)
        return classify(131000, "Something went wrong")

    desk.meta.refuse = shaken
    number = await answer(desk, conversation, "Cuesta 10")
    for _ in range(5):
        await desk.sends()
        desk.clock.advance(hours=1)
    assert len(calls) <= 6
    assert (await sent_as(desk, number))[0].state is not OutboxState.ACCEPTED


@suffered("chatwoot#14120")
async def test_a_retry_really_calls_meta(desk: Desk) -> None:
    """What fails for good goes to a person; sending it again is a new send with a call of its own, not a local tick."""
    conversation = await hello(desk)
    desk.meta.refuse = lambda parcel: classify(131009, "bad value")
    first = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    desk.meta.refuse = lambda parcel: None
    second = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    assert (await sent_as(desk, first))[1].status is DeliveryStatus.FAILED
    assert (await sent_as(desk, second))[0].state is OutboxState.ACCEPTED
    assert len(desk.meta.sent) == 1


@suffered("100eyes#2076", "checkMate#174", "evolution-api#989")
async def test_accepted_is_not_delivered_and_nobody_is_blocked_for_what_never_arrived(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(minutes=1)
    for n in range(3):
        await answer(desk, conversation, f"Mensaje {n}")
        await desk.sends()
        await desk.arrives(envelope(heard(f"wamid.OUT{n + 1}", "failed", desk.clock.now(), code=131026)))
        desk.clock.advance(hours=1)
    desk.clock.advance(hours=80)
    await desk.engine.blocks.detect()
    card = await talk(desk)
    assert card.conversation.block_state is BlockState.CLEAR
    assert {message.status for message in card.recent if message.direction == "out"} == {DeliveryStatus.FAILED}


@suffered("megaapp977/stack#607")
async def test_a_message_stuck_in_a_conversation_does_not_fail_the_next_ones(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.meta.refuse = lambda parcel: classify(131016, "unavailable") if parcel.text == "Uno" else None
    await answer(desk, conversation, "Uno")
    await answer(desk, conversation, "Dos")
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.M", wa_id="5491155551111", name="Mía")))
    await answer(desk, (await talk(desk, "Mía")).conversation.id, "Tres")
    for _ in range(6):
        await desk.sends()
        desk.clock.advance(minutes=1)
    assert {"Dos", "Tres"} <= {parcel.text for parcel in desk.meta.sent}


@suffered("fabrahaingo/joel#152", "meedan/check-api#1679", "chatwoot#12660")
@pytest.mark.parametrize("code", [131026, 131008, 131049, 131056, 130472])
async def test_no_error_code_is_taken_for_a_block(desk: Desk, code: int) -> None:
    conversation = await hello(desk)
    for n in range(4):
        await answer(desk, conversation, f"Mensaje {n}")
        await desk.sends()
        await desk.arrives(envelope(heard(f"wamid.OUT{n + 1}", "failed", desk.clock.now(), code=code)))
        desk.clock.advance(hours=2)
    desk.clock.at = NOON + timedelta(hours=90)
    await desk.engine.blocks.detect()
    assert (await talk(desk)).conversation.block_state is BlockState.CLEAR
