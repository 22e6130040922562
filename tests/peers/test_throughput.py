"""Threads 67 to 73: limits, bursts and campaigns."""

from datetime import timedelta

from bot.whatsapp.errors import classify
from crm.model.outbox import Parcel
from crm.model.sequences import Trigger
from tests.integration.engine.desk import NOON, Desk, envelope, wrote
from tests.peers.suffering import answer, suffered, talk


async def _crowd(desk: Desk, count: int) -> list[int]:
    people = [f"54911555{n:05}" for n in range(count)]
    bodies = [
        envelope(wrote("Hola", NOON, f"wamid.{n}", wa_id=phone, name=f"Cliente {n:03}"))
        for n, phone in enumerate(people)
    ]
    await desk.arrives(*bodies)
    return [(await talk(desk, f"Cliente {n:03}")).conversation.id for n in range(count)]


@suffered("hermes-agent#80070", "community-agent#470", "botpress#14224")
async def test_130429_slows_the_number_down_and_everything_leaves_once(desk: Desk) -> None:
    conversations = await _crowd(desk, 12)
    refused: list[Parcel] = []

    def busy(parcel: Parcel) -> Exception | None:
        if len(refused) < 5:
            refused.append(parcel)
            return classify(130429, "Rate limit hit")
        return None

    desk.meta.refuse = busy
    for conversation in conversations:
        await answer(desk, conversation, f"Para {conversation}")
    for _ in range(30):
        await desk.sends()
        desk.clock.advance(seconds=5)
    assert len({parcel.text for parcel in desk.meta.sent}) == len(desk.meta.sent) == 12


@suffered("botpress#14224", "meedan/check-api#1679")
async def test_the_pair_limit_of_one_contact_delays_nobody_else(desk: Desk) -> None:
    first, *others = await _crowd(desk, 6)
    phone = f"+54911555{0:05}"
    desk.meta.refuse = lambda parcel: classify(131056, "pair") if parcel.to.phone == phone else None
    await answer(desk, first, "Lento")
    begun = desk.clock.now()
    for conversation in others:
        await answer(desk, conversation, f"Para {conversation}")
    await desk.sends()
    assert len(desk.meta.sent) == 5
    assert desk.clock.now() - begun < timedelta(seconds=5)


@suffered("chatwoot#4897", "wacrm#472", "chatwoot#14816")
async def test_a_campaign_goes_on_where_a_stop_left_it_and_tells_nobody_twice(desk: Desk) -> None:
    plan = await desk.plan("Oferta", trigger=Trigger.MANUAL, hours=1)
    conversations = await _crowd(desk, 30)
    for conversation in conversations:
        await desk.engine.sequences.enroll(desk.agent, plan.id, conversation)
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    await desk.engine.outbox.due()
    await desk.engine.outbox.run_once(desk.account.id, limit=2)  # and then nothing more: the process stopped
    half = len(desk.meta.sent)
    assert 0 < half < 30
    for _ in range(20):
        await desk.engine.sequences.process_due()
        await desk.sends()
        desk.clock.advance(minutes=1)
    assert len({parcel.to.phone for parcel in desk.meta.sent}) == len(desk.meta.sent) == 30


@suffered("chatwoot#11980")
async def test_one_recipient_that_is_refused_does_not_halt_the_others(desk: Desk) -> None:
    plan = await desk.plan("Oferta", trigger=Trigger.MANUAL, hours=1)
    for conversation in await _crowd(desk, 10):
        await desk.engine.sequences.enroll(desk.agent, plan.id, conversation)
    desk.meta.refuse = lambda parcel: classify(131026, "no WhatsApp") if parcel.to.phone == f"+54911555{4:05}" else None
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    for _ in range(5):
        await desk.sends()
        desk.clock.advance(minutes=1)
    assert len(desk.meta.sent) == 9


@suffered("chatwoot#13961", "wacrm#481")
async def test_a_number_may_send_as_fast_as_it_is_allowed(desk: Desk) -> None:
    """Twenty a second for a number that is on a phone too: a hundred leave in five seconds of Meta's time."""
    conversations = await _crowd(desk, 60)
    for conversation in conversations:
        await answer(desk, conversation, f"Para {conversation}")
    begun = desk.clock.now()
    await desk.sends()
    assert len(desk.meta.sent) == 60
    assert desk.clock.now() - begun < timedelta(seconds=5)
