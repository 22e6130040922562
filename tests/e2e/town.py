"""A town of customers around a program that gets killed: they write, Meta posts and takes messages, and what happened is remembered.

`Town` is what Meta and the customers saw; `Ledger` is what the database says at the end, read by plain queries.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from crm.clock import SystemClock
from sandbox.graph import Fault, Graph, Number, Person
from sandbox.graph.mishaps import pause
from storage import tables
from storage.database import Database
from storage.statements import Statement
from storage.types import micros
from tests.e2e.courier import Courier
from tests.e2e.process import OUR_PHONE, PHONE_ID, SECRET, TOKEN, VERIFY, WABA, Server, until

MOST_PER_SECOND = 1_000
"""An upgraded number: Meta's own limit plays no part here."""
CALL_SECONDS = 0.02
LOST = 5
"""Sends that Meta accepts at a kill and whose answers the killed process never reads."""


class Town:
    """The customers, Meta, and the post between Meta and whichever process serves at the moment."""

    def __init__(self, graph: Graph, number: Number, courier: Courier) -> None:
        self.graph, self.number, self.courier = graph, number, courier
        self.wrote: dict[str, tuple[str, datetime]] = {}
        self.lost_answers: set[str] = set()
        self.server: Server | None = None

    def open(self, server: Server) -> None:
        """This process serves from now on."""
        self.server = server
        self.courier.call_at(server.url)

    @property
    def said(self) -> str:
        """The last words of the process that serves, for whoever has to find out what went wrong."""
        return "\n".join(line[:300] for line in list(self.server.said)[-20:]) if self.server else ""

    def people(self, first: int, count: int) -> list[Person]:
        """Customers whose phones get everything at once, and who never open the chat."""
        people = [self.graph.person(phone=f"5491155{first + n:06}", name=f"Cliente {first + n}") for n in range(count)]
        for person in people:
            person.habits.reads = False
        return people

    def write(self, people: Sequence[Person], text: str) -> None:
        """Each writes this once."""
        for person in people:
            wamid = person.writes(self.number, text)
            message = self.graph.find(wamid)
            assert message is not None
            self.wrote[wamid] = (str(person.phone), message.at.replace(microsecond=0))

    def post(self) -> None:
        """Hand the courier what Meta has to tell by now."""
        self.graph.advance()
        self.courier.bring(self.graph.mailroom.take_due(self.graph.clock.now()))

    async def until(self, *, answers: int = 0, sends: int = 0, seconds: float = 90) -> None:
        """Let the post go on until so many webhooks were answered 200 and so many messages reached Meta."""

        def reached() -> bool:
            self.post()
            return len(self.courier.kept) >= answers and len(self.graph.sends) >= sends

        self.courier.restless = True
        await until(reached, seconds, f"{answers} answers and {sends} sends")

    async def late_answers(self, seconds: float) -> None:
        """Wait until Meta has accepted a few messages more, whose answers it gives only later."""
        self.graph.fail_next(Fault("slow", seconds=seconds), times=LOST)
        await self.until(sends=len(self.graph.sends) + LOST)

    async def lose_answers(self) -> None:
        """The same, and the answers never come."""
        before = len(self.graph.sends)
        await self.late_answers(300)
        self.lost_answers |= {str(sent.opaque) for sent in self.graph.sends[before : before + LOST]}

    def kill(self, server: Server) -> None:
        """SIGKILL amid the post."""
        assert self.courier.under_way, "nothing was under way: this was not the middle of a load"
        server.kill()
        self.courier.wait()

    def _busy(self) -> bool:
        self.post()
        return self.graph.planned_at() is not None or not self.courier.idle

    async def rest(self, ledger: "Ledger", seconds: float = 90) -> None:
        """Wait until everything was told, applied and sent."""
        self.courier.restless = False
        left: Counter[str] = Counter()
        try:
            async with asyncio.timeout(seconds):
                while self._busy() or (left := await ledger.unfinished()):
                    await pause(0.02)
        except TimeoutError:
            post = f"{len(self.courier.waiting)} posts wait, {self.courier.under_way} are under way, {dict(self.courier.answers)}"
            raise AssertionError(
                f"no rest after {seconds} s: {dict(left)}; {post}; next {self.graph.next_at()}\n{self.said}"
            ) from None


@asynccontextmanager
async def a_town(connections: int = 48) -> AsyncIterator[Town]:
    """Meta listens on loopback, and the post has its men, until the end of the block."""
    graph = Graph(SystemClock(), app_secret=SECRET, app_id="77", verify_token=VERIFY, seed=7)
    graph.latency, graph.duplicate_webhooks = CALL_SECONDS, 0.1
    async with AsyncExitStack() as stack:
        await graph.start()
        stack.push_async_callback(graph.stop)
        number = graph.add_number(PHONE_ID, WABA, OUR_PHONE, TOKEN)
        number.mps = MOST_PER_SECOND
        yield Town(graph, number, await stack.enter_async_context(Courier.employed(connections)))


