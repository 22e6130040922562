"""Meta's news about an account: the newest word on each aspect counts, whenever it comes, and a hold of Meta's outlives our own."""

from datetime import timedelta

import pytest

from crm.model.accounts import AccountState
from crm.model.alerts import AlertKind
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, ban, envelope, news, open_desk, restricted

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FREE = (AccountState.ACTIVE, None, None)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database, at=NOON + DAY)


async def standing(desk: Desk) -> tuple[AccountState, str | None, object]:
    (account,) = await desk.engine.accounts.all()
    return account.state, account.held_reason, account.held_until


async def alerts(desk: Desk) -> list[AlertKind]:
    return [alert.kind for alert in (await desk.engine.alerts.page(desk.admin, limit=50)).alerts]


async def test_a_ban_holds_and_a_newer_reinstatement_frees(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    assert await standing(desk) == (AccountState.HELD, "banned", None)
    await desk.arrives(envelope(ban("REINSTATE", NOON + HOUR)))
    assert await standing(desk) == FREE
    async with desk.database.read() as uow:
        trail = await uow.audit.of(f"account:{desk.account.id}", 5)
    assert [entry.after for entry in trail[:2]] == [
        {"state": "active", "reason": None},
        {"state": "held", "reason": "banned"},
    ]


async def test_a_late_ban_from_before_the_reinstatement_changes_nothing_and_alarms_nobody(desk: Desk) -> None:
    await desk.arrives(envelope(ban("REINSTATE", NOON + HOUR)))
    before = await alerts(desk)
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    assert await standing(desk) == FREE
    assert await alerts(desk) == before


async def test_a_webhook_that_comes_twice_is_told_once(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    (alert,) = (await desk.engine.alerts.page(desk.admin)).alerts
    assert (alert.kind, alert.count) == (AlertKind.ACCOUNT_HELD, 1)


async def test_each_aspect_has_a_word_of_its_own(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", NOON), news("PARTNER_REMOVED", NOON)))
    await desk.arrives(envelope(ban("REINSTATE", NOON + HOUR)))
    assert await standing(desk) == (AccountState.HELD, "disconnected", None)
    await desk.arrives(envelope(news("ACCOUNT_RECONNECTED", NOON + HOUR)))
    assert await standing(desk) == FREE


async def test_a_restriction_ends_when_meta_said_so(desk: Desk) -> None:
    now = desk.clock.now()
    await desk.arrives(envelope(restricted(now, now + HOUR)))
    assert await standing(desk) == (AccountState.HELD, "restricted", now + HOUR)
    assert await desk.engine.housekeeping.release_holds() == {"released": 0}
    desk.clock.advance(hours=1)
    assert await desk.engine.housekeeping.release_holds() == {"released": 1}
    assert await standing(desk) == FREE


async def test_a_restriction_that_was_over_before_it_was_heard_of_holds_nothing(desk: Desk) -> None:
    await desk.arrives(envelope(restricted(NOON, NOON + HOUR)))
    assert await standing(desk) == FREE


async def test_news_without_a_time_count_from_their_arrival(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", None)))
    assert await standing(desk) == (AccountState.HELD, "banned", None)
    await desk.arrives(envelope(ban("REINSTATE", desk.clock.now() - HOUR)))
    assert await standing(desk) == (AccountState.HELD, "banned", None)
    desk.clock.advance(hours=1)
    await desk.arrives(envelope(ban("REINSTATE", None)))
    assert await standing(desk) == FREE


async def test_news_from_the_future_do_not_outweigh_what_comes_after(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", NOON + 3000 * DAY)))
    desk.clock.advance(hours=1)
    await desk.arrives(envelope(ban("REINSTATE", desk.clock.now())))
    assert await standing(desk) == FREE


async def test_a_new_token_does_not_lift_a_ban(desk: Desk) -> None:
    desk.meta.tokens.clear()
    await desk.engine.tokens.watch()
    assert (await standing(desk))[1] == "token"
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    assert (await standing(desk))[1] == "token"
    await desk.engine.accounts.set_token(desk.account.id, "EAAG-new", "test")
    assert await standing(desk) == (AccountState.HELD, "banned", None)


async def test_a_person_lifts_any_hold_and_only_newer_news_hold_again(desk: Desk) -> None:
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    await desk.engine.accounts.resume(desk.admin, desk.account.id)
    assert await standing(desk) == FREE
    await desk.arrives(envelope(ban("DISABLE", NOON), news("ACCOUNT_RECONNECTED", NOON)))
    assert await standing(desk) == FREE
    await desk.arrives(envelope(ban("DISABLE", NOON + HOUR)))
    assert await standing(desk) == (AccountState.HELD, "banned", None)


async def test_an_account_that_a_person_paused_stays_paused(desk: Desk) -> None:
    await desk.engine.accounts.pause(desk.admin, desk.account.id)
    await desk.arrives(envelope(ban("DISABLE", NOON)))
    await desk.arrives(envelope(ban("REINSTATE", NOON + HOUR)))
    assert (await standing(desk))[0] is AccountState.PAUSED


@pytest.mark.parametrize("expiration", [None, "soon", -5, 10**30, True, [], 1.5])
async def test_an_end_that_cannot_be_read_is_no_end(desk: Desk, expiration: object) -> None:
    restriction = {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": expiration}
    await desk.arrives(envelope(news("ACCOUNT_RESTRICTION", NOON, restriction_info=[restriction, "odd"])))
    assert await standing(desk) == (AccountState.HELD, "restricted", None)
