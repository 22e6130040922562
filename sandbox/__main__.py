"""`python -m sandbox`: the whole product in a browser, without any account. It prints the address of one loopback page and serves it.

With `--once` the first story plays in the terminal instead: exit code 0 when everything that it claims came true, 1 when something
did not.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from io import TextIOWrapper
from itertools import count
from pathlib import Path

import structlog
from rich.console import Console

from sandbox.page.house import House
from sandbox.page.server import serving
from sandbox.page.welcome import welcome
from sandbox.scenes import Ending
from sandbox.story import play
from sandbox.terminal import Terminal
from sandbox.texts import LANGUAGES, Words
from sandbox.world import World, open_hosted_world, open_world

PORT = 8765
DATABASES = ("sqlite", "postgresql")


async def tell_it(console: Console, language: str) -> bool:
    """Play the story and sum up what each side saw; say whether it all came true."""
    words = Words(language)
    with tempfile.TemporaryDirectory(prefix="centralita-") as folder:
        async with open_world(f"sqlite+aiosqlite:///{Path(folder) / 'sandbox.db'}", name=words("shop")) as world:
            terminal = Terminal(console, words, world.program.settings.time_zone)
            return (await show(world, terminal, language)).true


async def show(world: World, terminal: Terminal, language: str) -> Ending:
    """Play the story in a world, scene by scene."""
    terminal.opens()
    ending = await play(world, language, terminal.tells)
    terminal.ends(ending)
    return ending


async def show_it(language: str, port: int, database: str) -> None:
    """Serve the page until somebody ends it."""
    words, over = Words(language), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    with tempfile.TemporaryDirectory(prefix="centralita-") as folder:
        places = _places(Path(folder))

        def opener(at: datetime | None, name: str) -> AbstractAsyncContextManager[World]:
            return open_hosted_world(next(places), at=at, name=name, database=database)

        house = House(opener, welcome, language)
        try:
            async with serving(house, port) as url:
                print(words("page-at", url=url), flush=True)
                await house.open()
                await over.wait()
        finally:
            await house.close()


def _places(folder: Path) -> Iterator[Path]:
    """A folder of its own for each world that comes."""
    for number in count(1):
        place = folder / str(number)
        place.mkdir()
        yield place


def quiet() -> None:
    """The program's own log would drown the story; what matters in it is checked."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> int:
    """Parse the command line and begin."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play the first story in this terminal and end")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="whose words the people use")
    parser.add_argument("--port", type=int, default=PORT, help="where the page listens; the next free one if taken")
    parser.add_argument("--database", choices=DATABASES, default=DATABASES[0], help="what the program stores in")
    wanted = parser.parse_args()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    quiet()
    try:
        if wanted.once:
            return 0 if asyncio.run(tell_it(Console(highlight=False), wanted.language)) else 1
        asyncio.run(show_it(wanted.language, wanted.port, wanted.database))
    except KeyboardInterrupt:
        pass
    print(Words(wanted.language)("bye"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
