"""What webhooks tell of limits is believed by Meta's time, in any order, and without holding anything else up."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.model.accounts import Account, AccountState
from crm.model.alerts import Alert, AlertKind
from storage.database import Database
from tests.builders import an_account, save
from tests.integration.engine.desk import NOON, WABA, Desk, envelope, open_desk, typed

HOUR = timedelta(hours=1)
OURS = "15550783881"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


def said(field: str, at: datetime | None, **parts: Any) -> dict[str, Any]:
    return {"field": field, **({} if at is None else {"time": int(at.timestamp())}), **parts}


def capability(most: object, at: datetime) -> dict[str, Any]:
    return said("business_capability_update", at, max_daily_conversations_per_business=most)


def upgraded(at: datetime, **parts: Any) -> dict[str, Any]:
    return said("phone_number_quality_update", at, display_phone_number=OURS, event="THROUGHPUT_UPGRADE", **parts)


def number_error(code: int) -> dict[str, Any]:
    value = {"metadata": {"display_phone_number": OURS, "phone_number_id": "106540352242922"}}
    return {**value, "errors": [{"code": code, "title": "t", "error_data": {"details": "d"}}]}


async def limit(desk: Desk, portfolio: str = WABA) -> object:
    async with desk.database.read() as uow:
        found = (await uow.reach.portfolios([portfolio])).get(portfolio)
    return "unknown" if found is None else found.most


async def account(desk: Desk, number: int | None = None) -> Account:
    async with desk.database.read() as uow:
        found = await uow.accounts.get(number or desk.account.id)
    assert found is not None
    return found


async def alerts(desk: Desk, kind: AlertKind) -> list[Alert]:
    return [alert for alert in (await desk.engine.alerts.page(desk.admin)).alerts if alert.kind is kind]


async def test_the_portfolios_limit_follows_the_newest_word_in_any_order(desk: Desk) -> None:
    assert await limit(desk) == "unknown"
    news = [
        capability("TIER_250", NOON - 3 * HOUR),
        capability(2000, NOON - 2 * HOUR),
        upgraded(NOON - HOUR, current_limit="TIER_10K"),
    ]
    for order in itertools.permutations(news):
        await desk.arrives(*(envelope(each) for each in order))
        assert await limit(desk) == 10_000
    await desk.arrives(envelope(capability(-1, NOON)))
    assert await limit(desk) is None


async def test_a_limit_belongs_to_the_portfolio_of_the_account_that_it_names(desk: Desk) -> None:
    async with desk.database.begin() as uow:
        await save(uow, an_account(waba_id="other"))
    await desk.arrives(envelope(capability(250, NOON)))
    assert (await limit(desk), await limit(desk, "other")) == (250, "unknown")


async def test_what_is_no_limit_is_ignored(desk: Desk) -> None:
    await desk.arrives(envelope(capability(2000, NOON - HOUR)), envelope(capability("TIER_NOT_SET", NOON)))
    assert await limit(desk) == 2000


async def test_an_upgrade_of_throughput_is_remembered_for_the_number_it_names(desk: Desk) -> None:
    other = an_account(waba_id=WABA)
    async with desk.database.begin() as uow:
        await save(uow, other)
    await desk.arrives(envelope(upgraded(NOON)), envelope(upgraded(NOON - HOUR)))
    limits = (await account(desk)).limits
    assert (limits.throughput, limits.throughput_at) == (1000, NOON)
    assert (await account(desk, other.id)).limits.throughput is None


async def test_an_error_of_the_number_itself_slows_it_once(desk: Desk) -> None:
    await desk.arrives(envelope(number_error(130429)), envelope(number_error(130429)))
    assert (await account(desk)).limits.slowed_to == 10
    assert len(await alerts(desk, AlertKind.ACCOUNT_SLOWED)) == 1


async def test_a_spam_error_of_the_number_holds_it(desk: Desk) -> None:
    await desk.arrives(envelope(number_error(131048)))
    held = await account(desk)
    assert (held.state, held.held_reason, held.held_until) == (AccountState.HELD, "spam", NOON + 6 * HOUR)


async def test_a_hold_for_spam_ends_by_itself(desk: Desk) -> None:
    await desk.arrives(envelope(number_error(131048)))
    desk.clock.advance(hours=6, seconds=1)
    await desk.engine.housekeeping.release_holds()
    assert (await account(desk)).state is AccountState.ACTIVE


async def test_many_messages_from_the_phone_are_told_at_800_and_1000_once_each(desk: Desk) -> None:
    def batch(first: int, last: int) -> bytes:
        return envelope(*(typed(f"m{n}", desk.clock.now(), f"wamid.E{n}") for n in range(first, last)))

    await desk.arrives(batch(0, 799))
    assert await alerts(desk, AlertKind.APP_SENDS) == []
    await desk.arrives(batch(799, 801), batch(700, 801))
    (warning,) = await alerts(desk, AlertKind.APP_SENDS)
    assert (warning.params["count"], warning.severity.value, warning.count) == (801, "warning", 1)
    desk.clock.advance(hours=1)
    await desk.arrives(batch(801, 1001))
    assert [alert.severity.value for alert in await alerts(desk, AlertKind.APP_SENDS)] == ["critical", "warning"]


async def test_yesterdays_messages_from_the_phone_count_no_more(desk: Desk) -> None:
    await desk.arrives(envelope(*(typed(f"m{n}", NOON, f"wamid.E{n}") for n in range(700))))
    desk.clock.advance(hours=25)
    now = desk.clock.now()
    await desk.arrives(envelope(*(typed(f"n{n}", now, f"wamid.F{n}") for n in range(200))))
    assert await alerts(desk, AlertKind.APP_SENDS) == []
