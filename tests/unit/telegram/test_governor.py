"""Telegram's limits are kept without a real wait: the loop's clock is set by hand, so what is measured is the rule."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.telegram.governor import Governor, Limits, Priority, Rate, Shed

CALM = Limits(private=Rate(2, 10.0), group=Rate(3, 60.0), overall=Rate(100, 1.0), patience=30.0, margin=0.5)


class HandLoop:
    """Moves the running loop's clock: `call_later` and time-outs then fire at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._real = loop.time
        self._ahead = 0.0
        loop.time = lambda: self._real() + self._ahead  # type: ignore[method-assign]

    async def advance(self, seconds: float) -> None:
        await self.settle()
        self._ahead += seconds
        await self.settle()

    async def settle(self) -> None:
        for _ in range(20):
            turn = asyncio.Event()
            self._loop.call_soon(turn.set)
            await turn.wait()

    def restore(self) -> None:
        self._loop.time = self._real  # type: ignore[method-assign]


@pytest.fixture
async def loop() -> AsyncIterator[HandLoop]:
    hand = HandLoop(asyncio.get_running_loop())
    yield hand
    hand.restore()


class Wire:
    """What reached Telegram, in order; `refusals` are raised by the next calls."""

    def __init__(self, governor: Governor) -> None:
        self.governor = governor
        self.sent: list[str] = []
        self.refusals: list[Exception] = []

    def call(
        self, name: str, chat: int | None = 1, priority: Priority | None = None, endpoint: str = "sendMessage"
    ) -> "asyncio.Task[Any]":
        async def callback() -> bool:
            self.sent.append(name)
            if self.refusals:
                raise self.refusals.pop(0)
            return True

        data = {} if chat is None else {"chat_id": chat}
        limit = None if priority is None else int(priority)
        return asyncio.ensure_future(self.governor.process_request(callback, (), {}, endpoint, data, limit))


async def test_a_burst_waits_for_room_and_chats_do_not_wait_for_each_other(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    mine = [wire.call(f"mine {n}") for n in range(3)]
    other = wire.call("other", chat=2)
    await loop.settle()
    assert wire.sent == ["mine 0", "mine 1", "other"]
    await loop.advance(9)
    assert len(wire.sent) == 3
    await loop.advance(1.1)
    assert wire.sent[-1] == "mine 2"
    assert await asyncio.gather(*mine, other) == [True] * 4


async def test_an_answer_overtakes_pushes_and_cosmetics_are_dropped(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    tasks = [wire.call("a"), wire.call("b"), wire.call("push", priority=Priority.PUSH)]
    tasks.append(wire.call("refresh", priority=Priority.REFRESH))
    await loop.settle()
    tasks.append(wire.call("answer", priority=Priority.ANSWER))
    shed = wire.call("cosmetic", priority=Priority.COSMETIC)
    await loop.advance(10.1)
    await loop.advance(10.1)
    assert wire.sent == ["a", "b", "answer", "push", "refresh"]
    await asyncio.gather(*tasks)
    with pytest.raises(Shed):
        await shed


async def test_a_refused_chat_freezes_alone_and_comes_back_slowly(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    wire.refusals.append(RetryAfter(5))
    frozen = wire.call("frozen")
    await loop.settle()
    other = wire.call("other", chat=2)
    await loop.settle()
    assert wire.sent == ["frozen", "other"]
    await loop.advance(5.6)
    assert wire.sent == ["frozen", "other", "frozen"]
    late = wire.call("late")
    await loop.advance(10)
    assert wire.sent[-1] == "frozen"  # twice as slow now: two calls in twenty seconds
    await loop.advance(10)
    assert wire.sent[-1] == "late"
    await asyncio.gather(frozen, other, late)


async def test_a_long_freeze_is_given_back_instead_of_slept(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    wire.refusals.append(RetryAfter(300))
    with pytest.raises(RetryAfter):
        await wire.call("long")
    with pytest.raises(RetryAfter):
        await wire.call("into the freeze")
    assert wire.sent == ["long"]


async def test_three_frozen_chats_within_seconds_freeze_the_whole_bot(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    wire.refusals.extend([RetryAfter(4), RetryAfter(4), RetryAfter(4)])
    tasks = [wire.call(f"frozen {chat}", chat=chat) for chat in (1, 2, 3)]
    await loop.settle()
    calm = wire.call("calm", chat=4)
    await loop.settle()
    assert "calm" not in wire.sent
    await loop.advance(4.6)
    await asyncio.gather(*tasks, calm)
    assert "calm" in wire.sent


async def test_groups_share_one_ration_and_toasts_cost_nothing(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    tasks = [wire.call(f"group {n}", chat=-100) for n in range(4)]
    toasts = [wire.call("toast", chat=None, endpoint="answerCallbackQuery") for _ in range(50)]
    await loop.settle()
    assert sum(name.startswith("group") for name in wire.sent) == 3
    assert wire.sent.count("toast") == 50
    with pytest.raises(RetryAfter):
        await tasks[3]
    await asyncio.gather(*tasks[:3], *toasts)


async def test_a_cancelled_call_leaves_its_place(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    tasks = [wire.call(name) for name in ("a", "b", "c", "d")]
    await loop.settle()
    tasks[2].cancel()
    await loop.advance(10.1)
    assert wire.sent == ["a", "b", "d"]
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_other_failures_pass_through(loop: HandLoop) -> None:
    wire = Wire(Governor(CALM))
    wire.refusals.append(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        await wire.call("x")
    assert await wire.call("y") is True


async def test_idle_chats_are_forgotten(loop: HandLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.governor.MANY_LANES", 3)
    governor = Governor(CALM)
    wire = Wire(governor)
    for chat in range(1, 50):
        await wire.call("x", chat=chat)
    await loop.advance(11)
    await wire.call("x", chat=99)
    assert len(governor._lanes) <= 50
