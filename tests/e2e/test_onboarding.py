"""An operator takes numbers on and looks after them, from a shell, with a Meta that is missing this and that."""

import json
from pathlib import Path

import pytest

from sandbox.graph import Number
from sandbox.world import TOKEN, World
from tests.e2e.operator import Ended, operator, shell

NEW, WABA = "1999", "2999"


@pytest.fixture
def number(world: World) -> Number:
    """One that Meta has and the program does not know yet."""
    return world.graph.add_number(NEW, WABA, "+34 600 111 222", "EAAG-new", coexistence=True, name="Ventas ES")


async def adds(world: World, folder: Path, *more: str) -> Ended:
    return await operator(
        world, folder, "add", "--phone-number-id", NEW, "--waba-id", WABA, "--token-env", "NEW_TOKEN", *more,
        token="EAAG-new",
    )  # fmt: skip


async def known(world: World) -> list[str]:
    return [each.phone_number_id for each in await world.program.engine.accounts.all()]


async def test_a_number_is_added_after_a_look_at_everything(world: World, number: Number, tmp_path: Path) -> None:
    ended = await adds(world, tmp_path)
    assert ended.code == 0, ended.said
    assert "✓ Token valid, without an end" in ended.said
    assert "✓ Account Ventas ES, of Ventas ES" in ended.said
    assert "✓ +34 600 111 222 · Ventas ES" in ended.said
    assert "✓ Our app receives the account’s webhooks" in ended.said
    assert "EAAG" not in ended.said
    assert NEW in await known(world)


@pytest.mark.parametrize("trouble", ["scope", "foreign", "target", "revoked", "account"])
async def test_what_is_vital_and_missing_keeps_a_number_out(
    world: World, number: Number, tmp_path: Path, trouble: str
) -> None:
    token = world.graph.tokens.find("EAAG-new")
    assert token is not None
    told = {
        "scope": "✗ The token lacks whatsapp_business_messaging",
        "foreign": "✗ The token is of another app and not of 77",
        "target": "✗ The token does not reach the account 2999",
        "revoked": "✗ Meta does not accept the token",
        "account": "✗ Meta does not show the account",
    }[trouble]
    match trouble:
        case "scope":
            token.scopes.discard("whatsapp_business_messaging")
        case "foreign":
            token.app_id = "4711"
        case "target":
            token.targets = {"1"}
        case "revoked":
            token.revoked = True
        case _:
            token.assets.discard(WABA)
    ended = await adds(world, tmp_path)
    assert ended.code == 1, ended.said
    assert told in ended.said
    assert "account-not-usable" in ended.said
    assert NEW not in await known(world)


async def test_a_meta_that_cannot_be_reached_is_no_reason_to_believe(
    world: World, number: Number, tmp_path: Path
) -> None:
    await world.graph.stop()
    ended = await adds(world, tmp_path)
    assert ended.code == 1
    assert "? Meta did not answer about the token" in ended.said
    prepared = await adds(world, tmp_path, "--unverified", "--display-phone", "+34 600 111 222", "--coexistence")
    assert prepared.code == 0, prepared.said
    assert NEW in await known(world)
    checked = await operator(world, tmp_path, "check", "--phone-number-id", NEW, "--json")
    assert checked.code == 1
    (found,) = json.loads(next(line for line in checked.said.splitlines() if line.startswith("[{")))
    assert {each["standing"] for each in found["findings"]} == {"unknown"}


async def test_a_subscription_that_is_missing_is_told_and_made(world: World, number: Number, tmp_path: Path) -> None:
    world.graph.businesses[WABA].subscribed = False
    ended = await adds(world, tmp_path)
    assert ended.code == 0, ended.said
    assert "! Our app does not receive the account’s webhooks" in ended.said
    assert not world.graph.businesses[WABA].subscribed
    checked = await operator(world, tmp_path, "check", "--phone-number-id", NEW)
    assert checked.code == 1
    subscribed = await operator(world, tmp_path, "subscribe", "--phone-number-id", NEW)
    assert subscribed.code == 0, subscribed.said
    assert "✓ Our app receives the account’s webhooks" in subscribed.said
    assert world.graph.businesses[WABA].subscribed


async def test_a_number_is_paused_resumed_and_given_up(world: World, number: Number, tmp_path: Path) -> None:
    here = ("--phone-number-id", world.number.phone_number_id)
    assert "is paused" in (await operator(world, tmp_path, "pause", *here, "--why", "inventory")).said
    listed = await operator(world, tmp_path, "list", "--json")
    assert json.loads(listed.said)[0]["state"] == "paused"
    assert "is active" in (await operator(world, tmp_path, "resume", *here)).said
    asked = await operator(world, tmp_path, "remove", *here)
    assert asked.code == 1
    assert await known(world) == [world.number.phone_number_id]
    gone = await operator(world, tmp_path, "remove", *here, "--yes", "--unsubscribe")
    assert gone.code == 0, gone.said
    assert "is removed; 0 messages were called back" in gone.said
    assert not world.graph.businesses[world.number.waba_id].subscribed
    assert await known(world) == []
    unknown = await operator(world, tmp_path, "pause", *here)
    assert (unknown.code, "account-not-found" in unknown.said) == (1, True)


async def test_a_token_that_is_no_good_does_not_replace_one_that_is(
    world: World, number: Number, tmp_path: Path
) -> None:
    ended = await operator(
        world, tmp_path, "token", "--phone-number-id", world.number.phone_number_id, "--token-env", "NEW_TOKEN",
        token="EAAG-new",
    )  # fmt: skip
    assert ended.code == 1, ended.said
    assert "token-not-usable" in ended.said
    (account,) = await world.program.engine.accounts.all()
    assert await world.program.engine.accounts.token_for(account.id) == TOKEN


async def test_the_doctor_tells_what_is_missing_at_meta_too(world: World, tmp_path: Path) -> None:
    name = f"account Ventas AR ({world.number.phone_number_id})"
    healthy = await shell(world, tmp_path, "doctor")
    assert f"ok       {name}" in healthy.said
    assert "missing  server.public_url" in healthy.said  # it is no https here
    world.graph.businesses[world.number.waba_id].subscribed = False
    sick = await shell(world, tmp_path, "doctor")
    assert sick.code == 1
    assert f"missing  {name}: Our app does not receive the account’s webhooks" in sick.said
    await world.graph.stop()
    away = await shell(world, tmp_path, "doctor")
    assert f"unknown  {name}: Meta did not answer about the token" in away.said
    assert f"missing  {name}" not in away.said
