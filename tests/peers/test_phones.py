"""Threads 55 to 60: the same number on somebody's phone (coexistence)."""

from datetime import timedelta

from crm.model.messages import Source
from crm.model.pending import PendingState
from crm.model.sequences import EnrollmentState, Reason
from tests.integration.engine.desk import NOON, Desk, envelope, typed, wrote
from tests.peers.suffering import hello, suffered, talk, texts


@suffered("megaapp977/stack#115", "megaapp977/stack#408", "whatomate#20", "waha#2249")
async def test_what_is_typed_on_the_phone_is_a_message_like_any_other(desk: Desk) -> None:
    await hello(desk)
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(typed("Ya te respondo", NOON + timedelta(minutes=1), "wamid.E")))
    newest = (await talk(desk)).recent[0]
    assert (newest.text, newest.source) == ("Ya te respondo", Source.MANUAL)
    assert (await talk(desk)).conversation.last_interaction_at == NOON + timedelta(minutes=1)


@suffered("OCA/social#1912")
async def test_an_echo_makes_nothing_leave_and_comes_once(desk: Desk) -> None:
    await hello(desk)
    echo = envelope(typed("Ya te respondo", NOON, "wamid.E"))
    await desk.arrives(echo, echo)
    await desk.sends()
    assert desk.meta.sent == []
    assert await texts(desk) == ["Hola", "Ya te respondo"]


@suffered("evo-crm-community#82", "fazer-ai/agents#430", "fazer-ai/agents#433")
async def test_a_sequence_does_not_talk_over_the_person_who_answers_from_the_phone(desk: Desk) -> None:
    """The customer replied, so the walk is paused; what the person types is kept, and no step follows it."""
    await desk.plan("¿Pudiste ver el catálogo?", "¿Seguimos?", hours=2)
    await hello(desk)
    desk.clock.advance(minutes=6)
    await desk.arrives(envelope(wrote("Tengo una duda", NOON + timedelta(minutes=5), "wamid.2")))
    await desk.arrives(envelope(typed("Dime cuál", NOON + timedelta(minutes=6), "wamid.E")))
    desk.clock.advance(days=3)
    await desk.engine.sequences.process_due()
    await desk.sends()
    (walk,) = (await talk(desk)).walks
    assert (walk.enrollment.state, walk.enrollment.reason) == (EnrollmentState.PAUSED, Reason.CUSTOMER_REPLIED)
    assert desk.meta.sent == []


@suffered("fazer-ai/agents#433", "n8n#13331")
async def test_a_card_closes_itself_when_its_words_were_typed_on_the_phone(desk: Desk) -> None:
    await desk.plan("¿Pudiste ver la propuesta que te mandé?", hours=80)
    await hello(desk)
    desk.clock.advance(hours=80)
    await desk.engine.sequences.process_due()
    ((card, _),) = (await desk.engine.pending.page(desk.agent)).lines
    await desk.arrives(envelope(typed("¿Pudiste ver la propuesta que te mandé?", desk.clock.now(), "wamid.E")))
    assert (await desk.engine.pending.card(desk.agent, card.id)).pending.state is PendingState.BY_HAND
