"""The whole desk of the agents: the real Telegram side and the real engine, between a simulated Bot API and a Meta that is told what to
answer. Nothing of ours is faked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.telegram.application import Telegram, TelegramSettings
from bot.telegram.governor import Limits, Rate
from crm.model.agents import Agent, Role
from crm.model.templates import TemplateFacts
from crm.services.notices import NoticeService
from sandbox.telegram import Person, ShownMessage
from sandbox.telegram import Telegram as FakeTelegram
from sandbox.telegram.queries import Press
from storage.database import Database
from tests.integration.engine.desk import Desk, envelope, open_desk, wrote

FAST = Limits(private=Rate(1000, 1.0), group=Rate(1000, 1.0), overall=Rate(1000, 1.0), margin=0.01)


@dataclass
class Office:
    """A desk with its people in front of Telegram."""

    desk: Desk
    fake: FakeTelegram
    telegram: Telegram
    notices: NoticeService
    ana: Person
    beto: Person
    _wamids: list[str] = field(default_factory=list)

    async def writes(self, text: str, *, name: str = "Leo Díaz", wa_id: str = "5491155550099") -> None:
        """A customer writes, and the agents are told."""
        self._wamids.append(f"wamid.IN{len(self._wamids)}")
        await self.desk.arrives(envelope(wrote(text, self.desk.clock.now(), self._wamids[-1], name=name, wa_id=wa_id)))
        await self.tell()

    async def tell(self) -> None:
        """Deliver every notice that is due."""
        while await self.notices.run_once():
            pass

    async def presses(self, person: Person, label: str, *, on: ShownMessage | None = None) -> Press:
        """Tap, and wait for the answer."""
        press = person.presses(label, message=on)
        await self.fake.until(lambda: press.answered)
        await self.rests()
        return press

    async def says(
        self, person: Person, text: str, *, reply_to: ShownMessage | None = None, date: datetime | None = None
    ) -> None:
        """Write, and wait until it was handled."""
        person.says(text, reply_to=reply_to, date=date)
        await self.rests()

    async def rests(self) -> None:
        """Wait until every update was handled."""
        await self.fake.until(lambda: not self.fake.updates.pending)
        await self.telegram.idle()

    async def templates(self, *facts: TemplateFacts) -> None:
        self.desk.meta.found = list(facts)
        await self.desk.engine.templates.refresh()

    async def known(self, person: Person) -> Agent:
        agent = await self.desk.engine.agents.by_telegram(person.id)
        assert agent is not None
        return agent


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    async with await Database.open(sqlite_url, synchronous="NORMAL") as database:
        yield await open_desk(database)


@pytest.fixture
async def fake(desk: Desk) -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram(desk.clock)
    await fake.start()
    yield fake
    await fake.stop()


def settings(fake: FakeTelegram, **changes: object) -> TelegramSettings:
    polled = TelegramSettings(
        note_after=timedelta(0),
        token=fake.token,
        base_url=f"{fake.url}/bot",
        base_file_url=f"{fake.url}/file/bot",
        poll_hold=timedelta(seconds=5),
        limits=FAST,
    )
    return replace(polled, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def serving(desk: Desk, fake: FakeTelegram, **changes: object) -> AsyncIterator[Telegram]:
    """The Telegram side, from its start to its stop."""
    telegram = Telegram(settings(fake, **changes))
    telegram.connect(desk.engine)
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()


@pytest.fixture
async def office(desk: Desk, fake: FakeTelegram) -> AsyncIterator[Office]:
    ana, beto = fake.person(1001, "Ana"), fake.person(1002, "Beto")
    async with serving(desk, fake) as telegram:
        office = Office(desk, fake, telegram, NoticeService(desk.database, telegram.notifier, desk.clock), ana, beto)
        for person in (ana, beto):
            await office.says(person, "/menu")
        yield office


__all__ = ["Office", "Role", "serving", "settings"]
