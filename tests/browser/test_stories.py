"""The ready stories played at the page: somebody turns the scenes, reads the captions and the ticks under them, and looks for himself at
the phones and the desks that a scene speaks of."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.stories import Story, ready, ready_names
from sandbox.stories.story import See
from tests.browser.conftest import Open
from tests.browser.people import lines, look_at, part, posts

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

SCENE_MS = 60_000
LANGUAGE = "es"


@pytest.mark.parametrize("name", ready_names())
async def test_a_story_is_told_scene_by_scene_and_can_be_seen_to_be_true(visit: Open, name: str) -> None:
    page, story = await visit(width=1600, height=1100), ready(name)
    await opens(page, story)
    strip = part(page, "story")
    await expect(strip).to_contain_text(story.say(story.about, LANGUAGE))
    for number, scene in enumerate(story.scene, start=1):
        await strip.get_by_role("button", name="Siguiente escena").click()
        await expect(strip.get_by_text(f"Escena {number} de {len(story.scene)}")).to_be_visible()
        await expect(strip).to_contain_text(story.say(scene.caption, LANGUAGE))
        await expect(strip.get_by_role("listitem")).to_have_count(len(scene.see), timeout=SCENE_MS)
        assert await strip.locator("li.false").all_inner_texts() == []
        last = number == len(story.scene)
        await expect(strip.get_by_text("Fin: todo se cumplió") if last else next_scene(page)).to_be_visible()
        for see in scene.see:
            await looks(page, story, see)
    await strip.get_by_role("button", name="Salir de la historia").click()
    await expect(strip).to_be_hidden()


async def test_a_story_turns_its_pages_by_itself_and_in_another_language(visit: Open) -> None:
    page, story = await visit(width=1600, height=1100, language="pt"), ready("first_contact")
    await page.get_by_role("button", name=f"Ver “{story.say(story.title, 'pt')}”").click()
    strip = part(page, "story")
    third = story.scene[2]
    await expect(strip).to_contain_text(story.say(third.caption, "pt"), timeout=SCENE_MS)
    await expect(strip.locator("li.true")).to_have_count(len(third.see), timeout=SCENE_MS)
    await expect(lines(page)).to_contain_text("Oi, Leo! Sim, temos duas.")


async def opens(page: Page, story: Story) -> None:
    """Begin a story that goes on when somebody says so."""
    title = story.say(story.title, LANGUAGE)
    await page.get_by_role("button", name=f"«{title}» paso a paso").click()
    await expect(next_scene(page)).to_be_visible(timeout=SCENE_MS)


def next_scene(page: Page) -> Any:
    return part(page, "story").get_by_role("button", name="Siguiente escena")


async def looks(page: Page, story: Story, see: See) -> None:
    """Read on the phone or at the desk what the scene claims, where it speaks of one customer or one agent."""
    said = story.resolve(see.args, LANGUAGE)
    customer, agent = said.get("customer"), said.get("agent")
    texts = said.get("texts") or said.get("text") or ()
    wanted = [texts] if isinstance(texts, str) else texts
    if see.what in ("customer.sees", "customer.sees_only") and customer is not None:
        await look_at(page, customer)
        for text in wanted:
            await expect(lines(page)).to_contain_text(text.replace("{name}", customer.split()[0]))
    elif see.what == "agent.sees" and agent is not None:
        await sits(page, agent)
        for text in wanted:
            await expect(posts(page)).to_contain_text(" ".join(text.split()))
        if "button" in said:
            label = re.compile(re.escape(said["button"]))
            await expect(posts(page).get_by_role("button", name=label).last).to_be_visible()


async def sits(page: Page, agent: str) -> None:
    """Look at an agent's desk."""
    team = part(page, "desk").get_by_role("list", name="Agentes")
    await team.get_by_role("button", name=agent).click()
    await expect(posts(page)).to_have_accessible_name(re.compile(agent))
