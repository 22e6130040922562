"""Threads 74 to 81: sequences, and when they must be silent."""

from datetime import timedelta

from crm.model.sequences import EnrollmentState, Reason, Trigger
from tests.integration.engine.desk import NOON, Desk, envelope, wrote
from tests.peers.suffering import hello, suffered, talk


@suffered("chatwoot#6861", "chatwoot#4542", "chatwoot#10251", "listmonk#1103", "twenty#15264", "typebot#1551")
async def test_a_follow_up_waits_days_and_leaves_at_its_time(desk: Desk) -> None:
    await desk.plan("¿Seguimos?", hours=20)
    await hello(desk)
    desk.clock.advance(hours=19, minutes=59)
    assert await desk.engine.sequences.process_due() == {}
    desk.clock.advance(minutes=1)
    assert await desk.engine.sequences.process_due() == {"queued": 1}


@suffered("chatwoot#5139")
async def test_a_reply_stops_the_automation_and_calls_back_what_is_queued(desk: Desk) -> None:
    await desk.plan("¿Seguimos?", "Último aviso", hours=2)
    await hello(desk)
    desk.clock.advance(hours=2)
    await desk.engine.sequences.process_due()
    await desk.arrives(envelope(wrote("Sí, dime", desk.clock.now(), "wamid.2")))
    desk.clock.advance(days=2)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert desk.meta.sent == []
    assert (await talk(desk)).walks[0].enrollment.reason is Reason.CUSTOMER_REPLIED


@suffered("Spoke#1293", "mautic#7676")
async def test_resuming_after_a_pause_keeps_the_remaining_delay_and_fires_no_burst(desk: Desk) -> None:
    plan = await desk.plan("Uno", "Dos", "Tres", trigger=Trigger.MANUAL, hours=10)
    walk = await desk.engine.sequences.enroll(desk.agent, plan.id, await hello(desk))
    desk.clock.advance(hours=4)
    await desk.engine.sequences.pause_enrollment(desk.agent, walk.id)
    desk.clock.advance(days=5)
    await desk.engine.sequences.resume_enrollment(desk.agent, walk.id)
    assert await desk.engine.sequences.process_due() == {}
    desk.clock.advance(hours=6)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert len(desk.meta.sent) + (await desk.engine.pending.page(desk.agent)).total == 1


@suffered("mautic#9769", "mautic#539")
async def test_the_same_step_is_taken_once_however_often_it_is_looked_for(desk: Desk) -> None:
    await desk.plan("¿Seguimos?", hours=2)
    await hello(desk)
    desk.clock.advance(hours=2)
    for _ in range(10):
        await desk.engine.sequences.process_due()
        await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["¿Seguimos?"]


@suffered("signal-android#12863", "signal-android#13493", "chatwoot#3064")
async def test_a_change_of_clocks_shifts_no_message(desk: Desk) -> None:
    """Delays are spans of UTC: over the night of 29 March, when Madrid's clocks move, a step of 20 hours is 20 hours."""
    desk.clock.at = NOON.replace(month=3, day=28, year=2027)
    await desk.plan("¿Seguimos?", hours=20)
    await hello(desk)
    due = (await talk(desk)).walks[0].enrollment.next_due_at
    assert due == desk.clock.now() + timedelta(hours=20)


@suffered("DeskcommCRM#38")
async def test_a_contact_walks_a_sequence_once_at_a_time(desk: Desk) -> None:
    await desk.plan("¿Seguimos?", hours=2)
    await hello(desk)
    for n in range(5):
        desk.clock.advance(minutes=1)
        await desk.arrives(envelope(wrote(f"Otra cosa {n}", desk.clock.now(), f"wamid.x{n}")))
    walks = [walk.enrollment for walk in (await talk(desk)).walks]
    assert len(walks) == 1
    assert walks[0].state is EnrollmentState.PAUSED
