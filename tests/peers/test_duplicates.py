"""Threads 1 to 16: the same thing twice, and sends that left twice."""

import asyncio
import hashlib
from datetime import timedelta

from crm.errors import Scope, SendPostponed, SendUncertain
from crm.model.messages import Source
from crm.model.outbox import OutboxState, Parcel
from crm.model.sequences import Trigger
from tests.integration.engine.desk import NOON, Desk, envelope, heard, typed, wrote
from tests.peers.suffering import answer, hello, sent_as, suffered, talk, texts


def _picture(wamid: str) -> dict[str, object]:
    value = wrote("", NOON, wamid)
    value["messages"][0] |= {"type": "image", "image": {"id": "77", "mime_type": "image/jpeg", "sha256": "x"}}
    del value["messages"][0]["text"]
    return value


@suffered("chatwoot#5433", "chatwoot#6220", "frappe/crm#360", "n8n#20446", "n8n#38083", "n8n#31837")
async def test_a_picture_that_meta_tells_twice_is_shown_and_fetched_once(desk: Desk) -> None:
    await desk.arrives(envelope(_picture("wamid.P")), envelope(_picture("wamid.P")))
    await desk.arrives(envelope(_picture("wamid.P"), _picture("wamid.P")))
    assert len((await talk(desk)).recent) == 1
    while await desk.engine.media.run_once():
        pass
    assert desk.meta.asked == ["77"]


@suffered("chatwoot#6046", "chatwoot#10798", "wacrm#363")
async def test_ten_first_messages_at_once_are_one_conversation(desk: Desk) -> None:
    bodies = [envelope(wrote(f"Mensaje {n}", NOON, f"wamid.{n}")) for n in range(10)]
    await desk.stores(*bodies)
    await asyncio.gather(*(desk.engine.inbox.run_once(3) for _ in range(6)))
    while await desk.engine.inbox.run_once():
        pass
    assert len(await desk.engine.contacts.find(desk.admin, "Leo")) == 1
    assert (await desk.engine.reports.status(None)).messages == {("in", "text", "received"): 10}


@suffered("OpenWA#464")
async def test_two_deliveries_in_the_same_instant_are_one_webhook(desk: Desk) -> None:
    body = envelope(wrote("Hola", NOON, "wamid.1"))
    intake, key = desk.database.intake(), hashlib.sha256(body).digest()[:16]
    stored = await asyncio.gather(*(intake.store(key, body, NOON) for _ in range(8)))
    await intake.close()
    assert sorted(stored) == [False] * 7 + [True]


@suffered("camel-ai/camel#4280", "fazer-ai/chatwoot#258", "fazer-ai/chatwoot#259", "chatwoot#15743", "openclaw#142398")
async def test_a_lost_answer_is_never_sent_again_by_itself(desk: Desk) -> None:
    conversation = await hello(desk)
    calls: list[Parcel] = []

    def lost(parcel: Parcel) -> Exception:
        calls.append(parcel)
        return SendUncertain("no-answer")

    desk.meta.refuse = lost
    number = await answer(desk, conversation, "Cuesta 10")
    for _ in range(50):
        await desk.sends()
        await desk.engine.outbox.reconcile()
        desk.clock.advance(minutes=10)
    assert len(calls) == 1
    assert (await sent_as(desk, number))[0].state in (OutboxState.UNKNOWN, OutboxState.HELD)


@suffered("waha#2054", "openclaw#142398")
async def test_a_send_that_is_tried_again_keeps_its_identity_and_leaves_once(desk: Desk) -> None:
    conversation = await hello(desk)
    calls: list[Parcel] = []

    def first_refused(parcel: Parcel) -> Exception | None:
        calls.append(parcel)
        return (
            SendPostponed("graph-unreachable", scope=Scope.MESSAGE, wait=timedelta(seconds=2))
            if len(calls) == 1
            else None
        )

    desk.meta.refuse = first_refused
    await answer(desk, conversation, "Cuesta 10")
    for _ in range(10):
        await desk.sends()
        desk.clock.advance(minutes=5)
    assert [parcel.opaque for parcel in calls] == [calls[0].opaque] * 2
    assert len(desk.meta.sent) == 1


@suffered("fazer-ai/chatwoot#362", "OCA/social#1912")
async def test_the_echo_of_an_own_reply_is_no_second_message(desk: Desk) -> None:
    conversation = await hello(desk)
    await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    await desk.arrives(envelope(typed("Cuesta 10", desk.clock.now(), "wamid.OUT1")))
    assert await texts(desk) == ["Hola", "Cuesta 10"]
    assert len(desk.meta.sent) == 1


@suffered("fazer-ai/chatwoot#362")
async def test_an_echo_proves_a_send_whose_answer_was_lost(desk: Desk) -> None:
    conversation = await hello(desk)
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    await desk.arrives(envelope(typed("Cuesta 10", desk.clock.now(), "wamid.E")))
    item, message = await sent_as(desk, number)
    assert (item.state, message.wamid, message.source) == (OutboxState.ACCEPTED, "wamid.E", Source.CRM)
    assert await texts(desk) == ["Hola", "Cuesta 10"]


@suffered("capo-v1#183", "capo-v1#123")
async def test_a_passing_failure_does_not_burn_the_day_of_a_step(desk: Desk) -> None:
    await desk.plan("Primera oferta", hours=2)
    await hello(desk)
    desk.meta.refuse = lambda parcel: SendPostponed("rate-limited", scope=Scope.NUMBER, wait=timedelta(seconds=30))
    desk.clock.advance(hours=2)
    await desk.engine.sequences.process_due()
    await desk.sends()
    desk.meta.refuse = lambda parcel: None
    for _ in range(5):
        desk.clock.advance(minutes=1)
        await desk.engine.sequences.process_due()
        await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Primera oferta"]


@suffered("chatwoot#11901")
async def test_statuses_in_quick_succession_count_once_each(desk: Desk) -> None:
    conversation = await hello(desk)
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    opaque = desk.meta.sent[0].opaque
    news = [heard("wamid.OUT1", status, desk.clock.now(), opaque=opaque) for status in ("sent", "delivered", "sent")]
    await desk.arrives(*(envelope(each) for each in [*news, *news]))
    assert (await sent_as(desk, number))[1].status.value == "delivered"
    counts = (await desk.engine.reports.status(None)).messages
    assert {key: n for key, n in counts.items() if key[0] == "out"} == {("out", "text", "delivered"): 1}


@suffered("DeskcommCRM#38")
async def test_follow_ups_never_pile_up_on_one_contact(desk: Desk) -> None:
    plan = await desk.plan(*(f"Recordatorio {n}" for n in range(19)), trigger=Trigger.MANUAL, hours=1)
    conversation = await hello(desk)
    await desk.engine.sequences.enroll(desk.agent, plan.id, conversation)
    desk.clock.advance(hours=19)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert len(desk.meta.sent) == 1
