"""One person leaves no word in any table, whoever else was in the same webhooks stays, and what comes late is passed over."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.errors import NotFound, Refused
from crm.model.records import replace
from crm.model.sequences import EnrollmentState, Reason, Trigger
from crm.model.webhooks import StoredElement
from crm.ports import Fetched, Parked
from storage.database import Database
from storage.statements import Statement
from storage.tables import metadata
from tests.builders import a_contact, a_notice, an_alert, save
from tests.integration.engine.desk import NOON, Desk, came, envelope, heard, open_desk, stamp, typed, wrote

HOUR = timedelta(hours=1)
PHONE, BSUID, NICK, NAME, SAID = "5491155550077", "AR.9zorbid", "zorbnick", "Zorbaline", "ZORBWORDS"
IN_IDS = b64encode(PHONE[:12].encode()).decode()
MARKERS = (PHONE, BSUID, NICK, NAME.lower(), SAID.lower(), IN_IDS.lower())
OTHER = "5491155550088"


def named(n: int) -> str:
    """A message id as Meta makes it: the phone is in it."""
    return "wamid." + b64encode(b"\x1c\x18\x0d" + PHONE.encode() + bytes([n, 7])).decode()


async def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text."""
    found: dict[str, list[str]] = {}
    async with database.reading() as transaction:
        for table in metadata.sorted_tables:
            read = await transaction.rows(Statement(sa.select(table)))
            found[table.name] = [" ".join(_text(value) for value in row).lower() for row in read]
    return found


def _text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def speaking(found: Mapping[str, list[str]]) -> set[str]:
    """The tables in which the person can still be read."""
    wanted = [each.lower() for each in MARKERS]
    return {name for name, lines in found.items() if any(marker in line for line in lines for marker in wanted)}


async def full_desk(database: Database) -> tuple[Desk, int]:
    """A person with something in every table that can say something of anybody, and somebody else in the same webhooks."""
    desk = await open_desk(database)
    desk.meta.files["9001"] = Fetched(b"%PDF-1.4 " + SAID.encode(), "application/pdf", None)
    both = envelope(
        wrote(f"{SAID} hola", NOON - HOUR, named(1), wa_id=PHONE, bsuid=BSUID, name=NAME, username=NICK),
        wrote("hola, soy otra", NOON - HOUR, "wamid.OTHER", wa_id=OTHER, name="Otra"),
    )
    document = {"id": "9001", "mime_type": "application/pdf", "filename": f"{SAID}.pdf", "caption": SAID}
    book = {
        "field": "smb_app_state_sync",
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": desk.account.phone_number_id},
        "state_sync": [
            {"type": "contact", "contact": {"full_name": f"{NAME} libro", "phone_number": PHONE}, "action": "add",
             "metadata": {"timestamp": stamp(NOON - HOUR)}},
        ],
    }  # fmt: skip
    await desk.arrives(
        both, envelope(came("document", document, NOON - HOUR, named(2), wa_id=PHONE)),
        envelope(typed(f"{SAID} a mano", NOON - HOUR, named(3), to=PHONE)), envelope(book),
        envelope(heard(named(9), "delivered", NOON)),
    )  # fmt: skip
    paid = heard(named(3), "delivered", NOON - HOUR)
    paid["statuses"][0]["pricing"] = {
        "billable": True,
        "pricing_model": "PMP",
        "category": "utility",
        "type": "regular",
    }
    await desk.arrives(envelope(paid))
    await desk.engine.media.run_once()
    (person,) = await desk.engine.contacts.find(desk.admin, NAME)
    await desk.engine.labels.set_field(desk.agent, person.id, "ciudad", SAID)
    await desk.engine.labels.note(desk.agent, person.id, f"{SAID} nota")
    talk = (await desk.engine.contacts.card(desk.admin, person.id)).conversations[0].conversation
    plan = await desk.plan(f"{SAID}: uno", "dos", trigger=Trigger.MANUAL)
    await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    await desk.engine.conversations.reply(desk.agent, talk.id, f"{SAID} respuesta")
    async with database.begin() as uow:
        tags = replace((await uow.contacts.load([person.id]))[person.id], tags=frozenset({SAID}))
        await uow.contacts.save(changed=[tags])
        await uow.parked.add([Parked(named(8), "edit", NOON, {"text": SAID})], NOON)
        await uow.webhooks.keep_elements(
            [StoredElement(uow.ids.next(), 1, "entry[0]", "odd", "unknown", "a kind", {"from": PHONE, "x": SAID}, NOON)]
        )
        await uow.alerts.save(new=[replace(an_alert(params={"contact": NAME, "phone": PHONE}), contact_id=person.id)])
        await uow.notices.add([a_notice(params={"contact": NAME, "text": SAID}, conversation_id=talk.id)])
        await uow.desk.set_dialog(1002, {"kind": "compose", "conversation_id": talk.id, "text": SAID}, NOON)
        await uow.desk.add_confirmation("T0K3N", desk.agent.id, {"contact": person.id, "text": SAID}, NOON + HOUR)
        await uow.desk.add_update(5, json.dumps({"text": SAID}).encode(), NOON)
        await uow.desk.update_handled(5, NOON)
        await uow.desk.remember(1002, 77, "conversation", talk.id, NOON)
        await uow.imports.add_slices([])
    return desk, person.id


