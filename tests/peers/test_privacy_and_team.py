"""Threads 82 to 100: several agents, opting out, costs and approvals."""

import asyncio
from datetime import timedelta

import pytest

from crm.errors import Conflict, Refused
from crm.model.answers import Held, Queued
from crm.services.template_sends import Target
from tests.integration.engine.desk import NOON, Desk, envelope, wrote
from tests.peers.suffering import answer, hello, suffered


@suffered("fazer-ai/chatwoot#359", "chatwoot#12079", "chatwoot#775")
async def test_of_many_who_resolve_a_card_at_once_exactly_one_does(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Tarde")
    assert isinstance(held, Held)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    presses = [desk.engine.pending.release(who, held.pending_id, 1) for who in [desk.admin, desk.agent] * 5]
    ends = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(end, Queued) for end in ends) == 1
    assert sum(isinstance(end, Conflict) for end in ends) == 9
    await desk.sends()
    assert len(desk.meta.sent) == 1


@suffered("whatomate#539", "whatomate#389", "capo-v1#182")
@pytest.mark.parametrize("word", ["STOP", "stop", " Baja ", "BAJA."])
async def test_stop_works_for_everybody(desk: Desk, word: str) -> None:
    await desk.plan("¿Seguimos?", hours=2)
    conversation = await hello(desk)
    await desk.arrives(envelope(wrote(word, NOON + timedelta(minutes=1), "wamid.2")))
    desk.clock.advance(hours=3)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert desk.meta.sent == []
    with pytest.raises(Refused, match="opted-out"):
        await desk.engine.conversations.reply(desk.agent, conversation, "¿Seguro?")


@suffered("DeskcommCRM (tem como parar a dor?)")
@pytest.mark.parametrize("words", ["¿Tiene baja el impuesto?", "tem como parar a dor?", "non stop", "La baja médica"])
async def test_a_word_within_a_sentence_is_no_opt_out(desk: Desk, words: str) -> None:
    conversation = await hello(desk, words)
    await answer(desk, conversation, "Claro")
    await desk.sends()
    assert len(desk.meta.sent) == 1


@suffered("glific#5360")
async def test_somebody_who_opted_out_and_writes_again_can_be_answered(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=2)
    await desk.arrives(envelope(wrote("BAJA", NOON + timedelta(minutes=1), "wamid.2")))
    await desk.arrives(envelope(wrote("Perdón, ¿cuánto cuesta?", NOON + timedelta(hours=1), "wamid.3")))
    await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Cuesta 10"]


@suffered("whatomate#61", "glific#2358", "capo-v1#195")
async def test_a_price_is_said_before_anybody_pays(desk: Desk) -> None:
    from crm.model.templates import Components, TemplateFacts

    desk.meta.found = [TemplateFacts("promo", "es", "MARKETING", "APPROVED", Components("Hola"))]
    await desk.engine.templates.refresh()
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Tarde")
    assert isinstance(held, Held)
    (choice,) = (await desk.engine.template_sends.choices(desk.agent, Target(pending_id=held.pending_id))).choices
    assert (str(choice.quote.amount), choice.quote.currency, choice.quote.market) == ("0.0618", "USD", "Argentina")


@suffered("n8n#13331", "n8n#15492", "n8n#23642", "CursorRemote#21")
async def test_an_approval_waits_for_ever_and_outlives_a_restart(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Tarde")
    assert isinstance(held, Held)
    desk.clock.advance(days=40)
    assert (await desk.engine.pending.card(desk.agent, held.pending_id)).pending.text == "Tarde"
    await desk.engine.pending.skip(desk.agent, held.pending_id, 1)
    with pytest.raises(Conflict, match="already-resolved"):
        await desk.engine.pending.skip(desk.agent, held.pending_id, 1)


@suffered("chatwoot#9314")
async def test_one_tap_that_is_told_twice_is_one_message(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Tarde")
    assert isinstance(held, Held)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    with pytest.raises(Conflict):
        await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    await desk.sends()
    assert len(desk.meta.sent) == 1


@suffered("chatwoot#12650", "chatwoot/mobile-app#1025", "chatwoot/mobile-app#868", "chatwoot#7369")
async def test_a_notice_says_who_wrote_and_what(desk: Desk) -> None:
    await hello(desk, "¿Tienen envío a Rosario?")
    async with desk.database.begin() as uow:
        told = await uow.notices.claim(NOON, NOON + timedelta(minutes=5), 10)
    assert {notice.agent_id for notice in told} == {desk.admin.id, desk.agent.id}
    assert {(notice.params["contact"], notice.params["text"]) for notice in told} == {
        ("Leo Díaz", "¿Tienen envío a Rosario?")
    }
