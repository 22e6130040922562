"""The first story of `make demo` comes true in every language, and says so honestly when it does not."""

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from sandbox.__main__ import show, tell_it
from sandbox.graph import Fault
from sandbox.scenes import Scene
from sandbox.story import SCENES, play
from sandbox.terminal import Terminal
from sandbox.texts import Words
from sandbox.world import open_world


@pytest.fixture(autouse=True)
def whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.mark.parametrize(("language", "database"), [("es", "postgres_url"), ("en", "sqlite_url"), ("pt", "sqlite_url")])
async def test_everything_that_the_captions_claim_comes_true(
    language: str, database: str, request: pytest.FixtureRequest
) -> None:
    told: list[Scene] = []
    async with open_world(request.getfixturevalue(database), name=Words(language)("shop")) as world:
        ending = await play(world, language, told.append)
    untrue = [(scene.caption, scene.broken, check.text) for scene in told for check in scene.checks if not check.true]
    assert untrue == []
    assert [scene.broken for scene in told] == [None] * len(SCENES)
    assert all(scene.checks for scene in told)
    assert ending.true


async def test_the_story_fits_a_narrow_terminal_and_an_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    seen = io.StringIO()
    assert await tell_it(Console(file=seen, width=64, highlight=False), "es")
    lines = seen.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 64
    assert "\x1b" not in seen.getvalue()
    assert lines[-1].startswith("✓")


async def test_a_story_that_breaks_stops_there_says_where_and_is_not_called_true(sqlite_url: str) -> None:
    seen = io.StringIO()
    words = Words("es")
    async with open_world(sqlite_url, name=words("shop")) as world:
        world.graph.fail_next(Fault("error", code=131026), to="5491155550002")
        terminal = Terminal(Console(file=seen, width=80), words, "UTC")
        ending = await show(world, terminal, "es")
    assert not ending.true
    assert f"✗ {words('check-step-arrived')}" in seen.getvalue()
    assert f"✓ {words('check-seen')}" in seen.getvalue()
    assert words("scene-answers").split(".")[0] not in seen.getvalue()
    assert seen.getvalue().splitlines()[-1].startswith("✗")


async def test_a_screen_that_never_comes_ends_the_story_with_what_was_there_instead(sqlite_url: str) -> None:
    seen = io.StringIO()
    words = Words("en")
    async with open_world(sqlite_url, name=words("shop")) as world:
        world.graph.webhook_url = None
        ending = await show(world, Terminal(Console(file=seen, width=80), words, "UTC"), "en")
    assert not ending.true
    assert f"✗ {words('broken')}" in seen.getvalue()
    assert f"Ana does not see Leo, {words('leo-asks')}" in seen.getvalue()


def test_the_pictures_need_nothing_from_elsewhere() -> None:
    for picture in (Path(__file__).parents[2] / "docs" / "pictures").glob("*.svg"):
        drawn = picture.read_text("utf-8")
        assert drawn.count("http") == 1, picture
        assert "@import" not in drawn
        assert "@font-face" not in drawn
