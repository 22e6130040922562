"""The real program between a simulated Meta and a simulated Telegram, on one clock that can be moved: the time machine.

`travel` goes from event to event (a webhook, a job's fire time, a send that may leave) and lets the program work at each, so weeks
pass in seconds through production code. Nothing here waits for luck: `settle` returns when everybody has done what there was to do.
The program runs in this process (`open_world`) or in one of its own (`open_hosted_world`), where it can be killed; while it is dead or
its database lost, the world goes on without it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from bot.app import Program
from crm.errors import CrmError
from crm.model.agents import Role
from crm.services.accounts import NewAccount
from sandbox.clock import SetClock
from sandbox.graph import Graph, Number, Sent
from sandbox.hosting import (
    DATABASES,
    ChildHost,
    Database,
    GivenDatabase,
    Host,
    HostGone,
    HostRefused,
    LocalHost,
    State,
    Turn,
)
from sandbox.hosting.clock import SharedClock
from sandbox.hosting.settings import Surroundings
from sandbox.telegram import Person, Press, ShownMessage, Telegram
from storage.vault import generate_key

__all__ = ["TOKEN", "HostRefused", "Score", "World", "open_hosted_world", "open_world", "surroundings"]

SECRET, APP_ID, TOKEN, VERIFY = "sandbox-app-secret", "77", "EAAG-sandbox-token", "verify"
FIRST_NUMBER = 1065
MANY_TURNS = 2000
HEARD_WITHIN = 70.0
"""Real seconds until the bot must have fetched an update: after an outage it waits for up to a minute before it asks again."""
AT_ONCE = timedelta(seconds=1)
"""What the program wants to do within this time is part of what it does now."""


@dataclass(frozen=True, slots=True)
class Score:
    """What Meta, the phones and the program's operator can count: what left, what came twice, what was lost."""

    accepted: int = 0
    doubled: int = 0
    shown: int = 0
    webhooks_posted: int = 0
    webhooks_waiting: int = 0
    webhooks_given_up: int = 0
    dead: int = 0
    pending: int = 0
    alerts: int = 0


