"""Who is who, told by real webhooks: one contact for one person, two for two, whatever comes first."""

import asyncio
import itertools
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.errors import Conflict
from crm.model.answers import ContactCard
from crm.model.contacts import Contact, Identity, Person
from crm.model.sequences import EnrollmentState
from crm.services.inbox.people import People, Sighting
from storage.database import Database
from storage.statements import Engine
from tests.conftest import run_apart
from tests.integration.engine.desk import (
    NOON,
    WABA,
    Desk,
    envelope,
    heard,
    open_desk,
    renamed,
    typed,
    wrote,
)

OLD, NEW = "5491155550099", "5491155551234"
B1, B2, B3 = "AR.1001", "AR.2002", "AR.3003"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OTHER_PHONE_ID, OTHER_WABA = "106540352249999", "2002"


async def people(desk: Desk) -> list[Contact]:
    return await desk.engine.contacts.find(desk.admin, "", 20)


async def only(desk: Desk) -> ContactCard:
    (contact,) = await people(desk)
    return await desk.engine.contacts.card(desk.admin, contact.id)


async def names(desk: Desk, contact: Contact) -> dict[str, Identity]:
    async with desk.database.read() as uow:
        return {row.value: row for row in await uow.contacts.identities([contact.id]) if row.contact_id == contact.id}


# --- one person, whatever comes first -----------------------------------------------------------------------------------------

CHANGE = NOON + HOUR
STREAM: list[dict[str, Any]] = [
    wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1),
    wrote("¿Precio?", NOON + MINUTE, "wamid.2", wa_id=None, bsuid=B1),
    typed("Te llamo", NOON + 2 * MINUTE, "wamid.E1", to=OLD),
    heard("wamid.E1", "sent", NOON + 2 * MINUTE),
    renamed(CHANGE, "wamid.S", old=(OLD, B1), new=(NEW, B2)),
    heard("wamid.E1", "read", CHANGE + MINUTE),
    wrote("Soy yo, cambié de número", CHANGE + 5 * MINUTE, "wamid.3", wa_id=NEW, bsuid=B2, name="Leo Nuevo"),
    wrote("¿Me ven?", CHANGE + 6 * MINUTE, "wamid.4", wa_id=None, bsuid=B2, name="Leo Nuevo"),
]


async def _end(url: str, stream: list[dict[str, Any]], order: list[int], cuts: list[int]) -> dict[str, Any]:
    """Apply the stream in this order and batching; return what people can see of it, without ids."""
    async with await Database.open(url) as database:
        desk = await open_desk(database, at=NOON + 3 * HOUR)
        await desk.plan("Primera oferta", "Segunda oferta", hours=30)
        start = 0
        for end in [*sorted(set(cuts)), len(order)]:
            if order[start:end]:
                await desk.arrives(envelope(*(stream[number] for number in order[start:end])))
            start = end
        seen: dict[str, Any] = {}
        for contact in await people(desk):
            called = await names(desk, contact)
            cards = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations
            talk = cards[0].conversation
            seen[contact.bsuid or contact.wa_id or ""] = {
                "contact": (contact.name, contact.wa_id, contact.bsuid, contact.username),
                "names": {value: (row.since, row.until, row.current) for value, row in called.items()},
                "talks": len(cards),
                "times": (talk.first_inbound_at, talk.last_inbound_at, talk.last_manual_at, talk.last_interaction_at),
                "walks": sorted(
                    (w.enrollment.state, w.enrollment.position, w.enrollment.started_at, w.enrollment.replied_at)
                    for w in cards[0].walks
                    if w.enrollment.state is not EnrollmentState.EXITED
                ),
                "messages": sorted((m.wamid or "", m.kind, m.text, m.status.value, m.at) for m in cards[0].recent),
            }
        return seen


