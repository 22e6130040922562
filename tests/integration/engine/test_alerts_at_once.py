"""Several who raise one alert at the same moment: nobody fails for it, it is told once, and all are counted."""

import asyncio

import pytest

from crm.effects import Alarm, raise_alerts
from crm.model.alerts import AlertKind, NoticeKind, Severity
from storage.database import Database
from tests.integration.engine.desk import Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def raised(desk: Desk, keys: str, met: asyncio.Barrier | None = None) -> None:
    """Raise one alert for each letter in a transaction; where transactions run side by side, all look before any writes."""
    async with desk.database.begin() as uow:
        if met is not None:
            await uow.alerts.open_by_key(keys)
            await met.wait()
        alarms = [Alarm(AlertKind.MEDIA_STORE, Severity.CRITICAL, key, {}, admins_only=True) for key in keys]
        await raise_alerts(uow, alarms, desk.clock.now())


async def test_an_alert_that_many_raise_at_once_is_told_once_and_fails_nobody(desk: Desk) -> None:
    """The transaction of an alarm also holds what became of a send, or a hundred webhooks."""
    together = None if desk.database.engine.value == "sqlite" else asyncio.Barrier(5)
    await asyncio.gather(*(raised(desk, keys, together) for keys in ("ab", "ba", "aab", "b", "a")))
    async with desk.database.begin() as uow:
        found = await uow.alerts.open_by_key(["a", "b"])
        notices = await uow.notices.claim(desk.clock.now(), desk.clock.now(), 50)
    assert {key: alert.count for key, alert in found.items()} == {"a": 5, "b": 4}
    told = [notice.subject_id for notice in notices if notice.kind is NoticeKind.ALERT]
    assert sorted(told) == sorted(alert.id for alert in found.values())
