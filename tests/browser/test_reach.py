"""By keyboard alone, and with files in hand."""

import tomllib
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.people import comes, lines, look_at, part, posts, writes

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEQUENCE = """\
[[sequence]]
key = "ensayo"
name = "Ensayo"
trigger = "manual"

[[sequence.steps]]
delay_hours = 1
text = "Hola {name}, esto es un ensayo."
"""


async def test_a_whole_conversation_without_a_mouse(visit: Open) -> None:
    page = await visit()
    keys = page.keyboard
    await look_at(page, "Leo")
    await keys.press("Alt+1")
    await expect(part(page, "phones").get_by_role("textbox")).to_be_focused()
    await keys.type("¿Hola desde el teclado?")
    await keys.press("Enter")
    await expect(lines(page).get_by_text("¿Hola desde el teclado?")).to_be_visible()
    await expect(part(page, "phones").get_by_role("textbox")).to_be_focused()
    await keys.press("Alt+2")
    await expect(part(page, "desk").get_by_role("textbox")).to_be_focused()
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await keys.press("Enter")
    menu = page.get_by_role("menu", name="Comandos")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await keys.press("End")
    await expect(menu.get_by_role("menuitem").last).to_be_focused()
    await keys.press("Escape")
    await expect(part(page, "desk").get_by_role("button", name="Comandos")).to_be_focused()


async def test_the_first_tab_leads_over_the_bar(visit: Open) -> None:
    page = await visit()
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Clientes")
    await expect(skip).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(part(page, "phones").get_by_role("textbox")).to_be_focused()


async def test_a_dialog_takes_the_focus_and_gives_it_back(visit: Open) -> None:
    page = await visit()
    add = part(page, "desk").get_by_role("button", name="Nuevo agente")
    await add.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Nombre", exact=True)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(add).to_be_focused()


async def test_a_sequence_file_is_rehearsed_by_a_crowd(visit: Open, tmp_path: Path) -> None:
    page = await visit()
    file = tmp_path / "ensayo.toml"
    file.write_text(SEQUENCE, encoding="utf-8")
    await part(page, "clock").get_by_role("button", name="Historias").click()
    async with page.expect_file_chooser() as chooser:
        await part(page, "stories").get_by_role("button", name="Soltar aquí").click()
    await (await chooser.value).set_files(file)
    dialog = page.get_by_role("dialog", name="Ensayar ensayo.toml")
    await dialog.get_by_label("Personas").fill("5")
    await dialog.get_by_role("button", name="Que entren").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Llegaron 5 personas")).to_be_visible()
    people = part(page, "phones").get_by_role("list", name="Clientes")
    await expect(people.get_by_role("button", name="Cliente 005")).to_be_visible()


async def test_a_dropped_file_that_is_no_sequence_is_refused(visit: Open) -> None:
    page = await visit()
    await drop(page, "foto.png", "PNG")
    await expect(page.get_by_role("alert")).to_contain_text("foto.png no es un archivo TOML ni JSON")
    await drop(page, "otra.json", "[]")
    await expect(page.get_by_role("dialog", name="Ensayar otra.json")).to_be_visible()


async def test_a_recording_becomes_a_file_that_people_can_read(visit: Open) -> None:
    page = await visit(width=1920, height=1200)
    panel = part(page, "stories")
    await panel.get_by_role("button", name="Grabar").click()
    await expect(part(page, "clock").get_by_text("Grabando")).to_be_visible()
    await comes(page, "Nilo")
    await writes(page, "Nilo", "Esto queda grabado")
    await expect(posts(page).get_by_text("Esto queda grabado")).to_be_visible()
    await panel.get_by_role("button", name="Dejar de grabar").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Título").fill("Nilo escribe")
    async with page.expect_download() as download:
        await dialog.get_by_role("button", name="Guardar el archivo").click()
    text = (await (await download.value).path()).read_text(encoding="utf-8")
    assert "Esto queda grabado" in text
    assert tomllib.loads(text)["scene"]


async def drop(page: Page, name: str, content: str) -> None:
    """Let a file fall on the page."""
    await page.evaluate(
        """([name, content]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([content], name));
            dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )
