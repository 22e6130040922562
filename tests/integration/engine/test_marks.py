"""What customers see between messages: read marks when an agent answers, the typing sign while an answer is made; no more than needed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.errors import Refused, SendRejected
from crm.model.agents import Agent, Role
from crm.model.records import replace
from crm.services.marks import MarkRead, MarkService
from storage.database import Database
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, open_desk, typed, wrote
from tests.unit.contents import BUTTONS


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("¿Hay stock?", NOON, "wamid.1")))
    return desk


async def conversation_of(desk: Desk) -> int:
    contact = (await desk.engine.contacts.find(desk.admin, CUSTOMER))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id


def marks_by(desk: Desk, rule: MarkRead, woken: Callable[[], None] = lambda: None) -> MarkService:
    return MarkService(desk.database, desk.meta, desk.clock, rule, woken)


async def test_an_answer_marks_the_newest_message_once(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("¿Y en azul?", NOON + timedelta(seconds=5), "wamid.2")))
    conversation, marks = await conversation_of(desk), desk.engine.marks
    assert await marks.run_once() == 0
    for text in ("Sí", "En azul también"):
        await desk.engine.conversations.reply(desk.agent, conversation, text)
        desk.clock.advance(seconds=1)
        await marks.run_once()
    assert desk.meta.marked == [("wamid.2", False)]
    await desk.arrives(envelope(wrote("Gracias", NOON + timedelta(seconds=9), "wamid.3")))
    await desk.engine.conversations.say(desk.agent, conversation, BUTTONS)
    desk.clock.advance(seconds=1)
    await marks.run_once()
    assert desk.meta.marked == [("wamid.2", False), ("wamid.3", False)]


async def test_an_answer_that_has_to_wait_marks_when_it_is_released(desk: Desk) -> None:
    desk.clock.advance(hours=30)
    conversation = await conversation_of(desk)
    held = await desk.engine.conversations.reply(desk.agent, conversation, "Sí")
    assert await desk.engine.marks.run_once() == 0
    await desk.arrives(envelope(wrote("¿Hola?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.agent, held.pending_id, 1)  # type: ignore[union-attr]
    await desk.engine.marks.run_once()
    assert desk.meta.marked == [("wamid.2", False)]


async def test_a_sequence_and_the_phone_mark_nothing(desk: Desk) -> None:
    await desk.plan("Hola, {name}", hours=0)
    await desk.arrives(envelope(typed("Buenas", NOON, "wamid.E")))
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert await desk.engine.marks.run_once() == 0
    assert desk.meta.marked == []


async def test_a_number_that_rests_is_not_asked_for_marks_either(desk: Desk) -> None:
    """Meta asked the account, or the whole app, for patience: a courtesy must not be what breaks it."""
    conversation, marks = await conversation_of(desk), desk.engine.marks
    until = desk.clock.now() + timedelta(minutes=5)
    async with desk.database.begin() as uow:
        [account] = await uow.accounts.all()
        resting = replace(account.limits, rests_for="app-limit", rests_since=desk.clock.now(), rests_until=until)
        await uow.accounts.save(changed=[replace(account, limits=resting)])
    marks.answered(desk.agent, conversation)
    assert await marks.run_once() == 0
    assert marks.due() == until
    desk.clock.at = until
    assert await marks.run_once() == 1
    assert desk.meta.marked == [("wamid.1", False)]


async def test_typing_is_shown_at_most_every_twenty_seconds_and_counts_as_read(desk: Desk) -> None:
    conversation, marks = await conversation_of(desk), desk.engine.marks
    for _ in range(5):
        marks.typing(desk.agent, conversation)
        await marks.run_once()
        desk.clock.advance(seconds=9)
    assert desk.meta.marked == [("wamid.1", True), ("wamid.1", True)]
    await desk.engine.conversations.reply(desk.agent, conversation, "Sí")
    assert await marks.run_once() == 0


async def test_nobody_is_typing_to_somebody_who_cannot_be_answered(desk: Desk) -> None:
    conversation, marks = await conversation_of(desk), desk.engine.marks
    desk.clock.advance(hours=30)
    marks.typing(desk.agent, conversation)
    assert await marks.run_once() == 0
    assert desk.meta.marked == []


async def test_what_is_looked_at_is_marked_only_where_that_is_wanted(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    viewer = await desk.engine.agents.add(1010, Role.VIEWER, "Vera")
    for rule, by, marked in (
        (MarkRead.NEVER, desk.agent, []),
        (MarkRead.ANSWER, desk.agent, []),
        (MarkRead.SEEN, viewer, []),
        (MarkRead.SEEN, desk.agent, [("wamid.1", False)]),
    ):
        marks = marks_by(desk, rule)
        marks.seen(by, [conversation])
        await marks.run_once()
        assert desk.meta.marked == marked


async def test_never_means_never(desk: Desk) -> None:
    conversation, marks = await conversation_of(desk), marks_by(desk, MarkRead.NEVER)
    marks.answered(desk.agent, conversation)
    marks.typing(desk.agent, conversation)
    assert await marks.run_once() == 0
    assert desk.meta.marked == []


async def test_viewers_type_nothing_and_nobody_marks_what_is_not_theirs(desk: Desk) -> None:
    conversation, marks = await conversation_of(desk), desk.engine.marks
    viewer: Agent = await desk.engine.agents.add(1010, Role.VIEWER, "Vera")
    other: Agent = await desk.engine.agents.add(1011, Role.AGENT, "Caro")
    with pytest.raises(Refused, match="not-permitted"):
        marks.typing(viewer, conversation)
    await desk.engine.conversations.assign(desk.admin, conversation, desk.agent.id)
    marks.typing(other, conversation)
    assert await marks.run_once() == 0
    assert desk.meta.marked == []


async def test_a_failure_is_forgotten_and_the_next_answer_tries_again(desk: Desk) -> None:
    conversation, marks = await conversation_of(desk), desk.engine.marks
    desk.meta.refuse_mark = lambda wamid: SendRejected("invalid-parameter", meta_code=131009)
    marks.answered(desk.agent, conversation)
    assert await marks.run_once() == 1
    assert (desk.meta.marked, await marks.run_once(), marks.due()) == ([], 0, None)
    desk.meta.refuse_mark = lambda wamid: None
    marks.answered(desk.agent, conversation)
    desk.clock.advance(seconds=1)
    await marks.run_once()
    assert desk.meta.marked == [("wamid.1", False)]


async def test_marks_go_at_a_tenth_of_the_accounts_pace(desk: Desk) -> None:
    """The desk's number sends 20 a second: two marks a second, and the rest wait without being lost."""
    people = [f"54911555510{n:02}" for n in range(10)]
    for n, phone in enumerate(people):
        await desk.arrives(envelope(wrote("Hola", NOON, f"wamid.P{n}", wa_id=phone, name=f"P{n}")))
    marks = desk.engine.marks
    for phone in people:
        contact = (await desk.engine.contacts.find(desk.admin, phone))[0]
        card = await desk.engine.contacts.card(desk.admin, contact.id)
        marks.answered(desk.agent, card.conversations[0].conversation.id)
    begun = desk.clock.now()
    while len(desk.meta.marked) < len(people):
        await marks.run_once()
        due = marks.due()
        if due is not None:
            desk.clock.advance(seconds=max((due - desk.clock.now()).total_seconds(), 0.001))
    assert sorted(desk.meta.marked) == [(f"wamid.P{n}", False) for n in range(10)]
    assert desk.clock.now() - begun >= timedelta(seconds=4)


async def test_a_wish_wakes_whoever_fulfils_it(desk: Desk) -> None:
    woken: list[bool] = []
    marks = marks_by(desk, MarkRead.ANSWER, lambda: woken.append(True))
    marks.typing(desk.agent, await conversation_of(desk))
    assert woken == [True]


async def test_a_message_of_more_than_thirty_days_ago_is_left_alone(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    desk.clock.advance(hours=31 * 24)
    desk.engine.marks.answered(desk.agent, conversation)
    assert await desk.engine.marks.run_once() == 0
