"""All kinds of news about one person who is halfway through a plan, together: branch answers, a change of number, a phone's history and
address book, echoes, statuses, marketing wishes, Meta's own agent. In any order and batching, and twice, they end in the same state."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.model.sequences import EnrollmentState
from storage.database import Database
from tests.conftest import run_apart
from tests.integration.engine.desk import (
    NOON,
    PHONE_ID,
    Desk,
    came,
    envelope,
    heard,
    open_desk,
    renamed,
    typed,
    wrote,
)
from tests.integration.engine.test_deep_sequences import ASKING, publish
from tests.integration.engine.test_history import chunk, line
from tests.integration.engine.test_history_order_free import said

OLD, NEW = "5491155550099", "5491155551234"
B1, B2 = "AR.1001", "AR.2002"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def minute(number: int) -> datetime:
    return NOON + number * MINUTE


def wish(value: str, at: datetime) -> dict[str, Any]:
    preference = {"wa_id": OLD, "category": "marketing_messages", "value": value, "timestamp": int(at.timestamp())}
    metadata = {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID}
    return {"field": "user_preferences", "metadata": metadata, "user_preferences": [preference]}


def edit_of(wamid: str, text: str) -> dict[str, Any]:
    return {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}


STREAM: list[dict[str, Any]] = [
    heard("wamid.OUT1", "sent", minute(60)),
    heard("wamid.OUT1", "read", minute(61)),
    heard("wamid.OUT1", "failed", minute(62), code=131026),
    wrote("Depende", minute(70), "wamid.2", wa_id=OLD, bsuid=B1),
    wrote("Sí", minute(75), "wamid.3", wa_id=OLD, bsuid=B1),
    wrote("No", minute(80), "wamid.4", wa_id=None, bsuid=B1),
    renamed(minute(90), "wamid.S", old=(OLD, B1), new=(NEW, B2)),
    wrote("Soy yo", minute(95), "wamid.5", wa_id=NEW, bsuid=B2, name="Leo Nuevo"),
    typed("Te llamo luego", minute(65), "wamid.E1", to=OLD),
    heard("wamid.E1", "delivered", minute(66)),
    chunk(line("wamid.H1", NOON - 10 * DAY, "Antes"), line("wamid.H2", NOON - 9 * DAY, "Bien", ours=True)),
    chunk(line("wamid.2", minute(70), "Depende"), line("wamid.E1", minute(65), "Te llamo luego", ours=True)),
    said("Leo pan", 5, OLD),
    wish("stop", minute(72)),
    wish("resume", minute(77)),
    came("reaction", {"message_id": "wamid.OUT1", "emoji": "👍"}, minute(71), "wamid.R"),
    came("edit", edit_of("wamid.2", "Depende de qué"), minute(73), "wamid.C"),
    {"field": "standby", **wrote("Para el agente", minute(63), "wamid.SB", wa_id=OLD, bsuid=B1)},
]


async def _begin(desk: Desk) -> None:
    """Somebody is new, and is asked something an hour later."""
    await publish(desk, *ASKING)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1)))
    desk.clock.advance(hours=1)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert [parcel.text.splitlines()[0] for parcel in desk.meta.sent] == ["¿Te interesa?"]


async def _state(url: str, order: list[int], cuts: list[int]) -> dict[str, Any]:
    """Apply the stream in this order and batching; return what there is then, without ids. An ended walk sends nothing and is left out."""
    async with await Database.open(url) as database:
        desk = await open_desk(database)
        await _begin(desk)
        desk.clock.at = NOON + 3 * HOUR
        start = 0
        for end in [*sorted(set(cuts)), len(order)]:
            if order[start:end]:
                await desk.arrives(envelope(*(STREAM[number] for number in order[start:end])))
            start = end
        async with database.read() as uow:
            (contact,) = await desk.engine.contacts.find(desk.admin, "", 9)
            names = [row for row in await uow.contacts.identities([contact.id]) if row.contact_id == contact.id]
            (talk,) = await uow.conversations.of_contact(desk.admin, contact.id)
            walks = await uow.enrollments.of_conversation(talk.id, 9)
            messages = await uow.messages.recent(talk.id, 50)
        return {
            "contact": (contact.name, contact.wa_id, contact.bsuid, contact.book_name),
            "wish": (contact.marketing_opted_out, contact.marketing_consent_at),
            "names": {row.value: (row.since, row.until, row.current) for row in names},
            "times": (talk.first_inbound_at, talk.last_inbound_at, talk.last_manual_at, talk.last_interaction_at),
            "control": (talk.control, talk.control_at),
            "walks": [
                (w.state, w.position, w.started_at, w.replied_at, w.branched_at, w.asked, w.remaining)
                for w in walks
                if w.state is not EnrollmentState.EXITED
            ],
            "messages": {
                m.wamid: (m.kind, m.text, m.status, m.at, m.imported, m.reaction, m.delivery) for m in messages
            },
        }


def _run(template: Path, order: list[int], cuts: list[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copy(template, copy)
        return run_apart(_state(f"sqlite+aiosqlite:///{copy}", order, cuts))


def test_all_kinds_of_news_together_end_the_same_in_any_order(sqlite_template: Path) -> None:
    expected = _run(sqlite_template, list(range(len(STREAM))), [])
    assert expected["contact"] == ("Leo Nuevo", NEW, B2, "Leo pan")
    assert expected["wish"] == (False, minute(77))
    ((state, position, started_at, replied_at, branched_at, *_),) = expected["walks"]
    assert (state, position, branched_at, replied_at) == (EnrollmentState.PAUSED, 2, minute(75), minute(95))
    assert started_at == NOON, "what a phone's history tells moves no walk"

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        order=st.permutations(range(len(STREAM))),
        again=st.lists(st.integers(0, len(STREAM) - 1), max_size=6),
        cuts=st.lists(st.integers(0, len(STREAM)), max_size=8),
    )
    def check(order: list[int], again: list[int], cuts: list[int]) -> None:
        assert _run(sqlite_template, [*order, *again], cuts) == expected

    check()
