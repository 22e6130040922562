"""180 days of a phone's history become messages to be read, and nothing else happens (reference 1.3, 8)."""

import asyncio
import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from crm.engine import Engine
from crm.errors import Refused, SendRejected, SendUncertain
from crm.model.alerts import NoticeKind
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.imports import Imported, ImportState, Sync
from crm.model.media import MediaState
from crm.model.messages import DeliveryStatus, Message, Source
from crm.model.sequences import EnrollmentState, Trigger
from crm.model.webhooks import WebhookState
from crm.ports import Fetched
from storage.database import Database
from tests.integration.engine.desk import (
    CUSTOMER,
    NOON,
    PHONE_ID,
    Desk,
    envelope,
    heard,
    open_desk,
    stamp,
    typed,
    wrote,
)
from tests.integration.engine.test_crash import dies_at, heir

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BUSINESS = "15550783881"
OTHER = "5491155551111"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


def line(
    wamid: str, at: datetime, text: str | None = "Hola", *, ours: bool = False, wa_id: str = CUSTOMER, **more: Any
) -> dict[str, Any]:
    ends = {"from": BUSINESS, "to": wa_id} if ours else {"from": wa_id}
    said = {"type": "text", "text": {"body": text}, "history_context": {"status": "READ"}}
    return {**ends, "id": wamid, "timestamp": stamp(at), **said, **more}


def picture(wamid: str, at: datetime, meta_id: str) -> dict[str, Any]:
    image = {"id": meta_id, "mime_type": "image/jpeg", "caption": "Catálogo"}
    return {"from": CUSTOMER, "id": wamid, "timestamp": stamp(at), "type": "image", "image": image}


