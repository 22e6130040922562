"""One sandbox and one browser per module; a page for every test that watches its own console and its own network.

Whatever a test does besides, its page must not log an error and must not ask anybody but the sandbox for anything.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "sandbox", "--port", "0", "--language", "es"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE = 60_000
"""Milliseconds, for a machine that does much besides: who waits in vain fails all the same."""

Open = Callable[..., Awaitable[Page]]
Theme = Literal["light", "dark"]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a freshly started sandbox listens."""
    with subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = next((line for line in process.stdout if "http://" in line), "")
            words = [word.strip("().,") for word in said.split() if word.startswith("http://")]
            assert words, "the sandbox ended before it had an address"
            yield words[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium without a window."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("the browser tests need Debian's package chromium")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(address: str, browser: Browser) -> AsyncIterator[Open]:
    """Open the page as somebody with this screen, language and theme would see it."""
    complaints: list[str] = []

    async with AsyncExitStack() as stack:

        async def go(
            width: int = 1280,
            height: int = 900,
            language: str = "es",
            theme: Theme = "light",
            forgiving: bool = False,
        ) -> Page:
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                locale=language,
                color_scheme=theme,
                reduced_motion="reduce",
                base_url=address,
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = await context.new_page()
            if not forgiving:
                page.on("console", lambda message: _complain(message, complaints))
            page.on("pageerror", lambda error: complaints.append(f"{error}"))
            page.on("request", lambda request: _stay_here(request, address, complaints))
            await page.goto("/")
            await expect(page.locator("[data-part=clock]")).to_be_visible()
            return page

        yield go
    assert complaints == []


def _complain(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(f"{message.type}: {message.text}")


def _stay_here(request: Request, address: str, complaints: list[str]) -> None:
    if not request.url.startswith((address, "data:", "blob:")):
        complaints.append(f"asked {request.url}")
