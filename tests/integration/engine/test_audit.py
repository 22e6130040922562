"""The audit log's chain: sealed a little later, and nothing sealed can be changed unseen."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.model.audit import AuditEntry
from crm.policy import chain
from storage import tables
from storage.database import Database
from storage.statements import Statement
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def many(desk: Desk, count: int) -> None:
    async with desk.database.begin() as uow:
        entry = AuditEntry(desk.clock.now(), "cli", "test", "contact:1", {"ñ": 1.5}, {"b": [1, None]}, "why")
        await uow.audit.add([entry] * count)


async def tamper(desk: Desk, change: sa.Update | sa.Delete) -> None:
    async with desk.database.begin() as uow:
        await uow.audit._tx.run(Statement(change))


async def test_what_has_settled_is_sealed_once_and_proves_itself(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("BAJA", NOON, "wamid.1")))
    await many(desk, 2_300)
    assert await desk.engine.audit.seal() == {"sealed": 0}, "it has not settled yet"
    desk.clock.advance(minutes=11)
    sealed = (await desk.engine.audit.seal())["sealed"]
    assert sealed >= 2_300
    assert await desk.engine.audit.seal() == {"sealed": 0}
    await many(desk, 2)
    found = await desk.engine.audit.verify()
    assert (found.broken, found.entries, found.waiting) == (None, sealed, 2)
    assert found.seals == -(-sealed // 1_000)


@pytest.mark.parametrize("what", ["change", "delete"])
async def test_whatever_is_changed_breaks_its_seal(desk: Desk, what: str) -> None:
    await many(desk, 10)
    desk.clock.advance(minutes=11)
    await desk.engine.audit.seal()
    before = await desk.engine.audit.verify()
    victim = sa.select(sa.func.max(tables.audit_log.c.id)).scalar_subquery()
    table = tables.audit_log
    change = sa.update(table).values(actor="nobody") if what == "change" else sa.delete(table)
    await tamper(desk, change.where(table.c.id == victim))
    after = await desk.engine.audit.verify()
    assert before.broken is None
    assert after.broken is not None


def test_a_digest_depends_on_every_fact_and_on_what_was_before() -> None:
    entry = AuditEntry(NOON, "cli", "test", "contact:1", {"a": 1}, None, None)
    others = [
        AuditEntry(NOON + timedelta(seconds=1), "cli", "test", "contact:1", {"a": 1}, None, None),
        AuditEntry(NOON, "cl", "itest", "contact:1", {"a": 1}, None, None),
        AuditEntry(NOON, "cli", "test", "contact:1", None, {"a": 1}, None),
        AuditEntry(NOON, "cli", "test", "contact:1", {"a": 2}, None, None),
    ]
    digests = {chain.link(chain.BEGINNING, [(1, each)]) for each in [entry, *others]}
    digests |= {chain.link("1" * 64, [(1, entry)]), chain.link(chain.BEGINNING, [(2, entry)])}
    assert len(digests) == 7
    assert chain.link(chain.BEGINNING, [(1, entry)]) in digests