async def test_nothing_is_left_in_any_table(database: Database) -> None:
    desk, person = await full_desk(database)
    before = speaking(await rows(database))
    assert before >= {
        "contacts", "identities", "notes", "messages", "media", "parked", "book_names", "webhook_logs", "outbox",
        "webhook_elements", "alerts", "notices", "dialogs", "confirmations", "tg_updates", "charges",
    }  # fmt: skip
    kept_files = len(desk.shelf.kept)
    preview = await desk.engine.erasure.preview(desk.admin, person)
    done = await desk.engine.erasure.erase(desk.admin, person)
    after = await rows(database)
    assert speaking(after) - {"sequences", "sequence_versions"} == set()
    assert preview.counts["messages"] >= 4
    assert preview.counts["notes"] == 1
    assert preview.counts["walks"] == 1
    assert {noun: done.counts[noun] for noun in preview.counts} == dict(preview.counts)
    assert kept_files
    assert len(desk.shelf.kept) < kept_files
    with pytest.raises(NotFound):
        await desk.engine.contacts.card(desk.admin, person)
    with pytest.raises(NotFound):
        await desk.engine.erasure.erase(None, person)
    (entry,) = [e for e in await desk.engine.audit.about(f"contact:{person}", 9) if e.action == "contact.erased"]
    assert entry.actor == f"agent:{desk.admin.id}"


