"""The brief's four flows, step by step, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.errors import Conflict, Refused, SendUncertain
from crm.model.accounts import AccountState, Assumption
from crm.model.answers import Held, Queued
from crm.model.blocks import IssueState
from crm.model.conversations import BlockState
from crm.model.messages import DeliveryStatus
from crm.model.outbox import OutboxState
from crm.model.pending import PendingReason, PendingState
from crm.model.sequences import EnrollmentState, Reason, Trigger
from crm.model.webhooks import WebhookState
from crm.ports import TokenFacts
from crm.services.outbox import LEASE
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, heard, open_desk, typed, wrote


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def the_conversation(desk: Desk) -> int:
    contact = (await desk.engine.contacts.find(desk.admin, ""))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id


async def the_walk(desk: Desk):  # type: ignore[no-untyped-def]
    async with desk.database.read() as uow:
        return (await uow.enrollments.of_conversation(await the_conversation(desk), 1))[0]


async def test_a_first_message_makes_the_contact_opens_the_window_and_starts_the_sequence(desk: Desk) -> None:
    await desk.plan("Hola {name}, soy Ana")
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    contact = (await desk.engine.contacts.find(desk.agent, "Leo"))[0]
    card = (await desk.engine.contacts.card(desk.agent, contact.id)).conversations[0]
    assert contact.wa_id == CUSTOMER
    assert card.window is not None
    assert card.window.closes_at == NOON + timedelta(hours=24)
    assert card.walks[0].enrollment.next_due_at == NOON + timedelta(hours=24)
    assert [m.text for m in card.recent] == ["Hola"]
    async with desk.database.begin() as uow:
        told = await uow.notices.claim(NOON, NOON + LEASE, 10)
    assert {n.agent_id for n in told} == {desk.admin.id, desk.agent.id}


async def test_the_same_webhook_twice_is_one_message(desk: Desk) -> None:
    body = envelope(wrote("Hola", NOON, "wamid.1"))
    await desk.arrives(body, body)
    await desk.arrives(body)
    status = await desk.engine.reports.status(None)
    assert status.messages == {("in", "text", "received"): 1}
    assert status.contacts == 1


async def test_a_due_step_leaves_once_and_the_walk_moves_on(desk: Desk) -> None:
    await desk.plan("Hola {name}", "¿Seguimos?", hours=2)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=2)
    assert await desk.engine.sequences.process_due() == {"queued": 1}
    assert await desk.engine.sequences.process_due() == {}
    await desk.sends()
    assert [(p.to.phone, p.text) for p in desk.meta.sent] == [(f"+{CUSTOMER}", "Hola Leo")]
    walk = await the_walk(desk)
    assert (walk.position, walk.next_due_at) == (1, NOON + timedelta(hours=4))


async def test_a_closed_window_makes_the_step_wait_for_an_agent_and_skips_it(desk: Desk) -> None:
    await desk.plan("Primero", "Segundo", hours=80)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=80)
    assert await desk.engine.sequences.process_due() == {"held": 1}
    await desk.sends()
    assert desk.meta.sent == []
    page = await desk.engine.pending.page(desk.agent)
    assert [card.text for card, _ in page.lines] == ["Primero"]
    assert (await the_walk(desk)).position == 1


async def test_a_reply_pauses_the_sequence_and_calls_back_what_is_queued(desk: Desk) -> None:
    await desk.plan("Primero", "Segundo", hours=2)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=2)
    await desk.engine.sequences.process_due()
    await desk.arrives(envelope(wrote("Ya compré", desk.clock.now(), "wamid.2")))
    await desk.sends()
    walk = await the_walk(desk)
    assert desk.meta.sent == []
    assert (walk.state, walk.reason, walk.position) == (EnrollmentState.PAUSED, Reason.CUSTOMER_REPLIED, 0)


async def test_an_echo_closes_the_card_it_fulfils(desk: Desk) -> None:
    await desk.plan("¿Pudiste ver la propuesta que te mandé?", "Otro", hours=80)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=80)
    await desk.engine.sequences.process_due()
    card = (await desk.engine.pending.page(desk.agent)).lines[0][0]
    await desk.arrives(envelope(typed("Pudiste ver la propuesta que te mande?", desk.clock.now(), "wamid.E1")))
    closed = await desk.engine.pending.card(desk.agent, card.id)
    assert closed.pending.state is PendingState.BY_HAND
    assert closed.conversation.last_manual_at == desk.clock.now()
    with pytest.raises(Conflict, match="already-resolved"):
        await desk.engine.pending.skip(desk.agent, card.id, card.version)


async def test_an_echo_of_the_due_step_completes_it_in_any_order(desk: Desk) -> None:
    await desk.plan("Esta es la primera oferta", "Esta es la segunda oferta", "Y la última de todas", hours=30)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    first = typed("Esta es la primera oferta", NOON + timedelta(hours=1), "wamid.E1")
    second = typed("Esta es la segunda oferta", NOON + timedelta(hours=2), "wamid.E2")
    desk.clock.advance(hours=3)
    await desk.arrives(envelope(second))
    await desk.arrives(envelope(first))
    walk = await the_walk(desk)
    assert (walk.position, walk.next_due_at) == (2, NOON + timedelta(hours=32))


async def test_two_agents_at_once_release_a_card_once(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=30)
    held = await desk.engine.conversations.reply(desk.admin, await the_conversation(desk), "Te respondo tarde")
    assert isinstance(held, Held)
    with pytest.raises(Refused, match="window-closed"):
        await desk.engine.pending.release(desk.admin, held.pending_id, 1)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    assert isinstance(await desk.engine.pending.release(desk.admin, held.pending_id, 1), Queued)
    with pytest.raises(Conflict, match="already-resolved"):
        await desk.engine.pending.release(desk.agent, held.pending_id, 1)
    await desk.sends()
    assert [p.text for p in desk.meta.sent] == ["Te respondo tarde"]


async def test_an_unknown_outcome_is_never_repeated_and_a_status_settles_it(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    tried: list[str] = []

    def lost(parcel):  # type: ignore[no-untyped-def]
        tried.append(parcel.opaque)
        return SendUncertain("timeout")

    desk.meta.refuse = lost
    queued = await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    assert isinstance(queued, Queued)
    await desk.sends()
    desk.clock.advance(minutes=5)
    await desk.engine.outbox.reconcile()
    await desk.sends()
    assert len(tried) == 1
    await desk.arrives(envelope(heard("wamid.X", "sent", desk.clock.now(), opaque=tried[0])))
    async with desk.database.read() as uow:
        item = (await uow.outbox.load([queued.outbox_id]))[queued.outbox_id]
        message = (await uow.messages.load([queued.outbox_id]))[queued.outbox_id]
    assert (item.state, message.wamid, message.status) == (OutboxState.ACCEPTED, "wamid.X", DeliveryStatus.SENT)


async def test_an_unknown_outcome_without_proof_goes_to_a_person_and_a_late_status_closes_the_card(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    tried: list[str] = []

    def lost(parcel):  # type: ignore[no-untyped-def]
        tried.append(parcel.opaque)
        return SendUncertain("timeout")

    desk.meta.refuse = lost
    await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    await desk.sends()
    desk.clock.advance(minutes=16)
    assert await desk.engine.outbox.reconcile() == {"lost": 0, "asked": 1}
    assert await desk.engine.outbox.reconcile() == {"lost": 0, "asked": 0}
    card = (await desk.engine.pending.page(desk.agent)).lines[0][0]
    assert card.reason is PendingReason.UNKNOWN_OUTCOME
    await desk.arrives(envelope(heard("wamid.X", "delivered", desk.clock.now(), opaque=tried[0])))
    assert (await desk.engine.pending.page(desk.agent)).total == 0


async def test_a_dead_workers_claim_is_unknown_not_resent(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    async with desk.database.begin() as uow:
        assert await uow.outbox.claim_due({desk.account.id: 10}, "died", NOON, NOON + LEASE)
    desk.clock.advance(minutes=3)
    assert (await desk.engine.outbox.reconcile())["lost"] == 1
    await desk.sends()
    assert desk.meta.sent == []


async def test_131047_on_an_assumption_switches_it_off_once_and_keeps_the_text(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    conversation = await the_conversation(desk)
    desk.clock.advance(hours=30)
    await desk.arrives(envelope(typed("Te escribo desde el teléfono", desk.clock.now(), "wamid.E1")))
    for text in ("Uno", "Dos"):
        assert isinstance(await desk.engine.conversations.reply(desk.admin, conversation, text), Queued)
    await desk.sends()
    opaques = [parcel.opaque for parcel in desk.meta.sent]
    refusals = [
        heard(f"wamid.OUT{n}", "failed", desk.clock.now(), opaque=o, code=131047) for n, o in enumerate(opaques, 1)
    ]
    await desk.arrives(envelope(*refusals))
    account = (await desk.engine.accounts.all())[0]
    assert account.assumptions == {Assumption.SEQUENCE_START}
    alerts = (await desk.engine.alerts.page(desk.admin)).alerts
    assert [a.kind.value for a in alerts].count("assumption_off") == 1
    page = await desk.engine.pending.page(desk.admin)
    assert sorted(card.text for card, _ in page.lines) == ["Dos", "Uno"]
    assert isinstance(await desk.engine.conversations.reply(desk.admin, conversation, "Tres"), Held)


async def silent_sends(desk: Desk, count: int) -> None:
    """An old customer, a control who gets his messages, and `count` messages nobody took."""
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    conversation = await the_conversation(desk)
    desk.clock.advance(minutes=1)
    for number in range(count):
        await desk.engine.conversations.reply(desk.admin, conversation, f"Mensaje {number}")
        await desk.sends()
        await desk.arrives(envelope(heard(f"wamid.OUT{number + 1}", "sent", desk.clock.now())))
        desk.clock.advance(hours=1)
    desk.clock.at = NOON + timedelta(hours=80)
    control = wrote("Soy otro", desk.clock.now(), "wamid.C", wa_id="5491155551111", name="Otro")
    await desk.arrives(envelope(control))
    await desk.arrives(envelope(typed("Hola", desk.clock.now(), "wamid.CE", to="5491155551111")))
    await desk.arrives(envelope(heard("wamid.CE", "delivered", desk.clock.now())))


async def conversation_of(desk: Desk, name: str):  # type: ignore[no-untyped-def]
    contact = (await desk.engine.contacts.find(desk.admin, name))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]


@pytest.mark.parametrize(("count", "state"), [(1, "clear"), (2, "probable"), (3, "confirmed")])
async def test_silence_in_a_row_grades_the_suspicion(desk: Desk, count: int, state: str) -> None:
    await silent_sends(desk, count)
    await desk.engine.blocks.detect()
    card = await conversation_of(desk, "Leo")
    assert card.conversation.block_state.value == state


async def test_a_late_delivery_refutes_the_suspicion_at_once(desk: Desk) -> None:
    await silent_sends(desk, 3)
    await desk.engine.blocks.detect()
    with pytest.raises(Refused, match="blocked"):
        await desk.engine.conversations.reply(desk.admin, (await conversation_of(desk, "Leo")).conversation.id, "¿?")
    await desk.arrives(envelope(heard("wamid.OUT2", "delivered", desk.clock.now())))
    card = await conversation_of(desk, "Leo")
    assert card.conversation.block_state is BlockState.CLEAR
    async with desk.database.read() as uow:
        assert await uow.blocks.counts() == {IssueState.REFUTED.value: 1}


async def test_an_agent_reactivates_a_blocked_contact(desk: Desk) -> None:
    await silent_sends(desk, 3)
    await desk.engine.blocks.detect()
    card = await conversation_of(desk, "Leo")
    assert card.conversation.block_state is BlockState.CONFIRMED
    await desk.engine.blocks.reactivate(desk.agent, card.conversation.id)
    await desk.engine.blocks.detect()
    assert (await conversation_of(desk, "Leo")).conversation.block_state is BlockState.CLEAR


async def test_a_reply_long_before_the_first_step_pauses_the_walk_and_does_not_end_it(desk: Desk) -> None:
    await desk.plan("Uno", hours=48)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=30)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    (walk,) = (await conversation_of(desk, "Leo")).walks
    assert (walk.enrollment.state, walk.enrollment.reason) == (EnrollmentState.PAUSED, Reason.CUSTOMER_REPLIED)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("texts", [("Uno",), ("Uno", "Dos")])
async def test_a_reactivated_contact_misses_no_step(desk: Desk, count: int, texts: tuple[str, ...]) -> None:
    """The step was queued, and put off, when the block was believed: it leaves after the reactivation, once."""
    await desk.plan(*texts, hours=20)
    await silent_sends(desk, count)
    desk.clock.at, now = NOON + timedelta(hours=20), desk.clock.now()
    assert (await desk.engine.sequences.process_due())["queued"] == 1
    desk.clock.at = now
    await desk.engine.blocks.detect()
    await desk.sends()
    before = len(desk.meta.sent)
    card = await conversation_of(desk, "Leo")
    assert [(w.enrollment.state, w.enrollment.position) for w in card.walks] == [(EnrollmentState.PAUSED, 0)]
    await desk.engine.blocks.reactivate(desk.agent, card.conversation.id)
    await desk.arrives(envelope(wrote("Sigo acá", desk.clock.now(), "wamid.9")))
    (walk,) = (await conversation_of(desk, "Leo")).walks
    await desk.engine.sequences.resume_enrollment(desk.admin, walk.enrollment.id)
    for _ in range(2):
        desk.clock.advance(minutes=1)
        await desk.engine.sequences.process_due()
        await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent[before:]] == ["Uno"]


async def test_an_account_that_delivers_nothing_suspects_nobody(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(minutes=1)
    for number in range(3):
        await desk.engine.conversations.reply(desk.admin, await the_conversation(desk), f"Mensaje {number}")
        await desk.sends()
        await desk.arrives(envelope(heard(f"wamid.OUT{number + 1}", "sent", desk.clock.now())))
    desk.clock.advance(hours=80)
    assert await desk.engine.blocks.detect() == {"blind": 1}


async def test_a_late_stop_opts_out_and_never_reopens_the_window(desk: Desk) -> None:
    await desk.plan("Hola", hours=200)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(days=6)
    await desk.arrives(envelope(wrote("BAJA", NOON + timedelta(hours=1), "wamid.2")))
    card = await conversation_of(desk, "Leo")
    assert card.window is None
    assert (await the_walk(desk)).reason is Reason.OPTED_OUT
    with pytest.raises(Refused, match="opted-out"):
        await desk.engine.conversations.reply(desk.admin, card.conversation.id, "¿Seguro?")


async def test_a_person_without_phone_is_a_contact_and_is_answered_by_user_id(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1", wa_id=None, bsuid="US.134")))
    await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Hola")
    await desk.sends()
    assert (desk.meta.sent[0].to.phone, desk.meta.sent[0].to.bsuid) == (None, "US.134")


async def test_an_unreadable_webhook_is_kept_as_dead_and_can_be_retried(desk: Desk) -> None:
    await desk.arrives(b'{"object": "page", "entry": []}', envelope(wrote("Hola", NOON, "wamid.1")))
    status = await desk.engine.reports.status(None)
    assert (status.webhooks["dead"], status.webhooks["done"]) == (1, 1)
    assert await desk.engine.housekeeping.retry_webhooks(None) == 1
    assert (await desk.engine.housekeeping.webhooks({WebhookState.NEW}, 5))[0].attempts == 0


async def test_a_dead_token_holds_the_queue_and_a_new_one_releases_it(desk: Desk) -> None:
    from bot.whatsapp.errors import classify

    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.meta.refuse = lambda parcel: classify(190, "expired")
    queued = await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Hola")
    await desk.sends()
    account = (await desk.engine.accounts.all())[0]
    assert (account.state, account.held_reason) == (AccountState.HELD, "token")
    desk.meta.refuse = lambda parcel: None
    await desk.engine.accounts.set_token(account.id, "EAAG-new", "test")
    await desk.sends()
    assert isinstance(queued, Queued)
    async with desk.database.read() as uow:
        item = (await uow.outbox.load([queued.outbox_id]))[queued.outbox_id]
    assert (item.state, item.attempts, len(desk.meta.sent)) == (OutboxState.ACCEPTED, 1, 1)


async def test_a_token_near_its_end_is_renewed_before_anybody_is_warned(desk: Desk) -> None:
    desk.meta.tokens["EAAG-secret"] = TokenFacts(True, NOON + timedelta(days=19))
    assert await desk.engine.tokens.watch() == {"renewed": 1}
    assert await desk.engine.accounts.token_for(desk.account.id) == "EAAG-secret+"
    desk.meta.tokens["EAAG-secret+"] = TokenFacts(True, NOON + timedelta(days=40))
    assert await desk.engine.tokens.watch() == {"valid": 1}
    assert (await desk.engine.alerts.page(desk.admin)).alerts == ()


async def test_a_token_that_cannot_be_renewed_warns_once_at_each_mark(desk: Desk) -> None:
    desk.meta.tokens["EAAG-secret"] = TokenFacts(True, NOON + timedelta(days=15))
    desk.meta.renewable = False
    for _ in range(15):
        await desk.engine.tokens.watch()
        await desk.engine.tokens.watch()
        desk.clock.advance(days=1)
    alerts = (await desk.engine.alerts.page(desk.admin, limit=50)).alerts
    expiring = sorted(a.key.rsplit(":", 1)[1] for a in alerts if a.kind.value == "token_expiring")
    assert expiring == ["1", "14", "3", "7"]
    assert [a.count for a in alerts if a.kind.value == "token_expiring"] == [1, 1, 1, 1]
    assert [a.kind.value for a in alerts].count("token_failed") == 1


async def test_a_manual_enrollment_is_refused_twice_and_can_be_paused_and_resumed(desk: Desk) -> None:
    plan = await desk.plan("Hola", "Chau", trigger=Trigger.MANUAL, hours=10)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    conversation = await the_conversation(desk)
    walk = await desk.engine.sequences.enroll(desk.agent, plan.id, conversation)
    with pytest.raises(Refused, match="already-enrolled"):
        await desk.engine.sequences.enroll(desk.agent, plan.id, conversation)
    desk.clock.advance(hours=4)
    paused = await desk.engine.sequences.pause_enrollment(desk.agent, walk.id)
    assert paused.remaining == timedelta(hours=6)
    desk.clock.advance(days=3)
    resumed = await desk.engine.sequences.resume_enrollment(desk.agent, walk.id)
    assert resumed.next_due_at == desk.clock.now() + timedelta(hours=6)


async def test_a_viewer_may_read_and_nothing_else(desk: Desk) -> None:
    from crm.model.agents import Role

    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    viewer = replace(desk.agent, role=Role.VIEWER)
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.conversations.reply(viewer, await the_conversation(desk), "Hola")
    assert (await desk.engine.pending.page(viewer)).total == 0


async def test_a_failure_that_comes_by_wamid_before_the_call_returns_is_not_lost(desk: Desk) -> None:
    """Meta does not promise the opaque id on `failed` (reference 11), and its status may overtake the call's answer."""
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    await desk.arrives(envelope(heard("wamid.OUT1", "failed", NOON, code=131047)))
    await desk.arrives(envelope(heard("wamid.OUT1", "sent", NOON)))
    queued = await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    assert isinstance(queued, Queued)
    await desk.sends()
    async with desk.database.read() as uow:
        message = (await uow.messages.load([queued.outbox_id]))[queued.outbox_id]
    assert message.status is DeliveryStatus.FAILED
    assert message.delivery.sent_at == NOON
    assert [c.text for c, _ in (await desk.engine.pending.page(desk.agent)).lines] == ["Precio: 10"]


async def test_a_timestamp_from_the_future_opens_the_window_no_longer_than_one_from_now(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON + timedelta(days=3000), "wamid.1")))
    card = await conversation_of(desk, "Leo")
    assert card.conversation.last_inbound_at == NOON


async def test_a_customer_who_writes_has_every_copy_of_his_open_cards_drawn_again(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    desk.clock.advance(hours=30)
    held = await desk.engine.conversations.reply(desk.admin, await the_conversation(desk), "Tarde")
    assert isinstance(held, Held)
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    async with desk.database.begin() as uow:
        told = await uow.notices.claim(desk.clock.now(), desk.clock.now() + LEASE, 50)
    assert [n.subject_id for n in told if n.agent_id is None] == [held.pending_id]
