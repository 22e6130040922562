"""The program itself, as `centralita serve` runs it but without Telegram, and told what to do by the bench."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import logs
from bot.app import Program, open_program
from bot.config import Settings
from bot.redaction import Redactor
from crm.model.media import MediaKind
from storage.vault import generate_key
from tests.bench.lines import questions, say
from tests.bench.webhooks import SECRET, VERIFY
from tests.builders import an_agent


def log_as_served(wanted: Settings) -> None:
    """Every line is made and redacted as in production, and then thrown away."""
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 (for as long as the process lives)
    logs.configure(wanted.logs, Redactor(logs.secrets_of(wanted)), nowhere, lasting=True)


def settings(url: str, key: str, graph_url: str = "", files: str = "") -> Settings:
    """The settings of a measured program: nothing is limited that is to be measured. `files` is the folder for media."""
    return Settings.model_validate(
        {
            "storage": {"url": url},
            "media": {"url": f"file://{files}" if files else ""},
            "vault": {"keys": key},
            "whatsapp": {
                "graph_url": graph_url or "http://127.0.0.1:9",
                "verify_token": VERIFY,
                "app_secrets": [SECRET],
                "per_source_per_second": 1_000_000,
                "per_source_burst": 1_000_000,
                "max_backlog": 1_000_000,
            },
        }
    )


async def serve(url: str, key: str = "", graph_url: str = "", pumps: bool = False, files: str = "", **_: Any) -> None:
    """Serve; answer each question with the process's own CPU time and what waits."""
    wanted = settings(url, key or generate_key(), graph_url, files)
    log_as_served(wanted)
    async with open_program(wanted) as program:
        runner = await program.runner()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stop = asyncio.Event()
        running = asyncio.create_task(program.run(stop)) if pumps else None
        say(port=runner.addresses[0][1])
        films = Films(program)
        async for asked in questions():
            say(**(await films.answer(asked) if "film" in asked else await _answer(program, asked)))
        stop.set()
        if running is not None:
            with suppress(asyncio.CancelledError):
                await running
        await runner.cleanup()


class Films:
    """Makes an agent's film fit while the load goes on, through the very door that a film from Telegram takes."""

    def __init__(self, program: Program) -> None:
        self._files = program.engine.files
        self._making: asyncio.Task[float] | None = None

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`film` is a path to begin with, "look" to learn whether it is still being made, "end" to wait for it."""
        if asked["film"] not in ("look", "end"):
            content = await asyncio.to_thread(Path(asked["film"]).read_bytes)
            self._making = asyncio.create_task(self._make(content))
        if self._making is None:
            raise RuntimeError("no film was begun")
        if asked["film"] == "end":
            return {"seconds": await self._making}
        return {"making": not self._making.done()}

    async def _make(self, content: bytes) -> float:
        begin = time.perf_counter()
        await self._files.keep(an_agent(), MediaKind.VIDEO, content, "video/mp4", "film.mp4")
        return time.perf_counter() - begin


async def _answer(program: Program, asked: dict[str, Any]) -> dict[str, Any]:
    """`sequences`: send what is due; `wait_for`: inbox or outbox, until that is empty; `status`: count what is kept."""
    begin = time.perf_counter()
    if asked.get("sequences"):
        await program.engine.sequences.process_due()
    kept = (await program.engine.reports.status(None)).messages if asked.get("status") else {}
    while True:
        async with program.database.read() as uow:
            inbox, outbox = await uow.webhooks.backlog(), await uow.outbox.counts()
        waiting = {"inbox": inbox, "outbox": outbox.get("queued", 0) + outbox.get("sending", 0)}
        if not waiting.get(asked.get("wait_for", "")):
            break
        pause = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.02, pause.set_result, None)
        await pause
    times = os.times()
    return {
        "waited": time.perf_counter() - begin,
        "cpu": times.user + times.system,
        "rss_mb": _resident_mb(),
        "messages": {" ".join(key): count for key, count in kept.items()},
        **waiting,
    }


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
