"""`python -m sandbox`: the first story in the terminal, played by the real program between a simulated Meta and Telegram."""

import argparse
import asyncio
import logging
import os
import tempfile
from pathlib import Path

import structlog
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from sandbox.story import play
from sandbox.world import open_world


async def tell_it(console: Console, *, once: bool) -> None:
    """Play the story, sum up what each side saw, then wait unless `once`."""
    with tempfile.TemporaryDirectory(prefix="centralita-") as folder:
        async with open_world(f"sqlite+aiosqlite:///{Path(folder) / 'sandbox.db'}") as world:

            def tell(caption: str, seen: str) -> None:
                when = world.clock.at.strftime("%a %d %H:%M")
                console.print(Panel(escape(seen), title=escape(caption), subtitle=when, title_align="left"))

            await play(world, tell)
            status = await world.program.engine.reports.status(None)
            table = Table("what", "count", title="What each side saw")
            table.add_row("messages Meta accepted from the program", str(len(world.graph.sends)))
            table.add_row("webhooks delivered and applied", str(status.webhooks.get("done", 0)))
            table.add_row("contacts", str(status.contacts))
            table.add_row("waiting in the manual queue", str(status.pending))
            table.add_row("open alerts", str(status.alerts))
            console.print(table)
            if not once:
                console.print(f"The simulated Meta stays up at {world.graph.url}. Press Ctrl+C to end.")
                await asyncio.Event().wait()


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the story")
    once = parser.parse_args().once
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        asyncio.run(tell_it(Console(), once=once))
    except KeyboardInterrupt:
        Console().print("Bye.")


if __name__ == "__main__":
    main()
