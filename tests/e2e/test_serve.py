"""`centralita serve` as a process: it says where it listens, stops when told, logs lines of JSON, and names what is wrong in one line."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storage.vault import generate_key

ROOT = Path(__file__).parents[2]
SECRET = "opaque-app-secret"


@dataclass
class Shell:
    """Where `centralita` is run: every setting comes from the environment."""

    folder: Path
    settings: dict[str, str]

    async def starts(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **self.settings, **settings}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", *arguments),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def fails(self, *arguments: str, **settings: str) -> tuple[int | None, str]:
        """Run to the end; return the exit code and the last line on standard error, after those of the log."""
        process = await self.starts(*arguments, **settings)
        said, complained = await asyncio.wait_for(process.communicate(), 60)
        assert said == b""
        assert b"Traceback" not in complained
        lines = [line for line in complained.decode().splitlines() if not line.startswith("{")]
        assert len(lines) == 1
        return process.returncode, lines[0]


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str) -> Shell:
    settings = {
        "CENTRALITA_STORAGE__URL": sqlite_url,
        "CENTRALITA_SERVER__PORT": "0",
        "CENTRALITA_VAULT__KEYS": generate_key(),
        "CENTRALITA_WHATSAPP__APP_SECRETS": json.dumps([SECRET]),
    }
    return Shell(tmp_path, settings)


@pytest.fixture
async def serving(shell: Shell) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A process that serves, and where."""
    process = await shell.starts()
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        port = line.strip().rstrip(")").rsplit(" ", 1)[-1]
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGINT"])
async def test_it_stops_when_told_and_says_so_in_its_log(
    serving: tuple[asyncio.subprocess.Process, str], sign: str
) -> None:
    process, url = serving
    async with aiohttp.ClientSession() as anybody:
        assert (await anybody.get(f"{url}/readyz")).status == 200
        numbers = await (await anybody.get(f"{url}/metrics")).text()
        assert "centralita_database_up 1.0" in numbers
        await anybody.post(f"{url}/webhooks/whatsapp", data=b"{}")
        await anybody.post(f"{url}/webhooks/whatsapp?phone=5491155550099", data=b"{}")
    process.send_signal(getattr(signal, sign))
    _, complained = await asyncio.wait_for(process.communicate(), 60)
    events: list[dict[str, Any]] = [json.loads(line) for line in complained.decode().splitlines()]
    assert process.returncode == 0
    assert [line["event"] for line in events if line["event"] != "part_begun"] == ["serving", "stopping", "stopped"]


async def test_a_second_process_on_the_same_file_is_refused(
    shell: Shell, serving: tuple[asyncio.subprocess.Process, str]
) -> None:
    code, line = await shell.fails()
    assert code == 2
    assert line.startswith("storage.url: another process serves")


async def test_a_port_in_use_is_one_line(shell: Shell) -> None:
    with taken_port() as port:
        code, line = await shell.fails(CENTRALITA_SERVER__PORT=str(port))
    assert (code, line) == (2, f"server.port: cannot listen on 127.0.0.1:{port}: the port is in use")


@pytest.fixture
def no_lock(shell: Shell) -> None:
    """A directory in the place of the lock file: a broken machine, not a setting."""
    Path(f"{shell.settings['CENTRALITA_STORAGE__URL'].split('///')[1]}.lock").mkdir()


@pytest.mark.usefixtures("no_lock")
async def test_what_nobody_foresaw_is_a_line_of_the_log(shell: Shell) -> None:
    process = await shell.starts()
    _, complained = await asyncio.wait_for(process.communicate(), 60)
    line = json.loads(complained)
    assert process.returncode == 1
    assert (line["event"], line["level"]) == ("crashed", "critical")
    assert "IsADirectoryError" in line["exception"]


def test_the_fastest_loop_is_used_and_the_collector_is_tamed() -> None:
    """In a process of its own, for both belong to the whole process."""
    code = (
        "import asyncio, gc\nfrom bot.process import run, tune\n"
        "async def loop(): return type(asyncio.get_running_loop()).__module__\n"
        "print(run(loop())); tune(); print(gc.get_threshold(), gc.get_freeze_count() > 0)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["uvloop", "(20000, 20, 50) True"]
