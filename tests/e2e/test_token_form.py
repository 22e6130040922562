"""A token is handed over on a page, never in a chat: who may, how often, what is shown, and that it is written nowhere else."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
import sqlalchemy as sa

from bot.forms.page import STYLE_HASH
from crm.model.accounts import AccountState
from crm.model.agents import Role
from crm.model.token_forms import MOST_TRIES
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import TOKEN, World
from storage.statements import Statement
from storage.tables import audit_log, tg_updates

NEW = "EAAGaNewTokenForSales0123456789"


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def link(world: World, admin: Agent) -> str:
    """The address that the administrator is given for the first number."""
    await world.says(admin, "/cuentas")
    await world.presses(admin, world.number.name)
    await world.presses(admin, "🔑 Token nuevo")
    await world.sees(admin, "Token nuevo para Ventas AR", "15 minutos")
    press = await world.presses(admin, "🔐 Abrir el formulario")
    assert press.url is not None
    assert re.fullmatch(re.escape(world.url) + r"/token/[A-Za-z0-9_-]{43}", press.url)
    return press.url


def granted(world: World, value: str = NEW) -> str:
    world.graph.tokens.grant(value, {world.number.phone_number_id, world.number.waba_id}, world.clock.at, None)
    return value


async def hands_in(browser: aiohttp.ClientSession, address: str, token: str) -> tuple[int, str]:
    async with browser.post(address, data={"token": token}) as answer:
        return answer.status, await answer.text()


async def looks(browser: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with browser.get(address) as answer:
        return answer.status, await answer.text()


async def token_in_use(world: World) -> str:
    (account,) = await world.program.engine.accounts.all()
    return await world.program.engine.accounts.token_for(account.id)


async def test_a_revoked_token_is_replaced_on_the_page_and_the_queue_leaves_once(
    world: World, ana: Agent, leo: Customer, browser: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leo.writes(world.number, "Hola")
    asked = await world.sees(ana, "Leo")
    world.graph.tokens.revoke(TOKEN)
    await world.says(ana, "uno", reply_to=asked)
    await world.says(ana, "dos", reply_to=asked)
    await world.sees(ana, "El token de Ventas AR falla")
    press = await world.presses(ana, "🔑 Token nuevo", on=await world.sees(ana, "El token de Ventas AR falla"))
    assert press.url is None
    address = (await world.presses(ana, "🔐 Abrir el formulario")).url
    assert address is not None
    for _ in range(3):  # Telegram and others look at links before people do
        status, shown = await looks(browser, address)
        assert (status, "Token para Ventas AR" in shown) == (200, True)
    status, said = await hands_in(browser, address, granted(world))
    assert status == 200
    assert "Listo: Ventas AR tiene un token nuevo" in said
    await world.sees(ana, "Ventas AR tiene un token nuevo, cargado por Ana")
    await world.travel(minutes=5)
    assert [shown.text for shown in leo.inbox] == ["uno", "dos"]
    assert await token_in_use(world) == NEW
    assert not (await world.program.engine.accounts.all())[0].held_reason
    await world.says(ana, "/alertas")
    assert "token" not in ana.chat[-1].plain

    status, said = await hands_in(browser, address, granted(world, NEW + "x"))
    assert (status, "Este enlace ya no vale" in said) == (404, True)
    assert await token_in_use(world) == NEW
    everything = said + caplog.text + "".join(message.plain for message in ana.chat)
    assert NEW not in everything
    assert NEW not in address
    async with world.program.database.read() as uow:
        (account,) = await uow.accounts.all()
        trail = await uow.audit.of(f"account:{account.id}", 20)
    done = next(entry for entry in trail if entry.action == "account.token")
    assert (done.actor.startswith("agent:"), done.why) == (True, "checked with Meta")
    assert NEW not in repr(trail)


async def test_what_is_no_good_keeps_the_old_token_and_says_why_a_few_times(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    address = await link(world, ana)
    poor = world.graph.tokens.grant("EAAGpoor0123456789", {world.number.phone_number_id}, world.clock.at, None)
    poor.scopes.discard("whatsapp_business_messaging")
    for left in range(MOST_TRIES - 1, 0, -1):
        status, said = await hands_in(browser, address, "EAAGpoor0123456789")
        assert status == 422
        assert "Este token no sirve" in said
        assert "Al token le falta whatsapp_business_messaging" in said
        assert ("Queda un intento" if left == 1 else f"Quedan {left} intentos") in said
        assert "EAAGpoor" not in said
    assert (await hands_in(browser, address, "EAAGpoor0123456789"))[0] == 404
    assert (await hands_in(browser, address, granted(world)))[0] == 404
    assert await token_in_use(world) == TOKEN


@pytest.mark.parametrize("rubbish", ["", "   ", "two words", "tokén", "EAAG" + "x" * 2000, "line\nbreak"])
async def test_what_can_be_no_token_costs_no_try_and_asks_nobody(
    world: World, ana: Agent, browser: aiohttp.ClientSession, rubbish: str
) -> None:
    address = await link(world, ana)
    calls: list[str] = []
    world.graph.on_exchange = lambda exchange: calls.append(exchange.path)
    status, said = await hands_in(browser, address, rubbish)
    assert (status, "no parece un token" in said) == (400, True)
    assert calls == []
    assert (await hands_in(browser, address, granted(world)))[0] == 200


async def test_a_meta_that_is_away_is_no_reason_to_lose_the_form(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    address = await link(world, ana)
    url = world.graph.url
    await world.graph.stop()
    status, said = await hands_in(browser, address, granted(world))
    assert status == 422
    assert "Meta no contestó sobre el token" in said
    await world.graph.start(int(url.rsplit(":", 1)[1]))
    assert (await hands_in(browser, address, NEW))[0] == 200
    assert await token_in_use(world) == NEW


async def test_the_page_loads_nothing_may_stand_in_no_frame_and_is_kept_nowhere(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    address = await link(world, ana)
    for wanted in (address, f"{world.url}/token/nobody"):
        async with browser.get(wanted) as answer:
            text, headers = await answer.text(), answer.headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert f"style-src 'sha256-{STYLE_HASH}'" in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert not re.search(r"<script|src=|href=|https?://|action=", text)
    assert 'type="password"' in (await looks(browser, address))[1]


async def test_a_link_ends_after_fifteen_minutes_and_when_another_is_asked_for(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    first = await link(world, ana)
    second = await link(world, ana)
    assert first != second
    assert (await looks(browser, first))[0] == 404
    world.clock.at += timedelta(minutes=14, seconds=59)
    assert (await looks(browser, second))[0] == 200
    world.clock.at += timedelta(seconds=1)
    assert (await looks(browser, second))[0] == 404
    assert (await hands_in(browser, second, granted(world)))[0] == 404
    assert await token_in_use(world) == TOKEN


async def test_who_is_no_administrator_any_more_can_use_no_link(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    address = await link(world, ana)
    async with world.program.database.begin() as uow:
        agent = await uow.agents.by_telegram(ana.id)
        assert agent is not None
        await uow.agents.save(changed=[replace(agent, role=Role.AGENT)])
    assert (await looks(browser, address))[0] == 404


async def test_agents_see_the_state_and_are_offered_nothing(world: World, ana: Agent) -> None:
    beto = await world.agent("Beto", 1002, Role.AGENT)
    await world.says(beto, "/cuentas")
    await world.presses(beto, world.number.name)
    seen = await world.sees(beto, "Ventas AR", "Envía con normalidad")
    assert "token" not in seen.plain
    assert [button.text for button in seen.buttons] == ["‹ Números", "🔄"]


async def test_only_a_form_comes_in_and_only_from_its_own_page(
    world: World, ana: Agent, browser: aiohttp.ClientSession
) -> None:
    address, token = await link(world, ana), granted(world)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with browser.post(address, json={"token": token}) as answer:
        assert answer.status == 400
    async with browser.post(address, data=b"token=" + b"x" * 20_000, headers=form) as answer:
        assert answer.status == 400
    async with browser.post(address, data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 403
    assert await token_in_use(world) == TOKEN
    assert (await hands_in(browser, address, token))[0] == 200


async def test_two_who_hand_in_at_once_are_one(world: World, ana: Agent, browser: aiohttp.ClientSession) -> None:
    address, token = await link(world, ana), granted(world)
    answers = await asyncio.gather(*(hands_in(browser, address, token) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 404, 404, 404, 404]


async def test_who_comes_too_often_waits(world: World, browser: aiohttp.ClientSession) -> None:
    statuses = {(await looks(browser, f"{world.url}/token/guess{number}"))[0] for number in range(40)}
    assert statuses == {404, 429}


async def test_a_token_typed_into_the_chat_goes_nowhere_and_is_forgotten(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "Hola")
    asked = await world.sees(ana, "Leo")
    await world.says(ana, f"mira: {granted(world)}", reply_to=asked)
    await world.sees(ana, "Eso era un token", "Borré el mensaje")
    assert not any(NEW in message.plain for message in ana.private.visible)
    assert leo.inbox == []
    async with world.program.database.reading() as transaction:
        bodies = [bytes(row[0]) for row in await transaction.rows(Statement(sa.select(tg_updates.c.body)))]
        acts = [row[0] for row in await transaction.rows(Statement(sa.select(audit_log.c.action)))]
    assert not any(NEW.encode() in body for body in bodies)
    assert "secret.leaked" in acts


async def test_a_number_is_paused_with_a_reason_and_resumed_from_the_chat(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "Hola")
    asked = await world.sees(ana, "Leo")
    await world.says(ana, "/accounts")
    await world.presses(ana, world.number.name)
    await world.presses(ana, "⏸ Pausar")
    await world.says(ana, "inventario hasta el lunes")
    await world.sees(ana, "Está en pausa: inventario hasta el lunes")
    await world.says(ana, "espera", reply_to=asked)
    await world.travel(minutes=10)
    assert leo.inbox == []
    await world.says(ana, "/cuentas")
    await world.presses(ana, world.number.name)
    await world.presses(ana, "▶️ Reanudar")
    await world.presses(ana, "▶️ Sí, reanudar")
    await world.travel(minutes=1)
    assert [shown.text for shown in leo.inbox] == ["espera"]
    assert (await world.program.engine.accounts.all())[0].state is AccountState.ACTIVE


async def test_a_check_in_the_chat_finds_a_missing_subscription_and_mends_it(world: World, ana: Agent) -> None:
    world.graph.businesses[world.number.waba_id].subscribed = False
    await world.says(ana, "/cuentas")
    await world.presses(ana, world.number.name)
    await world.presses(ana, "🧪 Revisar con Meta")
    await world.sees(ana, "Hay algo por resolver", "! Nuestra app no recibe los avisos")
    await world.presses(ana, "📨 Suscribir")
    await world.sees(ana, "Todo está en orden", "✓ Los avisos llegan a esta dirección")
    assert world.graph.businesses[world.number.waba_id].subscribed
