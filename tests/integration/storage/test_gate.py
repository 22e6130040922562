"""The gate before SQLite's writer: intake first, nobody starved, nothing lost by a cancellation."""

import asyncio

from storage.gate import Gate


async def enter(gate: Gate, name: str, order: list[str], *, urgent: bool = False) -> None:
    await gate.acquire(urgent=urgent)
    order.append(name)
    await asyncio.wait([asyncio.create_task(asyncio.Event().wait())], timeout=0)
    gate.release()


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.wait([asyncio.create_task(_nothing())])


async def _nothing() -> None:
    return None


async def test_the_urgent_come_first_but_every_second_turn_is_for_the_others() -> None:
    gate, order = Gate(), list[str]()
    await gate.acquire()
    others = [asyncio.create_task(enter(gate, f"work{n}", order)) for n in range(3)]
    urgent = [asyncio.create_task(enter(gate, f"intake{n}", order, urgent=True)) for n in range(3)]
    await settle()
    gate.release()
    await asyncio.gather(*others, *urgent)
    assert order == ["intake0", "work0", "intake1", "work1", "intake2", "work2"]


async def test_without_rivals_everybody_comes_in_order() -> None:
    gate, order = Gate(), list[str]()
    await gate.acquire(urgent=True)
    tasks = [asyncio.create_task(enter(gate, str(n), order, urgent=True)) for n in range(3)]
    await settle()
    gate.release()
    await asyncio.gather(*tasks)
    assert order == ["0", "1", "2"]


async def test_a_waiter_that_left_is_passed_over() -> None:
    gate, order = Gate(), list[str]()
    await gate.acquire()
    gone = asyncio.create_task(enter(gate, "gone", order))
    stays = asyncio.create_task(enter(gate, "stays", order))
    await settle()
    gone.cancel()
    await settle()
    gate.release()
    await stays
    assert order == ["stays"]


async def test_a_turn_given_to_somebody_who_just_left_is_passed_on() -> None:
    gate, order = Gate(), list[str]()
    await gate.acquire()
    gone = asyncio.create_task(enter(gate, "gone", order))
    stays = asyncio.create_task(enter(gate, "stays", order))
    await settle()
    gate.release()  # the turn is on its way to `gone`
    gone.cancel()
    await stays
    assert order == ["stays"]
    await enter(gate, "after", order)
    assert order == ["stays", "after"]
