"""`python -m sandbox.picture FOLDER`: the pictures of the story for the README files, drawn by the story itself (`make picture`).

An SVG that needs nothing from elsewhere: no font is fetched, no address is named but that of SVG itself. The story runs on a clock of
its own, so the same program draws the same picture.
"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from sandbox.__main__ import quiet
from sandbox.scenes import Scene
from sandbox.story import play
from sandbox.terminal import Terminal
from sandbox.texts import Words
from sandbox.world import open_world

WIDTH = 86
SHOWN = {4, 5}
"""The scenes that fit into a picture: a message waits, and is approved at its price."""
FILES = {"en": "demo.svg", "es": "demo.es.svg"}
NIGHT = TerminalTheme(
    (16, 23, 32),
    (215, 221, 228),
    [
        (40, 50, 62),
        (235, 100, 95),
        (80, 200, 130),
        (232, 190, 90),
        (100, 160, 245),
        (200, 140, 230),
        (90, 195, 205),
        (200, 208, 216),
    ],
    [
        (110, 122, 136),
        (245, 130, 125),
        (120, 225, 160),
        (245, 210, 120),
        (125, 180, 255),
        (220, 165, 245),
        (120, 220, 230),
        (240, 244, 248),
    ],
)
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
.{unique_id}-matrix text {{ white-space: pre; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own frame fetches a font from the network; this one takes what the reader's machine has."""


async def draw(language: str) -> str:
    """Play the story; return the picture of its chosen scenes and of its ending."""
    console = Console(
        record=True, file=io.StringIO(), width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False
    )
    words = Words(language)
    with tempfile.TemporaryDirectory(prefix="centralita-") as folder:
        async with open_world(f"sqlite+aiosqlite:///{Path(folder) / 'sandbox.db'}", name=words("shop")) as world:
            terminal = Terminal(console, words, world.program.settings.time_zone)

            def tell(scene: Scene) -> None:
                if scene.number in SHOWN or not scene.true:
                    terminal.tells(scene)

            terminal.opens()
            ending = await play(world, language, tell)
            terminal.ends(ending)
    if not ending.true:
        raise SystemExit("the story did not come true: run python -m sandbox --once")
    return as_svg(console)


def as_svg(console: Console) -> str:
    """What the console recorded."""
    drawn = console.export_svg(title="make demo", theme=NIGHT, code_format=FRAME, unique_id="story")
    return "\n".join(line.strip() for line in drawn.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Draw every picture into the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    quiet()
    for language, name in FILES.items():
        (folder / name).write_text(asyncio.run(draw(language)), "utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
