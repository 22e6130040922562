"""Meta is asked whether a number may send before it sends again, at every way out of a hold."""

from datetime import timedelta

import pytest

from crm.errors import AccountSuspended, Scope, SendPostponed
from crm.model.accounts import Account, AccountState, token_name
from crm.model.alerts import Alert, AlertKind, Notice, Severity
from crm.model.numbers import TokenFacts
from crm.policy.checks import SCOPES
from storage.database import Database
from tests.integration.engine.desk import (
    APP_ID,
    NOON,
    PHONE_ID,
    Desk,
    ban,
    envelope,
    number_facts,
    open_desk,
    restricted,
)

HOUR = timedelta(hours=1)
AWAY = SendPostponed("graph-unreachable", scope=Scope.NUMBER, wait=timedelta(seconds=1))
REASON = "The number is blocked. Ask for a review."
GOOD_TOKEN = TokenFacts(True, NOON + timedelta(days=60), None, APP_ID, "SYSTEM_USER", frozenset(SCOPES))


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    await desk.arrives(envelope(restricted(NOON, NOON + HOUR)))
    return desk


def says(desk: Desk, can_send: str, *ailments: str) -> None:
    desk.meta.numbers[PHONE_ID] = number_facts(PHONE_ID, can_send, *ailments)


async def account(desk: Desk) -> Account:
    (found,) = await desk.engine.accounts.all()
    return found


async def alerts(desk: Desk, kind: AlertKind) -> list[Alert]:
    return [each for each in (await desk.engine.alerts.page(desk.admin, limit=50)).alerts if each.kind is kind]


async def notices(desk: Desk) -> list[Notice]:
    """What agents are to hear."""
    async with desk.database.begin() as uow:
        return await uow.notices.claim(desk.clock.now(), desk.clock.now(), 50)


async def trail(desk: Desk) -> list[tuple[str, str, str | None]]:
    async with desk.database.read() as uow:
        return [(each.actor, each.action, each.why) for each in await uow.audit.of(f"account:{desk.account.id}", 20)]


# --- the end of a hold -----------------------------------------------------------------------------------------------------------


async def test_a_number_that_meta_blocks_stays_held_at_the_end_of_its_hold_and_goes_on_once_it_may(desk: Desk) -> None:
    says(desk, "BLOCKED", REASON)
    desk.clock.advance(hours=1)
    assert await desk.engine.housekeeping.release_holds() == {"released": 0}
    held = await account(desk)
    assert (held.state, held.held_reason) == (AccountState.HELD, "health")
    assert held.held_until == desk.clock.now() + HOUR
    told = [(each.params["reason"], each.count) for each in await alerts(desk, AlertKind.ACCOUNT_HELD)]
    assert sorted(told) == [("health", 1), ("restricted", 1)]
    heard = {
        each.agent_id: each.params["problem"] for each in await notices(desk) if each.params.get("reason") == "health"
    }
    assert heard[desk.admin.id] == REASON
    assert ("meta", "account.held", REASON) in await trail(desk)

    desk.clock.advance(minutes=5)
    assert await desk.engine.housekeeping.release_holds() == {"released": 0}
    desk.clock.advance(hours=1)
    says(desk, "AVAILABLE")
    assert await desk.engine.housekeeping.release_holds() == {"released": 1}
    assert (await account(desk)).state is AccountState.ACTIVE


async def test_what_stays_blocked_is_told_once(desk: Desk) -> None:
    says(desk, "BLOCKED", REASON)
    for _ in range(4):
        desk.clock.advance(hours=1)
        await desk.engine.housekeeping.release_holds()
    assert [each for each in await trail(desk) if each[1:] == ("account.held", REASON)] == [
        ("meta", "account.held", REASON)
    ]
    assert (await account(desk)).held_until == desk.clock.now() + HOUR


async def test_a_number_that_meta_limits_goes_on_with_a_warning(desk: Desk) -> None:
    says(desk, "LIMITED", "Low quality. Write less.")
    desk.clock.advance(hours=1)
    assert await desk.engine.housekeeping.release_holds() == {"released": 1}
    (warning,) = await alerts(desk, AlertKind.ACCOUNT_LIMITED)
    assert (warning.severity, warning.params["problem"]) == (Severity.WARNING, "Low quality. Write less.")


