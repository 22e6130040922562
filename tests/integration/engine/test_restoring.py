"""After a restore nothing that may have left already leaves again, and nobody is told or asked again what was told before.

The restored database is served by a desk whose clock goes on for days: whatever would go by itself, would go.
"""

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.errors import Refused, Unavailable
from crm.jobs import all_jobs, run_job
from crm.model.accounts import AccountState
from crm.model.alerts import AlertKind
from crm.model.backups import Backup, Held, Scope
from crm.model.pending import PendingReason, PendingState
from crm.model.sequences import EnrollmentState, Reason
from storage.database import Database
from storage.statements import Statement
from tests.integration.engine.desk import Desk, envelope, heard, open_desk, wrote


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    return await open_desk(database, backups=tmp_path / "backups")


async def counted(desk: Desk, table: str, where: str = "1 = 1") -> int:
    async with desk.database.reading() as transaction:
        found: int = await transaction.value(Statement(sa.text(f"SELECT count(*) FROM {table} WHERE {where}")))  # noqa: S608
        return found


async def days_pass(desk: Desk, days: int = 10) -> None:
    """Everything that goes by itself goes, day by day."""
    for _ in range(days):
        desk.clock.advance(days=1)
        for name, job in all_jobs(desk.engine).items():
            if name not in ("backups", "backup_age"):
                await run_job(desk.database, desk.clock, job, desk.clock.now())
        await desk.engine.inbox.run_once()
        for account in (await desk.engine.outbox.due()).ready:
            await desk.engine.outbox.run_once(account)


async def restored(desk: Desk, name: str) -> Held:
    return await desk.engine.backups.restore(name, over=True)


async def resumed(desk: Desk) -> None:
    """A person lets every number send again."""
    for account in await desk.engine.accounts.all():
        await desk.engine.accounts.resume(desk.admin, account.id)


async def test_a_reply_that_left_after_the_backup_never_leaves_again(desk: Desk) -> None:
    """The backup was made between the agent's word and Meta's; afterwards the agent is asked, and the program never decides."""
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    made = await desk.engine.backups.create(None)
    await desk.sends()
    assert len(desk.meta.sent) == 1
    held = await restored(desk, made.name)
    assert (held.sends, held.accounts) == (1, 1)
    await resumed(desk)
    await days_pass(desk)
    assert len(desk.meta.sent) == 1
    async with desk.database.read() as uow:
        (card,) = await uow.pending.open_of([await the_conversation(desk)])
    assert card.reason is PendingReason.UNKNOWN_OUTCOME