class Ledger:
    """The rows, by plain queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str) -> AsyncIterator[Self]:
        """Open a database beside the process that serves it."""
        async with await Database.open(url) as database:
            yield cls(database)

    async def rows(self, *columns: Any, where: Any = None, joined: Any = None) -> list[tuple[Any, ...]]:
        """These columns of every row."""
        query = sa.select(*columns)
        if joined is not None:
            query = query.select_from(joined)
        if where is not None:
            query = query.where(where)
        async with self._database.reading() as transaction:
            return [tuple(row) for row in await transaction.rows(Statement(query))]

    async def unfinished(self) -> Counter[str]:
        """By state: webhooks not applied, messages that must still leave or whose call nobody has ended."""
        waiting = await self.rows(tables.webhook_logs.c.state, where=sa.text(tables.WEBHOOK_WAITS))
        leaving = await self.rows(tables.outbox.c.state, where=sa.text("state IN ('queued', 'sending')"))
        return Counter(state for (state,) in [*waiting, *leaving])

    async def inbound(self) -> list[tuple[str, str]]:
        """(wamid, phone) of every message of a customer."""
        message, contact = tables.messages.c, tables.contacts.c
        joined = tables.messages.join(tables.contacts, message.contact_id == contact.id)
        return [
            (w, p)
            for w, p, d in await self.rows(message.wamid, contact.wa_id, message.direction, joined=joined)
            if d == "in"
        ]

    async def told(self) -> Counter[str]:
        """How often agents were told of each customer's message, by wamid."""
        notice, message = tables.notices.c, tables.messages.c
        joined = tables.notices.join(tables.messages, notice.subject_id == message.id)
        return Counter(
            wamid for wamid, kind in await self.rows(message.wamid, notice.kind, joined=joined) if kind == "inbound"
        )

    async def windows(self) -> list[tuple[str, int, int]]:
        """(phone, first, last) of each conversation's inbound times."""
        talk, contact = tables.conversations.c, tables.contacts.c
        joined = tables.conversations.join(tables.contacts, talk.contact_id == contact.id)
        found = await self.rows(contact.wa_id, talk.first_inbound_at, talk.last_inbound_at, joined=joined)
        return [(phone, first, last) for phone, first, last in found]


async def every_webhook_was_applied_once(town: Town, ledger: Ledger) -> None:
    """What was answered 200, nothing else, and each with one message, one window's worth and one notice."""
    log = tables.webhook_logs.c
    stored = await ledger.rows(log.body, log.state)
    _same("states of webhooks", Counter(state for _, state in stored), Counter({"done": len(stored)}))
    _same("webhooks stored", Counter(bytes(body) for body, _ in stored), Counter(town.courier.kept))
    wrote = Counter((wamid, phone) for wamid, (phone, _) in town.wrote.items())
    _same("messages", Counter(await ledger.inbound()), wrote)
    _same("notices of messages", await ledger.told(), Counter(town.wrote.keys()))
    times: defaultdict[str, list[datetime]] = defaultdict(list)
    for phone, at in town.wrote.values():
        times[phone].append(at)
    windows = Counter((phone, micros(min(at)), micros(max(at))) for phone, at in times.items())
    _same("windows (first and last message)", Counter(await ledger.windows()), windows)


def _same(what: str, found: Counter[Any], expected: Counter[Any]) -> None:
    missing, odd = expected - found, found - expected
    assert not missing, f"{what}: {missing.total()} missing, like {list(missing)[:3]}; too many: {list(odd)[:3]}"
    assert not odd, f"{what}: {odd.total()} too many, like {list(odd)[:3]}"


async def nobody_got_a_message_twice(town: Town, ledger: Ledger) -> None:
    """Every send has gone to Meta once and is known, or is said to be unknown: nobody sends that again."""
    sends = {str(sent.opaque): sent for sent in town.graph.sends}
    assert len(sends) == len(town.graph.sends), "an opaque id came twice"
    assert max(Counter((sent.to, sent.body) for sent in town.graph.sends).values()) == 1, "a person got the same twice"
    item, message = tables.outbox.c, tables.messages.c
    joined = tables.outbox.join(tables.messages, item.id == message.id)
    found = {
        row[0]: row[1:]
        for row in await ledger.rows(item.opaque, item.state, message.wamid, message.status, joined=joined)
    }
    known = {opaque: ("accepted", sent.wamid, "delivered") for opaque, sent in sends.items()}
    expected = dict.fromkeys(found, ("unknown", None, "queued")) | known
    odd = {opaque: (found.get(opaque), end) for opaque, end in expected.items() if found.get(opaque) != end}
    assert not odd, f"(what is, what should be) by opaque id: {odd}"
    assert town.lost_answers <= known.keys()
