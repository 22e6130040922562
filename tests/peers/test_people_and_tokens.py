"""Threads 61 to 66: who somebody is, and tokens that end."""

from datetime import timedelta

import pytest

from bot.whatsapp.errors import classify
from crm.errors import AccountSuspended
from crm.model.accounts import AccountState
from crm.model.outbox import OutboxState
from crm.ports import TokenFacts
from tests.integration.engine.desk import NOON, Desk, envelope, wrote
from tests.peers.suffering import alerts, answer, hello, sent_as, suffered, talk, texts


@suffered("whatomate#531", "chatwoot#13837")
async def test_a_sender_without_a_phone_is_served(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1", wa_id=None, bsuid="AR.134")))
    await answer(desk, (await talk(desk)).conversation.id, "¡Hola!")
    await desk.sends()
    assert (desk.meta.sent[0].to.phone, desk.meta.sent[0].to.bsuid) == (None, "AR.134")


@suffered("chatwoot#9708", "chatwoot#12989")
async def test_a_token_that_ended_holds_what_waits_and_says_so_and_a_new_one_lets_it_leave(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.meta.refuse = lambda parcel: classify(190, "expired")
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    item, message = await sent_as(desk, number)
    assert (item.state, message.status.value, item.attempts) == (OutboxState.QUEUED, "queued", 0)
    assert any("held" in kind or "token" in kind for kind in await alerts(desk))
    desk.meta.refuse = lambda parcel: None
    await desk.engine.accounts.set_token(desk.account.id, "EAAG-new", "test")
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Cuesta 10"]


@suffered("fazer-ai/chatwoot#602")
async def test_silence_from_meta_is_no_word_on_the_token_and_customers_are_still_heard(desk: Desk) -> None:
    desk.meta.tokens["EAAG-secret"] = TokenFacts(False, None, "expired")
    await desk.engine.tokens.watch()
    assert (await desk.engine.accounts.all())[0].state is AccountState.HELD
    await hello(desk, "¿Están?")
    assert await texts(desk) == ["¿Están?"]


@suffered("ChatbotX#476")
@pytest.mark.parametrize("detail", ["session expired (463)", "app removed (458)", "password changed (460)", "(467)"])
def test_190_means_the_token_whatever_its_subcode(detail: str) -> None:
    refused = classify(190, detail)
    assert isinstance(refused, AccountSuspended)
    assert refused.reason == "token"


@suffered("chatwoot#12989")
async def test_a_token_is_renewed_before_it_ends(desk: Desk) -> None:
    desk.meta.tokens["EAAG-secret"] = TokenFacts(True, NOON + timedelta(days=19))
    assert await desk.engine.tokens.watch() == {"renewed": 1}
    assert await alerts(desk) == []
