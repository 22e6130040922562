"""The real program between a simulated Meta and a simulated Telegram, on one clock that can be moved: the time machine.

`travel` goes from event to event (a webhook, a job's fire time, a send that may leave) and lets the program work at each, so weeks
pass in seconds through production code.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta

from aiohttp import web
from pydantic import SecretStr

from bot.app import Program, open_program
from bot.config import Settings, Storage, WhatsApp
from bot.config import Telegram as TelegramSection
from bot.config import Vault as VaultSection
from crm.jobs import all_jobs, run_job
from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.clock import SetClock
from sandbox.graph import Graph, Number
from sandbox.telegram import Telegram
from sandbox.telegram.people import Person as TelegramPerson
from storage.migrate import migrate
from storage.vault import generate_key

SECRET, TOKEN, VERIFY = "sandbox-app-secret", "EAAG-sandbox-token", "verify"
JOBS = ("sequences", "blocks")
"""The jobs that the time machine fires; the others change nothing that a story shows."""


class World:
    """Everything a story needs at hand."""

    def __init__(
        self, clock: SetClock, graph: Graph, telegram: Telegram, number: Number, program: Program, url: str
    ) -> None:
        self.clock, self.graph, self.telegram, self.number, self.program = clock, graph, telegram, number, program
        self.url = url
        self._jobs = all_jobs(program.engine)

    async def settle(self) -> None:
        """Let everybody work until nothing is due now."""
        for _ in range(1000):
            delivered = await self.graph.deliver_due()
            later = await self.program.drain()
            soon = later is not None and later - self.clock.at < timedelta(seconds=1)
            if soon and later is not None:
                self.clock.at = max(later, self.clock.at)
            if not delivered and not soon:
                return
        raise AssertionError("the world does not come to rest")

    async def travel(self, **by: float) -> None:
        """Let time pass, stopping at every webhook and every job on the way."""
        until = self.clock.at + timedelta(**by)
        while True:
            fires = {name: self.program.schedule.next_fire(name, self.clock.at) for name in JOBS}
            soonest = min([*fires.values(), *filter(None, [self.graph.next_at()])])
            if soonest > until:
                break
            self.clock.at = max(soonest, self.clock.at)
            for name, fire_at in fires.items():
                if fire_at == self.clock.at:
                    await run_job(self.program.database, self.clock, self._jobs[name], fire_at)
            await self.settle()
        self.clock.at = until
        await self.settle()

    async def sees(self, person: TelegramPerson, *words: str, seconds: float = 5) -> str:
        """Work until the person's newest Telegram screen has these words; return it as read."""
        await self.until(lambda: person.screen is not None and all(w in person.screen.plain for w in words), seconds)
        screen = person.screen
        if screen is None:
            raise AssertionError("no screen")
        return str(screen)

    async def until(self, true: Callable[[], bool], seconds: float = 5) -> None:
        """Work until something holds; real seconds at most."""
        for _ in range(int(seconds / 0.05)):
            await self.settle()
            if true():
                return
            with suppress(AssertionError):
                await self.telegram.until(lambda: False, timeout_s=0.05)
        raise AssertionError("it never happened")

    async def agent(self, name: str, user_id: int) -> TelegramPerson:
        """Somebody joins the team with a one-time code."""
        person = self.telegram.person(user_id=user_id, name=name, language="es")
        code = await self.program.engine.agents.invite(Role.ADMIN)
        person.says(f"/start {code}")
        await self.sees(person, name)
        return person


@asynccontextmanager
async def open_world(database_url: str, at: datetime | None = None) -> AsyncIterator[World]:
    """Start it all on loopback; everything ends with the block."""
    clock = SetClock(at)
    graph = Graph(clock, app_secret=SECRET, app_id="77", verify_token=VERIFY)
    telegram = Telegram(clock)
    async with AsyncExitStack() as stack:
        await graph.start()
        stack.push_async_callback(graph.stop)
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        number = graph.add_number(
            phone_number_id="1065", waba_id="2001", display_phone="+5491150000000", token=TOKEN, coexistence=True
        )
        settings = Settings(
            storage=Storage(url=database_url),
            vault=VaultSection(keys=SecretStr(generate_key())),
            telegram=TelegramSection(api_url=telegram.url, token=SecretStr(telegram.token)),
            whatsapp=WhatsApp(
                graph_url=graph.url, app_id="77", verify_token=SecretStr(VERIFY), app_secrets=[SecretStr(SECRET)]
            ),
        )
        await migrate(database_url)
        program = await stack.enter_async_context(open_program(settings, clock))
        runner = web.AppRunner(program.application(), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        url = f"http://127.0.0.1:{port}"
        graph.webhook_url = f"{url}/webhooks/whatsapp"
        await program.engine.accounts.add(NewAccount("1065", "2001", "+5491150000000", "Ventas AR", True, 20), TOKEN)
        if program.telegram is not None:
            await program.telegram.start()
            stack.push_async_callback(program.telegram.stop)
        yield World(clock, graph, telegram, number, program, url)
