"""`make bench`: run the scenarios, print a table against the goals, write `build/bench.json`."""

import argparse
import asyncio
import json
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.goals import GOALS, verdict
from tests.bench.place import a_place
from tests.bench.scenarios import SCENARIOS, Effort, Figures

OUT = Path(__file__).parents[2] / "build" / "bench.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the hot paths.")
    parser.add_argument("--only", nargs="*", choices=SCENARIOS, default=list(SCENARIOS), help="scenarios (all)")
    parser.add_argument("--db", nargs="*", choices=("sqlite", "pg"), default=["sqlite", "pg"], help="databases (both)")
    parser.add_argument("--seconds", type=float, default=3, help="length of one stretch (3)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of everything (3)")
    parser.add_argument("--grown", type=int, default=1_000_000, help="rows of a grown table (1000000)")
    parser.add_argument("--out", type=Path, default=OUT, help="where the figures go (build/bench.json)")
    chosen = parser.parse_args()
    effort = Effort(chosen.seconds, chosen.rounds, chosen.grown)
    figures = asyncio.run(_measure(chosen.only, chosen.db, effort))
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps({"about": _about(effort), "figures": figures}, indent=2) + "\n")
    _show(figures)


async def _measure(names: list[str], kinds: list[str], effort: Effort) -> Figures:
    console, figures = Console(stderr=True), Figures()
    with a_place(postgres="pg" in kinds) as place:
        for name in names:
            for kind in kinds:
                with console.status(f"{name} on {kind}"):
                    figures |= await SCENARIOS[name](place, kind, effort)
    return figures


def _about(effort: Effort) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "seconds": effort.seconds,
        "rounds": effort.rounds,
        "grown": effort.grown,
    }


def _show(figures: Figures) -> None:
    table = Table("figure", "measured", "floor", "stretch", "", title="Centralita, measured")
    for column in table.columns[1:4]:
        column.justify = "right"
    for key, value in figures.items():
        goal = GOALS.get(key)
        floor, stretch = (f"{goal.floor:g}", f"{goal.stretch:g}") if goal else ("", "")
        table.add_row(key, f"{value:,.2f}" if value < 100 else f"{value:,.0f}", floor, stretch, verdict(key, value))
    Console().print(table)


main()