def _run(template: Path, stream: list[dict[str, Any]], order: list[int], cuts: list[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copy(template, copy)
        return run_apart(_end(f"sqlite+aiosqlite:///{copy}", stream, order, cuts))


def test_a_person_who_changes_their_number_is_one_contact_in_any_order(sqlite_template: Path) -> None:
    """The old number's messages, Meta's word on the change, the new number's messages, statuses of an echo: permuted, repeated, batched."""
    expected = _run(sqlite_template, STREAM, list(range(len(STREAM))), [])
    assert list(expected) == [B2]
    assert expected[B2]["contact"] == ("Leo Nuevo", NEW, B2, None)
    assert [wamid for wamid, *_ in expected[B2]["messages"]] == [
        "wamid.1", "wamid.2", "wamid.3", "wamid.4", "wamid.E1", "wamid.S"
    ]  # fmt: skip
    assert expected[B2]["names"][OLD] == (NOON, CHANGE, False)
    assert expected[B2]["walks"] == [(EnrollmentState.PAUSED, 0, NOON, NOON + MINUTE)]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        order=st.permutations(range(len(STREAM))),
        again=st.lists(st.integers(0, len(STREAM) - 1), max_size=4),
        cuts=st.lists(st.integers(0, len(STREAM)), max_size=8),
    )
    def check(order: list[int], again: list[int], cuts: list[int]) -> None:
        assert _run(sqlite_template, STREAM, [*order, *again], cuts) == expected

    check()


def test_every_order_of_the_bare_change_ends_in_one_contact(sqlite_template: Path) -> None:
    """Message under the old id, the change, message under the new id, a status: all twenty-four orders, each webhook by itself."""
    stream = [STREAM[0], STREAM[4], STREAM[6], heard("wamid.1", "read", CHANGE)]
    expected = _run(sqlite_template, stream, [0, 1, 2, 3], [1, 2, 3])
    assert expected[B2]["contact"] == ("Leo Nuevo", NEW, B2, None)
    for order in itertools.permutations(range(4)):
        assert _run(sqlite_template, stream, list(order), [1, 2, 3]) == expected, order


def test_a_hidden_phone_that_changes_is_one_contact_in_any_order(sqlite_template: Path) -> None:
    """`user_changed_user_id` tells no phone: the one we knew is given up, since the id changes only with the number."""
    stream = [
        wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1),
        renamed(CHANGE, "wamid.S", old=(None, B1), new=(None, B2)),
        wrote("Soy yo", CHANGE + MINUTE, "wamid.2", wa_id=None, bsuid=B2, username="@leo"),
    ]
    expected = _run(sqlite_template, stream, [0, 1, 2], [1, 2])
    assert expected[B2]["contact"] == ("Leo Díaz", None, B2, "leo")
    assert expected[B2]["names"][OLD][1:] == (CHANGE, False)
    for order in itertools.permutations(range(3)):
        assert _run(sqlite_template, stream, list(order), [1, 2]) == expected, order


def test_two_changes_in_a_row_are_one_contact_in_any_order(sqlite_template: Path) -> None:
    third = "5491155557777"
    stream = [
        wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1),
        renamed(CHANGE, "wamid.S1", old=(OLD, B1), new=(NEW, B2)),
        renamed(CHANGE + HOUR, "wamid.S2", old=(NEW, B2), new=(third, B3)),
        wrote("Otra vez yo", CHANGE + 2 * HOUR - MINUTE, "wamid.2", wa_id=third, bsuid=B3),
    ]
    expected = _run(sqlite_template, stream, [0, 1, 2, 3], [1, 2, 3])
    assert expected[B3]["contact"] == ("Leo Díaz", third, B3, None)
    assert {value: row[1] for value, row in expected[B3]["names"].items()} == {
        OLD: CHANGE, B1: CHANGE, NEW: CHANGE + HOUR, B2: CHANGE + HOUR, third: None, B3: None
    }  # fmt: skip
    for order in itertools.permutations(range(4)):
        assert _run(sqlite_template, stream, list(order), [1, 2, 3]) == expected, order


def test_a_number_that_was_given_to_somebody_else_is_two_contacts_in_any_order(sqlite_template: Path) -> None:
    """Another id in the same portfolio is another person to Meta: neither sees the other's conversation, the phone is the newer one's."""
    stream = [
        wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1),
        wrote("Sigo acá", NOON + MINUTE, "wamid.2", wa_id=OLD, bsuid=B1),
        wrote("Compré este número", NOON + HOUR, "wamid.3", wa_id=OLD, bsuid=B2, name="Mía"),
    ]
    expected = _run(sqlite_template, stream, [0, 1, 2], [1, 2])
    assert expected[B1]["contact"] == ("Leo Díaz", None, B1, None)
    assert expected[B2]["contact"] == ("Mía", OLD, B2, None)
    assert [len(expected[each]["messages"]) for each in (B1, B2)] == [2, 1]
    for order in itertools.permutations(range(3)):
        assert _run(sqlite_template, stream, list(order), [1, 2]) == expected, order


async def test_a_name_that_another_process_learns_meanwhile_is_not_written_over(database: Database) -> None:
    """Names are read before their contact is held. Whoever comes second fails, and does it again by what is known then."""
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("Hola", NOON - HOUR, "wamid.1", wa_id=OLD)))
    if database.engine is not Engine.POSTGRES:
        return  # there is one writer: nobody comes in between
    (contact,) = await people(desk)

    async def learn(sighting: Sighting, meanwhile: Sighting | None = None) -> None:
        async with database.begin() as uow:
            met = People(uow, {})
            await met.meet([sighting])
            if meanwhile is not None:
                await asyncio.create_task(learn(meanwhile))
            await met.keep()

    change = Sighting(Person(OLD, None), WABA, NOON, became=Person(NEW, None))
    with pytest.raises(Conflict, match="contact-changed"):
        await learn(change, meanwhile=Sighting(Person(OLD, B1), WABA, NOON - MINUTE))
    assert set(await names(desk, contact)) == {OLD, B1}
    await desk.arrives(envelope(renamed(NOON, "wamid.S", old=(OLD, None), new=(NEW, None))))
    assert set(await names(desk, contact)) == {OLD, NEW, B1}