class World:
    """Everything a story needs at hand."""

    def __init__(self, clock: SetClock, graph: Graph, telegram: Telegram, host: Host, database: Database) -> None:
        self.clock, self.graph, self.telegram, self.host = clock, graph, telegram, host
        self.numbers: list[Number] = []
        self.roles: dict[int, Role] = {}
        self.on_log: Callable[[dict[str, Any]], None] | None = None
        self.database, self.database_stopped = database.engine, False
        self._database = database
        self._turn, self._turned_at = Turn(), clock.at
        self._status: Mapping[str, Any] = {}
        self._counted = False
        self._next_number = count(FIRST_NUMBER)

    @property
    def number(self) -> Number:
        """The business's first number."""
        return self.numbers[0]

    @property
    def url(self) -> str:
        """Where the program listens."""
        return self.host.url

    @property
    def time_zone(self) -> str:
        return self.host.time_zone

    @property
    def program(self) -> Program:
        """The program itself, where it runs in this process."""
        if not isinstance(self.host, LocalHost):
            raise HostRefused("this program runs in a process of its own")
        return self.host.program

    # --- time ------------------------------------------------------------------------------------------------------------------

    async def settle(self) -> datetime | None:
        """Let everybody work until nothing is due now; return when the program wants to go on."""
        return await self._settle({})

    async def _settle(self, jobs: Mapping[str, datetime]) -> datetime | None:
        for _ in range(MANY_TURNS):
            await self.graph.deliver_due()
            await self._bot_hears()
            later = await self._drain(jobs)
            jobs = {}
            if later is not None and later - self.clock.at < AT_ONCE:
                self.clock.at = max(_whole(later), self.clock.at)
                jobs = self._due()
            elif not self._something_is_due():
                return later
        raise AssertionError("the world does not come to rest")

    def _something_is_due(self) -> bool:
        post = self.graph.next_at()
        return (post is not None and post <= self.clock.at) or (self._works and bool(self.telegram.updates.pending))

    async def _bot_hears(self) -> None:
        """Wait until the bot has fetched what agents did. A dead one does not, nor one that cannot keep it."""
        updates = self.telegram.updates
        if updates.pending:
            await self.telegram.until(lambda: not updates.pending or not self._works, HEARD_WITHIN)

    async def _drain(self, jobs: Mapping[str, datetime]) -> datetime | None:
        """Let the program run these jobs and work; return when it wants to go on."""
        self._turn, self._turned_at, self._counted = Turn(), self.clock.at, False
        if self.program_state == "running":
            with suppress(HostGone):
                self._turn = await self.host.drain(jobs)
        return self._turn.later

    def _due(self) -> dict[str, datetime]:
        """The jobs whose time has come since the program last said when they fire."""
        return {name: at for name, at in self._turn.fires.items() if at <= self.clock.at}

    async def travel(self, **by: float) -> None:
        """Let so many `hours=`, `minutes=`, … pass, stopping at every webhook, every job and every send on the way."""
        until = self.clock.at + timedelta(**by)
        await self.settle()
        while await self.step(until):
            pass

    async def step(self, until: datetime) -> bool:
        """Go to the next event, if it comes by then, and let everybody work at it; else go to `until`. Was there an event?"""
        if self._turned_at != self.clock.at:
            await self.settle()
        soonest = self._soonest()
        there = soonest is not None and soonest <= until
        goal = min(_whole(soonest), until) if soonest is not None and there else until
        self.clock.at = max(goal, self.clock.at)
        await self._settle(self._due() if there else {})
        return there

    async def next_at(self) -> datetime | None:
        """Return when something happens next, as far as anybody knows now."""
        return self._soonest()

    def _soonest(self) -> datetime | None:
        program = self._turn if self.program_state == "running" else Turn()
        moments = [*program.fires.values(), program.later, self.graph.next_at()]
        return min((moment for moment in moments if moment is not None), default=None)

    # --- the program and its database ------------------------------------------------------------------------------------------

    @property
    def program_state(self) -> State:
        return self.host.state

    @property
    def starts(self) -> int:
        """How often the program was started."""
        return self.host.starts

    @property
    def _works(self) -> bool:
        return self.host.state == "running" and not self.database_stopped

    async def kill(self, when: Literal["now", "next_send"] = "now") -> None:
        """Kill the program as `kill -9` does: at once, or when Meta has accepted its next message and not yet answered."""
        if when == "now":
            self.host.kill()
        elif self.program_state != "running" or isinstance(self.host, LocalHost):
            raise HostRefused("there is no process that could be killed")
        else:
            self.graph.on_sent = self._dies

    def _dies(self, _: Sent) -> None:
        self.spare()
        self.host.kill()

    def spare(self) -> None:
        """Do not kill the program at its next send after all."""
        self.graph.on_sent = None

    async def restart(self) -> None:
        """Start the program again on what it left behind, and let it catch up."""
        if self.database_stopped:
            raise HostRefused("the program does not start without its database")
        self.spare()
        await self.host.restart()
        await self.settle()

    async def stop_database(self) -> None:
        """From now on the database takes nothing."""
        if self.database_stopped:
            raise HostRefused("the database is stopped already")
        await self._database.stop(self.host)
        self.database_stopped = True

    async def start_database(self) -> None:
        """Let the database work again, with everything that it had."""
        if not self.database_stopped:
            raise HostRefused("the database is running already")
        await self._database.start(self.host)
        self.database_stopped = False
        await self.settle()

    async def score(self) -> Score:
        """Count. Of a program that does not answer, what it last said of itself."""
        await self._count()
        sends = Counter(sent.opaque for sent in self.graph.sends if sent.opaque is not None)
        return Score(
            accepted=len(self.graph.sends),
            doubled=sum(times - 1 for times in sends.values()),
            shown=self.graph.shown(),
            webhooks_posted=len(self.graph.webhooks),
            webhooks_waiting=len(self.graph.mailroom),
            webhooks_given_up=self.graph.mailroom.given_up,
            dead=self._status.get("webhooks", {}).get("dead", 0),
            pending=self._status.get("pending", 0),
            alerts=self._status.get("alerts", 0),
        )

    async def _count(self) -> None:
        """Ask the program for its counts, unless they can be no others than the last time."""
        if self._counted or not self._works:
            return
        self._counted = True
        with suppress(HostGone, HostRefused, CrmError):
            self._status = await self.host.status()

    def logged(self, line: dict[str, Any]) -> None:
        """Pass a line of the program's log on to whoever listens."""
        if self.on_log is not None:
            self.on_log(line)

    # --- who is there ----------------------------------------------------------------------------------------------------------

    async def opens(self, name: str) -> None:
        """Tell Meta where to post, and register the first number."""
        self.graph.webhook_url = f"{self.host.url}/webhooks/whatsapp"
        await self.add_number(name)

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
        await self.host.add_account(new, token)
        self.numbers.append(number)
        return number

    async def agent(self, name: str, user_id: int, role: Role = Role.ADMIN, language: str = "es") -> Person:
        """Somebody joins the team with a one-time code."""
        person = self.telegram.person(user_id=user_id, name=name, language=language)
        self.roles[user_id] = role
        await self.says(person, f"/start {await self.host.invite(role)}")
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


