"""`python -m sandbox` as people start it: a page within seconds, a program that can really be killed, and nothing left behind."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


class Sandbox:
    """The command, and a page of it."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, http: aiohttp.ClientSession) -> None:
        self.process, self.url, self.http = process, url, http

    async def state(self, **view: str) -> dict[str, Any]:
        async with self.http.get(f"{self.url}api/state", params=view) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def act(self, act: str, **args: Any) -> None:
        async with self.http.post(f"{self.url}api/act", json={"act": act, "args": args}) as answer:
            assert answer.status == 200, await answer.text()

    async def texts_on(self, customer: str) -> list[str]:
        chat = (await self.state(customer=customer))["chat"]
        return [line["text"] for line in chat["lines"] if line["author"] != "person" and line["shown"]]

    async def read_by(self, agent: str) -> str:
        return "\n".join(message["html"] for message in (await self.state(agent=agent))["desk"]["messages"])


@asynccontextmanager
async def started(*options: str) -> AsyncIterator[Sandbox]:
    """Start the command; it is gone at the end, whatever happened."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", *options, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            found = ADDRESS.search((await process.stdout.readline()).decode())
            assert found is not None
            yield Sandbox(process, found[0], http)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_nothing_is_lost_or_doubled_by_a_kill_or_by_a_database_that_stops(database: str) -> None:
    async with started("--database", database) as sandbox:
        state = await sandbox.state()
        assert (state["program"], state["database"]) == (
            {"state": "running", "starts": 1},
            {"engine": database, "stopped": False},
        )
        await sandbox.act("trouble.kill")
        assert (await sandbox.state())["program"]["state"] == "killed"
        await sandbox.act("customer.writes", customer="Sol", text="¿Siguen ahí?")
        await sandbox.act("time.forward", hours=1)
        assert "¿Siguen ahí?" not in await sandbox.read_by("Ana")
        await sandbox.act("trouble.restart")
        await sandbox.act("time.forward", hours=12)
        assert (await sandbox.state())["program"] == {"state": "running", "starts": 2}
        assert (await sandbox.read_by("Ana")).count("¿Siguen ahí?") == 1

        await sandbox.act("trouble.database", stopped=True)
        assert (await sandbox.state())["database"]["stopped"]
        await sandbox.act("customer.writes", customer="Sol", text="¿Y ahora?")
        await sandbox.act("time.forward", minutes=10)
        await sandbox.act("trouble.clear")
        await sandbox.act("time.forward", hours=12)
        state = await sandbox.state()
        assert not state["database"]["stopped"]
        assert (await sandbox.read_by("Ana")).count("¿Y ahora?") == 1

        texts = await sandbox.texts_on("Leo")
        assert len(texts) == len(set(texts)) > 0
        score = state["score"]
        assert (score["doubled"], score["dead"], score["webhooks_given_up"]) == (0, 0, 0)


async def test_a_kill_in_the_middle_of_a_send_sends_nothing_twice() -> None:
    async with started() as sandbox:
        await sandbox.act("trouble.kill", when="next_send")
        await sandbox.act("agent.says", agent="Ana", text="Cuesta diez", reply_to="¿tienen stock?")
        assert (await sandbox.state())["program"]["state"] == "killed"
        await sandbox.act("trouble.restart")
        await sandbox.act("time.forward", minutes=30)
        assert (await sandbox.texts_on("Leo")).count("Cuesta diez") == 1
        assert (await sandbox.state())["score"]["doubled"] == 0


async def test_the_programs_own_log_is_in_the_journal_with_its_decisions() -> None:
    async with started() as sandbox:
        await sandbox.act("time.forward", hours=3)
        for kind in ("decision", "job", "program"):
            assert (await sandbox.state(log=kind))["log"]["lines"], kind


async def test_it_ends_in_order_and_leaves_no_process_behind() -> None:
    async with started("--language", "en") as sandbox:
        assert (await sandbox.state())["numbers"][0]["name"] == "Shop"
        children = _children_of(sandbox.process.pid)
        assert children
        sandbox.process.send_signal(signal.SIGTERM)
        assert await sandbox.process.wait() == 0
        assert _alive(children) == []


def _children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


def _alive(pids: list[str]) -> list[str]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


async def test_a_taken_port_gives_way_to_the_next_and_rubbish_is_refused() -> None:
    async with started() as first:
        port = int(first.url.rstrip("/").rsplit(":", 1)[1])
        async with started("--port", str(port)) as second:
            assert second.url != first.url
            assert (await second.state())["program"]["state"] == "running"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--database", "oracle", cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    assert await process.wait() == 2