async def test_a_number_that_nobody_answers_for_waits_for_the_next_run(desk: Desk) -> None:
    desk.meta.deaf = AWAY
    desk.clock.advance(hours=1)
    assert await desk.engine.housekeeping.release_holds() == {"released": 0}
    assert (await account(desk)).held_reason == "restricted"
    desk.meta.deaf = None
    assert await desk.engine.housekeeping.release_holds() == {"released": 1}


async def test_a_refusal_to_say_holds_nobody_for_ever(desk: Desk) -> None:
    desk.meta.deaf = AccountSuspended("permission-missing", reason="permission")
    desk.clock.advance(hours=1)
    assert await desk.engine.housekeeping.release_holds() == {"released": 1}


async def test_a_ban_that_came_while_meta_was_asked_is_not_undone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = desk.meta.number

    async def asked(phone_number_id: str, token: str) -> object:
        await desk.arrives(envelope(ban("DISABLE", desk.clock.now())))
        return await ask(phone_number_id, token)

    monkeypatch.setattr(desk.meta, "number", asked)
    desk.clock.advance(hours=1)
    await desk.engine.housekeeping.release_holds()
    assert (await account(desk)).held_reason == "banned"


# --- a person ----------------------------------------------------------------------------------------------------------------------


async def test_a_person_cannot_resume_what_meta_blocks_and_need_not_try_again(desk: Desk) -> None:
    says(desk, "BLOCKED", REASON)
    resumed = await desk.engine.accounts.resume(desk.admin, desk.account.id, "solved")
    assert (resumed.account.state, resumed.account.held_reason) == (AccountState.HELD, "health")
    assert (resumed.known, resumed.problem) == (True, REASON)
    says(desk, "AVAILABLE")
    desk.clock.advance(hours=1)
    await desk.engine.housekeeping.release_holds()
    assert (await account(desk)).state is AccountState.ACTIVE


async def test_a_person_is_believed_when_meta_cannot_be_asked_and_it_is_written_down(desk: Desk) -> None:
    desk.meta.deaf = AWAY
    resumed = await desk.engine.accounts.resume(desk.admin, desk.account.id, "solved")
    assert (resumed.account.state, resumed.known) == (AccountState.ACTIVE, False)
    said = f"agent:{desk.admin.id}", "account.state", "solved Meta could not be asked: graph-unreachable"
    assert (await trail(desk))[0] == said


# --- a new token -------------------------------------------------------------------------------------------------------------------


async def waits_for_a_token(desk: Desk) -> None:
    await desk.engine.accounts.resume(desk.admin, desk.account.id)
    await desk.engine.tokens.watch()
    assert (await account(desk)).held_reason == "token"
    desk.meta.tokens = {"EAAG-other": GOOD_TOKEN, "EAAG-secret": GOOD_TOKEN}


async def test_a_new_token_does_not_send_from_a_number_that_meta_blocks(desk: Desk) -> None:
    await waits_for_a_token(desk)
    says(desk, "BLOCKED", REASON)
    outcome = await desk.engine.onboarding.replace_token(desk.account.id, "EAAG-other", "agent:7")
    assert outcome.account is not None
    assert (outcome.account.state, outcome.account.held_reason) == (AccountState.HELD, "health")
    assert await alerts(desk, AlertKind.TOKEN_FAILED) == []
    async with desk.database.read() as uow:
        sealed = await uow.secrets.get(token_name(desk.account.id))
    assert sealed is not None
    assert desk.vault.open(sealed) == "EAAG-other"


async def test_the_guardian_frees_what_waited_for_a_token_only_if_meta_allows(desk: Desk) -> None:
    await waits_for_a_token(desk)
    says(desk, "BLOCKED", REASON)
    await desk.engine.tokens.watch()
    assert (await account(desk)).held_reason == "health"


async def test_the_guardian_frees_it_when_meta_cannot_say(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await waits_for_a_token(desk)
    desk.meta.deaf = AWAY
    await desk.engine.tokens.watch()
    assert (await account(desk)).state is AccountState.ACTIVE
