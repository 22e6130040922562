"""What comes from the shop's own phone: typed by a person, corrected, deleted, or written by the Business app itself (reference 8)."""

from datetime import datetime, timedelta

import pytest

from crm.model.alerts import NoticeKind
from crm.model.messages import Source
from crm.model.sequences import Trigger
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, typed, wrote
from tests.integration.engine.test_history import messages, notices, talk_with

GREETING = "¡Hola! Gracias por escribirnos, en breve te atendemos"
SECONDS = timedelta(seconds=1)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def greeted(desk: Desk, person: int, at: datetime, text: str = GREETING, after: timedelta = 2 * SECONDS) -> str:
    """Somebody writes, and so soon after a text comes from our phone."""
    wa_id = f"54911555500{person:02}"
    await desk.arrives(
        envelope(
            wrote("Hola", at, f"wamid.I{person}", wa_id=wa_id),
            typed(text, at + after, f"wamid.E{person}", to=wa_id),
        )
    )
    return wa_id


async def source(desk: Desk, person: int, wa_id: str) -> Source:
    return (await messages(desk, wa_id))[f"wamid.E{person}"].source


async def test_the_third_same_text_within_seconds_was_not_typed(desk: Desk) -> None:
    found = []
    for person in range(4):
        wa_id = await greeted(desk, person, NOON - timedelta(minutes=50 - person))
        found.append(await source(desk, person, wa_id))
    assert found == [Source.MANUAL, Source.MANUAL, Source.AUTOMATIC, Source.AUTOMATIC]
    _, talk = await talk_with(desk, wa_id)
    assert talk.last_manual_at is None
    assert talk.last_interaction_at == NOON - timedelta(minutes=47) + 2 * SECONDS


async def test_nobody_is_told_of_it_and_no_step_is_done_by_it(desk: Desk) -> None:
    plan = await desk.plan(GREETING, "La segunda de las ofertas", trigger=Trigger.MANUAL)
    for person in range(2):
        await greeted(desk, person, NOON - timedelta(minutes=50 - person))
    wa_id = "5491155550009"
    await desk.arrives(envelope(wrote("Buenas", NOON - timedelta(hours=2), "wamid.before", wa_id=wa_id)))
    _, talk = await talk_with(desk, wa_id)
    walk = await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    await notices(desk)
    desk.clock.advance(minutes=1)
    await greeted(desk, 9, NOON + 30 * SECONDS)
    assert await source(desk, 9, wa_id) is Source.AUTOMATIC
    async with desk.database.read() as uow:
        assert (await uow.enrollments.load([walk.id]))[walk.id].position == 0
    async with desk.database.begin() as uow:
        told = await uow.notices.claim(desk.clock.now(), desk.clock.now() + timedelta(hours=1), 100)
    assert NoticeKind.INBOUND in {each.kind for each in told}
    assert NoticeKind.MANUAL not in {each.kind for each in told}


@pytest.mark.parametrize(
    ("text", "after"),
    [("Sí, tenemos: cuesta {n} pesos", 2 * SECONDS), (GREETING, 60 * SECONDS)],
    ids=["quick but different", "the same but slow"],
)
async def test_what_a_person_may_have_typed_is_taken_for_a_persons(desk: Desk, text: str, after: timedelta) -> None:
    for person in range(5):
        at = NOON - timedelta(minutes=50 - person)
        wa_id = await greeted(desk, person, at, text.replace("{n}", str(person)), after)
        assert await source(desk, person, wa_id) is Source.MANUAL


async def test_the_same_greeting_twice_to_one_person_proves_nothing(desk: Desk) -> None:
    for turn in range(4):
        at = NOON - timedelta(minutes=50 - turn)
        await desk.arrives(
            envelope(wrote("Hola", at, f"wamid.I{turn}"), typed(GREETING, at + SECONDS, f"wamid.E{turn}"))
        )
    assert {m.source for m in (await messages(desk)).values()} == {Source.CUSTOMER, Source.MANUAL}


@pytest.mark.parametrize("edit_first", [False, True], ids=["edited later", "the edit overtakes"])
async def test_an_edit_of_what_fulfilled_a_step_fulfils_no_other(desk: Desk, edit_first: bool) -> None:
    """Neither does it undo the first: the customer has read it."""
    plan = await desk.plan("La primera de las ofertas", "La segunda de las ofertas", trigger=Trigger.MANUAL)
    await desk.arrives(envelope(wrote("Hola", NOON - timedelta(hours=1), "wamid.1")))
    _, talk = await talk_with(desk)
    walk = await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    desk.clock.advance(minutes=10)
    first = typed("La primera de las ofertas", NOON + timedelta(minutes=1), "wamid.E1")
    edit = typed("", NOON + timedelta(minutes=2), "wamid.E2")
    edit["message_echoes"][0] |= {
        "type": "edit",
        "edit": {
            "original_message_id": "wamid.E1",
            "message": {"type": "text", "text": {"body": "La segunda de las ofertas"}},
        },
    }
    for change in [edit, first] if edit_first else [first, edit]:
        await desk.arrives(envelope(change))
    await desk.arrives(envelope(typed("Otra cosa muy distinta", NOON + timedelta(minutes=3), "wamid.E3")))
    async with desk.database.read() as uow:
        assert (await uow.enrollments.load([walk.id]))[walk.id].position == 1
    said = (await messages(desk))["wamid.E1"]
    assert (said.text, said.step, said.edited_at) == ("La segunda de las ofertas", 0, NOON + timedelta(minutes=2))


@pytest.mark.parametrize("revoke_first", [False, True])
async def test_what_the_shop_deletes_is_marked_in_either_order(desk: Desk, revoke_first: bool) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON - timedelta(hours=1), "wamid.1")))
    first = typed("Cuesta diez", NOON - timedelta(minutes=9), "wamid.E1")
    gone = typed("", NOON - timedelta(minutes=8), "wamid.E2")
    gone["message_echoes"][0] |= {"type": "revoke", "revoke": {"original_message_id": "wamid.E1"}}
    for change in [gone, first] if revoke_first else [first, gone]:
        await desk.arrives(envelope(change))
    said = (await messages(desk))["wamid.E1"]
    assert (said.text, said.revoked_at) == ("Cuesta diez", NOON - timedelta(minutes=8))
