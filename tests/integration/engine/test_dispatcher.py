"""The outbox pump in real time: what overlaps, what stays in order, what a stop, a hang or a bug may cost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import rates
from bot.whatsapp.errors import classify
from crm.dispatcher import Dispatcher
from crm.errors import Scope, SendPostponed
from crm.model.accounts import Account
from crm.model.outbox import Accepted, OutboxItem, OutboxState, Parcel
from crm.runner import Bell
from crm.services.outbox import LEASE, FileTools, OutboxService
from sandbox.clock import SetClock
from storage.database import Database
from tests.builders import NOW, a_contact, a_conversation, an_account, an_outbox_item, save
from tests.integration.engine.desk import Meta, Shelf


@dataclass
class Line:
    """A Meta whose answers are given by hand; texts in `quick` are accepted at once."""

    begun: list[str] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[Accepted]] = field(default_factory=dict)
    quick: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, parcel: Parcel) -> Accepted:
        self.begun.append(parcel.text)
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self.waiting[parcel.text] = answer
        if parcel.text in self.quick:
            self.accept(parcel.text)
        self.news.set()
        return await answer

    def accept(self, text: str) -> None:
        self.waiting.pop(text).set_result(Accepted(f"wamid.{text}"))

    def fail(self, text: str, problem: Exception) -> None:
        self.waiting.pop(text).set_exception(problem)

    async def hears(self, *texts: str) -> None:
        """Wait until these calls have begun."""
        async with asyncio.timeout(60):
            while not set(texts) <= set(self.begun):
                self.news.clear()
                await self.news.wait()


class Shop:
    """Accounts with queued messages, and a dispatcher over them."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.meta, self.bell = database, SetClock(NOW), Line(), Bell()
        self.outbox = OutboxService(
            database,
            self.meta,
            self.clock,
            "test",
            timedelta(minutes=15),
            lambda code, detail: classify(code, detail or ""),
            FileTools(Shelf(), Meta()),
            rates.shipped(),
            self.bell.ring,
        )

    async def queue(self, account: Account, *texts: str, people: int | None = None) -> list[OutboxItem]:
        """Queue texts, each to a person of its own or all to the same one."""
        contacts = [a_contact() for _ in range(people or len(texts))]
        threads = [a_conversation(contact=contact, account=account, last_inbound_at=NOW) for contact in contacts]
        items = [an_outbox_item(of=threads[n % len(threads)], text=text) for n, text in enumerate(texts)]
        async with self.database.begin() as uow:
            await save(uow, account, *contacts, *threads, *items)
        return items

    async def states(self, items: list[OutboxItem]) -> list[OutboxState]:
        async with self.database.read() as uow:
            found = await uow.outbox.load([item.id for item in items])
        return [found[item.id].state for item in items]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The dispatcher at work; at the end it is told to stop and everything in hand is finished."""
        stop = asyncio.Event()
        task = asyncio.create_task(Dispatcher(self.outbox, self.clock, self.bell).run(stop))
        try:
            yield
        finally:
            stop.set()
            self.bell.ring()
            async with asyncio.timeout(60):
                await task


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


async def test_an_account_whose_calls_hang_stops_no_other(shop: Shop) -> None:
    hanging = await shop.queue(an_account(coexistence=False, messages_per_second=1000), "a1", "a2")
    shop.meta.quick = {"b1"}
    async with shop.running():
        await shop.meta.hears("a1", "a2")
        passing = await shop.queue(an_account(coexistence=False), "b1")
        shop.bell.ring()
        await shop.meta.hears("b1")
        assert await shop.states(hanging) == [OutboxState.SENDING, OutboxState.SENDING]
        shop.meta.accept("a1")
        shop.meta.accept("a2")
    assert await shop.states([*hanging, *passing]) == [OutboxState.ACCEPTED] * 3


async def test_messages_to_one_person_leave_one_after_the_other(shop: Shop) -> None:
    items = await shop.queue(an_account(coexistence=False, messages_per_second=1000), "one", "two", "three", people=1)
    async with shop.running():
        await shop.meta.hears("one")
        assert shop.meta.begun == ["one"]
        shop.meta.accept("one")
        await shop.meta.hears("two")
        assert shop.meta.begun == ["one", "two"]
        shop.meta.quick = {"three"}
        shop.meta.accept("two")
        await shop.meta.hears("three")
    assert await shop.states(items) == [OutboxState.ACCEPTED] * 3


async def test_a_stop_finishes_what_is_in_hand_and_begins_nothing(shop: Shop) -> None:
    account = an_account(coexistence=False, messages_per_second=1000)
    items = await shop.queue(account, "in hand")
    async with shop.running():
        await shop.meta.hears("in hand")
        asyncio.get_running_loop().call_later(0.05, shop.meta.accept, "in hand")
    assert await shop.states(items) == [OutboxState.ACCEPTED]
    assert shop.meta.begun == ["in hand"]


async def test_a_call_whose_lease_is_nearly_over_does_not_begin(shop: Shop) -> None:
    """By then another may have judged it lost, and asked a person who sends it again."""
    items = await shop.queue(an_account(coexistence=False, messages_per_second=1000), "one", "two", people=1)
    async with shop.running():
        await shop.meta.hears("one")
        shop.clock.advance(seconds=100)
        shop.meta.accept("one")
    assert shop.meta.begun == ["one"]
    assert await shop.states(items) == [OutboxState.ACCEPTED, OutboxState.QUEUED]


async def test_a_bug_in_a_call_costs_that_message_a_question_and_nothing_else(shop: Shop) -> None:
    items = await shop.queue(an_account(coexistence=False, messages_per_second=1000), "bad", "good")
    shop.meta.quick = {"good"}
    async with shop.running():
        await shop.meta.hears("bad", "good")
        shop.meta.fail("bad", ZeroDivisionError())
    assert await shop.states(items) == [OutboxState.SENDING, OutboxState.ACCEPTED]
    shop.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await shop.outbox.reconcile() == {"lost": 1, "asked": 0}
    assert await shop.states(items) == [OutboxState.UNKNOWN, OutboxState.ACCEPTED]


async def test_a_hundred_refusals_for_speed_slow_an_account_down_once(shop: Shop) -> None:
    account = an_account(coexistence=False, messages_per_second=1000)
    texts = [f"n{n}" for n in range(20)]
    items = await shop.queue(account, *texts)
    async with shop.running():
        await shop.meta.hears(*texts)
        for text in texts:
            wait = timedelta(seconds=30)
            shop.meta.fail(text, SendPostponed("rate-limit", scope=Scope.NUMBER, wait=wait, meta_code=130429))
    assert await shop.states(items) == [OutboxState.QUEUED] * 20
    shop.clock.advance(seconds=31)
    claim = await shop.outbox.claim({account.id: 400})
    assert len(claim.tickets) == 20  # at half of the 1,000 a second; had each counted, one a second were left