def _whole(moment: datetime) -> datetime:
    """The first whole second not before a moment: Meta tells no finer times, and who travels stops no more often."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + AT_ONCE


@asynccontextmanager
async def open_world(database_url: str, at: datetime | None = None, name: str = "Ventas AR") -> AsyncIterator[World]:
    """Start it all on loopback, the program in this process, with one number; everything ends with the block."""
    clock = SetClock(at)
    async with AsyncExitStack() as stack:
        files = stack.enter_context(TemporaryDirectory(prefix="centralita-files-"))
        graph, telegram = await stack.enter_async_context(_neighbours(clock))
        settings = surroundings(database_url, graph, telegram, Path(files)).settings()
        host = await stack.enter_async_context(LocalHost.opened(settings, clock))
        world = World(clock, graph, telegram, host, GivenDatabase(database_url))
        await world.opens(name)
        await host.begin()
        yield world


@asynccontextmanager
async def open_hosted_world(
    folder: Path, at: datetime | None = None, name: str = "Ventas AR", database: str = "sqlite"
) -> AsyncIterator[World]:
    """Start it all on loopback, the program in a process of its own, with one number; everything ends with the block.

    `folder` takes the database, the clock and what the program complains of.
    """
    file = folder / "clock"
    clock = SharedClock(file, at or SetClock().at)
    worlds: list[World] = []

    def on_log(line: dict[str, Any]) -> None:
        for world in worlds:
            world.logged(line)

    async with AsyncExitStack() as stack:
        below = await stack.enter_async_context(DATABASES[database](folder))
        graph, telegram = await stack.enter_async_context(_neighbours(clock))
        around = surroundings(below.url, graph, telegram, folder / "media")
        host = await stack.enter_async_context(ChildHost.opened(folder, file, around, on_log))
        worlds.append(World(clock, graph, telegram, host, below))
        await worlds[0].opens(name)
        yield worlds[0]


@asynccontextmanager
async def _neighbours(clock: SetClock) -> AsyncIterator[tuple[Graph, Telegram]]:
    """Meta and Telegram, listening until the end of the block."""
    graph = Graph(clock, app_secret=SECRET, app_id=APP_ID, verify_token=VERIFY)
    telegram = Telegram(clock)
    async with AsyncExitStack() as stack:
        await graph.start()
        stack.push_async_callback(graph.stop)
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        yield graph, telegram


def surroundings(database_url: str, graph: Graph, telegram: Telegram, files: Path | None = None) -> Surroundings:
    """Return what a program must know that talks with these two; `files` is where it keeps customers' files, if not beside the database."""
    return Surroundings(
        database_url=database_url,
        vault_key=generate_key(),
        graph_url=graph.url,
        app_id=APP_ID,
        app_secret=SECRET,
        verify_token=VERIFY,
        telegram_url=telegram.url,
        telegram_token=telegram.token,
        files_url="" if files is None else files.absolute().as_uri(),
    )
