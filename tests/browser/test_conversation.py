"""Two people talk: one on a phone at the left, one at a desk at the right, with the real program between them."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.people import (
    comes,
    forward,
    journal_filter,
    lines,
    look_at,
    part,
    posts,
    presses,
    says,
    types_in_shop,
    writes,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_a_customer_writes_reaches_the_agent_and_the_answer_comes_back(visit: Open) -> None:
    page = await visit()
    await comes(page, "Nora")
    await writes(page, "Nora", "¿Tienen sillas azules?")
    await expect(posts(page).get_by_text("¿Tienen sillas azules?")).to_be_visible()
    await presses(page, "¿Tienen sillas azules?", "Responder")
    await expect(posts(page).get_by_text("Escribe tu respuesta para").last).to_be_visible()
    await says(page, "Sí, quedan dos.")
    await forward(page, "Avanzar una hora")
    answer = lines(page).get_by_role("listitem").filter(has_text="Sí, quedan dos.")
    await expect(answer.get_by_role("img", name="leído")).to_be_visible()


async def test_an_answer_to_a_phone_without_network_waits_at_one_tick(visit: Open) -> None:
    page = await visit()
    await comes(page, "Ciro")
    await writes(page, "Ciro", "Hola, soy Ciro")
    await part(page, "phones").get_by_role("button", name="Opciones de Ciro").click()
    await page.get_by_role("menuitem", name="Apagar la conexión").click()
    await expect(part(page, "phones").get_by_text("El teléfono de Ciro no tiene conexión.")).to_be_visible()
    await presses(page, "Hola, soy Ciro", "Responder")
    await says(page, "Bienvenido, Ciro")
    answer = lines(page).get_by_role("listitem").filter(has_text="Bienvenido, Ciro")
    await expect(answer).to_contain_text("Aún no está en este teléfono")
    await part(page, "phones").get_by_role("button", name="Opciones de Ciro").click()
    await page.get_by_role("menuitem", name="Volver a conectarse").click()
    await forward(page, "Avanzar una hora")
    await expect(answer.get_by_role("img", name="leído")).to_be_visible()


async def test_what_is_typed_on_the_shops_phone_comes_back_as_an_echo(visit: Open) -> None:
    page = await visit()
    await comes(page, "Dora")
    await writes(page, "Dora", "¿Está listo lo mío?")
    await types_in_shop(page, "Listo, pasa cuando quieras")
    await expect(lines(page).get_by_text("desde el teléfono de la tienda")).to_be_visible()
    await journal_filter(page, "webhook")
    await expect(part(page, "journal").get_by_role("button", name="smb_message_echoes").first).to_be_visible()


async def test_attachments_reactions_edits_and_deletions_have_a_place_to_tap(visit: Open) -> None:
    page = await visit()
    await comes(page, "Elio")
    await writes(page, "Elio", "Primera versión")
    phones = part(page, "phones")
    message = lines(page).get_by_role("listitem").filter(has_text="Primera versión")
    await message.hover()
    await message.get_by_role("button", name="Opciones del mensaje").click()
    await page.get_by_role("menuitem", name="Editar").click()
    box = phones.get_by_role("textbox", name="Editar")
    await box.fill("Segunda versión")
    await box.press("Enter")
    edited = lines(page).get_by_role("listitem").filter(has_text="Segunda versión")
    await expect(edited).to_contain_text("editado")
    await edited.get_by_role("button", name="Opciones del mensaje").click()
    await page.get_by_role("menuitem", name="👍").click()
    await expect(edited.get_by_label("Reacciones")).to_have_text("👍")
    for kind, shown in (("Foto", "link"), ("Ubicación", "listitem")):
        await phones.get_by_role("button", name="Adjuntar").click()
        await page.get_by_role("menuitem", name=kind, exact=True).click()
        await expect(lines(page).get_by_role(shown).last).to_be_visible()  # type: ignore[arg-type]
    await edited.get_by_role("button", name="Opciones del mensaje").click()
    await page.get_by_role("menuitem", name="Eliminar para todos").click()
    await expect(lines(page).get_by_text("Mensaje eliminado")).to_be_visible()


async def test_calls_other_kinds_and_the_address_book_have_a_place_to_tap(visit: Open) -> None:
    page = await visit()
    await comes(page, "Jano")
    phones, dialog = part(page, "phones"), page.get_by_role("dialog")
    await phones.get_by_role("button", name="Adjuntar").click()
    await page.get_by_role("menuitem", name="Otra clase de mensaje").click()
    await dialog.get_by_label("Qué manda").select_option("order")
    await dialog.get_by_role("button", name="Enviar").click()
    await expect(dialog).to_be_hidden()
    await expect(posts(page).get_by_text("zapato-40")).to_be_visible()
    for item, button in (("Llamar", "Llamar"), ("Nombre en la agenda", "Guardar")):
        await phones.get_by_role("button", name="Opciones de Jano").click()
        await page.get_by_role("menuitem", name=item).click()
        if item != "Llamar":
            await dialog.get_by_label("Nombre", exact=True).fill("Jano (zapatos)")
        await dialog.get_by_role("button", name=button).click()
        await expect(dialog).to_be_hidden()
    await writes(page, "Jano", "¿Y mi pedido?")
    await expect(posts(page).get_by_text("Jano (zapatos)").first).to_be_visible()


async def test_a_block_is_the_customers_secret(visit: Open) -> None:
    page = await visit()
    await comes(page, "Fito")
    await writes(page, "Fito", "No me escriban más")
    await part(page, "phones").get_by_role("button", name="Opciones de Fito").click()
    await page.get_by_role("menuitem", name="Bloquear a").click()
    await expect(part(page, "phones").get_by_text("Fito bloqueó a")).to_be_visible()
    await expect(part(page, "desk").get_by_text("Fito bloqueó")).to_have_count(0)


async def test_commands_and_search_are_at_hand(visit: Open) -> None:
    page = await visit()
    desk = part(page, "desk")
    await desk.get_by_role("button", name="Comandos").click()
    await page.get_by_role("menuitem", name="/estado").click()
    await expect(posts(page).get_by_text("Todo funciona").last).to_be_visible()
    await desk.get_by_role("button", name="Buscar con el bot").click()
    await desk.get_by_role("searchbox").fill("Leo")
    await desk.get_by_role("searchbox").press("Enter")
    await expect(desk.get_by_role("list", name="Resultados")).to_be_visible()
    await desk.get_by_role("button", name="Cerrar").click()
    await expect(desk.get_by_role("textbox", name="Escribir en Centralita")).to_be_visible()


async def test_every_agent_has_a_desk(visit: Open) -> None:
    page = await visit()
    await part(page, "desk").get_by_role("button", name="Nuevo agente").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Nombre", exact=True).fill("Rita")
    await dialog.get_by_label("Rol").select_option("viewer")
    await dialog.get_by_role("button", name="Agregar").click()
    await expect(part(page, "desk").get_by_role("button", name="Rita lector")).to_have_attribute("aria-pressed", "true")
    await expect(posts(page).get_by_text("Te doy la bienvenida, Rita")).to_be_visible()


async def test_what_somebody_is_typing_survives_what_happens_meanwhile(visit: Open) -> None:
    """The page is drawn anew at every change of the world; a half-written sentence, its cursor and the focus stay."""
    page, other = await visit(), await visit()
    await look_at(page, "Leo")
    box = part(page, "phones").get_by_role("textbox", name="Escribir como Leo")
    await box.fill("Una frase a med")
    await look_at(other, "Mía")
    await writes(other, "Mía", "Otra cosa")
    await expect(posts(page).get_by_text("Otra cosa")).to_be_visible()
    await expect(box).to_be_focused()
    await box.press_sequentially("ias")
    await expect(box).to_have_value("Una frase a medias")
    await expect(page.get_by_role("group", name="Teléfono de Leo", exact=True)).to_be_visible()
