"""A Telegram on loopback with a clock that only moves when told, and the real python-telegram-bot as its client."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot
from telegram.ext import ExtBot

from sandbox.telegram import Person, Telegram


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def tg(clock: HandClock) -> AsyncIterator[Telegram]:
    telegram = Telegram(clock)
    await telegram.start()
    yield telegram
    await telegram.stop()


def a_bot(tg: Telegram, token: str | None = None) -> Bot:
    """A real client; it holds a connection of its own for getUpdates."""
    return ExtBot(token or tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot")


@pytest.fixture
async def bot(tg: Telegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it every RetryAfter warns of its future type
    async with a_bot(tg) as real:
        yield real


@pytest.fixture
def ana(tg: Telegram) -> Person:
    """A person whose chat with the bot is already open."""
    ana = tg.person(1001, "Ana", "es")
    ana.says("/start")
    return ana
