"""A program in a process of its own: started, spoken with, killed with SIGKILL, started again on the same port and the same database.

The parent holds the other end of the child's standard input and never writes to it: when the parent ends, however, the child does.
"""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.hosting.child import CLOCK, LOOPBACK, SECRET
from sandbox.hosting.door import LINES
from sandbox.hosting.host import HostGone, HostRefused, State, Turn
from sandbox.hosting.lines import LONGEST_LINE, LineReader
from sandbox.hosting.settings import Surroundings

ROOT = Path(__file__).parents[2]
START_WITHIN, END_WITHIN = 60.0, 10.0
_TURN = TypeAdapter(Turn)
_PATIENCE = aiohttp.ClientTimeout(total=600)

OnLog = Callable[[dict[str, Any]], None]


class ChildHost:
    """The child, whether it lives just now or not."""

    def __init__(self, folder: Path, clock: Path, surroundings: Surroundings, on_log: OnLog) -> None:
        self._folder, self._clock, self._surroundings, self._on_log = folder, clock, surroundings, on_log
        self._secret = secrets.token_urlsafe(32)
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._secret}"}, timeout=_PATIENCE, trust_env=False
        )
        self._process: asyncio.subprocess.Process | None = None
        self._reader: LineReader | None = None
        self._starting = self._killed = False
        self._port, self._door = _free_port(), 0
        self.starts = 0
        self.time_zone = surroundings.settings().time_zone

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, folder: Path, clock: Path, surroundings: Surroundings, on_log: OnLog
    ) -> AsyncIterator["ChildHost"]:
        """Start a child that is gone at the end of the block, whatever happens."""
        host = cls(folder, clock, surroundings, on_log)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(host._session.close)
            stack.push_async_callback(host._end)
            await host._start()
            yield host

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process, as long as it lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def state(self) -> State:
        if self._starting:
            return "starting"
        return "running" if self.pid is not None and not self._killed else "killed"

    # --- life

    async def _start(self) -> None:
        self._starting, self._killed = True, False
        self.starts += 1
        try:
            await self._begin()
        except BaseException:
            await self._end()
            raise
        finally:
            self._starting = False

    async def _begin(self) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.upper().startswith("CENTRALITA_")}
        ours |= self._surroundings.environment(self._port)
        ours |= {SECRET: self._secret, CLOCK: str(self._clock), "PTB_TIMEDELTA": "1", "PYTHONPATH": str(ROOT)}
        with self._complaints.open("wb") as complaints:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "sandbox.hosting"),
                env=ours,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
                limit=LONGEST_LINE,
            )
        stdout = self._process.stdout
        assert stdout is not None
        self._reader = LineReader(stdout, self._on_log, find="serving")
        try:
            async with asyncio.timeout(START_WITHIN):
                serving = await self._reader.found
        except TimeoutError:
            serving = None
        if serving is None:
            raise HostRefused(f"the program did not start: {self._complaint()}")
        self._port, self._door = serving["port"], serving["door"]

    async def _end(self) -> None:
        """Let the child go, and wait for it; with force if it does not want to."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(END_WITHIN):
                    await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            if self._reader is not None:
                await self._reader.ended()

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        if self._process is None or self.pid is None or self._killed:
            raise HostRefused("the program is not running")
        self._killed = True
        self._process.send_signal(signal.SIGKILL)

    async def restart(self) -> None:
        if self.state != "killed":
            raise HostRefused("the program is running already")
        await self._end()
        await self._start()

    # --- what it is asked

    async def drain(self, jobs: Mapping[str, datetime]) -> Turn:
        return _TURN.validate_python(await self._ask("drain", jobs=jobs))

    async def status(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._ask("status")
        return found

    async def run_job(self, name: str, fire_at: datetime) -> None:
        await self._ask("run_job", name=name, fire_at=fire_at)

    async def add_account(self, new: NewAccount, token: str) -> None:
        await self._ask("add_account", new=new, token=token)

    async def set_token(self, phone_number_id: str, token: str) -> None:
        await self._ask("set_token", phone_number_id=phone_number_id, token=token)

    async def invite(self, role: Role) -> str:
        return str(await self._ask("invite", role=role))

    async def import_sequence(self, text: str, fmt: str) -> list[str]:
        keys: list[str] = await self._ask("import_sequence", text=text, fmt=fmt)
        return keys

    async def enroll(self, sequence: str, who: str, phone_number_id: str) -> None:
        await self._ask("enroll", sequence=sequence, who=who, phone_number_id=phone_number_id)

    async def lose_database(self, *, lost: bool) -> None:
        await self._ask("lose_database", lost=lost)

    async def _ask(self, command: str, **arguments: object) -> Any:
        """Call the door. Whatever it logged before it answered has been read when this returns."""
        reader = self._reader
        if self.state != "running" or reader is None:
            raise HostRefused("the program is not running")
        address = f"http://{LOOPBACK}:{self._door}/{command}"
        try:
            async with self._session.post(address, json=to_jsonable_python(arguments)) as response:
                if response.status not in (200, 409):
                    raise HostRefused(f"the program could not do it: {self._complaint()}")
                answer = (await response.json())["answer"]
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError):
            if self._process is not None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(END_WITHIN):
                        await self._process.wait()
            raise HostGone from None
        await reader.reach(int(response.headers[LINES]))
        if response.status == 409:
            raise HostRefused(str(answer))
        return answer

    # --- what it complained of

    @property
    def _complaints(self) -> Path:
        return self._folder / "program.stderr"

    def _complaint(self) -> str:
        """The last line it wrote to standard error, or else of its log."""
        written = self._complaints.read_text("utf-8", "replace").strip().splitlines()
        return written[-1] if written else (self._reader.last if self._reader is not None else "")


def _free_port() -> int:
    """A port that nobody has now: the child must know its own address before it listens."""
    with socket.create_server((LOOPBACK, 0)) as door:
        port: int = door.getsockname()[1]
    return port
