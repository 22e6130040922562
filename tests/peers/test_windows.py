"""Threads 34 to 45: the 24 hour window, and templates for when it is closed."""

from datetime import timedelta

import pytest

from bot.whatsapp.errors import classify
from crm.errors import Refused
from crm.model.answers import Held
from crm.model.pending import PendingReason
from crm.model.templates import Components, TemplateFacts
from crm.services.template_sends import Target
from tests.integration.engine.desk import NOON, Desk, envelope, heard, wrote
from tests.peers.suffering import alerts, answer, hello, suffered, talk


@suffered("whatomate#172", "chatwoot#8503", "chatwoot#7142", "chatwoot#1009", "frappe_whatsapp#169")
async def test_words_into_a_closed_window_are_kept_and_said_to_wait(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Te respondo tarde")
    assert isinstance(held, Held)
    card = await desk.engine.pending.card(desk.agent, held.pending_id)
    assert (card.pending.reason, card.pending.text, card.window) == (
        PendingReason.WINDOW_CLOSED,
        "Te respondo tarde",
        None,
    )
    assert desk.meta.sent == []


@suffered("whatomate#172")
async def test_an_agent_sees_how_long_the_window_stays_open(desk: Desk) -> None:
    await hello(desk)
    desk.clock.advance(hours=3)
    window = (await talk(desk)).window
    assert window is not None
    assert window.closes_at - desk.clock.now() == timedelta(hours=21)


@suffered("chatwoot#15113", "glific#3034", "open-chat-studio#3062")
async def test_an_automatic_message_outside_the_window_waits_for_a_person_and_is_not_lost(desk: Desk) -> None:
    await desk.plan("¿Seguimos?", hours=80)
    await hello(desk)
    desk.clock.advance(hours=80)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert desk.meta.sent == []
    ((card, _),) = (await desk.engine.pending.page(desk.agent)).lines
    assert (card.text, card.reason) == ("¿Seguimos?", PendingReason.WINDOW_CLOSED)


@suffered("megaapp977/stack#117")
async def test_131047_though_the_customer_has_just_written_closes_only_this_conversation(desk: Desk) -> None:
    conversation = await hello(desk)
    other = "5491155551111"
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.2", wa_id=other, name="Mía")))
    desk.meta.refuse = lambda parcel: classify(131047, "re-engagement") if parcel.to.phone != f"+{other}" else None
    await answer(desk, conversation, "Cuesta 10")
    await answer(desk, (await talk(desk, "Mía")).conversation.id, "Para usted, 12")
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Para usted, 12"]
    assert (await talk(desk)).window is None
    assert (await talk(desk, "Mía")).window is not None
    assert [card.text for card, _ in (await desk.engine.pending.page(desk.agent)).lines] == ["Cuesta 10"]


@suffered("rapidpro#1663")
async def test_our_own_messages_do_not_keep_a_window_open(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.clock.advance(hours=23)
    await answer(desk, conversation, "¿Sigue ahí?")
    await desk.sends()
    desk.clock.advance(hours=2)
    await desk.engine.accounts.set_assumption(desk.admin, desk.account.id, "manual_send", False)
    assert isinstance(await desk.engine.conversations.reply(desk.agent, conversation, "¿Y ahora?"), Held)


@suffered("chatwoot#14800", "wacrm#296")
async def test_a_card_of_a_closed_window_offers_the_approved_templates(desk: Desk) -> None:
    desk.meta.found = [TemplateFacts("aviso", "es", "UTILITY", "APPROVED", Components("Hola {{1}}, ¿seguimos?"))]
    await desk.engine.templates.refresh()
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "¿Seguimos?")
    assert isinstance(held, Held)
    (choice,) = (await desk.engine.template_sends.choices(desk.agent, Target(pending_id=held.pending_id))).choices
    assert (choice.template.name, choice.quote.amount is not None) == ("aviso", True)


@suffered("megaapp977/stack#662")
async def test_an_answer_to_an_ad_in_time_is_recognised_by_what_meta_says(desk: Desk) -> None:
    value = wrote("Vi el anuncio", NOON, "wamid.1")
    value["messages"][0]["referral"] = {"source_type": "ad", "source_id": "1", "ctwa_clid": "c"}
    await desk.arrives(envelope(value))
    conversation = (await talk(desk)).conversation
    assert conversation.ad_entry_at == NOON
    await answer(desk, conversation.id, "¡Hola!")
    await desk.sends()
    free = heard("wamid.OUT1", "sent", NOON)
    until = NOON + timedelta(hours=72)
    free["statuses"][0]["conversation"] = {
        "id": "c",
        "origin": {"type": "referral_conversion"},
        "expiration_timestamp": str(int(until.timestamp())),
    }
    await desk.arrives(envelope(free))
    assert (await talk(desk)).conversation.free_entry_until == until


@suffered("chatwoot#13805", "chatwoot#8636")
async def test_a_template_that_meta_withdrew_is_offered_no_more_after_the_next_look(desk: Desk) -> None:
    desk.meta.found = [TemplateFacts("aviso", "es", "UTILITY", "APPROVED", Components("Hola"))]
    await desk.engine.templates.refresh()
    conversation = await hello(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "¿Seguimos?")
    assert isinstance(held, Held)
    desk.meta.found = [TemplateFacts("aviso", "es", "UTILITY", "PAUSED", Components("Hola"))]
    await desk.engine.templates.refresh()
    found = await desk.engine.template_sends.choices(desk.agent, Target(pending_id=held.pending_id))
    assert (found.choices, found.unusable) == ((), 1)


@suffered("frappe_whatsapp#169")
async def test_an_empty_message_is_refused_with_its_reason(desk: Desk) -> None:
    conversation = await hello(desk)
    with pytest.raises(Refused) as refused:
        await desk.engine.conversations.reply(desk.agent, conversation, "   ")
    assert refused.value.code
    assert await alerts(desk) == []
