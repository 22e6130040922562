"""Chunks of a history, the files they mention, the address book and live webhooks, in any order and any number of times: the same
people, conversations, messages and files."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.model.sequences import EnrollmentState
from crm.model.webhooks import WebhookState
from storage.database import Database
from tests.conftest import run_apart
from tests.integration.engine.desk import CUSTOMER, NOON, PHONE_ID, envelope, heard, open_desk, stamp, typed, wrote
from tests.integration.engine.test_history import chunk, line, old, picture

OTHER = "5491155551111"
BOOK_ONLY = "5491155553333"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def said(name: str | None, minutes: int, wa_id: str = CUSTOMER) -> dict[str, Any]:
    """A word of the address book."""
    contact = {"phone_number": wa_id, **({"full_name": name} if name else {})}
    entry = {"type": "contact", "contact": contact, "action": "add" if name else "remove"}
    entry |= {"metadata": {"timestamp": stamp(NOON + minutes * MINUTE)}}
    metadata = {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID}
    return {"field": "smb_app_state_sync", "metadata": metadata, "state_sync": [entry]}


SENT: dict[str, Any] = {"history_context": {"status": "SENT"}}
MENTIONED: dict[str, Any] = {"type": "media_placeholder", "text": None}
STREAM: list[dict[str, Any]] = [
    chunk(line("wamid.1", NOON - HOUR, "Hola"), line("wamid.2", NOON - MINUTE, "Buenas", ours=True), phase=0),
    chunk(
        line("wamid.3", NOON - 40 * DAY, "¿Precio?"),
        line("wamid.4", NOON - 39 * DAY, "Diez", ours=True, **SENT),
        line("wamid.5", NOON - 3 * DAY, **MENTIONED),
        phase=1,
        progress=80,
    ),
    chunk(line("wamid.6", NOON - 170 * DAY, "Antes", wa_id=OTHER), phase=2, progress=100, wa_id=OTHER),
    chunk(line("wamid.3", NOON - 40 * DAY, "¿Precio?"), phase=1, progress=70),
    old(contacts=[{"wa_id": CUSTOMER}], messages=[picture("wamid.5", NOON - 3 * DAY, "777")]),
    wrote("Hola", NOON - HOUR, "wamid.1"),
    typed("Buenas", NOON - MINUTE, "wamid.2"),
    wrote("¿Están?", NOON + MINUTE, "wamid.7", wa_id=OTHER, name="Otra"),
    heard("wamid.2", "delivered", NOON),
    heard("wamid.4", "read", NOON),
    heard("wamid.3", "read", NOON),
    said("Leo (pan)", 0),
    said("Leo pan", 5),
    said(None, 3),
    said("Otra (flores)", 0, OTHER),
    said(None, 9, OTHER),
    said("Nadie", 0, BOOK_ONLY),
]


async def _state(url: str, order: list[int], cuts: list[int]) -> dict[str, Any]:
    """Apply the stream in this order and batching; an ended walk sends nothing and is left out."""
    async with await Database.open(url) as database:
        desk = await open_desk(database, at=NOON + 2 * HOUR)
        await desk.plan("Bienvenida a la tienda", hours=30)
        start = 0
        for end in [*sorted(set(cuts)), len(order)]:
            if order[start:end]:
                await desk.arrives(envelope(*(STREAM[number] for number in order[start:end])))
            start = end
        imported = await desk.engine.imports.progress(desk.account.id)
        seen: dict[str, Any] = {
            "import": (imported.state, imported.progress.phase, imported.progress.progress, imported.haul)
        }
        for contact in await desk.engine.contacts.find(desk.admin, "5491155", 10):
            card = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]
            talk = card.conversation
            seen[contact.wa_id or ""] = {
                "names": (contact.name, contact.book_name),
                "times": (talk.first_inbound_at, talk.last_inbound_at, talk.last_manual_at, talk.last_interaction_at),
                "walks": [
                    (w.enrollment.state, w.enrollment.position, w.enrollment.started_at)
                    for w in card.walks
                    if w.enrollment.state is not EnrollmentState.EXITED
                ],
                "messages": sorted(
                    (m.wamid or "", m.kind, m.text, m.status.value, m.at, m.imported, m.delivery) for m in card.recent
                ),
            }
        return seen


def _run(template: Path, order: list[int], cuts: list[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copy(template, copy)
        return run_apart(_state(f"sqlite+aiosqlite:///{copy}", order, cuts))


def test_any_order_and_duplication_of_the_history_ends_the_same(sqlite_template: Path) -> None:
    expected = _run(sqlite_template, list(range(len(STREAM))), [])
    assert set(expected) == {"import", CUSTOMER, OTHER}
    assert expected[CUSTOMER]["names"] == ("Leo Díaz", "Leo pan")
    assert expected[OTHER]["names"] == ("Otra", None)
    assert [m[0] for m in expected[CUSTOMER]["messages"]] == [f"wamid.{n}" for n in range(1, 6)]
    assert expected["import"][3].awaited == 1

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        order=st.permutations(range(len(STREAM))),
        again=st.lists(st.integers(0, len(STREAM) - 1), max_size=6),
        cuts=st.lists(st.integers(0, len(STREAM)), max_size=6),
    )
    def check(order: list[int], again: list[int], cuts: list[int]) -> None:
        assert _run(sqlite_template, [*order, *again], cuts) == expected

    check()


CHUNKS = [chunk(line(f"wamid.{n}", NOON - (n + 1) * DAY, f"Mensaje {n}"), phase=min(n, 2)) for n in range(4)]


async def _slices_taken(url: str, told: list[int], tries: list[int]) -> tuple[int, int]:
    """Apply each chunk that is told, the whole webhook as often as `tries` says; how many slices were applied, and messages kept."""
    taken = 0
    async with await Database.open(url) as database:
        desk = await open_desk(database)
        for place, number in enumerate(told):
            await desk.stores(envelope(CHUNKS[number]))
            for _ in range(tries[place % len(tries)]):
                await desk.engine.inbox.run_once()
                async with database.begin() as uow:
                    for each in await uow.webhooks.listing({WebhookState.DONE}, 1):
                        await uow.webhooks.dead(each.id, "something else in it failed")
                await desk.engine.housekeeping.retry_webhooks(None)
                taken += await desk.engine.importer.run_once() if place % 2 else 0
        await desk.engine.inbox.run_once()
        while more := await desk.engine.importer.run_once():
            taken += more
        imported = await desk.engine.imports.progress(desk.account.id)
        return taken, imported.haul.messages


def test_a_slice_is_applied_once_however_often_its_webhook_is_tried_or_comes(sqlite_template: Path) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        told=st.lists(st.integers(0, len(CHUNKS) - 1), min_size=1, max_size=6),
        tries=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    )
    def check(told: list[int], tries: list[int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.db"
            shutil.copy(sqlite_template, copy)
            found = run_apart(_slices_taken(f"sqlite+aiosqlite:///{copy}", told, tries))
        assert found == (len(set(told)), len(set(told)))

    check()
