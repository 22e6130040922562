"""How it looks and reads: languages, themes, narrow screens, contrast, names for everything that can be used."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Open, Theme
from tests.browser.people import part
from tests.browser.probes import FAINT, SAID, TOO_WIDE

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABS = {
    "es": ("Clientes", "Agentes", "Diario", "Problemas", "Historias"),
    "en": ("Customers", "Agents", "Journal", "Troubles", "Stories"),
    "pt": ("Clientes", "Agentes", "Diário", "Problemas", "Histórias"),
}
NAVIGATION = {"es": "Partes de la página", "en": "Parts of the page", "pt": "Partes da página"}
USABLE = "button|link|textbox|searchbox|combobox|checkbox|switch|slider|spinbutton|menuitem|tab"


async def open_tab(page: Page, language: str, name: str) -> None:
    await page.get_by_role("navigation", name=NAVIGATION[language]).get_by_role("button", name=name).click()


async def wider_than_the_screen(page: Page) -> int:
    """By how many pixels the page, or any part that is seen, sticks out at the right."""
    found: int = await page.evaluate(TOO_WIDE)
    return found


@pytest.mark.parametrize("language", list(TABS))
async def test_nothing_sticks_out_of_a_360_pixel_phone(visit: Open, language: str) -> None:
    page = await visit(width=360, height=740, language=language)
    for name in TABS[language]:
        await open_tab(page, language, name)
        assert await wider_than_the_screen(page) <= 0, name


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (1024, 700), (1280, 800), (1920, 1080)])
async def test_every_width_shows_whole_parts(visit: Open, width: int, height: int) -> None:
    page = await visit(width=width, height=height, language="en")
    assert await wider_than_the_screen(page) <= 0
    await expect(page.get_by_role("textbox").first).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_word_can_be_read(visit: Open, theme: Theme) -> None:
    """WCAG AA: 4.5 to 1, or 3 to 1 for large letters, on every plain background."""
    page = await visit(width=1920, height=1200, theme=theme)
    for tab in ("Problemas", "Historias"):
        await page.get_by_role("tab", name=tab).click()
        await expect(part(page, "troubles" if tab == "Problemas" else "stories")).to_be_visible()
        assert await page.evaluate(FAINT) == []


async def test_whatever_can_be_used_has_a_name(visit: Open) -> None:
    page = await visit(width=1920, height=1200)
    for tab in ("Problemas", "Historias"):
        await page.get_by_role("tab", name=tab).click()
        tree = await page.locator("body").aria_snapshot()
        nameless = re.findall(rf"^\s*- (?:{USABLE})(?: \[[^\]]*\])*:?$", tree, re.MULTILINE)
        assert nameless == []
        assert len(re.findall(rf"- (?:{USABLE})\b", tree)) > 30
    for landmark in ("Clientes", "Agentes", "Diario"):
        await expect(page.get_by_role("region", name=landmark, exact=True)).to_be_visible()


async def test_the_language_is_chosen_once(visit: Open) -> None:
    page = await visit(language="en")
    await page.get_by_role("combobox", name="Language").select_option("pt")
    await expect(page.get_by_role("region", name="Diário")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "pt")
    await page.reload()
    await expect(page.get_by_role("region", name="Diário")).to_be_visible()


async def test_the_theme_is_the_systems_until_somebody_chooses(visit: Open) -> None:
    page = await visit(theme="dark")

    async def ground() -> Any:
        return await page.evaluate("getComputedStyle(document.body).backgroundColor")

    dark = await ground()
    await page.get_by_role("button", name="Tema").click()
    await page.get_by_role("menuitemcheckbox", name="Claro").click()
    light = await ground()
    assert light != dark
    await page.reload()
    await expect(part(page, "clock")).to_be_visible()
    assert await ground() == light


@pytest.mark.parametrize("language", list(TABS))
async def test_no_text_is_missing(visit: Open, language: str) -> None:
    """A key without words shows as the key: letters, a dot, letters."""
    page = await visit(width=1920, height=1200, language=language)
    for tab in (TABS[language][3], TABS[language][4]):
        await page.get_by_role("tab", name=tab).click()
        said = await page.evaluate(SAID)
        assert [each for each in said if re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", each or "")] == []
