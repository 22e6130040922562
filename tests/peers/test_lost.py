"""Threads 17 to 33: webhooks that were lost, late, or took their neighbours along."""

from datetime import timedelta

from crm.model.messages import DeliveryStatus
from storage import tables
from tests.integration.engine.desk import NOON, PHONE_ID, Desk, envelope, heard, wrote
from tests.peers.suffering import answer, hello, sent_as, suffered, talk, texts


@suffered("pywa#229", "pywa#233", "netflie/whatsapp-cloud-api#132")
async def test_every_update_of_a_batch_arrives(desk: Desk) -> None:
    together = [wrote(f"Mensaje {n}", NOON + timedelta(seconds=n), f"wamid.{n}") for n in range(20)]
    await desk.arrives(envelope(*together[:10]), envelope(*together[10:]))
    assert (await desk.engine.reports.status(None)).messages == {("in", "text", "received"): 20}


@suffered("evolution-api#2700", "frappe_whatsapp#252", "botpress#15083")
async def test_a_status_of_an_unknown_message_takes_nobody_along(desk: Desk) -> None:
    conversation = await hello(desk)
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    now = desk.clock.now()
    known = heard("wamid.OUT1", "delivered", now, opaque=desk.meta.sent[0].opaque)
    await desk.arrives(envelope(heard("wamid.STRANGE", "read", now), known, wrote("¿Y?", now, "wamid.2")))
    assert (await sent_as(desk, number))[1].status is DeliveryStatus.DELIVERED
    assert (await texts(desk))[-1] == "¿Y?"


@suffered("chatwoot#15276")
async def test_ten_statuses_in_one_change_all_count(desk: Desk) -> None:
    conversation = await hello(desk)
    numbers = [await answer(desk, conversation, f"Parte {n}") for n in range(10)]
    await desk.sends()
    value = heard("wamid.OUT1", "delivered", desk.clock.now())
    value["statuses"] = [{**value["statuses"][0], "id": f"wamid.OUT{n}"} for n in range(1, 11)]
    await desk.arrives(envelope(value))
    assert {(await sent_as(desk, number))[1].status for number in numbers} == {DeliveryStatus.DELIVERED}


@suffered("chatwoot#13556", "evolution-api#140", "evolution-api#443", "evolution-api#1352", "evolution-api#2665")
async def test_twenty_numbered_messages_all_appear_whatever_their_order(desk: Desk) -> None:
    desk.clock.advance(hours=1)
    bodies = [envelope(wrote(f"{n}", NOON + timedelta(seconds=n), f"wamid.{n}")) for n in range(20)]
    await desk.arrives(*bodies[::2], *reversed(bodies[1::2]))
    async with desk.database.read() as uow:
        found = await uow.messages.recent((await talk(desk)).conversation.id, 50)
    assert [message.text for message in reversed(found)] == [str(n) for n in range(20)]


@suffered("chatwoot#15131", "frappe/crm#1582")
async def test_what_was_answered_with_200_is_stored_before_and_counted(desk: Desk) -> None:
    await desk.stores(envelope(wrote("Hola", NOON, "wamid.1")))
    assert (await desk.engine.reports.status(None)).webhooks["new"] == 1
    while await desk.engine.inbox.run_once():
        pass
    assert (await desk.engine.reports.status(None)).webhooks["done"] == 1


@suffered("chatwoot#14529", "chatwoot#14149", "chatwoot#14544", "chatwoot#13377")
async def test_delivered_is_never_set_back_to_sent_nor_to_failed(desk: Desk) -> None:
    conversation = await hello(desk)
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    now = desk.clock.now()
    for status, code in (("delivered", None), ("sent", None), ("failed", 131026)):
        await desk.arrives(envelope(heard("wamid.OUT1", status, now, code=code)))
    message = (await sent_as(desk, number))[1]
    assert message.status is DeliveryStatus.DELIVERED


@suffered("postmangovsg#2151")
async def test_a_status_may_come_before_the_answer_of_the_call(desk: Desk) -> None:
    conversation = await hello(desk)
    await desk.arrives(envelope(heard("wamid.OUT1", "delivered", desk.clock.now())))
    number = await answer(desk, conversation, "Cuesta 10")
    await desk.sends()
    assert (await sent_as(desk, number))[1].status is DeliveryStatus.DELIVERED


@suffered("evolution-api#1762")
async def test_a_second_message_with_the_same_words_is_no_duplicate(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("ok", NOON, "wamid.1")), envelope(wrote("ok", NOON, "wamid.2")))
    assert await texts(desk) == ["ok", "ok"]


@suffered("frappe/crm#1929")
async def test_a_message_to_a_number_that_is_not_ours_is_kept_and_its_neighbour_arrives(desk: Desk) -> None:
    strange = wrote("Hola otro", NOON, "wamid.S")
    strange["metadata"] = {"display_phone_number": "1999", "phone_number_id": "1" + PHONE_ID}
    await desk.arrives(envelope(strange, wrote("Hola", NOON, "wamid.1")))
    assert await texts(desk) == ["Hola"]
    status = await desk.engine.reports.status(None)
    assert (status.webhooks["done"], status.elements["unknown"]) == (1, 1)


@suffered("chatwoot#15204", "chatwoot#15857")
async def test_maintenance_does_not_stand_in_front_of_live_messages(desk: Desk) -> None:
    """A thousand old webhooks are pruned in portions; none of them is in the queue of what must be applied."""
    await desk.arrives(*(envelope(wrote(f"{n}", NOON, f"wamid.{n}")) for n in range(50)))
    desk.clock.advance(days=60)
    await desk.stores(envelope(wrote("¿Siguen ahí?", desk.clock.now(), "wamid.now")))
    assert await desk.engine.inbox.run_once(1) == 1
    await desk.engine.housekeeping.prune()
    assert (await texts(desk))[-1] == "¿Siguen ahí?"
    assert "ix_webhook_logs_waiting" in {index.name for index in tables.webhook_logs.indexes}
