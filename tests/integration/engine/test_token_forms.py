"""A form for a token, whatever people do with it in whatever order: one at most is open, it is taken by one at a time, and it ends."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.errors import NotFound, Refused
from crm.model.accounts import AccountState
from crm.model.agents import Role
from crm.model.records import replace
from crm.model.token_forms import LIVES, MOST_TRIES
from crm.services.token_forms import OpenForm
from storage.database import Database
from tests.integration.engine.desk import Desk, open_desk

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def test_only_an_administrator_opens_a_form_and_only_for_a_number_of_ours(desk: Desk) -> None:
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.token_forms.open(desk.agent, desk.account.id)
    with pytest.raises(NotFound, match="account-not-found"):
        await desk.engine.token_forms.open(desk.admin, 987)


async def test_the_secret_is_kept_nowhere(desk: Desk) -> None:
    secret = await desk.engine.token_forms.open(desk.admin, desk.account.id)
    found = await desk.engine.token_forms.look(secret)
    assert found is not None
    assert (found.account.id, found.agent.id, found.tries_left) == (desk.account.id, desk.admin.id, MOST_TRIES)
    assert secret not in repr(found)
    async with desk.database.read() as uow:
        assert secret not in repr(await uow.audit.of(f"account:{desk.account.id}", 5))
    for other in ("", secret[:-1], secret + "x", secret.swapcase()):
        assert await desk.engine.token_forms.look(other) is None


@pytest.mark.parametrize("change", ["role", "gone", "removed"])
async def test_a_form_ends_with_the_right_to_it(desk: Desk, change: str) -> None:
    secret = await desk.engine.token_forms.open(desk.admin, desk.account.id)
    async with desk.database.begin() as uow:
        match change:
            case "role":
                await uow.agents.save(changed=[replace(desk.admin, role=Role.VIEWER)])
            case "gone":
                await uow.agents.save(changed=[replace(desk.admin, active=False)])
            case _:
                await uow.accounts.save(changed=[replace(desk.account, state=AccountState.REMOVED)])
    assert await desk.engine.token_forms.look(secret) is None
    assert await desk.engine.token_forms.take(secret) is None


async def test_old_forms_are_swept_away(desk: Desk) -> None:
    await desk.engine.token_forms.open(desk.admin, desk.account.id)
    assert (await desk.engine.housekeeping.prune())["forms"] == 0
    desk.clock.at += LIVES + MINUTE
    assert (await desk.engine.housekeeping.prune())["forms"] == 1


STEPS = st.lists(st.sampled_from(["open", "look", "take", "give_back", "take_old", "wait"]), min_size=3, max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_whatever_is_done_a_form_is_taken_by_one_at_a_time_and_never_after_its_end(
    desk: Desk, steps: list[str]
) -> None:
    """A model beside the real thing: the newest form only, open until it is taken, given back a few times, dead at its end."""
    forms, clock = desk.engine.token_forms, desk.clock
    secret = await forms.open(desk.admin, desk.account.id)
    ends, tries, old = clock.at + LIVES, 0, ""
    taken: OpenForm | None = None
    for step in steps:
        free = taken is None and clock.at < ends
        match step:
            case "open":
                old, secret = secret, await forms.open(desk.admin, desk.account.id)
                ends, tries, taken = clock.at + LIVES, 0, None
            case "look":
                found = await forms.look(secret)
                assert (found is not None) == free
            case "take":
                got = await forms.take(secret)
                assert (got is not None) == free
                if got is not None:
                    taken, tries = got, tries + 1
                    assert got.tries_left == MOST_TRIES - tries
            case "give_back" if taken is not None:
                await forms.give_back(taken)
                taken = None if tries < MOST_TRIES else taken
            case "take_old" if old:
                assert await forms.take(old) is None
            case _:
                clock.at += 4 * MINUTE