def old(**parts: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": BUSINESS, "phone_number_id": PHONE_ID}
    return {"field": "history", "messaging_product": "whatsapp", "metadata": metadata, **parts}


def chunk(*lines: dict[str, Any], phase: int = 0, progress: int = 55, wa_id: str = CUSTOMER) -> dict[str, Any]:
    thread = {"id": wa_id, "context": {"wa_id": wa_id}, "messages": list(lines)}
    return old(history=[{"metadata": {"phase": phase, "chunk_order": 1, "progress": progress}, "threads": [thread]}])


async def messages(desk: Desk, wa_id: str = CUSTOMER) -> dict[str, Message]:
    async with desk.database.read() as uow:
        pairs = {(row.contact_id, desk.account.id) for row in await uow.contacts.known([f"w:{wa_id}"])}
        talks = await uow.conversations.find(pairs)
        recent = [m for talk in talks.values() for m in await uow.messages.recent(talk.id, 10_000)]
    return {message.wamid or "": message for message in recent}


async def talk_with(desk: Desk, wa_id: str = CUSTOMER) -> tuple[Contact, Conversation]:
    async with desk.database.read() as uow:
        number = (await uow.contacts.known([f"w:{wa_id}"]))[0].contact_id
        talk = (await uow.conversations.find({(number, desk.account.id)}))[number, desk.account.id]
        return (await uow.contacts.load([number]))[number], talk


async def notices(desk: Desk) -> list[NoticeKind]:
    async with desk.database.begin() as uow:
        return [each.kind for each in await uow.notices.claim(desk.clock.now() + DAY, desk.clock.now() + 2 * DAY, 1000)]


async def progress(desk: Desk) -> Imported:
    return await desk.engine.imports.progress(desk.account.id)


# --- nothing follows from it ---------------------------------------------------------------------------------------------------


async def test_the_history_is_kept_and_triggers_nothing(desk: Desk) -> None:
    """Not even `BAJA` in a message of last year: who opted out then, did so with somebody else's system."""
    await desk.plan("Bienvenida a la tienda")
    await desk.arrives(
        envelope(
            chunk(
                line("wamid.1", NOON - 100 * DAY),
                line("wamid.2", NOON - 99 * DAY, "Bienvenida a la tienda", ours=True),
                line("wamid.3", NOON - HOUR, "BAJA"),
            )
        )
    )
    contact, talk = await talk_with(desk)
    assert (talk.last_inbound_at, talk.last_manual_at) == (None, None)
    assert (talk.first_inbound_at, talk.last_interaction_at) == (NOON - 100 * DAY, NOON - HOUR)
    assert (contact.opted_out, contact.title) == (False, f"+{CUSTOMER}")
    kept = await messages(desk)
    assert {wamid: (m.source, m.status, m.at, m.imported) for wamid, m in kept.items()} == {
        "wamid.1": (Source.CUSTOMER, DeliveryStatus.RECEIVED, NOON - 100 * DAY, True),
        "wamid.2": (Source.MANUAL, DeliveryStatus.READ, NOON - 99 * DAY, True),
        "wamid.3": (Source.CUSTOMER, DeliveryStatus.RECEIVED, NOON - HOUR, True),
    }
    assert set(await notices(desk)) == {NoticeKind.IMPORT}
    card = await desk.engine.contacts.card(desk.admin, contact.id)
    assert card.conversations[0].walks == ()


async def test_a_walk_is_neither_paused_nor_moved_by_what_was_said_long_ago(desk: Desk) -> None:
    plan = await desk.plan("La primera de las ofertas", "La segunda de las ofertas", trigger=Trigger.MANUAL)
    await desk.arrives(envelope(wrote("Hola", NOON - 3 * DAY, "wamid.live")))
    _, talk = await talk_with(desk)
    await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    async with desk.database.read() as uow:
        before = await uow.enrollments.open_of([talk.id])
    await desk.arrives(
        envelope(
            chunk(
                line("wamid.1", NOON, "La primera de las ofertas", ours=True),
                line("wamid.2", NOON, "¿Y el precio?"),
            )
        )
    )
    async with desk.database.read() as uow:
        assert await uow.enrollments.open_of([talk.id]) == before
    await desk.arrives(envelope(typed("Algo muy distinto de todo", NOON, "wamid.later")))
    async with desk.database.read() as uow:
        assert await uow.enrollments.open_of([talk.id]) == before, "an echo must not match what the history said"


async def test_who_wrote_before_is_not_greeted_as_new_in_either_order(desk: Desk) -> None:
    await desk.plan("Bienvenida a la tienda")
    await desk.arrives(envelope(chunk(line("wamid.1", NOON - 40 * DAY), wa_id=CUSTOMER)))
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.2")), envelope(wrote("Hola", NOON, "wamid.3", wa_id=OTHER)))
    await desk.arrives(envelope(chunk(line("wamid.4", NOON - 40 * DAY, wa_id=OTHER), wa_id=OTHER)))
    for wa_id, walks in ((CUSTOMER, []), (OTHER, [EnrollmentState.EXITED])):
        contact, _ = await talk_with(desk, wa_id)
        card = await desk.engine.contacts.card(desk.admin, contact.id)
        assert [w.enrollment.state for w in card.conversations[0].walks] == walks
    desk.clock.advance(days=3)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert desk.meta.sent == []


async def test_old_messages_are_no_evidence_of_a_block(desk: Desk) -> None:
    """One tick in the phone's own history says nothing about today."""
    silent: dict[str, Any] = {"history_context": {"status": "SENT"}}
    lines = [line(f"wamid.{n}", NOON - n * DAY, "¿Sigue interesado?", ours=True, **silent) for n in range(5, 9)]
    await desk.arrives(envelope(chunk(*lines)), envelope(*(heard(f"wamid.{n}", "sent", NOON) for n in range(5, 9))))
    lately = [typed("¿Sigue ahí?", NOON - n * MINUTE, f"wamid.L{n}", to="5491155552222") for n in (1, 2)]
    desk.clock.advance(days=5)
    await desk.arrives(
        envelope(typed("Hola", desk.clock.now(), "wamid.o", to=OTHER)),
        envelope(heard("wamid.o", "delivered", desk.clock.now())),
    )
    assert await desk.engine.blocks.detect() == {"blind": 0}
    assert {m.status for m in (await messages(desk)).values()} == {DeliveryStatus.SENT}
    await desk.arrives(envelope(*lately))
    assert (await desk.engine.blocks.detect())["probable"] == 1, "the same silence, heard live, is evidence"


# --- in any order --------------------------------------------------------------------------------------------------------------


async def test_a_status_waits_for_a_message_of_the_history(desk: Desk) -> None:
    await desk.arrives(envelope(heard("wamid.1", "read", NOON)))
    sent: dict[str, Any] = {"history_context": {"status": "SENT"}}
    await desk.arrives(envelope(chunk(line("wamid.1", NOON - HOUR, ours=True, **sent))))
    (message,) = (await messages(desk)).values()
    assert (message.status, message.delivery.read_at) == (DeliveryStatus.READ, NOON)


@pytest.mark.parametrize("history_first", [True, False])
async def test_what_is_heard_live_counts_whatever_the_history_says_of_it(desk: Desk, history_first: bool) -> None:
    await desk.plan("Bienvenida a la tienda")
    stale = chunk(line("wamid.1", NOON - HOUR, "Hola"), line("wamid.2", NOON - MINUTE, "Buenas", ours=True))
    live = [wrote("Hola", NOON - HOUR, "wamid.1"), typed("Buenas", NOON - MINUTE, "wamid.2")]
    for change in [stale, *live] if history_first else [*live, stale]:
        await desk.arrives(envelope(change))
    contact, talk = await talk_with(desk)
    assert (talk.last_inbound_at, talk.last_manual_at) == (NOON - HOUR, NOON - MINUTE)
    assert contact.name == "Leo Díaz"
    assert [(m.imported, m.status) for _, m in sorted((await messages(desk)).items())] == [
        (False, DeliveryStatus.RECEIVED),
        (False, DeliveryStatus.SENT),
    ]
    card = await desk.engine.contacts.card(desk.admin, contact.id)
    assert [w.enrollment.state for w in card.conversations[0].walks] == [EnrollmentState.ACTIVE]


@pytest.mark.parametrize("file_first", [True, False])
async def test_a_file_takes_its_placeholder_s_place(desk: Desk, file_first: bool) -> None:
    desk.meta.files["777"] = Fetched(b"\xff\xd8\xff" + b"x" * 100, "image/jpeg", None)
    mentioned = chunk(line("wamid.1", NOON - DAY, type="media_placeholder", text=None))
    brought = old(contacts=[{"wa_id": CUSTOMER}], messages=[picture("wamid.1", NOON - DAY, "777")])
    for change in [brought, mentioned] if file_first else [mentioned, brought]:
        await desk.arrives(envelope(change))
    await desk.arrives(envelope(brought))
    (message,) = (await messages(desk)).values()
    assert (message.kind, message.text, message.imported) == ("image", "Catálogo", True)
    assert (await progress(desk)).haul.awaited == 1
    while await desk.engine.media.run_once():
        pass
    async with desk.database.read() as uow:
        assert (await uow.media.of_messages([message.id]))[message.id].state is MediaState.STORED
    assert desk.meta.asked == ["777"]
    assert (await progress(desk)).haul.files == 1
    assert set(await notices(desk)) == {NoticeKind.IMPORT}, "nobody is shown an old picture"


async def test_old_files_queue_up_behind_new_ones(desk: Desk) -> None:
    """Hundreds of old pictures come at once; the one that a customer sends now is fetched next."""
    lines = [picture(f"wamid.{n}", NOON - DAY, str(1000 + n)) for n in range(50)]
    await desk.arrives(envelope(old(contacts=[{"wa_id": CUSTOMER}], messages=lines)))
    desk.clock.advance(seconds=2)
    now = desk.clock.now()
    live = wrote("", now, "wamid.now")
    live["messages"][0] |= {"type": "image", "image": {"id": "9", "mime_type": "image/jpeg"}}
    await desk.arrives(envelope(live))
    claimed = await desk.engine.media.claim(100)
    assert "9" in {media.meta_id for media in claimed}
    assert len(claimed) <= 6


async def test_our_own_send_is_recognised_in_the_history(desk: Desk) -> None:
    """The API's sends are mirrored into the phone's app; one whose answer never came is proven by it, and not sent again."""
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.live")))
    _, talk = await talk_with(desk)
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    await desk.engine.conversations.reply(desk.agent, talk.id, "Mañana abrimos a las nueve")
    await desk.sends()
    await desk.arrives(envelope(chunk(line("wamid.X", NOON, "Mañana abrimos a las nueve", ours=True))))
    said = (await messages(desk))["wamid.X"]
    assert (said.source, said.imported) == (Source.CRM, False)
    assert len(await messages(desk)) == 2


# --- much of it ----------------------------------------------------------------------------------------------------------------


async def test_five_thousand_messages_come_whole_and_delay_nobody(desk: Desk) -> None:
    """A customer who writes while the history is applied is answered between two of its slices."""
    lines = [line(f"wamid.{n}", NOON - 2 * DAY + timedelta(seconds=n), f"Mensaje {n}") for n in range(5_000)]
    await desk.stores(envelope(chunk(*lines, phase=1, progress=100)))
    await desk.engine.inbox.run_once()
    assert await desk.engine.importer.run_once(limit=2) == 2
    await desk.stores(envelope(wrote("¿Están?", NOON, "wamid.live", wa_id=OTHER)))
    await desk.engine.inbox.run_once()
    assert "wamid.live" in await messages(desk, OTHER)
    assert len(await messages(desk)) == 400
    assert (await progress(desk)).state is ImportState.RUNNING
    while await desk.engine.importer.run_once():
        pass
    assert set(await messages(desk)) == {f"wamid.{n}" for n in range(5_000)}
    done = await progress(desk)
    assert (done.state, done.haul.messages, done.haul.conversations, done.haul.waiting) == (
        ImportState.DONE,
        5_000,
        1,
        0,
    )


async def test_the_pumps_work_side_by_side(desk: Desk) -> None:
    lines = [line(f"wamid.{n}", NOON - DAY, f"Mensaje {n}") for n in range(1_000)]
    await desk.stores(envelope(chunk(*lines)), *(envelope(wrote("Hola", NOON, f"wamid.L{n}")) for n in range(5)))

    async def work() -> None:
        while await desk.engine.inbox.run_once() or await desk.engine.importer.run_once():
            pass

    await asyncio.gather(work(), work())
    await work()
    assert len(await messages(desk)) == 1_005


async def test_a_message_that_cannot_be_read_is_named_and_the_others_come(desk: Desk) -> None:
    broken = line("wamid.2", NOON - DAY) | {"text": {"body": None}}
    await desk.arrives(envelope(chunk(line("wamid.1", NOON - DAY), broken, line("wamid.3", NOON - DAY))))
    assert set(await messages(desk)) == {"wamid.1", "wamid.3"}
    async with desk.database.read() as uow:
        (kept,) = await uow.webhooks.elements("dead", 10)
    assert kept.position.endswith("messages[1]")


async def test_a_file_of_nobody_costs_only_itself(desk: Desk) -> None:
    """Who sent it is no text: the other files of the webhook and the chunk beside them still come."""
    odd = picture("wamid.2", NOON - DAY, "778") | {"from": {"wa_id": CUSTOMER}}
    files = [picture("wamid.1", NOON - DAY, "777"), odd, picture("wamid.3", NOON - DAY, "779")]
    contacts: list[dict[str, Any]] = [{"wa_id": ["5491155550099"]}, {"wa_id": CUSTOMER}]
    whole = chunk(line("wamid.4", NOON - DAY)) | {"contacts": contacts, "messages": files}
    await desk.arrives(envelope(whole))
    assert set(await messages(desk)) == {"wamid.1", "wamid.3", "wamid.4"}
    async with desk.database.read() as uow:
        (kept,) = await uow.webhooks.elements("dead", 10)
    assert kept.position.endswith("messages[1]")


async def test_groups_are_counted_and_not_kept(desk: Desk) -> None:
    await desk.arrives(envelope(chunk(line("wamid.1", NOON - DAY, group_id="1203@g.us"), line("wamid.2", NOON - DAY))))
    assert set(await messages(desk)) == {"wamid.2"}
    assert (await progress(desk)).progress.groups == 1


async def test_history_of_a_number_that_is_not_ours_is_set_aside(desk: Desk) -> None:
    stray = chunk(line("wamid.1", NOON - DAY))
    stray["metadata"] = {"display_phone_number": "1", "phone_number_id": "999"}
    await desk.arrives(envelope(stray))
    async with desk.database.read() as uow:
        (kept,) = await uow.webhooks.elements("unknown", 10)
        assert (await uow.webhooks.counts())[WebhookState.DONE] == 1
    assert kept.payload == {"phase": 0, "progress": 55, "messages": 1}


# --- how far it is --------------------------------------------------------------------------------------------------------------


async def test_the_furthest_progress_counts_though_chunks_come_in_any_order(desk: Desk) -> None:
    assert (await progress(desk)).state is ImportState.IDLE
    await desk.arrives(envelope(chunk(line("wamid.2", NOON - 100 * DAY), phase=2, progress=100)))
    await desk.arrives(envelope(chunk(line("wamid.1", NOON - HOUR), phase=0, progress=20)))
    found = await progress(desk)
    assert (found.progress.phase, found.progress.progress, found.state) == (2, 100, ImportState.DONE)


async def test_admins_are_told_at_a_bounded_rate_and_the_end_always(desk: Desk) -> None:
    for n in range(10):
        await desk.arrives(envelope(chunk(line(f"wamid.{n}", NOON - DAY), progress=10 * n)))
    async with desk.database.begin() as uow:
        told = await uow.notices.claim(NOON + DAY, NOON + 2 * DAY, 100)
    assert [(each.kind, each.agent_id, each.due_at - NOON) for each in told] == [
        (NoticeKind.IMPORT, desk.admin.id, timedelta(0)),
        (NoticeKind.IMPORT, desk.admin.id, timedelta(seconds=10)),
    ]


@pytest.mark.parametrize("enveloped", [True, False])
async def test_the_owner_declines(desk: Desk, enveloped: bool) -> None:
    await desk.engine.imports.ask(desk.admin, desk.account.id)
    refused = [{"errors": [{"code": 2593109, "title": "declined"}]}]
    body = envelope(old(history=refused)) if enveloped else json.dumps({"history": refused}).encode()
    await desk.arrives(body)
    assert (await progress(desk)).state is ImportState.DECLINED


async def test_the_address_book_is_asked_for_before_the_history(desk: Desk) -> None:
    asked = await desk.engine.imports.ask(desk.admin, desk.account.id)
    assert desk.meta.synced == [Sync.CONTACTS, Sync.HISTORY]
    assert asked.state is ImportState.ASKED


async def test_what_was_handed_over_before_does_not_keep_the_rest(desk: Desk) -> None:
    """The first time the answer to the second question was lost: asked again, Meta refuses the first one only."""
    taken = SendRejected("sync-asked-before")
    desk.meta.refuse_sync = lambda sync: taken if sync is Sync.CONTACTS else None
    assert (await desk.engine.imports.ask(None, desk.account.id)).progress.history_asked_at == NOON
    desk.meta.refuse_sync = lambda sync: taken
    with pytest.raises(SendRejected, match="sync-asked-before"):
        await desk.engine.imports.ask(None, desk.account.id)


async def test_who_may_ask_and_when(desk: Desk) -> None:
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.imports.ask(desk.agent, desk.account.id)
    desk.meta.refuse_sync = lambda sync: SendRejected("sync-too-late") if sync is Sync.HISTORY else None
    with pytest.raises(SendRejected, match="sync-too-late"):
        await desk.engine.imports.ask(desk.admin, desk.account.id)
    found = (await progress(desk)).progress
    assert (found.contacts_asked_at, found.history_asked_at) == (NOON, None)


# --- a process that dies ------------------------------------------------------------------------------------------------------


async def test_death_at_any_step_of_an_import_loses_and_doubles_nothing(desk: Desk, database_url: str) -> None:
    for step in count():
        lines = [line(f"wamid.{step}.{n}", NOON - DAY, f"Mensaje {n}") for n in range(3)]
        await desk.stores(envelope(chunk(*lines)))
        await desk.engine.inbox.run_once()

        async def turn(engine: Engine) -> None:
            await engine.importer.run_once()

        died = await dies_at(step, desk, turn)
        async with heir(desk, database_url) as engine:
            await engine.housekeeping.take_over()
            while await engine.importer.run_once():
                pass
        assert {f"wamid.{step}.{n}" for n in range(3)} <= set(await messages(desk)), f"step {step}"
        found = await progress(desk)
        assert (found.haul.messages, found.haul.waiting) == (3 * (step + 1), 0), f"step {step}"
        if not died:
            assert step > 10, "a turn has more steps than that"
            return
