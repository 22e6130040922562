"""The ready stories come true in every language; a story that does not says where it ended and what was there instead."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.acts import Refused, perform
from sandbox.stories import Player, SceneResult, Story, opening, parse, play, ready, ready_names
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.world import World, open_hosted_world, open_world

ALONE = [name for name in ready_names() if not ready(name).needs_process]
OWN = {each.stem: each.read_text("utf-8") for each in sorted((Path(__file__).parents[1] / "stories").glob("*.toml"))}
"""Recorded in the sandbox and put there: they are played like the ready ones."""


@pytest.fixture(autouse=True)
def whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@asynccontextmanager
async def stage(story: Story, language: str, url: str) -> AsyncIterator[World]:
    async with open_world(url, **opening(story, language)) as world:
        yield world


async def comes_true(world: World, story: Story, language: str) -> None:
    told: list[SceneResult] = []
    result = await play(world, story, language, told.append)
    assert result.untrue == []
    assert result.true
    assert [scene.number for scene in told] == list(range(1, len(story.scene) + 1))


@pytest.mark.parametrize("name", ALONE)
async def test_a_ready_story_comes_true_in_spanish(name: str, postgres_url: str) -> None:
    async with stage(ready(name), "es", postgres_url) as world:
        await comes_true(world, ready(name), "es")


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", ALONE)
async def test_a_ready_story_comes_true_in_the_other_languages(name: str, language: str, sqlite_url: str) -> None:
    async with stage(ready(name), language, sqlite_url) as world:
        await comes_true(world, ready(name), language)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_the_storm_comes_true_though_the_program_is_killed_in_it(language: str, tmp_path: Path) -> None:
    story = ready("storm")
    assert story.needs_process
    async with open_hosted_world(tmp_path, **opening(story, language)) as world:
        await comes_true(world, story, language)
        assert world.starts == 2


@pytest.mark.parametrize("name", OWN)
async def test_a_recorded_story_comes_true(name: str, sqlite_url: str) -> None:
    story = parse(OWN[name])
    async with stage(story, "es", sqlite_url) as world:
        await comes_true(world, story, "es")


# --- stories that do not come true -----------------------------------------------------------------------------------------------

UNTRUE = """
title = "T"
[world]
shop = "Tienda"
[[world.agent]]
name = "Ana"
[[world.customer]]
name = "Leo"
[[scene]]
caption = "Leo writes"
do = [{act = "customer.writes", customer = "Leo", text = "Hola"}]
see = [{what = "agent.sees", agent = "Ana", text = "Hola"}, {what = "agent.sees", agent = "Ana", text = "Adiós"}]
[[scene]]
caption = "never told"
"""


async def test_a_claim_that_is_not_so_ends_the_story_and_says_what_was_there(sqlite_url: str) -> None:
    story = parse(UNTRUE)
    async with stage(story, "es", sqlite_url) as world:
        player = Player(world, story, "es", name="own")
        await player.begin()
        assert player.now("es")["state"] == "waiting"
        scene = await player.step()
        assert scene is not None
        assert [check.true for check in scene.checks] == [True, False]
        assert "Hola" in scene.checks[1].instead
        assert player.ended
        assert await player.step() is None
        now = player.now("es")
    assert not player.result.true
    assert (now["name"], now["state"], now["scene"], now["scenes"]) == ("own", "failed", 1, 2)
    assert [check["true"] for check in now["checks"]] == [True, False]


async def test_an_act_that_cannot_be_done_ends_the_story_and_says_why(sqlite_url: str) -> None:
    story = parse(UNTRUE.replace('customer = "Leo", text', 'customer = "Nadie", text'))
    async with stage(story, "es", sqlite_url) as world:
        result = await play(world, story, "es")
    assert not result.true
    assert result.scenes[0].broken == "customer.writes: Ningún cliente se llama Nadie."
    assert result.scenes[0].checks == ()


async def test_a_beginning_that_cannot_be_is_refused(sqlite_url: str) -> None:
    story = parse(UNTRUE + '[[world.customer]]\nname = "Leo"\n')
    async with stage(story, "es", sqlite_url) as world:
        with pytest.raises(Refused):
            await play(world, story, "es")


async def test_a_story_without_a_claim_is_not_called_true(sqlite_url: str) -> None:
    story = parse('title = "T"\n[[scene]]\ncaption = "C"\n')
    async with stage(story, "es", sqlite_url) as world:
        assert not (await play(world, story, "es")).true


async def test_acts_are_told_as_they_are_done(sqlite_url: str) -> None:
    story = parse(UNTRUE)
    done: list[str] = []

    async def note(act: str) -> None:
        done.append(act)
        assert player.now("es")["state"] == "playing"

    async with stage(story, "es", sqlite_url) as world:
        player = Player(world, story, "es")
        await player.begin()
        await player.step(note)
    assert done == ["customer.writes"]


# --- every claim can be true and untrue -------------------------------------------------------------------------------------------

HISTORY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("agent.joins", {"name": "Ana", "role": "admin"}),
    ("customer.joins", {"name": "Leo"}),
    ("customer.joins", {"name": "Mía Sol"}),
    ("customer.writes", {"customer": "Leo", "text": "¿Precio?"}),
    ("agent.says", {"agent": "Ana", "text": "Hola Leo, cuesta diez", "reply_to": "¿Precio?"}),
    ("time.forward", {"minutes": 5}),
    ("customer.writes", {"customer": "Mía Sol", "text": "Hola"}),
    ("agent.says", {"agent": "Ana", "text": "Hola Mía", "reply_to": "💬 Mía"}),
    ("time.forward", {"minutes": 5}),
    ("customer.offline", {"customer": "Leo"}),
    ("agent.says", {"agent": "Ana", "text": "¿Te sirve?", "reply_to": "¿Precio?"}),
    ("trouble.graph", {"trouble": "undeliverable", "customer": "Mía Sol"}),
    ("agent.says", {"agent": "Ana", "text": "¿Seguro?", "reply_to": "💬 Mía"}),
    ("time.forward", {"minutes": 5}),
    ("agent.says", {"agent": "Ana", "text": "/c Leo"}),
    ("agent.presses", {"agent": "Ana", "button": "🙋"}),
)
TRUE_AND_UNTRUE: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("customer.sees", {"text": "Hola {name}"}, {"text": "Hola Leo"}),
    (
        "customer.sees",
        {"customer": "Leo", "text": "diez", "tick": "delivered"},
        {"customer": "Leo", "text": "¿Te sirve?"},
    ),
    ("customer.sees", {"text": "Hola", "times": 1}, {"text": "Hola", "times": 2}),
    ("customer.sees", {"text": ["Hola", "{name}"]}, {"text": ["Hola", "nadie"]}),
    ("customer.sees_nothing", {"customer": "Leo", "text": "¿Te sirve?"}, {"customer": "Leo"}),
    ("customer.sees_nothing", {"text": "nadie"}, {"text": "Leo"}),
    (
        "customer.sees_only",
        {"customer": "Leo", "texts": ["Hola Leo, cuesta diez"]},
        {"customer": "Leo", "texts": ["Hola Leo, cuesta diez", "¿Te sirve?"]},
    ),
    ("customer.sees_nothing_twice", {}, {"customer": "Nadie"}),
    (
        "ticks",
        {"customer": "Leo", "message": "¿Te sirve?", "tick": "sent"},
        {"customer": "Leo", "message": "diez", "tick": "delivered"},
    ),
    (
        "ticks",
        {"customer": "Mía Sol", "message": "¿Seguro?", "tick": "failed"},
        {"customer": "Leo", "message": "x", "tick": "sent"},
    ),
    (
        "agent.sees",
        {"agent": "Ana", "text": ["Leo", "¿Precio?"], "button": "Responder"},
        {"agent": "Ana", "text": "diez", "times": 2},
    ),
    (
        "agent.sees",
        {"agent": "Ana", "text": "diez", "reaction": "👌"},
        {"agent": "Ana", "text": "diez", "reaction": "👎"},
    ),
    ("agent.sees", {"agent": "Ana", "text": "💬 Leo", "times": 1}, {"agent": "Ana", "text": "💬", "times": 1}),
    ("agent.has_no", {"agent": "Ana", "text": "nadie"}, {"agent": "Ana", "text": "¿Precio?"}),
    ("agent.has_no", {"agent": "Ana", "button": "nada"}, {"agent": "Ana", "button": "Responder"}),
    ("agent.toast", {"agent": "Ana", "text": "Ahora es tuyo"}, {"agent": "Ana", "text": "Descartado"}),
    ("agent.heard_all", {"agent": "Ana"}, {"agent": "Nadie"}),
    ("sent", {"count": 4}, {"count": 5}),
    ("sent", {"customer": "Leo", "basis": "customer_message"}, {"template": "promo"}),
    ("sent", {"category": "service", "charged": False, "count": 4}, {"charged": True}),
    ("sent", {"text": "diez", "count": 1}, {"text": "once"}),
    ("refused", {"count": 0}, {"count": 0, "code": 1} | {"count": 1}),
    ("score", {"accepted": 4, "doubled": 0, "dead": 0, "shown": 2}, {"accepted": 3}),
    ("program", {"state": "running"}, {"state": "killed"}),
)


async def test_every_claim_is_true_when_it_is_so_and_untrue_when_it_is_not(sqlite_url: str) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        for act, args in HISTORY:
            await perform(world, act, args)
        wrong = [
            (what, args, wanted)
            for what, so, not_so in TRUE_AND_UNTRUE
            for args, wanted in ((so, True), (not_so, False))
            if await holds(world, what, args) is not wanted
        ]
    assert wrong == []
    assert {what for what, _, _ in TRUE_AND_UNTRUE} == EXPECTATIONS.keys()


async def holds(world: World, what: str, args: dict[str, Any]) -> bool:
    expectation = EXPECTATIONS[what]
    try:
        found = await expectation.look(world, expectation.args.model_validate(args))
    except Refused:
        return False
    assert found.true or found.instead or what in ("agent.toast", "customer.sees_nothing_twice")
    return found.true


async def test_a_message_that_an_agent_missed_or_got_twice_is_found(sqlite_url: str) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        ana = await world.agent("Ana", 1001)
        leo = world.graph.person(phone="5491155550099", name="Leo")
        leo.writes(world.number, "Hola")
        pushed = await world.sees(ana, "Hola")
        assert await holds(world, "agent.heard_all", {"agent": "Ana"})
        leo.writes(world.number, "Chau")
        await world.settle()
        assert await holds(world, "agent.heard_all", {"agent": "Ana"})
        pushed.body = pushed.body.replace("Hola", "Chau")
        found = await EXPECTATIONS["agent.heard_all"].look(
            world, EXPECTATIONS["agent.heard_all"].args.model_validate({"agent": "Ana"})
        )
    assert found.instead.split("\n") == ["Leo: Hola (0 ≠ 1)", "Leo: Chau (2 ≠ 1)"]