async def test_others_in_the_same_webhooks_stay(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.engine.erasure.erase(None, person)
    (other,) = await desk.engine.contacts.find(desk.admin, "Otra")
    (talk,) = (await desk.engine.contacts.card(desk.admin, other.id)).conversations
    assert [m.text for m in talk.recent] == ["hola, soy otra"]
    async with database.reading() as transaction:
        bodies = [bytes(r[0]) for r in await transaction.rows(Statement(sa.text("SELECT body FROM webhook_logs")))]
    assert any(b"soy otra" in body for body in bodies)


async def test_what_is_counted_stays_and_nothing_leaves(database: Database) -> None:
    desk, person = await full_desk(database)
    async with database.read() as uow:
        counted = sum((await uow.overview.messages_by_kind_and_status()).values())
        talk = (await uow.conversations.between([person]))[0]
        (walk,) = await uow.enrollments.open_of([talk.id])
    await desk.engine.erasure.erase(None, person)
    async with database.read() as uow:
        assert sum((await uow.overview.messages_by_kind_and_status()).values()) == counted
        ended = (await uow.enrollments.load([walk.id]))[walk.id]
        assert await uow.outbox.unsettled_of([talk.id]) == []
    assert (ended.state, ended.reason) == (EnrollmentState.EXITED, Reason.ERASED)
    desk.clock.advance(days=3)
    await desk.engine.sequences.process_due()
    await desk.engine.blocks.detect()
    await desk.sends()
    assert desk.meta.sent == []


async def test_a_message_that_is_leaving_is_waited_for(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.engine.outbox.due()
    claim = await desk.engine.outbox.claim({desk.account.id: 10})
    assert claim.tickets
    with pytest.raises(Refused, match="erase-leaving"):
        await desk.engine.erasure.erase(None, person)
    await desk.engine.outbox.settle([await desk.engine.outbox.send(each) for each in claim.tickets])
    await desk.engine.erasure.erase(None, person)
    assert speaking(await rows(database)) <= {"sequences", "sequence_versions"}


async def test_what_comes_late_is_passed_over_and_leaves_no_trace(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.engine.erasure.erase(None, person)
    desk.clock.advance(minutes=5)
    await desk.arrives(
        envelope(
            wrote(f"{SAID} tarde", NOON - HOUR, named(20), wa_id=PHONE, name=NAME),
            wrote("y yo también", NOON, "wamid.OTHER2", wa_id=OTHER, name="Otra"),
        ),
        envelope(heard(named(3), "read", NOON + timedelta(minutes=2)) | {"contacts": []}),
        envelope(typed(f"{SAID} de antes", NOON - HOUR, named(21), to=PHONE)),
    )
    left = await rows(database)
    assert speaking(left) - {"sequences", "sequence_versions"} == set()
    (other,) = await desk.engine.contacts.find(desk.admin, "Otra")
    recent = (await desk.engine.contacts.card(desk.admin, other.id)).conversations[0].recent
    assert {m.text for m in recent} == {"hola, soy otra", "y yo también"}


async def test_who_comes_back_is_somebody_new_whose_objection_holds(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.arrives(envelope(wrote("baja", NOON, named(30), wa_id=PHONE, bsuid=BSUID, name=NAME)))
    await desk.engine.erasure.erase(None, person)
    desk.clock.advance(hours=1)
    await desk.arrives(envelope(wrote("volví", NOON + HOUR, named(31), wa_id=PHONE, name=NAME)))
    (again,) = await desk.engine.contacts.find(desk.admin, NAME)
    assert again.id != person
    assert again.opted_out
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(wrote("alta", desk.clock.now(), named(32), wa_id=PHONE, name=NAME)))
    (again,) = await desk.engine.contacts.find(desk.admin, NAME)
    assert not again.opted_out
    card = await desk.engine.contacts.card(desk.admin, again.id)
    assert card.notes == ()
    assert [m.text for m in card.conversations[0].recent][-1] == "volví"


async def test_a_webhook_in_the_middle_leaves_nothing_or_somebody_new(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.stores(envelope(wrote(f"{SAID} justo ahora", NOON, named(40), wa_id=PHONE, name=NAME)))
    await asyncio.gather(desk.engine.erasure.erase(None, person), desk.engine.inbox.run_once())
    while await desk.engine.inbox.run_once():
        pass
    assert speaking(await rows(database)) - {"sequences", "sequence_versions"} == set()


async def test_only_admins_erase(database: Database) -> None:
    desk, person = await full_desk(database)
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.erasure.preview(desk.agent, person)
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.erasure.erase(desk.agent, person)


async def test_what_agents_were_shown_is_taken_out_of_their_chats(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.engine.erasure.erase(None, person)
    async with database.begin() as uow:
        due = await uow.notices.claim(desk.clock.now(), desk.clock.now() + HOUR, 50)
    assert [(n.subject_id, n.params["chat_id"]) for n in due if n.kind.value == "erased"] == [(77, 1002)]


async def test_whom_a_restored_backup_brought_back_is_erased_again(database: Database) -> None:
    desk, person = await full_desk(database)
    await desk.arrives(envelope(wrote("aquí", NOON - HOUR, "wamid.OTHER9", wa_id=OTHER, name="Otra")))
    await desk.engine.erasure.erase(None, person)
    async with database.begin() as uow:  # as a backup of before would have it
        back = replace(a_contact(), wa_id=PHONE, bsuid=None, name=NAME)
        await save(uow, back)
    assert await desk.engine.erasure.erase_again() == [back.id]
    assert speaking(await rows(database)) - {"sequences", "sequence_versions"} == set()
    desk.clock.advance(hours=2)
    await desk.arrives(envelope(wrote("volví", NOON + HOUR, named(50), wa_id=PHONE, name=NAME)))
    assert await desk.engine.erasure.erase_again() == []
    assert await desk.engine.contacts.find(desk.admin, "Otra")
