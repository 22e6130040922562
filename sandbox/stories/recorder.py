"""Writes down what people do as a story that plays true: scenes where time passes, and what the screens showed at the end of each.

It has to be there from the beginning of the world. What was done before `start` becomes the beginning of the story and a silent
prologue, so that the recorded acts meet the same world again.
"""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.acts import perform
from sandbox.acts.act import Result
from sandbox.stories import toml
from sandbox.stories.load import BEGINNING_ACTS
from sandbox.stories.readable import readable
from sandbox.stories.screens import Screens
from sandbox.world import World

FORWARD, UNTIL, CLEAN = "time.forward", "time.until", timedelta(seconds=1)
Row = dict[str, Any]


@dataclass(slots=True)
class _Scene:
    at: datetime
    do: list[Row] = field(default_factory=list)
    see: list[Row] = field(default_factory=list)


class Recorder:
    """Performs acts and remembers them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._began = self._since = world.clock.at
        self._until: str | None = None
        self._shop = next((each.name for each in world.graph.numbers.values()), "Centralita")
        self._before: list[Row] = []
        self._scenes: list[_Scene] | None = None
        self._screens = Screens(world)

    async def perform(self, act: str, args: Mapping[str, Any]) -> Result:
        """Do it, and write it down if it could be done. Raises Refused."""
        if act.startswith("time."):
            await self.time_passes()
            result = await perform(self._world, act, args)
            self._until = str(args["at"]) if act == UNTIL else None
            return result
        written = {"act": act, **_guarded(readable(self._world, act, args))}
        passed = self._passed()
        result = await perform(self._world, act, args)
        self._keep(passed, written)
        self._since, self._until = self._world.clock.at, None
        return result

    async def time_passes(self) -> None:
        """Look at the screens before time goes on. Whoever lets it pass without an act says so here."""
        if self._passed() is None:
            await self._end_scene()

    def start(self) -> None:
        """From now on everything belongs to a scene."""
        if self._scenes is None:
            passed = self._passed()
            self._before += [passed] if passed is not None else []
            self._scenes = []
            self._since, self._until = self._world.clock.at, None
            self._screens.look()

    @property
    def recording(self) -> bool:
        return self._scenes is not None

    @property
    def steps(self) -> int:
        """How many acts the scenes have so far."""
        return sum(len(each.do) for each in self._scenes or ())

    async def toml(self, title: str = "") -> str:
        """Return the story so far."""
        passed = self._passed()
        if passed is not None and self._scenes is not None:
            self._scenes.append(_Scene(self._world.clock.at, [passed]))
            self._since, self._until = self._world.clock.at, None
        await self._end_scene()
        return _written(self, title)

    # --- what is written down ----------------------------------------------------------------------------------------------------

    def _keep(self, passed: Row | None, written: Row) -> None:
        if self._scenes is None:
            self._before += [passed, written] if passed is not None else [written]
            return
        if passed is not None or not self._scenes:
            self._scenes.append(_Scene(self._world.clock.at, [passed] if passed is not None else []))
        self._scenes[-1].do.append(written)

    async def _end_scene(self) -> None:
        """Offer as claims what the screens show since the scene began, before time goes on.

        Where it passed unannounced, the news belongs to the scene that comes after.
        """
        if self._scenes:
            self._scenes[-1].see += await self._screens.news()
            self._screens.look()

    def _passed(self) -> Row | None:
        """Return the one act that lets pass the time since the last act, or None if none did."""
        now = self._world.clock.at
        if now - self._since < CLEAN:
            return None
        if self._until is not None:
            zone = ZoneInfo(self._world.time_zone)
            days = (now.astimezone(zone).date() - self._since.astimezone(zone).date()).days
            return {"act": UNTIL, "at": self._until} | ({"days": days} if days else {})
        seconds = math.ceil((now - self._since).total_seconds())
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        spans = {"days": days, "hours": hours, "minutes": minutes + seconds / 60 if seconds else minutes}
        return {"act": FORWARD} | {name: span for name, span in spans.items() if span}

    @property
    def beginning(self) -> tuple[dict[str, Any], dict[str, list[Row]], list[Row]]:
        """Return the world's entries, its tables, and the acts of the prologue that fit no table."""
        kinds = {act: kind for kind, act in BEGINNING_ACTS.items()} | {"sequence.load": "sequence"}
        tables: dict[str, list[Row]] = {kind: [] for kind in kinds.values()}
        rest = list(self._before)
        while rest and rest[0]["act"] in kinds:
            row = rest.pop(0)
            args = {name: each for name, each in row.items() if name != "act"}
            tables[kinds[row["act"]]] += _plans(args) if row["act"] == "sequence.load" else [args]
        return {"starts_at": self._began, "shop": _guarded(self._shop)}, tables, rest

    @property
    def scenes(self) -> list[_Scene]:
        return self._scenes or []

    @property
    def empty(self) -> _Scene:
        """Return the scene of a story in which nothing is done."""
        return _Scene(self._world.clock.at)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self._world.time_zone)


def _written(recorder: Recorder, title: str) -> str:
    """Write the file."""
    world, tables, rest = recorder.beginning
    parts = [toml.entries({"title": _guarded(title.strip() or "Sandbox")})]
    parts += [toml.rows("before", rest)] if rest else []
    parts.append(f"[world]\n{toml.entries(world)}")
    for kind, rows in tables.items():
        for row in rows:
            parts.append(_sequence(row) if kind == "sequence" else f"[[world.{kind}]]\n{toml.entries(row)}")
    for number, scene in enumerate(recorder.scenes or [recorder.empty], start=1):
        caption = f"{number} · {scene.at.astimezone(recorder.zone):%Y-%m-%d %H:%M}"
        shown = [toml.rows("do", scene.do), *([toml.rows("see", scene.see)] if scene.see else [])]
        parts.append("\n".join(["[[scene]]", toml.entries({"caption": caption}), *shown]))
    return "\n\n".join(parts) + "\n"


def _sequence(plan: Row) -> str:
    head = toml.entries({name: each for name, each in plan.items() if name != "steps"})
    steps = (f"[[world.sequence.steps]]\n{toml.entries(step)}" for step in plan["steps"])
    return "\n\n".join([f"[[world.sequence]]\n{head}", *steps])


def _plans(args: Row) -> list[Row]:
    """Return the sequences of a file that was loaded: the program has read it, so it is one."""
    text = str(_unguarded(args["text"]))
    data: Row = json.loads(text) if args.get("format") == "json" else tomllib.loads(text)
    plans = _guarded(data["sequence"])
    return plans if isinstance(plans, list) else []


def _guarded(value: Any) -> Any:
    """Mark texts that begin like a reference, so that they are none."""
    if isinstance(value, str):
        return f"@{value}" if value.startswith("@") else value
    if isinstance(value, Mapping):
        return {name: _guarded(each) for name, each in value.items()}
    return [_guarded(each) for each in value] if isinstance(value, list | tuple) else value


def _unguarded(text: Any) -> Any:
    return text[1:] if isinstance(text, str) and text.startswith("@@") else text
