"""A step that goes out a second time: because Meta failed the first, because a branch leads back to it, or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.whatsapp.errors import classify
from crm.errors import SendUncertain
from crm.model.outbox import OutboxItem, OutboxState, Parcel
from crm.model.sequences import Branch, Enrollment, EnrollmentState, Step
from storage.database import Database
from tests.integration.engine.desk import Desk, envelope, heard, open_desk, wrote
from tests.integration.engine.test_deep_sequences import due, publish, the_walk, write

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAIR, SPEED = 131056, 130429


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


def texts(desk: Desk) -> list[str]:
    return [parcel.text for parcel in desk.meta.sent]


def failed(desk: Desk, code: int = PAIR, *, sent: int = 1) -> dict[str, Any]:
    opaque = desk.meta.sent[sent - 1].opaque
    return heard(f"wamid.OUT{sent}", "failed", desk.clock.now(), opaque=opaque, code=code)


async def passes(desk: Desk, **later: float) -> None:
    desk.clock.advance(**later)
    await desk.sends()


@pytest.mark.parametrize("code", [PAIR, SPEED])
@pytest.mark.parametrize("reply_first", [True, False])
async def test_a_reply_and_a_failure_end_alike_in_either_order(desk: Desk, code: int, reply_first: bool) -> None:
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    desk.clock.advance(seconds=2)
    news = [envelope(wrote("Espera", desk.clock.now(), "wamid.2")), envelope(failed(desk, code))]
    for body in news if reply_first else news[::-1]:
        await desk.arrives(body)
    await passes(desk, minutes=5)
    assert texts(desk) == ["Uno"]  # nothing of a plan follows a reply
    walk = await the_walk(desk)
    assert (walk.state, walk.position) == (EnrollmentState.PAUSED, 0)


@pytest.mark.parametrize("code", [PAIR, SPEED])
async def test_a_step_called_back_after_a_failure_leaves_when_the_walk_goes_on(desk: Desk, code: int) -> None:
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    await desk.arrives(envelope(failed(desk, code)))
    await write(desk, "Espera", "wamid.2")
    await passes(desk, minutes=5)
    await desk.engine.sequences.resume_enrollment(desk.admin, (await the_walk(desk)).id)
    assert (await due(desk, minutes=1))["queued"] == 1
    await due(desk, hours=25)
    await due(desk, hours=25)
    assert texts(desk)[:2] == ["Uno", "Uno"]


async def test_a_branch_that_leads_back_asks_again_as_often_as_it_is_answered(desk: Desk) -> None:
    asks = Step(HOUR, "¿Otra?", label="otra", branches=(Branch(("Sí",), "vista"),))
    await publish(desk, Step(HOUR, "Mira", label="vista"), asks)
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    for n in range(3):
        await due(desk, hours=1)
        await write(desk, "Sí", f"wamid.{n + 2}")
        await due(desk, hours=1)
    assert texts(desk) == ["Mira", "¿Otra?"] * 3 + ["Mira"]


async def test_what_an_agent_paused_does_not_leave_although_it_was_queued(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    await due(desk, hours=1)
    await desk.arrives(envelope(failed(desk)))
    await desk.engine.sequences.pause_enrollment(desk.admin, (await the_walk(desk)).id)
    await passes(desk, minutes=5)
    assert texts(desk) == ["Uno"]
    walk: Enrollment = await the_walk(desk)
    assert (walk.state, walk.position) == (EnrollmentState.PAUSED, 0)
    await desk.engine.sequences.resume_enrollment(desk.admin, walk.id)
    await due(desk, minutes=1)
    assert texts(desk) == ["Uno", "Uno"]


async def items(desk: Desk) -> Sequence[OutboxItem]:
    async with desk.database.read() as uow:
        found = await uow.outbox.by_opaque([parcel.opaque for parcel in desk.meta.sent])
    return list(found.values())


async def test_a_failure_of_an_earlier_try_does_not_send_twice(desk: Desk) -> None:
    """Meta may refuse at once and tell the same again by a status (reference 3), which comes when the next try was taken already."""
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    refusals = [classify(SPEED)]
    desk.meta.refuse = lambda parcel: refusals.pop() if refusals else None
    await due(desk, hours=1)
    await passes(desk, seconds=10)
    assert texts(desk) == ["Uno"]
    opaque = desk.meta.sent[0].opaque
    early = desk.clock.now() - timedelta(seconds=10)
    await desk.arrives(envelope(heard("wamid.REFUSED", "failed", early, opaque=opaque, code=SPEED)))
    await passes(desk, minutes=2)
    assert texts(desk) == ["Uno"]
    assert [item.state for item in await items(desk)] == [OutboxState.ACCEPTED]


async def test_a_failure_that_is_told_twice_before_the_next_try_sends_once(desk: Desk) -> None:
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    refusals: list[Exception] = [classify(SPEED)]
    opaques: list[str] = []

    def refuse(parcel: Parcel) -> Exception | None:
        opaques.append(parcel.opaque)
        return refusals.pop() if refusals else None

    desk.meta.refuse = refuse
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    await desk.engine.outbox.due()
    await desk.engine.outbox.run_once(desk.account.id)
    told = heard("wamid.REFUSED", "failed", desk.clock.now(), opaque=opaques[0], code=SPEED)
    await desk.arrives(envelope(told), envelope(told))
    await passes(desk, minutes=2)
    assert len(set(opaques)) == 1
    assert [item.state for item in await items(desk)] == [OutboxState.ACCEPTED]


@pytest.mark.parametrize("second", ["accepted", "uncertain", "crashed"])
@pytest.mark.parametrize("told_after", ["the refusal", "the second try", "the lease", "a person was asked"])
async def test_a_late_word_of_a_refused_try_repeats_nothing_whatever_became_of_the_next(
    desk: Desk, second: str, told_after: str
) -> None:
    """The second try may have left, whatever Meta says of the first; only a person may risk a third."""
    await publish(desk, Step(HOUR, "Uno"), Step(DAY, "Dos"))
    await write(desk, "Hola", "wamid.1")
    ends = {"accepted": None, "uncertain": SendUncertain("timeout"), "crashed": RuntimeError("killed")}
    answers: list[Exception | None] = [classify(SPEED), ends[second]]
    opaques: list[str] = []

    def answer(parcel: Parcel) -> Exception | None:
        opaques.append(parcel.opaque)
        return answers.pop(0) if answers else None

    async def news(moment: str) -> None:
        if moment == told_after:
            early = desk.clock.now() - timedelta(seconds=1)
            await desk.arrives(envelope(heard("wamid.REFUSED", "failed", early, opaque=opaques[0], code=SPEED)))

    async def turn(**later: float) -> None:
        desk.clock.advance(**later)
        await desk.engine.outbox.due()
        with suppress(RuntimeError):
            await desk.engine.outbox.run_once(desk.account.id)

    desk.meta.refuse = answer
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    await turn()
    await news("the refusal")
    await turn(seconds=10)
    await news("the second try")
    for moment, minutes in (("the lease", 3), ("a person was asked", 20)):
        desk.clock.advance(minutes=minutes)
        await desk.engine.outbox.reconcile()
        await news(moment)
    await turn(minutes=30)
    assert len(opaques) == 2
    waiting = (await desk.engine.pending.page(desk.admin)).total
    assert waiting == (second != "accepted")
