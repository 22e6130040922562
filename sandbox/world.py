"""The real program between a simulated Meta and a simulated Telegram, on one clock that can be moved: the time machine.

`travel` goes from event to event (a webhook, a job's fire time, a send that may leave) and lets the program work at each, so weeks
pass in seconds through production code. Nothing here waits for luck: `settle` returns when everybody has done what there was to do.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import count

from aiohttp import web
from pydantic import SecretStr

from bot.app import Program, open_program
from bot.config import Settings, Storage, WhatsApp
from bot.config import Telegram as TelegramSection
from bot.config import Vault as VaultSection
from bot.telegram.governor import Limits, Rate
from crm.jobs import all_jobs, run_job
from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.clock import SetClock
from sandbox.graph import Graph, Number
from sandbox.telegram import Person, Press, ShownMessage, Telegram
from storage.migrate import migrate
from storage.vault import generate_key

SECRET, APP_ID, TOKEN, VERIFY = "sandbox-app-secret", "77", "EAAG-sandbox-token", "verify"
UNHURRIED = Limits(private=Rate(1000, 1.0), group=Rate(1000, 1.0), overall=Rate(1000, 1.0))
"""The simulated Telegram has no limits unless it is told to, and the governor would wait for them in real time."""
FIRST_NUMBER = 1065
MANY_TURNS = 2000


class World:
    """Everything a story needs at hand."""

    def __init__(self, clock: SetClock, graph: Graph, telegram: Telegram, program: Program, url: str) -> None:
        self.clock, self.graph, self.telegram, self.program, self.url = clock, graph, telegram, program, url
        self.numbers: list[Number] = []
        self._jobs = all_jobs(program.engine)
        self._next_number = count(FIRST_NUMBER)

    @property
    def number(self) -> Number:
        """The business's first number."""
        return self.numbers[0]

    # --- time ------------------------------------------------------------------------------------------------------------------

    async def settle(self) -> datetime | None:
        """Let everybody work until nothing is due now; return when the program wants to go on."""
        for _ in range(MANY_TURNS):
            delivered = await self.graph.deliver_due()
            await self.telegram.until(lambda: not self.telegram.updates.pending)
            later = await self.program.drain()
            if later is not None and later - self.clock.at < timedelta(seconds=1):
                self.clock.at = max(later, self.clock.at)
            elif not delivered:
                return later
        raise AssertionError("the world does not come to rest")

    async def travel(self, **by: float) -> None:
        """Let so many `hours=`, `minutes=`, … pass, stopping at every webhook, every job and every send on the way."""
        until = self.clock.at + timedelta(**by)
        later = await self.settle()
        while True:
            fires = {
                name: self.program.schedule.next_fire(name, self.clock.at) for name in await self._jobs_with_work()
            }
            soonest = min([*fires.values(), *filter(None, [self.graph.next_at(), later])])
            if soonest > until:
                break
            self.clock.at = max(soonest, self.clock.at)
            for name, fire_at in fires.items():
                if fire_at == self.clock.at:
                    await run_job(self.program.database, self.clock, self._jobs[name], fire_at)
            later = await self.settle()
        self.clock.at = max(until, self.clock.at)
        await self.settle()

    async def _jobs_with_work(self) -> list[str]:
        """All jobs, but those of every few minutes only when they would find something: else a week is ten thousand idle runs."""
        status = await self.program.engine.reports.status(None)
        idle = set()
        if not status.outbox.keys() & {"sending", "unknown"}:
            idle.add("reconcile")
        if not any(each.account.held_until for each in status.accounts):
            idle.add("holds")
        return [name for name in self._jobs if name not in idle]

    # --- who is there ----------------------------------------------------------------------------------------------------------

    async def add_number(
        self, name: str, display_phone: str = "+5491150000000", *, token: str = TOKEN, coexistence: bool = True
    ) -> Number:
        """Register a number with Meta, and with the program as `accounts add` would."""
        here = next(self._next_number)
        phone_number_id, waba_id = str(here), f"2{here}"
        number = self.graph.add_number(
            phone_number_id, waba_id, display_phone, token, coexistence=coexistence, name=name
        )
        new = NewAccount(phone_number_id, waba_id, display_phone, name, coexistence, 20)
        await self.program.engine.accounts.add(new, token)
        self.numbers.append(number)
        return number

    async def agent(self, name: str, user_id: int, role: Role = Role.ADMIN, language: str = "es") -> Person:
        """Somebody joins the team with a one-time code."""
        person = self.telegram.person(user_id=user_id, name=name, language=language)
        await self.says(person, f"/start {await self.program.engine.agents.invite(role)}")
        await self.sees(person, name)
        return person

    # --- what agents do and see ------------------------------------------------------------------------------------------------

    async def says(self, person: Person, text: str, *, reply_to: ShownMessage | None = None) -> ShownMessage:
        """Write to the bot, and let everybody work before and after."""
        await self.settle()
        person.says(text, reply_to=reply_to)
        said = person.said
        await self.settle()
        if said is None:
            raise AssertionError(f"{person.user.name} said nothing")
        return said

    async def presses(self, person: Person, label: str, *, on: ShownMessage | None = None) -> Press:
        """Tap a button, and let everybody work before and after."""
        await self.settle()
        press = person.presses(label, message=on)
        await self.settle()
        return press

    async def sees(self, person: Person, *words: str) -> ShownMessage:
        """Let everybody work; return the newest message of the bot in which the person reads all these words."""
        await self.settle()
        for message in reversed(person.private.visible):
            if message.from_bot and all(word in message.plain for word in words):
                return message
        raise AssertionError(f"{person.user.name} does not see {', '.join(words)}\n{person.private.drawn()}")


@asynccontextmanager
async def open_world(database_url: str, at: datetime | None = None, name: str = "Ventas AR") -> AsyncIterator[World]:
    """Start it all on loopback, with one number; everything ends with the block."""
    clock = SetClock(at)
    graph = Graph(clock, app_secret=SECRET, app_id=APP_ID, verify_token=VERIFY)
    telegram = Telegram(clock)
    async with AsyncExitStack() as stack:
        await graph.start()
        stack.push_async_callback(graph.stop)
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        await migrate(database_url)
        settings = settings_for(database_url, graph, telegram)
        program = await stack.enter_async_context(open_program(settings, clock, UNHURRIED))
        runner = web.AppRunner(program.application(), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        graph.webhook_url = f"{url}/webhooks/whatsapp"
        world = World(clock, graph, telegram, program, url)
        await world.add_number(name)
        if program.telegram is not None:
            await program.telegram.start()
            stack.push_async_callback(program.telegram.stop)
        yield world


def settings_for(database_url: str, graph: Graph, telegram: Telegram) -> Settings:
    """The settings of a program that talks with these two."""
    return Settings(
        storage=Storage(url=database_url),
        vault=VaultSection(keys=SecretStr(generate_key())),
        telegram=TelegramSection(api_url=telegram.url, token=SecretStr(telegram.token)),
        whatsapp=WhatsApp(
            graph_url=graph.url, app_id=APP_ID, verify_token=SecretStr(VERIFY), app_secrets=[SecretStr(SECRET)]
        ),
    )
