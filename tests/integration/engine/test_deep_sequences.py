"""Sequences in depth, over a real database: branches, conditions, hours, caps, triggers, versions."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from crm.model.contents import Buttons
from crm.model.media import KeptFile, MediaKind
from crm.model.records import replace
from crm.model.sequences import (
    Branch,
    Condition,
    EnrollmentState,
    Hours,
    Reason,
    Rules,
    Sequence,
    SequenceState,
    Step,
    Subject,
    Trigger,
)
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, open_desk, typed, wrote

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def publish(
    desk: Desk, *steps: Step, trigger: Trigger = Trigger.FIRST_MESSAGE, move: bool = False, **rules: Any
) -> Sequence:
    plan = Sequence(0, "p", "Plan", SequenceState.ACTIVE, trigger, None, steps, 1, NOON, Rules(**rules))
    return (await desk.engine.sequences.publish("test", [plan], move=move))[0]


async def write(desk: Desk, text: str, wamid: str, **referral: str) -> None:
    value = wrote(text, desk.clock.now(), wamid)
    if referral:
        value["messages"][0]["referral"] = referral
    await desk.arrives(envelope(value))


async def the_walk(desk: Desk):  # type: ignore[no-untyped-def]
    async with desk.database.read() as uow:
        contact = (await desk.engine.contacts.find(desk.admin, "Leo"))[0]
        (thread,) = await uow.conversations.of_contact(desk.admin, contact.id)
        found = await uow.enrollments.of_conversation(thread.id, 5)
    return found[0] if found else None


async def due(desk: Desk, **later: float) -> dict[str, int]:
    desk.clock.advance(**later)
    counts = await desk.engine.sequences.process_due()
    await desk.sends()
    return counts


ASKING = (
    Step(HOUR, "¿Te interesa?", buttons=("Sí", "No"), branches=(Branch(("Sí",), "oferta"), Branch(("No",), "end"))),
    Step(HOUR, "¿Sigues ahí?"),
    Step(2 * HOUR, "Aquí va", label="oferta"),
)


async def test_a_step_asks_with_buttons_and_the_answer_chooses_the_way(desk: Desk) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    content = desk.meta.sent[0].content
    assert isinstance(content, Buttons)
    assert [button.title for button in content.buttons] == ["Sí", "No"]
    await write(desk, "Sí", "wamid.2")
    walk = await the_walk(desk)
    assert (walk.state, walk.position) == (EnrollmentState.ACTIVE, 2)
    await due(desk, hours=2)
    assert [parcel.text for parcel in desk.meta.sent[1:]] == ["Aquí va"]
    assert (await the_walk(desk)).state is EnrollmentState.COMPLETED


async def test_another_answer_pauses_and_no_ends_the_walk(desk: Desk) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    await write(desk, "Depende", "wamid.2")
    assert (await the_walk(desk)).reason is Reason.CUSTOMER_REPLIED
    await write(desk, "No", "wamid.3")
    await due(desk, hours=5)
    walk = await the_walk(desk)
    assert (walk.state, walk.reason) == (EnrollmentState.COMPLETED, Reason.FINISHED)
    assert len(desk.meta.sent) == 1


async def test_an_answer_older_than_its_question_chooses_nothing(desk: Desk) -> None:
    """It was written before the question left, and heard afterwards: a person looks at it."""
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    early = desk.clock.now() - timedelta(seconds=5)
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(wrote("Sí", early, "wamid.2")))
    walk = await the_walk(desk)
    assert (walk.position, walk.reason) == (1, Reason.CUSTOMER_REPLIED)


async def test_a_question_that_is_still_queued_is_answered_by_nothing(desk: Desk) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    await write(desk, "Sí", "wamid.2")
    await desk.sends()
    walk = await the_walk(desk)
    assert (walk.position, walk.reason, desk.meta.sent) == (0, Reason.CUSTOMER_REPLIED, [])


@pytest.mark.parametrize("words", ["Sí", "Depende"])
async def test_the_question_before_a_step_that_did_not_leave_is_answered_still(desk: Desk, words: str) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    desk.clock.advance(hours=1)
    assert (await desk.engine.sequences.process_due())["queued"] == 1
    await write(desk, words, "wamid.2")
    if words != "Sí":
        assert (await the_walk(desk)).position == 1
        await write(desk, "Sí", "wamid.3")
    assert ((await the_walk(desk)).position, (await the_walk(desk)).state) == (2, EnrollmentState.ACTIVE)
    await due(desk, hours=2)
    assert [parcel.text.splitlines()[0] for parcel in desk.meta.sent] == ["¿Te interesa?", "Aquí va"]


async def test_a_question_asked_from_the_phone_is_answered(desk: Desk) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    desk.clock.advance(minutes=10)
    await desk.arrives(envelope(typed("¿Te interesa?", desk.clock.now(), "wamid.P")))
    desk.clock.advance(minutes=1)
    await write(desk, "Sí", "wamid.2")
    assert (await the_walk(desk)).position == 2


async def test_a_question_whose_card_was_sent_by_hand_is_answered(desk: Desk) -> None:
    """The agent says so, and no echo comes. While the card was open nothing had been asked."""
    await publish(desk, replace(ASKING[0], delay=30 * HOUR), *ASKING[1:])
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=100)
    ((card, _),) = (await desk.engine.pending.page(desk.admin)).lines
    await desk.engine.pending.by_hand(desk.admin, card.id, card.version)
    desk.clock.advance(minutes=1)
    await write(desk, "Sí", "wamid.2")
    assert (await the_walk(desk)).position == 2


async def test_without_an_answer_the_plan_goes_on_as_written(desk: Desk) -> None:
    await publish(desk, *ASKING)
    await write(desk, "Hola", "wamid.1")
    for _ in range(3):
        await due(desk, hours=2)
    assert [parcel.text.splitlines()[0] for parcel in desk.meta.sent] == ["¿Te interesa?", "¿Sigues ahí?", "Aquí va"]


async def test_a_step_that_does_not_fit_the_contact_is_passed_over(desk: Desk) -> None:
    vip = Condition(Subject.TAG, "vip")
    await publish(desk, Step(HOUR, "Solo VIP", conditions=(vip,)), Step(HOUR, "Para el resto"))
    await write(desk, "Hola", "wamid.1")
    assert await due(desk, hours=1) == {"passed_over": 1}
    assert await due(desk, hours=1) == {"queued": 1}
    assert [parcel.text for parcel in desk.meta.sent] == ["Para el resto"]


async def test_a_step_waits_for_the_morning_of_the_contact(desk: Desk) -> None:
    """The customer's phone is Argentine: noon in UTC is nine in the morning there, and 23:00 UTC eight in the evening."""
    await publish(desk, Step(12 * HOUR, "Buenas"), hours=Hours(time(9), time(20)))
    await write(desk, "Hola", "wamid.1")
    morning = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert (await the_walk(desk)).next_due_at == morning
    assert await due(desk, hours=12) == {}
    desk.clock.at = morning
    await due(desk)
    assert len(desk.meta.sent) + (await desk.engine.pending.page(desk.agent)).total == 1


