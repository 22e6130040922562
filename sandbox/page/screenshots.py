"""`python -m sandbox.page.screenshots docs/pictures`: pictures of the page for the documents, made by playing a story in it.

The sandbox is started as anybody starts it and looked at with a real browser (Playwright and Debian's chromium, both only needed here
and in the tests). The clock and the people are simulated, so the same pictures come out as long as the page looks the same.
"""

import argparse
import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sandbox.page.assets import STATIC
from sandbox.page.png import repacked

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

LARGEST = 300_000
"""Bytes a picture may have; documents are cloned by everybody."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the screen, the story and how many scenes of it were played."""

    name: str
    width: int
    height: int
    theme: Literal["light", "dark"]
    language: str
    story: str
    scenes: int
    side: Literal["stories", "troubles"] = "stories"
    part: Literal["phones", "desk"] = "phones"
    scale: float = 1


SHOTS = (
    Shot("sandbox-light", 1560, 960, "light", "en", "two_week_drip", 3),
    Shot("sandbox-dark", 1560, 960, "dark", "es", "block_and_reactivation", 3),
    Shot("sandbox-troubles", 1560, 960, "light", "es", "token_expiry", 3, side="troubles"),
    Shot("sandbox-phone", 390, 844, "light", "pt", "first_contact", 3, scale=2),
    Shot("sandbox-phone-dark", 390, 844, "dark", "en", "cost_surprise", 4, part="desk", scale=2),
)


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """Start the sandbox on a free port; yields its address."""
    command = (sys.executable, "-m", "sandbox", "--port", "0")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        async for line in process.stdout:
            if found := next((word for word in line.decode().split() if word.startswith("http://")), None):
                yield found
                return
        raise SystemExit("the sandbox ended before it had an address")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


async def take(browser: "Browser", url: str, shot: Shot, folder: Path) -> Path:
    """Play the story as far as the picture wants, and take it."""
    from playwright.async_api import expect

    words = json.loads((STATIC / "texts" / f"{shot.language}.json").read_text(encoding="utf-8"))
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        locale=shot.language,
        color_scheme=shot.theme,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(url)
    begun = await context.request.post(
        f"{url}api/story?language={shot.language}", data={"name": shot.story, "speed": "step"}, timeout=60_000
    )
    if not begun.ok:
        raise SystemExit(f"{shot.story}: {await begun.text()}")
    following = page.get_by_role("button", name=words["story.next"])
    scene = page.locator("[data-part=story] .scene")
    await expect(following).to_be_visible(timeout=60_000)
    while await _scene(page) < shot.scenes:
        before = await scene.text_content()
        await following.click()
        await expect(scene).not_to_have_text(before or "", timeout=60_000)
        await expect(following).to_be_visible(timeout=60_000)
    await _arrange(page, shot, words)
    target = folder / f"{shot.name}.png"
    picture = await page.screenshot(animations="disabled", caret="hide")
    target.write_bytes(repacked(picture))
    await context.close()
    return target


async def _scene(page: "Page") -> int:
    """Return the number of the scene that was played last."""
    value = await page.locator("[data-part=story] progress").get_attribute("value")
    return int(value or 0)


async def _arrange(page: "Page", shot: Shot, words: dict[str, str]) -> None:
    """Bring into view what the picture is about."""
    if shot.width >= 1560:
        await page.get_by_role("tab", name=words[f"part.{shot.side}"]).click()
    elif shot.width < 900:
        tabs = page.get_by_role("navigation", name=words["parts"])
        await tabs.get_by_role("button", name=words[f"part.{shot.part}"]).click()


async def picture_all(folder: Path, chromium: str) -> None:
    """Take every picture; one that is too large is an error, not a surprise for whoever clones."""
    from playwright.async_api import async_playwright

    async with sandbox() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for shot in SHOTS:
            target = await take(browser, url, shot, folder)
            size = target.stat().st_size
            print(f"{target} {size // 1000} kB")
            if size > LARGEST:
                raise SystemExit(f"{target} has more than {LARGEST // 1000} kB")
        await browser.close()


def main() -> None:
    """Parse the command line and begin."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.page.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    wanted = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("a browser is needed: apt install chromium")
    wanted.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(picture_all(wanted.folder, chromium))


if __name__ == "__main__":
    main()
