"""One chat after another inside, side by side between chats; an update is through when its handler is, even when it crashed."""

import asyncio

from telegram import Chat, Message, Update, User

from bot.telegram import order
from bot.telegram.order import Keyed
from tests.builders import NOW


def an_update(number: int, chat: int) -> Update:
    user = User(chat, "Ana", is_bot=False)
    return Update(number, message=Message(number, NOW, Chat(chat, "private"), from_user=user, text="hola"))


class Book:
    def __init__(self) -> None:
        self.through: list[int] = []
        self.began: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}

    async def done(self, update_id: int) -> None:
        self.through.append(update_id)

    async def work(self, number: int, error: Exception | None = None) -> None:
        self.began.append(number)
        if number in self.gates:
            await self.gates[number].wait()
        if error:
            raise error


async def turn() -> None:
    for _ in range(10):
        event = asyncio.Event()
        asyncio.get_running_loop().call_soon(event.set)
        await event.wait()


async def test_a_chat_is_served_in_order_while_others_go_on() -> None:
    book = Book()
    book.gates[1] = asyncio.Event()
    keyed = Keyed(book.done)
    tasks = [
        asyncio.ensure_future(keyed.process_update(an_update(number, chat), book.work(number)))
        for number, chat in ((1, 7), (2, 7), (3, 8), (4, 7))
    ]
    await turn()
    assert (book.began, book.through) == ([1, 3], [3])
    book.gates[1].set()
    await asyncio.gather(*tasks)
    assert book.through == [3, 1, 2, 4]
    assert (7, None) not in keyed._chats


async def test_a_crashed_handler_ends_its_update() -> None:
    book = Book()
    keyed = Keyed(book.done)
    await keyed.process_update(an_update(1, 7), book.work(1, ZeroDivisionError()))
    await keyed.process_update(an_update(2, 7), book.work(2))
    assert book.through == [1, 2]


async def test_an_update_cut_off_is_not_through_and_holds_nobody_up() -> None:
    book = Book()
    book.gates[1] = asyncio.Event()
    keyed = Keyed(book.done)
    first = asyncio.ensure_future(keyed.process_update(an_update(1, 7), book.work(1)))
    second = asyncio.ensure_future(keyed.process_update(an_update(2, 7), book.work(2)))
    third = asyncio.ensure_future(keyed.process_update(an_update(3, 7), book.work(3)))
    await turn()
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert (book.began, book.through) == ([1, 3], [3])


async def test_a_database_that_cannot_mark_does_not_stop_the_chat() -> None:
    book = Book()

    async def broken(update_id: int) -> None:
        raise ConnectionError

    keyed = Keyed(broken)
    await keyed.process_update(an_update(1, 7), book.work(1))
    await keyed.process_update(an_update(2, 7), book.work(2))
    assert book.began == [1, 2]


# --- stepping aside ------------------------------------------------------------------------------------------------------------


class Busy(Book):
    """Handlers that step aside for a subject and then wait at their gate."""

    async def slow(self, number: int, subject: int) -> None:
        await order.current().step_aside((7, subject))
        await self.work(number)

    async def after(self, number: int, subject: int) -> None:
        """As a text does: only when somebody is before it."""
        if order.current().is_behind((7, subject)):
            await order.current().step_aside((7, subject))
        await self.work(number)


async def test_who_steps_aside_holds_up_only_what_belongs_to_the_same_subject() -> None:
    book = Busy()
    book.gates[1] = asyncio.Event()
    keyed = Keyed(book.done)
    works = [book.slow(1, 50), book.slow(2, 50), book.after(3, 50), book.after(4, 60), book.work(5)]
    tasks = [asyncio.ensure_future(keyed.process_update(an_update(n, 7), work)) for n, work in enumerate(works, 1)]
    await turn()
    assert (book.began, book.through) == ([1, 4, 5], [4, 5])
    book.gates[1].set()
    await asyncio.gather(*tasks)
    assert book.began == [1, 4, 5, 2, 3]
    assert sorted(book.through) == [1, 2, 3, 4, 5]
    assert (7, 50) not in keyed._aside


async def test_who_steps_aside_gives_its_room_to_others() -> None:
    book = Busy()
    book.gates |= {1: asyncio.Event(), 2: asyncio.Event()}
    keyed = Keyed(book.done, at_once=1)
    works = [(7, book.slow(1, 50)), (8, book.slow(2, 51)), (9, book.work(3))]
    tasks = [asyncio.ensure_future(keyed.process_update(an_update(n, chat), w)) for n, (chat, w) in enumerate(works, 1)]
    await turn()
    assert book.through == [3]
    for gate in book.gates.values():
        gate.set()
    await asyncio.gather(*tasks)
    await keyed.process_update(an_update(4, 7), book.work(4))
    assert keyed._room._value == 1, "a share of the room was lost or given twice"


async def test_who_is_cut_off_aside_is_not_through_and_holds_nobody_up() -> None:
    book = Busy()
    book.gates[1] = asyncio.Event()
    keyed = Keyed(book.done)
    first = asyncio.ensure_future(keyed.process_update(an_update(1, 7), book.slow(1, 50)))
    second = asyncio.ensure_future(keyed.process_update(an_update(2, 7), book.slow(2, 50)))
    await turn()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert (book.began, book.through) == ([1, 2], [2])
