"""A process may die at any point of its work: whoever comes after it loses nothing and repeats nothing.

Each test lets a process do one piece of work and die at its first step, at its second, and so on until the work fits into a life; each
time another process goes on with what is found, and must end where no death would have ended.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count

import pytest
import sqlalchemy as sa

from bot import rates
from bot.media.pictures import SafePictures
from bot.schedule import Schedule
from bot.whatsapp.errors import classify
from bot.whatsapp.preflight import fitted
from bot.whatsapp.translate import WhatsAppReader
from crm.engine import Engine, Outside
from crm.jobs import all_jobs, run_job
from crm.model.answers import Queued
from crm.model.events import Event
from crm.model.outbox import OutboxItem, OutboxState
from crm.model.pending import PendingReason
from crm.model.webhooks import WebhookState
from crm.policy.consent import words
from crm.ports import Reader
from crm.services.inbox.service import MAX_ATTEMPTS
from crm.services.media import MediaTools
from storage import tables
from storage.backup_store import BackupStore
from storage.backups import Backups
from storage.database import Database
from storage.statements import Statement
from tests.integration.engine.desk import NOWHERE, Desk, envelope, heard, open_desk, wrote
from tests.integration.engine.mortal import (
    Died,
    Life,
    MortalSender,
    MortalShelf,
    MortalSource,
    MortalStore,
    MortalUploader,
)

Work = Callable[[Engine], Awaitable[object]]


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


def engine_of(
    desk: Desk, database: Database, worker: str, life: Life | None = None, reader: Reader | None = None
) -> Engine:
    """A process of its own beside the desk's; mortal if it is given a life."""
    return Engine(
        Outside(
            store=database if life is None else MortalStore(database, life),
            clock=desk.clock,
            reader=reader or WhatsAppReader(),
            sender=desk.meta if life is None else MortalSender(desk.meta, life),
            marker=desk.meta,
            uploader=desk.meta if life is None else MortalUploader(desk.meta, life),
            gateway=desk.meta,
            registry=desk.meta,
            phones=desk.meta,
            vault=desk.vault,
            classify=lambda code, detail: classify(code, detail or ""),
            preflight=fitted,
            rates=rates.shipped(),
            worker=worker,
            consent=words({"es": ["baja"]}),
            media=MediaTools(
                store=desk.shelf if life is None else MortalShelf(desk.shelf, life),
                source=desk.meta if life is None else MortalSource(desk.meta, life),
                pictures=SafePictures(),
            ),
            backups=Backups(database, desk.vault, BackupStore(None, NOWHERE)),
        )
    )


async def dies_at(step: int, desk: Desk, work: Work) -> bool:
    """Let a process work that has `step` steps to live; return whether it died."""
    life = Life(step)
    with suppress(Died):
        await work(engine_of(desk, desk.database, f"mortal-{step}", life))
        return False
    return True


@asynccontextmanager
async def heir(desk: Desk, url: str) -> AsyncIterator[Engine]:
    """Another process opens the same database."""
    async with await Database.open(url) as database:
        yield engine_of(desk, database, "heir")


async def queued(desk: Desk, step: int) -> list[OutboxItem]:
    """Two answers for one new customer, and a file for another, wait to be sent."""
    ids: list[int] = []
    for name, texts in (("Uno", ("Hola", "Cuesta 10")), ("Dos", ("Buenas",))):
        wa_id = f"54911{len(name)}{step:03}{len(texts)}000"
        await desk.arrives(envelope(wrote("Hola", desk.clock.now(), f"wamid.{name}{step}", wa_id=wa_id, name=name)))
        contact = next(c for c in await desk.engine.contacts.find(desk.admin, "", 50) if c.wa_id == wa_id)
        talk = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id
        for text in texts:
            file = desk.kept_file(f"%PDF-1.7 {step}".encode()) if name == "Dos" else None
            answer = await desk.engine.conversations.reply(desk.admin, talk, text, file=file)
            assert isinstance(answer, Queued)
            ids.append(answer.outbox_id)
    async with desk.database.read() as uow:
        return list((await uow.outbox.load(ids)).values())


async def send(engine: Engine) -> None:
    for account_id in (await engine.outbox.due()).ready:
        await engine.outbox.run_once(account_id)


