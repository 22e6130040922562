"""While Meta's own agent answers: agents see all of it, the window opens, and no sequence talks over it (reference 0.10)."""

from datetime import timedelta
from typing import Any

import pytest

from crm.model.answers import ConversationCard
from crm.model.conversations import META_AGENT, OURS
from crm.model.messages import Source
from crm.model.sequences import EnrollmentState
from storage.database import Database
from tests.integration.engine.desk import (
    CUSTOMER,
    NOON,
    PHONE_ID,
    Desk,
    came,
    envelope,
    open_desk,
    stamp,
    typed,
    wrote,
)

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database, at=NOON + HOUR)


async def the_talk(desk: Desk) -> ConversationCard:
    (contact,) = await desk.engine.contacts.find(desk.admin, CUSTOMER)
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]


def handed(holder: str, minutes: int) -> dict[str, Any]:
    role = "ai_agent" if holder == META_AGENT else "escalation"
    return {
        "field": "messaging_handovers",
        "sender": {"phone_number": CUSTOMER},
        "recipient": {"phone_number_id": PHONE_ID},
        "timestamp": stamp(NOON + timedelta(minutes=minutes)),
        "control_passed": {"new_owner_role": role},
    }


def said(text: str, minutes: int) -> dict[str, Any]:
    return {**typed(text, NOON + timedelta(minutes=minutes), f"wamid.M{minutes}"), "field": "standby"}


async def test_what_comes_on_standby_is_kept_opens_the_window_and_starts_nothing(desk: Desk) -> None:
    await desk.plan("Hola {name}", "¿Seguimos?")
    await desk.arrives(envelope(came("text", {"body": "Hola"}, NOON, "wamid.1", field="standby"), said("¡Hola!", 1)))
    talk = await the_talk(desk)
    assert talk.window is not None
    assert talk.walks == ()
    assert [(message.source, message.text) for message in talk.recent] == [
        (Source.META_AGENT, "¡Hola!"),
        (Source.CUSTOMER, "Hola"),
    ]
    assert (talk.conversation.control, talk.conversation.last_manual_at) == (META_AGENT, None)


async def test_a_walk_pauses_and_what_metas_agent_says_fulfils_no_step(desk: Desk) -> None:
    await desk.plan("Esta es la oferta", "Y esta la segunda")
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    await desk.arrives(
        envelope(
            came("text", {"body": "¿Y?"}, NOON + timedelta(minutes=2), "wamid.2", field="standby"),
            said("Esta es la oferta", 3),
        )
    )
    (walk,) = (await the_talk(desk)).walks
    assert (walk.enrollment.state, walk.enrollment.position) == (EnrollmentState.PAUSED, 0)


@pytest.mark.parametrize("late", [False, True])
async def test_who_wrote_to_metas_agent_first_is_no_newcomer_in_either_order(desk: Desk, late: bool) -> None:
    await desk.plan("Bienvenida", "¿Seguimos?")
    theirs = came("text", {"body": "Hola"}, NOON, "wamid.1", field="standby")
    ours = came("text", {"body": "¿Una persona?"}, NOON + timedelta(minutes=6), "wamid.2")
    for change in (ours, theirs) if late else (theirs, ours):
        await desk.arrives(envelope(change))
    open_walks = [w for w in (await the_talk(desk)).walks if w.enrollment.state is not EnrollmentState.EXITED]
    assert open_walks == []


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
async def test_the_newest_word_on_who_answers_counts_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    news = [
        came("text", {"body": "Hola"}, NOON, "wamid.1", field="standby"),
        said("¡Hola!", 1),
        handed(OURS, 5),
        came("text", {"body": "¿Una persona?"}, NOON + timedelta(minutes=6), "wamid.2"),
    ]
    for number in order:
        await desk.arrives(envelope(news[number]))
    assert (await the_talk(desk)).conversation.control == OURS
    await desk.arrives(envelope(handed(META_AGENT, 9), handed(OURS, 7)))
    assert (await the_talk(desk)).conversation.control == META_AGENT


async def test_a_call_opens_the_window_however_its_end_comes(desk: Desk) -> None:
    def call(event: str, minutes: int, **more: Any) -> dict[str, Any]:
        at = stamp(NOON + timedelta(minutes=minutes))
        one = {"id": "wacid.1", "from": CUSTOMER, "event": event, "timestamp": at, "direction": "USER_INITIATED"}
        metadata = {"phone_number_id": PHONE_ID, "display_phone_number": "15550783881"}
        return {"field": "calls", "metadata": metadata, "calls": [one | more]}

    await desk.arrives(envelope(call("terminate", 1, status="COMPLETED", duration=40)))
    await desk.arrives(envelope(call("connect", 0)))
    talk = await the_talk(desk)
    assert talk.window is not None
    assert talk.window.closes_at == NOON + timedelta(hours=24)
    assert [(message.kind, message.text) for message in talk.recent] == [("call", "completed 40")]
