"""The clock, and trouble on request: every button does what it says, and the score says what came of it."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.people import comes, forward, journal_filter, part, posts, presses, says, troubles, writes

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINE = "Nada perdido, nada repetido"


async def test_a_week_passes_at_a_tap(visit: Open) -> None:
    page = await visit()
    clock = part(page, "clock")
    now = clock.get_by_role("time")
    before = await now.get_attribute("datetime")
    assert before is not None
    await forward(page, "Avanzar una semana")
    await expect(now).not_to_have_attribute("datetime", before)


async def test_time_can_be_played_and_stopped(visit: Open) -> None:
    page = await visit()
    clock = part(page, "clock")
    before = await clock.get_by_role("time").get_attribute("datetime")
    assert before is not None
    await clock.get_by_role("button", name="Correr").click()
    await page.get_by_role("menuitem", name="10 minutos por segundo").click()
    await expect(clock.get_by_text("Corriendo")).to_be_visible()
    await expect(clock.get_by_role("time")).not_to_have_attribute("datetime", before)
    await clock.get_by_role("button", name="Detener").click()
    await expect(clock.get_by_role("button", name="Correr")).to_be_visible()


async def test_ordered_trouble_is_counted_down_and_nothing_is_lost(visit: Open) -> None:
    page = await visit(height=1400)
    await comes(page, "Gala")
    await writes(page, "Gala", "¿Me reservas una?")
    panel = await troubles(page)
    await panel.get_by_role("button", name="Demasiado rápido · 130429").click()
    await expect(panel.get_by_role("button", name="130429 quedan 1")).to_be_visible()
    await page.keyboard.press("Escape")
    await presses(page, "¿Me reservas una?", "Responder")
    await says(page, "Reservada, Gala")
    await forward(page, "Avanzar una hora")
    await expect(part(page, "phones").get_by_role("log").get_by_text("Reservada, Gala")).to_have_count(1)
    panel = await troubles(page)
    await expect(panel.get_by_text(FINE)).to_be_visible()
    await expect(panel.get_by_text("×")).to_have_count(0)


async def test_a_killed_program_comes_back_and_reads_what_it_missed(visit: Open) -> None:
    page = await visit(height=1400)
    await comes(page, "Hilda")
    panel = await troubles(page)
    await panel.get_by_role("button", name="Matar ahora").click()
    await expect(part(page, "clock").get_by_text("Programa muerto")).to_be_visible()
    await page.keyboard.press("Escape")
    await writes(page, "Hilda", "¿Hay alguien?")
    panel = await troubles(page)
    await expect(panel.get_by_text("Hay cosas en espera, nada perdido")).to_be_visible()
    await panel.get_by_role("button", name="Arrancar de nuevo").click()
    await expect(part(page, "clock").get_by_text("En marcha")).to_be_visible()
    await page.keyboard.press("Escape")
    await forward(page, "Avanzar una hora")
    await expect(posts(page).get_by_text("¿Hay alguien?")).to_have_count(1)
    panel = await troubles(page)
    await expect(panel.get_by_text(FINE)).to_be_visible()


async def test_rough_post_changes_nothing_that_counts(visit: Open) -> None:
    page = await visit(height=1400)
    panel = await troubles(page)
    await panel.get_by_role("slider", name="Duplicados").fill("100")
    await panel.get_by_role("switch", name="Desordenados").check()
    await page.keyboard.press("Escape")
    await comes(page, "Ivo")
    await writes(page, "Ivo", "Una sola vez, por favor")
    await forward(page, "Avanzar una hora")
    await expect(posts(page).get_by_text("Una sola vez, por favor")).to_have_count(1)
    panel = await troubles(page)
    await panel.get_by_role("button", name="Terminar todos los problemas").click()
    await expect(panel.get_by_role("switch", name="Desordenados")).not_to_be_checked()
    await expect(panel.get_by_text(FINE)).to_be_visible()


async def test_the_journal_opens_to_what_crossed_the_wire(visit: Open) -> None:
    page = await visit()
    await comes(page, "Jana")
    await writes(page, "Jana", "Para el diario")
    journal = part(page, "journal")
    await journal_filter(page, "webhook")
    newest = journal.get_by_role("button", name="messages").first
    await newest.click()
    await expect(newest).to_have_attribute("aria-expanded", "true")
    await expect(journal.get_by_text('"whatsapp_business_account"').first).to_be_visible()
    await journal_filter(page, "Telegram")
    await expect(journal.get_by_role("button", name="sendMessage").first).to_be_visible()
    await expect(journal.get_by_role("button", name=re.compile("webhook messages"))).to_have_count(0)


async def test_a_refusal_is_a_sentence_and_loses_nothing(visit: Open) -> None:
    page = await visit(forgiving=True)
    await comes(page, "Kira")
    await part(page, "phones").get_by_role("button", name="Nuevo cliente").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Nombre", exact=True).fill("Kira")
    await dialog.get_by_role("button", name="Agregar").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Ya hay alguien que se llama Kira.")
    await expect(dialog.get_by_label("Nombre", exact=True)).to_have_value("Kira")


async def test_a_lost_connection_shows_and_recovers(visit: Open) -> None:
    page = await visit(forgiving=True)
    await page.context.set_offline(True)
    await part(page, "clock").get_by_role("button", name="Avanzar una hora").click()
    await expect(page.get_by_role("alert").first).to_contain_text("Se perdió la conexión")
    await page.context.set_offline(False)
    await expect(page.locator(".lost")).to_have_count(0)
    await comes(page, "Lola")


@pytest.mark.parametrize(("busy", "takes_taps"), [("agent.writes", True), ("travel", False)])
async def test_the_clock_takes_a_tap_while_somebody_acts_but_not_while_it_moves(
    visit: Open, busy: str, takes_taps: bool
) -> None:
    """A tap during a short act waits its turn; a button that went dark just then would swallow it."""
    page = await visit()

    async def says_busy(route: Route) -> None:
        state = await (await route.fetch()).json()
        await route.fulfill(json=state | {"busy": {"what": busy, "until": None}})

    await page.route("**/api/state*", says_busy)
    await page.reload()
    await expect(part(page, "clock").get_by_text("Trabajando")).to_be_visible()
    await expect(part(page, "clock").get_by_role("button", name="Avanzar una hora")).to_be_enabled(enabled=takes_taps)


async def test_meta_and_the_shops_phone_have_their_own_buttons(visit: Open) -> None:
    page = await visit(height=1600)
    await comes(page, "Inés")
    panel = await troubles(page)
    await panel.get_by_role("button", name="Meta avisa…").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Novedad").select_option("security")
    await dialog.get_by_role("button", name="Que lo avise").click()
    await expect(dialog).to_be_hidden()
    agent = panel.get_by_role("button", name="Agente de Meta", exact=True).first
    await agent.click()
    await expect(agent).to_have_attribute("aria-pressed", "true")
    await panel.get_by_role("button", name="El agente de Meta responde…").first.click()
    await dialog.get_by_label("Cliente").select_option("Inés")
    await dialog.get_by_label("Qué dice").fill("Soy el agente de Meta")
    await dialog.get_by_role("button", name="Enviar").click()
    await expect(dialog).to_be_hidden()
    await agent.click()
    await expect(agent).not_to_have_attribute("aria-pressed", "true")
    await panel.get_by_role("button", name="Darle un pasado al teléfono…").first.click()
    await dialog.get_by_label("Cliente").select_option("Inés")
    await dialog.get_by_role("button", name="Guardar").click()
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(posts(page).get_by_text("Soy el agente de Meta")).to_be_visible()