async def send_all(desk: Desk, engine: Engine) -> None:
    """Until nothing is due; the pace of the account is its own matter."""
    while (await engine.outbox.due()).ready:
        await send(engine)
        desk.clock.advance(seconds=1)


@pytest.mark.parametrize(
    ("alone", "proof"), [(True, True), (False, False)], ids=["taken over, a status comes", "lease over, silence"]
)
async def test_death_at_any_step_of_a_send_sends_nothing_twice_and_loses_nothing(
    desk: Desk, database_url: str, proof: bool, alone: bool
) -> None:
    for step in count():
        items = await queued(desk, step)
        died = await dies_at(step, desk, send)
        async with heir(desk, database_url) as engine:
            if alone:
                await engine.housekeeping.take_over()
            else:
                desk.clock.advance(minutes=3)
                await engine.outbox.reconcile()
            await send_all(desk, engine)
            taken = Counter(parcel.opaque for parcel in desk.meta.sent)
            assert all(taken[item.opaque] <= 1 for item in items), f"sent twice after a death at step {step}"
            if proof:
                told = [heard(f"wamid.of.{o}", "sent", desk.clock.now(), opaque=o) for o in taken]
                await desk.stores(envelope(*told))
                await engine.inbox.run_once()
            desk.clock.advance(minutes=16)
            await engine.outbox.reconcile()
        await every_item_has_its_end(desk, items, taken, proof=proof, step=step)
        if not died:
            assert step > 30, "a send has more steps than that"
            return


async def every_item_has_its_end(
    desk: Desk, items: list[OutboxItem], taken: Counter[str], *, proof: bool, step: int
) -> None:
    """Accepted by Meta; or, when nobody can know, in one card that asks a person."""
    async with desk.database.read() as uow:
        ended = await uow.outbox.load([item.id for item in items])
        cards = Counter(card.outbox_id for card in await uow.pending.open_of([i.conversation_id for i in items]))
        reasons = {card.reason for card in await uow.pending.open_of([i.conversation_id for i in items])}
    for item in ended.values():
        waits = cards[item.id]
        if item.state is OutboxState.ACCEPTED:
            assert (taken[item.opaque], waits) == (1, 0), f"step {step}"
        else:
            assert (item.state, waits) == (OutboxState.HELD, 1), f"step {step}"
            assert not (proof and taken[item.opaque]), f"Meta told of it: step {step}"
    assert reasons <= {PendingReason.UNKNOWN_OUTCOME}


async def rows(desk: Desk, query: sa.Select[tuple[int]]) -> list[int]:
    async with desk.database.reading() as transaction:
        return [row[0] for row in await transaction.rows(Statement(query))]


@pytest.mark.parametrize("careful", [True, False], ids=["one by one", "together"])
async def test_death_at_any_step_of_the_inbox_applies_every_webhook_once(
    desk: Desk, database_url: str, careful: bool
) -> None:
    """Once also means: one notice for each agent, one walk, one line in the audit log."""
    await desk.plan("Hola {name}", hours=30)
    for step in count():
        wa_id = f"549113{step:04}00"
        first = wrote("Hola", desk.clock.now(), f"wamid.A{step}", wa_id=wa_id)
        desk.clock.advance(seconds=5)
        second = wrote("¿Están?", desk.clock.now(), f"wamid.B{step}", wa_id=wa_id)
        await desk.stores(envelope(first), envelope(second), envelope(first, second))

        async def turn(engine: Engine) -> None:
            if not careful:
                engine.inbox._careful = 0
            await engine.inbox.run_once()

        died = await dies_at(step, desk, turn)
        async with heir(desk, database_url) as engine:
            while await engine.inbox.run_once():
                pass
        contact = next(c for c in await desk.engine.contacts.find(desk.admin, "", 1) if c.wa_id == wa_id)
        card = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]
        assert [message.text for message in card.recent] == ["¿Están?", "Hola"], f"step {step}"
        assert len(card.walks) == 1, f"step {step}"
        notice = tables.notices.c
        told = await rows(desk, sa.select(notice.subject_id).where(notice.conversation_id == card.conversation.id))
        assert Counter(told) == {message.id: 2 for message in card.recent}, f"two agents, step {step}"
        entry, walk = tables.audit_log.c, f"enrollment:{card.walks[0].enrollment.id}"
        begun_and_paused = await rows(desk, sa.select(entry.id).where(entry.subject == walk))
        assert len(begun_and_paused) == 2, f"step {step}"
        if not died:
            assert step > 15, "an inbox turn has more steps than that"
            return


