"""The pumps by themselves, as fast as they go: inbox, claim, due, dispatch. Each seeds its database, works, and says one line."""

import asyncio
import os
import statistics
import time
from datetime import UTC, datetime

from bot.app import Program, open_program, open_vault
from bot.whatsapp.signature import dedup_key
from storage.database import Database
from storage.vault import generate_key
from tests.bench import seed
from tests.bench.lines import say
from tests.bench.server import log_as_served, settings
from tests.bench.webhooks import body

_now = time.perf_counter


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


async def inbox(url: str, webhooks: int = 8_000, contacts: int = 100_000, walks: int = 20_000) -> None:
    """Apply stored texts: contact, message, window, pause of the walk, audit, notice."""
    wanted = settings(url, generate_key())
    async with await Database.open(url) as database:
        await seed.business(database, open_vault(wanted), contacts=contacts)
        await seed.walks(database, contacts=contacts, total=walks, due=0)
        intake, now = database.intake(), datetime.now(UTC)
        for n in range(webhooks):
            content = body(n * (contacts // webhooks))
            await intake.store(dedup_key(content, os.urandom(32)), content, now)
    await seed.settle(url)
    log_as_served(wanted)
    async with open_program(wanted) as program:
        for _ in range(2):
            await program.engine.inbox.run_once()
        left, cpu, begin = webhooks - 200, _cpu(), _now()
        while await program.engine.inbox.run_once():
            pass
        took = _now() - begin
        cpu = _cpu() - cpu
        async with program.database.read() as uow:
            kept = await uow.notices.next_due_at()
        assert kept is not None
    say(per_s=left / took, cpu_us=cpu / left * 1e6)


async def claim(url: str, contacts: int = 100_000, walks: int = 1_000_000, due: int = 20_000) -> None:
    """Claim 100 due of a million, with the facts that their decision needs."""
    wanted = settings(url, generate_key())
    async with await Database.open(url) as database:
        await seed.business(database, open_vault(wanted), contacts=contacts)
        first, *_ = await seed.walks(database, contacts=contacts, total=walks, due=due)
    await seed.settle(url)
    async with await Database.open(url) as database:
        now, times = datetime.now(UTC), []
        for _ in range(200):
            async with database.begin() as uow:
                begin = _now()
                claimed = await uow.enrollments.claim_due(first, now, 100)
                times.append(_now() - begin)
            assert len(claimed) == 100
    say(ms=statistics.median(times) * 1000)


async def due(url: str, contacts: int = 100_000, walks: int = 1_000_000, due: int = 20_000) -> None:
    """Drain due walks: decided, written to the outbox, advanced."""
    wanted = settings(url, generate_key())
    async with await Database.open(url) as database:
        await seed.business(database, open_vault(wanted), contacts=contacts)
        await seed.walks(database, contacts=contacts, total=walks, due=due)
    await seed.settle(url)
    log_as_served(wanted)
    async with open_program(wanted) as program:
        cpu, begin = _cpu(), _now()
        counts = await program.engine.sequences.process_due()
        took = _now() - begin
        cpu = _cpu() - cpu
    assert counts == {"queued": due}, counts
    say(per_s=due / took, cpu_us=cpu / due * 1e6)


async def dispatch(url: str, graph_url: str, total: int, accounts: int, rate: int) -> None:
    """Send a queue through the program's own pumps: claimed, handed to the Graph, settled."""
    wanted = settings(url, generate_key(), graph_url)
    async with await Database.open(url) as database:
        await seed.business(database, open_vault(wanted), contacts=total, accounts=accounts, rate=rate)
        await seed.queue(database, total=total, accounts=accounts)
    await seed.settle(url)
    log_as_served(wanted)
    async with open_program(wanted) as program:
        stop = asyncio.Event()
        cpu, begin = _cpu(), _now()
        running = asyncio.create_task(program.run(stop))
        counts = await _settled(program)
        took = _now() - begin
        cpu = _cpu() - cpu
        stop.set()
        await running
    assert counts == {"accepted": total}, counts
    say(per_s=total / took, core=cpu / took, cpu_us=cpu / total * 1e6)


async def _settled(program: Program) -> dict[str, int]:
    """Wait until nothing is queued or under way. Counting costs as much as sending, so it is done only at the end."""
    while True:
        async with program.database.read() as uow:
            queued = await uow.outbox.accounts_due(datetime.now(UTC))
            counts = {} if queued else await uow.outbox.counts()
        if counts and not counts.keys() & {"queued", "sending"}:
            return counts
        pause = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.05, pause.set_result, None)
        await pause
