"""Plays a story in a fresh world, scene by scene: the acts, then what is claimed to be seen. The first untrue claim ends it.

The page and the tests use this one player. Everything is done through `sandbox.acts.perform`, as people would.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from sandbox.acts import Refused, perform
from sandbox.stories.claims import claimed
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.stories.story import Do, Scene, See, Story, Text, Values, in_language
from sandbox.world import World

State = Literal["playing", "waiting", "ended", "failed"]
AfterAct = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Check:
    """One claim of a scene: its words in each language, whether it is so, and what was there instead."""

    words: dict[str, str]
    true: bool
    instead: str = ""

    def text(self, language: str) -> str:
        return in_language(self.words, language)


@dataclass(frozen=True, slots=True)
class SceneResult:
    """One scene as it went. `broken` tells why an act of it could not be done."""

    number: int
    at: datetime
    caption: Text
    checks: tuple[Check, ...]
    broken: str | None = None

    @property
    def true(self) -> bool:
        return self.broken is None and all(each.true for each in self.checks)


@dataclass(frozen=True, slots=True)
class Result:
    """The whole story as far as it was played."""

    scenes: tuple[SceneResult, ...]
    of: int

    @property
    def checked(self) -> int:
        return sum(len(each.checks) for each in self.scenes)

    @property
    def true(self) -> bool:
        """Whether every scene was played and everything claimed was so."""
        return len(self.scenes) == self.of and self.checked > 0 and all(each.true for each in self.scenes)

    @property
    def untrue(self) -> list[str]:
        """What went wrong, one line each."""
        found = []
        for scene in self.scenes:
            found += [f"{scene.number}: {scene.broken}"] if scene.broken is not None else []
            wrong = (each for each in scene.checks if not each.true)
            found += [f"{scene.number}: {each.text('en')}\n{each.instead}" for each in wrong]
        return found


Tell = Callable[[SceneResult], None]


class Opening(TypedDict):
    """How the world of a story is opened."""

    at: datetime
    name: str


def opening(story: Story, language: str) -> Opening:
    """Return when the story begins, and how its first number is called."""
    return {"at": story.world.starts_at, "name": story.say(story.world.shop, language)}


async def play(world: World, story: Story, language: str, tell: Tell | None = None) -> Result:
    """Play it to its end, or to the first scene that did not come true; `tell` gets each scene as it ends."""
    player = Player(world, story, language)
    await player.begin()
    while (scene := await player.step()) is not None:
        if tell is not None:
            tell(scene)
    return player.result


class Player:
    """A story under way. People type and read in `language`; captions may be asked for in any."""

    def __init__(self, world: World, story: Story, language: str, name: str = "") -> None:
        self.world, self.story, self.language, self.name = world, story, language, name
        self._told: list[SceneResult] = []
        self._playing = False
        self._checks: list[Check] = []

    @property
    def result(self) -> Result:
        return Result(tuple(self._told), len(self.story.scene))

    @property
    def ended(self) -> bool:
        """Whether nothing more will be played."""
        failed = bool(self._told) and not self._told[-1].true
        return failed or len(self._told) == len(self.story.scene)

    @property
    def state(self) -> State:
        if self._playing:
            return "playing"
        if self._told and not self._told[-1].true:
            return "failed"
        return "ended" if self.ended else "waiting"

    def now(self, language: str) -> dict[str, Any]:
        """Return what people are told of it now: the scene that is played or was played last, its caption and its claims."""
        shown = len(self._told) + (1 if self._playing else 0)
        scene = self.story.scene[shown - 1] if shown else None
        checks = self._checks if self._playing else list(self._told[-1].checks) if self._told else []
        found = [{"text": each.text(language), "true": each.true} for each in checks]
        broken = self._told[-1].broken if self._told and not self._playing else None
        return {
            "name": self.name,
            "title": self.story.say(self.story.title, language),
            "scene": shown,
            "scenes": len(self.story.scene),
            "caption": self.story.say(scene.caption if scene is not None else self.story.about, language),
            "state": self.state,
            "checks": [*found, {"text": broken, "true": False}] if broken is not None else found,
        }

    async def begin(self) -> None:
        """Set the world up. Raises Refused if the beginning cannot be."""
        world = self.story.world
        for values in world.number:
            await self._perform("number.joins", values)
        for values in world.template:
            await self._perform("template.add", values)
        for values in world.agent:
            await self._perform("agent.joins", {"role": "admin", "language": self.language, **values})
        for values in world.customer:
            await self._perform("customer.joins", values)
        for values in world.sequence:
            plan = self.story.resolve(values, self.language)
            await perform(self.world, "sequence.load", {"text": json.dumps({"sequence": [plan]}), "format": "json"})
        for do in self.story.before:
            await self._perform(do.act, do.args)

    async def step(self, after_act: AfterAct | None = None) -> SceneResult | None:
        """Play the next scene; None when there is none, or when the story has failed."""
        if self.ended:
            return None
        self._playing, self._checks = True, []
        try:
            self._told.append(await self._scene(len(self._told) + 1, self.story.scene[len(self._told)], after_act))
        finally:
            self._playing = False
        return self._told[-1]

    async def _scene(self, number: int, scene: Scene, after_act: AfterAct | None) -> SceneResult:
        broken = await self._acts(scene.do, after_act)
        if broken is None:
            for see in scene.see:
                self._checks.append(await self._check(see))
        checks = tuple(self._checks)
        return SceneResult(number, self.world.clock.at, scene.caption, checks, broken)

    async def _acts(self, acts: tuple[Do, ...], after_act: AfterAct | None) -> str | None:
        """Do what is to be done; return what could not be done and why."""
        for do in acts:
            try:
                await self._perform(do.act, do.args)
            except Refused as refused:
                return f"{do.act}: {refused.say(self.language)}"
            if after_act is not None:
                await after_act(do.act)
        return None

    async def _perform(self, act: str, values: Values) -> None:
        await perform(self.world, act, self.story.resolve(values, self.language))

    async def _check(self, see: See) -> Check:
        expectation = EXPECTATIONS[see.what]
        given = expectation.args.model_validate(self.story.resolve(see.args, self.language))
        words = claimed(self.story, see, given)
        try:
            found = await expectation.look(self.world, given)
        except Refused as refused:
            return Check(words, False, refused.say(self.language))
        return Check(words, found.true, found.instead)
