"""Story files read with errors that people can act on: the line of bad TOML, or the scene and the field of what makes no sense.

Everything is looked at before anything is played: acts and their values, expectations, sequences, references, in every language.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from bot import sequence_files
from crm.errors import Refused as RefusedByRules
from sandbox.acts import ACTS
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.stories.story import Do, Scene, See, Story, Text, is_text
from sandbox.texts import LANGUAGES

LARGEST = 2_000_000
DEEPEST = 50
READY = (
    "first_contact",
    "two_week_drip",
    "coexistence",
    "block_and_reactivation",
    "token_expiry",
    "cost_surprise",
    "storm",
)
_SCENE = re.compile(r"^\s*\[\[\s*scene\s*\]\]", re.MULTILINE)
BEGINNING_ACTS = {
    "number": "number.joins",
    "agent": "agent.joins",
    "customer": "customer.joins",
    "template": "template.add",
}


class StoryInvalid(Exception):
    """The file is no story that could be played. `where` names the line or the scene and the field."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where, self.problem = where, problem


def ready_names() -> tuple[str, ...]:
    """Return the names of the stories that come with the sandbox, in the order in which they teach best."""
    return READY


@cache
def ready(name: str) -> Story:
    """Return a story that comes with the sandbox. Raises StoryInvalid if there is none of this name."""
    if name not in READY:
        raise StoryInvalid(name[:64], "there is no ready story of this name")
    return parse(files("sandbox.stories").joinpath("ready", f"{name}.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Story:
    """Read a story. Raises StoryInvalid."""
    if len(text) > LARGEST:
        raise StoryInvalid("file", f"is larger than {LARGEST} characters")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoryInvalid(*_place(str(error))) from None
    except (ValueError, RecursionError) as error:
        raise StoryInvalid("file", str(error)[:200] or type(error).__name__) from None
    _not_too_deep(data)
    lines = _lines(text, data.get("scene"))
    try:
        story = Story.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise StoryInvalid(_where(first["loc"], lines), first["msg"]) from None
    _Reader(story, lines).reads_well()
    return story


def _lines(text: str, scenes: object) -> list[int]:
    """Return the line at which each scene begins; none when what looks like a beginning may be part of a text."""
    lines = [text.count("\n", 0, found.end()) + 1 for found in _SCENE.finditer(text)]
    return lines if isinstance(scenes, list) and len(scenes) == len(lines) else []


def _place(said: str) -> tuple[str, str]:
    """Split what the TOML parser says into the place and the problem."""
    found = re.fullmatch(r"(.*) \(at (line \d+, column \d+|end of document)\)", said, re.DOTALL)
    return (found[2], found[1]) if found else ("file", said)


def _not_too_deep(data: Any) -> None:
    """Refuse nesting that nobody writes by hand and that would exhaust whoever walks through it."""
    level = [data]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise StoryInvalid("file", f"is nested deeper than {DEEPEST} levels")


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _where(loc: tuple[int | str, ...], lines: list[int]) -> str:
    """Say a place as people count: `scene 3 (line 40), do 2, text`."""
    said, rest = [], list(loc)
    while rest:
        part = rest.pop(0)
        if rest and isinstance(rest[0], int):
            number = rest.pop(0)
            said.append(_nth(str(part), int(number), lines))
        elif part not in ("str", "dict[str,str]") and not str(part).startswith(("constrained-", "function-")):
            said.append(str(part))
    return ", ".join(said) or "file"


def _nth(part: str, index: int, lines: list[int]) -> str:
    line = f" (line {lines[index]})" if part == "scene" and index < len(lines) else ""
    return f"{part} {index + 1}{line}"


class _Reader:
    """Reads a story as its players will, without playing it."""

    def __init__(self, story: Story, lines: list[int]) -> None:
        self._story, self._lines = story, lines

    def reads_well(self) -> None:
        story = self._story
        for name in ("title", "about"):
            self._text(name, getattr(story, name))
        for name, text in story.texts.items():
            self._languages(f"texts, {name}", text)
        self._beginning()
        for number, do in enumerate(story.before):
            self._do(f"before {number + 1}", do)
        for index, scene in enumerate(story.scene):
            self._scene(_nth("scene", index, self._lines), scene)

    def _beginning(self) -> None:
        world = self._story.world
        self._text("world, shop", world.shop)
        for kind, act in BEGINNING_ACTS.items():
            for index, values in enumerate(getattr(world, kind)):
                filled = {"role": "admin", **values} if kind == "agent" else values
                self._values(f"world, {kind} {index + 1}", ACTS[act].args.model_validate, filled)
        for index, values in enumerate(world.sequence):
            self._values(f"world, sequence {index + 1}", _is_sequence, values)

    def _scene(self, where: str, scene: Scene) -> None:
        self._text(f"{where}, caption", scene.caption)
        for number, do in enumerate(scene.do, start=1):
            self._do(f"{where}, do {number}", do)
        for number, see in enumerate(scene.see, start=1):
            self._see(f"{where}, see {number}", see)

    def _do(self, where: str, do: Do) -> None:
        if do.act not in ACTS:
            raise StoryInvalid(where, f"there is no act {do.act[:64]!r}")
        self._values(f"{where} ({do.act})", ACTS[do.act].args.model_validate, do.args)

    def _see(self, where: str, see: See) -> None:
        if see.what not in EXPECTATIONS:
            raise StoryInvalid(where, f"nothing like {see.what[:64]!r} can be seen")
        if see.says is not None:
            self._text(f"{where}, says", see.says)
        self._values(f"{where} ({see.what})", EXPECTATIONS[see.what].args.model_validate, see.args)

    def _text(self, where: str, text: Text) -> None:
        self._languages(where, text)
        for language in LANGUAGES:
            self._resolved(where, text, language)

    def _languages(self, where: str, text: Text) -> None:
        if isinstance(text, dict) and not is_text(text):
            raise StoryInvalid(where, f"a text has the languages {', '.join(LANGUAGES)}, not {', '.join(text)[:64]}")

    def _values(self, where: str, check: Callable[[Any], object], values: Any) -> None:
        """Let whoever will read these values look at them, in every language."""
        for language in LANGUAGES:
            resolved = self._resolved(where, values, language)
            try:
                check(resolved)
            except ValidationError as error:
                first = error.errors(include_url=False, include_context=False, include_input=False)[0]
                field = ".".join(map(str, first["loc"]))
                raise StoryInvalid(f"{where}, {field}" if field else where, first["msg"]) from None
            except StoryInvalid as inner:
                raise StoryInvalid(f"{where}, {inner.where}", inner.problem) from None

    def _resolved(self, where: str, value: Any, language: str) -> Any:
        try:
            return self._story.resolve(value, language)
        except KeyError as missing:
            raise StoryInvalid(where, f"there is no text {missing.args[0]!r} under [texts]") from None


def _is_sequence(values: Any) -> None:
    """Let the program's own reader of sequence files look at it."""
    try:
        sequence_files.parse(json.dumps({"sequence": [values]}, default=str).encode(), json_format=True)
    except RefusedByRules as refused:
        raise StoryInvalid(
            str(refused.params["field"]).removeprefix("sequence.0."), str(refused.params["problem"])
        ) from None
