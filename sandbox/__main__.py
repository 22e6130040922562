"""`python -m sandbox`: the first story in the terminal, played by the real program between a simulated Meta and Telegram.

Exit code 0 when everything that the story claims came true, 1 when something did not.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from io import TextIOWrapper
from pathlib import Path

import structlog
from rich.console import Console

from sandbox.scenes import Ending
from sandbox.story import play
from sandbox.terminal import Terminal
from sandbox.texts import LANGUAGES, Words
from sandbox.world import World, open_world


async def tell_it(console: Console, language: str, *, once: bool) -> bool:
    """Play the story, sum up what each side saw, then wait unless `once`; say whether it all came true."""
    words = Words(language)
    with tempfile.TemporaryDirectory(prefix="centralita-") as folder:
        async with open_world(f"sqlite+aiosqlite:///{Path(folder) / 'sandbox.db'}", name=words("shop")) as world:
            terminal = Terminal(console, words, world.program.settings.time_zone)
            ending = await show(world, terminal, language)
            if ending.true and not once:
                terminal.says("stays", graph=world.graph.url, telegram=world.telegram.url)
                await asyncio.Event().wait()
            return ending.true


async def show(world: World, terminal: Terminal, language: str) -> Ending:
    """Play the story in a world, scene by scene."""
    terminal.opens()
    ending = await play(world, language, terminal.tells)
    terminal.ends(ending)
    return ending


def quiet() -> None:
    """The program's own log would drown the story; what matters in it is checked."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> int:
    """Parse the command line and play."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the story")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="the story's language")
    wanted = parser.parse_args()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    quiet()
    try:
        return 0 if asyncio.run(tell_it(Console(highlight=False), wanted.language, once=wanted.once)) else 1
    except KeyboardInterrupt:
        print(Words(wanted.language)("bye"))
        return 0


if __name__ == "__main__":
    sys.exit(main())