async def test_a_step_is_pulled_forward_into_the_window(desk: Desk) -> None:
    await desk.engine.accounts.set_assumption(desk.admin, desk.account.id, "sequence_start", False)
    await publish(desk, Step(24 * HOUR, "¿Seguimos?"), tolerance=4 * HOUR)
    await write(desk, "Hola", "wamid.1")
    due_at = (await the_walk(desk)).next_due_at
    assert due_at is not None
    desk.clock.at = due_at
    assert await due(desk) == {"queued": 1}


async def test_a_contact_hears_only_so_much_a_day(database: Database) -> None:
    desk = await open_desk(database, per_day=2)
    await publish(desk, *(Step(HOUR, f"Mensaje {n}") for n in range(4)))
    await write(desk, "Hola", "wamid.1")
    await desk.engine.accounts.set_assumption(desk.admin, desk.account.id, "sequence_start", True)
    assert [await due(desk, hours=1) for _ in range(3)] == [{"queued": 1}, {"queued": 1}, {"postponed": 1}]
    assert (await the_walk(desk)).next_due_at == NOON + 25 * HOUR


async def test_a_keyword_begins_a_plan_once_and_an_ad_begins_another(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "La lista"), trigger=Trigger.KEYWORD, keywords=("precio",))
    await write(desk, "Hola", "wamid.1")
    assert await the_walk(desk) is None
    await write(desk, "¿Qué precio tiene?", "wamid.2")
    assert (await the_walk(desk)).trigger is Trigger.KEYWORD
    await due(desk, hours=2)
    await write(desk, "precio", "wamid.3")
    async with desk.database.read() as uow:
        assert len(await uow.enrollments.of_conversation((await the_walk(desk)).conversation_id, 9)) == 1


async def test_an_ad_begins_its_plan(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "Del anuncio"), trigger=Trigger.AD, ads=("120",))
    await write(desk, "Hola", "wamid.1", source_id="999", source_type="ad")
    assert await the_walk(desk) is None
    await write(desk, "Hola", "wamid.2", source_id="120", source_type="ad")
    assert (await the_walk(desk)).trigger is Trigger.AD


async def test_who_walks_an_older_version_keeps_it_unless_taken_over(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "Vieja"))
    await write(desk, "Hola", "wamid.1")
    second = await publish(desk, Step(HOUR, "Nueva"), Step(HOUR, "Más"))
    assert second.version == 2
    assert (await publish(desk, *second.steps)).version == 2, "nothing changed"
    await due(desk, hours=1)
    assert [parcel.text for parcel in desk.meta.sent] == ["Vieja"]


async def test_a_walk_is_taken_over_to_the_new_version(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "Vieja"))
    await write(desk, "Hola", "wamid.1")
    await publish(desk, Step(HOUR, "Nueva"), move=True)
    await due(desk, hours=1)
    assert [parcel.text for parcel in desk.meta.sent] == ["Nueva"]
    assert (await the_walk(desk)).version == 2


async def test_a_draft_takes_nobody(desk: Desk) -> None:
    plan = await publish(desk, Step(HOUR, "x"))
    await desk.engine.sequences.publish("test", [replace(plan, state=SequenceState.DRAFT)])
    await write(desk, "Hola", "wamid.1")
    assert await the_walk(desk) is None


async def test_a_step_may_send_a_file(desk: Desk) -> None:
    kept = desk.kept_file(b"%PDF-1.4", MediaKind.DOCUMENT)
    assert isinstance(kept, KeptFile)
    await publish(desk, Step(HOUR, "La lista, {name}", file=kept))
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    (parcel,) = desk.meta.sent
    assert (parcel.text, parcel.to.phone) == ("La lista, Leo", f"+{CUSTOMER}")
    assert parcel.enclosed is not None
    assert list(desk.meta.handed.values()) == [b"%PDF-1.4"]