async def test_a_webhook_that_kills_every_process_is_buried_and_the_others_are_applied(desk: Desk) -> None:
    class Deadly(WhatsAppReader):
        def read(self, body: bytes) -> list[Event]:
            if b"wamid.DEADLY" in body:
                raise Died
            return super().read(body)

    await desk.stores(*(envelope(wrote("Hola", desk.clock.now(), f"wamid.{name}")) for name in ("DEADLY", "A", "B")))
    starts = 0
    for starts in count(1):
        engine = engine_of(desk, desk.database, f"start-{starts}", reader=Deadly())
        with suppress(Died):
            while await engine.inbox.run_once():
                pass
            break
    assert starts == MAX_ATTEMPTS + 1
    (buried,) = await desk.engine.housekeeping.webhooks({WebhookState.DEAD}, 5)
    assert buried.error == "in hand whenever the process died"
    assert (await desk.engine.reports.status(None)).webhooks == {"new": 0, "failed": 0, "dead": 1, "done": 2}


async def test_death_at_any_step_of_the_sequences_job_queues_every_due_step_once(desk: Desk, database_url: str) -> None:
    """And the job that died is run again at the next start, not at its next hour."""
    await desk.plan("Hola {name}", "¿Seguimos?", hours=2)
    cron = {"sequences": "0 * * * *"}
    for step in count():
        wa_id = f"549114{step:04}00"
        await desk.arrives(envelope(wrote("Hola", desk.clock.now(), f"wamid.C{step}", wa_id=wa_id)))
        desk.clock.advance(hours=2)

        async def hourly(engine: Engine) -> None:
            job = all_jobs(engine)["sequences"]
            await run_job(engine.sequences._store, desk.clock, job, desk.clock.now())

        hour = desk.clock.now()
        died = await dies_at(step, desk, hourly)
        async with desk.database.read() as uow:
            last = await uow.jobs.last("sequences")
        recorded = last is not None and last.fire_at == hour
        unfinished = last is not None and last.finished_at is None
        desk.clock.advance(seconds=1)
        async with heir(desk, database_url) as engine:
            await engine.housekeeping.take_over()
            jobs = {"sequences": all_jobs(engine)["sequences"]}
            again = await Schedule(desk.database, desk.clock, jobs, cron).catch_up()
            assert again == (["sequences"] if unfinished else []), f"step {step}"
            if not recorded:
                await (
                    engine.sequences.process_due()
                )  # it died before the run was on record: for all others the hour is to come
        item = tables.outbox.c
        contact = next(c for c in await desk.engine.contacts.find(desk.admin, "", 1) if c.wa_id == wa_id)
        assert len(await rows(desk, sa.select(item.id).where(item.contact_id == contact.id))) == 1, f"step {step}"
        if not died:
            assert step > 10, "the job has more steps than that"
            return


async def test_a_refusal_is_believed_though_the_worker_was_taken_for_dead(desk: Desk) -> None:
    """A node that lost its place still works: what Meta answered it is true, so nobody is asked and the message leaves later."""
    items = await queued(desk, 0)
    slow = engine_of(desk, desk.database, "taken for dead")
    await slow.outbox.due()
    claim = await slow.outbox.claim({desk.account.id: 10})
    await desk.engine.housekeeping.take_over()
    desk.meta.refuse = lambda parcel: classify(130429, "too fast")
    await slow.outbox.settle([await slow.outbox.send(ticket) for ticket in claim.tickets])
    desk.meta.refuse = lambda parcel: None
    desk.clock.advance(minutes=16)
    assert await desk.engine.outbox.reconcile() == {"lost": 0, "asked": 0}
    await send_all(desk, desk.engine)
    assert Counter(parcel.opaque for parcel in desk.meta.sent) == Counter(item.opaque for item in items)
