"""The real program in a process of its own, so that it can be killed; and the operator's commands beside it.

`Installation` is a folder with a configuration, as an operator would have it. `serving` starts `centralita serve` and makes sure that
it is gone at the end, whatever the test did. Nothing is known of the program here but its commands and what it prints.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.graph.mishaps import pause

ROOT = Path(__file__).parents[2]
TOKEN, SECRET, VERIFY = "EAAG-killed", "app-secret", "verify-me"
PHONE_ID, WABA, OUR_PHONE = "1065", "2001", "+5491150000000"
_LISTENING = re.compile(r"^listening on .*?(\d+)\D*$")


async def until(true: Callable[[], bool], seconds: float = 30, what: str = "it") -> None:
    """Look again and again until something holds; real seconds at most."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not true():
        if loop.time() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        await pause(0.005)


@dataclass
class Server:
    """A running `centralita serve`."""

    process: asyncio.subprocess.Process
    url: str = ""
    said: deque[str] = field(default_factory=lambda: deque(maxlen=200))

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed. Returns at once; the end of `serving` waits for the death."""
        if self.alive:
            self.process.send_signal(signal.SIGKILL)

    async def listen(self, seconds: float = 60) -> None:
        """Keep what it says; return when it serves."""
        async with asyncio.timeout(seconds):
            while not self.url:
                line = await self._line()
                if line is None:
                    raise AssertionError("it ended before it served:\n" + "\n".join(self.said))
                if found := _LISTENING.match(line):
                    self.url = f"http://127.0.0.1:{found[1]}"

    async def heed(self) -> None:
        """Go on keeping what it says, to the end, lest a full pipe stop it."""
        while await self._line() is not None:
            pass

    async def _line(self) -> str | None:
        stream = self.process.stdout
        assert stream is not None
        line = await stream.readline()
        if not line:
            return None
        self.said.append(line.decode(errors="replace").rstrip())
        return self.said[-1]


@dataclass(frozen=True)
class Installation:
    """A folder with a configuration; every command reads it."""

    folder: Path
    graph_url: str
    database_url: str

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    async def set_up(self, *, per_second: int) -> None:
        """What an operator does first: a configuration, keys, a database, an account, an agent."""
        sections: dict[str, dict[str, Any]] = {
            "server": {"port": 0},
            "storage": {"url": self.database_url},
            "vault": {"key_file": str(self.folder / "centralita.key")},
            "jobs": {"sequences": "0 0 29 2 *"},  # only when the test says so, also at a full hour
            "whatsapp": {
                "graph_url": self.graph_url,
                "verify_token": VERIFY,
                "app_secrets": [SECRET],
                "per_source_per_second": 100_000,
            },
        }
        lines = [
            line
            for name, section in sections.items()
            for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items()))
        ]
        self.config.write_text("\n".join(lines) + "\n", "utf-8")
        await self.run("init")
        ours = ("--phone-number-id", PHONE_ID, "--waba-id", WABA, "--display-phone", OUR_PHONE)
        pace = ("--messages-per-second", str(per_second))
        await asyncio.gather(
            self.run("accounts", "add", "--unverified", *ours, "--token-env", "OUR_TOKEN", *pace),
            self.run("agents", "add", "--telegram-id", "1001", "--role", "admin", "--name", "Ana"),
        )

    async def import_sequence(self, text: str, trigger: str) -> None:
        """Create or replace the one sequence: its first step is due at once, its second tomorrow."""
        steps = [{"delay_hours": 0, "text": text}, {"delay_hours": 24, "text": text}]
        plan = {"key": "welcome", "name": "Bienvenida", "trigger": trigger, "steps": steps}
        file = self.folder / "sequences.json"
        file.write_text(json.dumps({"sequence": [plan]}), "utf-8")
        await self.run("sequences", "import", str(file))

    async def run(self, *arguments: str) -> str:
        """Run one command to its end; return what it printed. It must succeed."""
        process = await self._start(*arguments)
        try:
            said, _ = await asyncio.wait_for(process.communicate(), 60)
        finally:
            await _gone(process)
        assert process.returncode == 0, f"{arguments} ended with {process.returncode}:\n{said.decode()}"
        return said.decode()

    async def status(self) -> dict[str, Any]:
        """`status --json`."""
        found: dict[str, Any] = json.loads((await self.run("status", "--json")).splitlines()[-1])
        return found

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Server]:
        """Serve until the end of the block, which kills what still runs."""
        server = Server(await self._start("serve"))
        heeding: asyncio.Task[None] | None = None
        try:
            await server.listen()
            heeding = asyncio.create_task(server.heed())
            yield server
        finally:
            await _gone(server.process)
            if heeding is not None:
                await heeding

    async def _start(self, *arguments: str) -> asyncio.subprocess.Process:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("CENTRALITA_")}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments, "--config", str(self.config)),
            cwd=ROOT,
            env=ours | {"OUR_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Make sure that a process we started has ended."""
    if process.returncode is None:
        process.kill()
    await process.wait()