async def test_metas_late_word_still_settles_what_had_left(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    await desk.engine.conversations.reply(desk.agent, await the_conversation(desk), "Precio: 10")
    made = await desk.engine.backups.create(None)
    await desk.sends()
    await restored(desk, made.name)
    (parcel,) = desk.meta.sent
    await desk.arrives(envelope(heard("wamid.OUT1", "delivered", desk.clock.now(), opaque=parcel.opaque)))
    await days_pass(desk)
    assert await counted(desk, "outbox", "state = 'accepted'") == 1
    assert await counted(desk, "pending") == 0


async def test_a_step_that_came_due_since_waits_for_a_person(desk: Desk) -> None:
    await desk.plan("Hola {name}", "¿Todo bien?")
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    made = await desk.engine.backups.create(None)
    desk.clock.advance(days=1)
    await desk.engine.sequences.process_due()
    await desk.sends()
    before = len(desk.meta.sent)
    assert (await restored(desk, made.name)).walks == 1
    await resumed(desk)
    await days_pass(desk)
    assert len(desk.meta.sent) == before
    async with desk.database.read() as uow:
        (walk,) = await uow.enrollments.of_conversation(await the_conversation(desk), 1)
    assert (walk.state, walk.reason, walk.next_due_at) == (EnrollmentState.PAUSED, Reason.RESTORED, None)
    again = await desk.engine.sequences.resume_enrollment(desk.agent, walk.id)
    assert again.next_due_at == desk.clock.now()


async def test_a_step_of_tomorrow_goes_on_by_itself(desk: Desk) -> None:
    await desk.plan("Hola {name}")
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    made = await desk.engine.backups.create(None)
    assert (await restored(desk, made.name)).walks == 0
    assert await counted(desk, "enrollments", "state = 'active'") == 1


async def test_a_card_that_was_decided_since_asks_whether_it_left_and_old_buttons_do_nothing(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    conversation = await the_conversation(desk)
    desk.clock.advance(days=2)
    await desk.engine.conversations.reply(desk.agent, conversation, "Te respondo tarde")
    async with desk.database.read() as uow:
        (before,) = await uow.pending.open_of([conversation])
    made = await desk.engine.backups.create(None)
    assert (await restored(desk, made.name)).cards == 1
    async with desk.database.read() as uow:
        (card,) = await uow.pending.open_of([conversation])
    assert (card.state, card.reason) == (PendingState.OPEN, PendingReason.UNKNOWN_OUTCOME)
    assert card.version == before.version + 1


async def test_a_webhook_that_waited_is_kept_and_applied_when_a_person_says_so(desk: Desk) -> None:
    await desk.stores(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    made = await desk.engine.backups.create(None)
    assert (await restored(desk, made.name)).webhooks == 1
    await desk.engine.inbox.run_once()
    assert await counted(desk, "messages") == 0
    assert await desk.engine.housekeeping.retry_webhooks(None) == 1
    await desk.engine.inbox.run_once()
    assert await counted(desk, "messages") == 1


async def test_nobody_is_told_twice_and_admins_hear_of_the_restore(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    assert await counted(desk, "notices") > 0
    made = await desk.engine.backups.create(None)
    await restored(desk, made.name)
    assert await counted(desk, "notices", "kind <> 'alert'") == 0
    assert await counted(desk, "notices", f"agent_id = {desk.admin.id}") == 1
    assert await counted(desk, "alerts", "kind = 'restored'") == 1
    assert await counted(desk, "job_runs") == 0


async def test_no_number_sends_until_a_person_resumes_it(desk: Desk) -> None:
    made = await desk.engine.backups.create(None)
    await restored(desk, made.name)
    assert [each.state for each in await desk.engine.accounts.all()] == [AccountState.PAUSED]
    card = await desk.engine.accounts.card(desk.admin, desk.account.id)
    assert card.stopped is not None
    assert made.name in (card.stopped.why or "")
    await desk.engine.accounts.set_token(desk.account.id, "EAAG-new", "cli")
    await desk.engine.housekeeping.release_holds()
    assert [each.state for each in await desk.engine.accounts.all()] == [AccountState.PAUSED]


async def test_ids_after_a_restore_never_meant_something_else_before(desk: Desk, database_url: str) -> None:
    """A button of a message in Telegram from after the backup must not lead to something new."""
    made = await desk.engine.backups.create(None)
    await desk.arrives(envelope(wrote("Hola", desk.clock.now(), "wamid.1")))
    lost = await the_conversation(desk)
    await restored(desk, made.name)
    async with await Database.open(database_url) as later, later.begin() as uow:
        assert uow.ids.next() > lost + 1_000_000


async def test_a_database_that_holds_something_is_only_replaced_on_demand_and_copied_first(desk: Desk) -> None:
    made = await desk.engine.backups.create(None)
    with pytest.raises(Refused, match="restore-not-empty"):
        await desk.engine.backups.restore(made.name, over=False)
    await restored(desk, made.name)
    assert {each.reason for each in await desk.engine.backups.all(None)} == {"before-restore", "manual"}


async def test_the_days_backup_is_proven_and_old_ones_go_but_never_the_last_good(desk: Desk) -> None:
    await desk.engine.backups.daily()
    desk.clock.advance(days=31)
    point = await desk.engine.backups.point("rotation")
    assert isinstance(point, Backup)
    assert point.scope is Scope.CONFIGURATION
    desk.clock.advance(days=31)
    done = await desk.engine.backups.daily()
    assert done["forgotten"] == 2
    (last,) = await desk.engine.backups.all(desk.admin)
    assert last.proven_at == desk.clock.now()
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.backups.all(desk.agent)


async def open_alerts(desk: Desk) -> set[AlertKind]:
    return {alert.kind for alert in (await desk.engine.alerts.page(desk.admin)).alerts}


async def test_a_failure_and_an_old_backup_are_told_until_the_next_good_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise Unavailable("backup-store-unavailable", problem="StorageFull")

    monkeypatch.setattr(desk.engine.backups._desk._store, "put", full)  # type: ignore[attr-defined]
    assert await desk.engine.backups.daily() == {"failed": 1}
    assert await desk.engine.backups.watch() == {"old": 0}
    assert await open_alerts(desk) == {AlertKind.BACKUP_FAILED}
    desk.clock.advance(days=3)
    assert await desk.engine.backups.watch() == {"old": 1}
    assert await open_alerts(desk) == {AlertKind.BACKUP_FAILED, AlertKind.BACKUP_OLD}
    monkeypatch.undo()
    await desk.engine.backups.daily()
    assert await open_alerts(desk) == set()
    assert await desk.engine.backups.watch() == {"old": 0}


async def the_conversation(desk: Desk) -> int:
    contact = (await desk.engine.contacts.find(desk.admin, ""))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id
