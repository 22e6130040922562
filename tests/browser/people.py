"""What a person does and reads at the Spanish page, kept together so that tests tell stories and not selectors."""

from playwright.async_api import Locator, Page, Response, expect


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def lines(page: Page) -> Locator:
    """The chat on the phone that is shown."""
    return part(page, "phones").get_by_role("log")


def posts(page: Page) -> Locator:
    """The messages on the desk that is shown."""
    return part(page, "desk").get_by_role("log")


async def look_at(page: Page, customer: str) -> None:
    """Take a customer's phone into view."""
    people = part(page, "phones").get_by_role("list", name="Clientes")
    await people.get_by_role("button", name=customer).click()
    await expect(page.get_by_role("group", name=f"Teléfono de {customer}", exact=True)).to_be_visible()


async def comes(page: Page, customer: str) -> None:
    """Let a new customer come, whom no other test knows."""
    await part(page, "phones").get_by_role("button", name="Nuevo cliente").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Nombre", exact=True).fill(customer)
    await dialog.get_by_role("button", name="Agregar").click()
    await expect(dialog).to_be_hidden()
    await look_at(page, customer)


async def writes(page: Page, customer: str, text: str) -> None:
    """Write on the customer's phone."""
    box = part(page, "phones").get_by_role("textbox", name=f"Escribir como {customer}")
    await box.fill(text)
    await box.press("Enter")
    await expect(lines(page).get_by_text(text, exact=True)).to_be_visible()


async def types_in_shop(page: Page, text: str) -> None:
    """Type on the business's own phone."""
    phones = part(page, "phones")
    await phones.get_by_role("group", name="Quién escribe").get_by_role("button", name="Teléfono de").click()
    box = phones.get_by_role("textbox", name="Escribir en el teléfono de")
    await box.fill(text)
    await box.press("Enter")


async def says(page: Page, text: str) -> None:
    """Write as the agent whose desk is shown."""
    box = part(page, "desk").get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def presses(page: Page, words: str, button: str) -> None:
    """Press a button under the newest message at the desk that has these words."""
    message = posts(page).get_by_role("listitem").filter(has_text=words).last
    await message.get_by_role("button", name=button).click()


async def forward(page: Page, label: str) -> None:
    """Move the clock and wait until the journey is over: the page has its answer."""
    async with page.expect_response(_is_journey):
        await part(page, "clock").get_by_role("button", name=label).click()
    await expect(part(page, "clock").get_by_role("button", name=label)).to_be_enabled()


def _is_journey(response: Response) -> bool:
    return response.url.split("?")[0].endswith("/api/act") and "time.forward" in (response.request.post_data or "")


async def troubles(page: Page) -> Locator:
    """Open the panel of troubles."""
    opener = part(page, "clock").get_by_role("button", name="Problemas")
    if await opener.get_attribute("aria-expanded") == "false":
        await opener.click()
    panel = part(page, "troubles")
    await expect(panel).to_be_visible()
    return panel


async def journal_filter(page: Page, kind: str) -> None:
    await part(page, "journal").get_by_role("group", name="Qué mostrar").get_by_role("button", name=kind).click()
