"""Walks whose sequence is archived or gone end, with a reason and a trace, instead of staying due for ever."""

from dataclasses import replace
from typing import Any

import pytest

from crm.model.sequences import EnrollmentState, Reason, SequenceState, Trigger
from crm.services.sequences import BATCH
from storage.database import Database
from tests.builders import a_contact, a_conversation, an_enrollment, save
from tests.integration.engine.desk import NOON, Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def walkers(desk: Desk, sequence_id: int, count: int, **changes: object) -> list[int]:
    """So many contacts whose step in this sequence is due."""
    people = [a_contact() for _ in range(count)]
    threads = [a_conversation(contact=person, account=desk.account, last_inbound_at=NOON) for person in people]
    due: dict[str, Any] = {
        "sequence_id": sequence_id,
        "next_due_at": NOON,
        "started_at": NOON,
        "step_from": NOON,
        **changes,
    }
    walks = [an_enrollment(of=thread, **due) for thread in threads]
    async with desk.database.begin() as uow:
        await save(uow, *people, *threads, *walks)
    return [walk.id for walk in walks]


async def ends(desk: Desk, walks: list[int]) -> set[tuple[EnrollmentState, Reason | None, object]]:
    async with desk.database.read() as uow:
        return {(w.state, w.reason, w.next_due_at) for w in (await uow.enrollments.load(walks)).values()}


ENDED = {(EnrollmentState.EXITED, Reason.ARCHIVED, None)}


async def test_the_walks_of_an_archived_sequence_end_and_those_of_another_go_on(desk: Desk) -> None:
    plan = await desk.plan("Uno", trigger=Trigger.MANUAL)
    other = replace(plan, key="other", name="Otra")
    (other,) = await desk.engine.sequences.publish("test", [other])
    due = await walkers(desk, plan.id, BATCH + 1)
    paused = await walkers(desk, plan.id, 2, state=EnrollmentState.PAUSED, next_due_at=None)
    done = await walkers(desk, plan.id, 1, state=EnrollmentState.COMPLETED, next_due_at=None)
    others = await walkers(desk, other.id, 1)
    await desk.engine.sequences.publish("test", [replace(plan, state=SequenceState.ARCHIVED)])
    assert await desk.engine.sequences.process_due() == {"queued": 1, "ended": BATCH + 3}
    assert await ends(desk, [*due, *paused]) == ENDED
    assert await ends(desk, done) == {(EnrollmentState.COMPLETED, None, None)}
    assert await ends(desk, others) == {(EnrollmentState.COMPLETED, Reason.FINISHED, None)}
    assert await desk.engine.sequences.process_due() == {}
    async with desk.database.read() as uow:
        (entry,) = await uow.audit.of(f"enrollment:{due[0]}", 5)
    assert (entry.actor, entry.action, entry.after) == (
        "job:sequences",
        "enrollment.ended",
        {"state": "exited", "reason": "archived"},
    )


async def test_the_walks_of_a_sequence_that_is_gone_end(desk: Desk) -> None:
    await desk.plan("Uno", trigger=Trigger.MANUAL)
    walks = await walkers(desk, 999_999, 2)
    assert await desk.engine.sequences.process_due() == {"ended": 2}
    assert await ends(desk, walks) == ENDED


async def test_the_walks_of_a_paused_sequence_stay_due(desk: Desk) -> None:
    plan = await desk.plan("Uno", trigger=Trigger.MANUAL)
    walks = await walkers(desk, plan.id, 1)
    await desk.engine.sequences.pause(desk.admin, plan.id)
    assert await desk.engine.sequences.process_due() == {}
    assert await ends(desk, walks) == {(EnrollmentState.ACTIVE, None, NOON)}
