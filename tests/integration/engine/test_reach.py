"""What an agent who cannot be reached should have heard is heard by somebody, once, and nothing is lost while nobody is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from crm.model.agents import Agent, Role
from crm.model.alerts import AlertKind, Notice, NoticeKind
from crm.ports import AgentUnreachable
from crm.services.housekeeping import NOTICES_FOR
from crm.services.notices import NoticeService
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, typed, wrote


@dataclass
class Chats:
    """A Telegram in which some have blocked the bot; it tells the engine so, and remembers what it showed, as the real side does."""

    desk: Desk
    gone: set[int] = field(default_factory=set)
    heard: list[tuple[str, NoticeKind, str]] = field(default_factory=list)

    async def deliver(self, notice: Notice, agent: Agent | None) -> None:
        if agent is None:
            return
        if agent.telegram_id in self.gone:
            await self.desk.engine.agents.unreachable(agent)
            raise AgentUnreachable("bot was blocked by the user")
        said = str(notice.params.get("text") or notice.params.get("kind"))
        self.heard.append((agent.name, notice.kind, said))
        shown_as = "alert" if notice.kind is NoticeKind.ALERT else "message"
        await self.desk.engine.desk.remember(agent.telegram_id, len(self.heard), shown_as, notice.subject_id)

    def of(self, kind: NoticeKind) -> list[tuple[str, str]]:
        return [(name, said) for name, its_kind, said in self.heard if its_kind is kind]


@dataclass
class Team:
    """Ana is the admin, Beto and Cleo are agents; Leo's conversation is Beto's."""

    desk: Desk
    chats: Chats
    notices: NoticeService
    cleo: Agent
    conversation: int

    async def writes(self, text: str) -> None:
        await self.desk.arrives(envelope(wrote(text, self.desk.clock.now(), f"wamid.{text}")))

    async def tell(self) -> None:
        while await self.notices.run_once():
            pass

    async def leave(self, *people: Agent) -> None:
        self.chats.gone |= {agent.telegram_id for agent in people}

    async def back(self, agent: Agent) -> None:
        self.chats.gone.discard(agent.telegram_id)
        known = await self.desk.engine.agents.by_telegram(agent.telegram_id)
        assert known is not None
        await self.desk.engine.agents.reachable(known)

    async def open_alerts(self) -> list[AlertKind]:
        return [alert.kind for alert in (await self.desk.engine.alerts.page(self.desk.admin)).alerts]


@pytest.fixture
async def team(database: Database) -> Team:
    desk = await open_desk(database)
    cleo = await desk.engine.agents.add(1003, Role.AGENT, "Cleo")
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.0")))
    contact = (await desk.engine.contacts.find(desk.admin, "Leo"))[0]
    conversation = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id
    await desk.engine.conversations.assign(desk.admin, conversation, desk.agent.id)
    chats = Chats(desk)
    team = Team(desk, chats, NoticeService(database, chats, desk.clock), cleo, conversation)
    await team.tell()
    chats.heard.clear()
    return team


def sorted_names(heard: Sequence[tuple[str, str]], text: str) -> list[str]:
    return sorted(name for name, said in heard if said == text)


async def test_the_agent_of_a_conversation_hears_alone(team: Team) -> None:
    await team.writes("¿Hay stock?")
    await team.tell()
    assert team.chats.of(NoticeKind.INBOUND) == [("Beto", "¿Hay stock?")]


async def test_what_the_agent_cannot_be_told_everybody_else_is_and_admins_hear_why(team: Team) -> None:
    await team.leave(team.desk.agent)
    await team.writes("¿Hay stock?")
    await team.writes("¿Hola?")
    await team.tell()
    heard = team.chats.of(NoticeKind.INBOUND)
    assert sorted_names(heard, "¿Hay stock?") == sorted_names(heard, "¿Hola?") == ["Ana", "Cleo"]
    assert team.chats.of(NoticeKind.ALERT) == [("Ana", "agent_unreachable")]


async def test_from_then_on_everybody_hears_sees_and_may_answer_until_the_agent_is_back(team: Team) -> None:
    await team.desk.engine.agents.unreachable(team.desk.agent)
    await team.writes("¿Hola?")
    await team.desk.arrives(envelope(typed("Ya te ayudo", NOON, "wamid.E")))
    await team.tell()
    assert sorted_names(team.chats.of(NoticeKind.INBOUND), "¿Hola?") == ["Ana", "Cleo"]
    assert sorted_names(team.chats.of(NoticeKind.MANUAL), "Ya te ayudo") == ["Ana", "Cleo"]
    await team.desk.engine.conversations.reply(team.cleo, team.conversation, "Sí, hay")
    assert len(await team.desk.engine.contacts.find(team.cleo, "Leo")) == 1
    await team.back(team.desk.agent)
    assert await team.desk.engine.contacts.find(team.cleo, "Leo") == []
    await team.writes("Gracias")
    await team.tell()
    assert sorted_names(team.chats.of(NoticeKind.INBOUND), "Gracias") == ["Beto"]


async def test_what_others_were_told_too_is_not_told_twice(team: Team) -> None:
    await team.desk.engine.conversations.assign(team.desk.admin, team.conversation, None)
    await team.leave(team.desk.agent)
    await team.writes("¿Hola?")
    await team.tell()
    assert sorted_names(team.chats.of(NoticeKind.INBOUND), "¿Hola?") == ["Ana", "Cleo"]


async def test_while_nobody_can_be_told_notices_wait_and_the_first_who_is_back_hears_them_once(team: Team) -> None:
    await team.leave(team.desk.admin, team.desk.agent, team.cleo)
    await team.writes("Uno")
    await team.tell()
    await team.writes("Dos")
    for _ in range(12):
        await team.tell()
        team.desk.clock.advance(hours=1)
    assert team.chats.heard == []
    await team.back(team.cleo)
    await team.tell()
    await team.back(team.desk.agent)
    await team.tell()
    assert sorted(team.chats.of(NoticeKind.INBOUND)) == [("Cleo", "Dos"), ("Cleo", "Uno")]
    assert "agent_unreachable" not in [said for _, said in team.chats.of(NoticeKind.ALERT)]


async def test_a_message_that_comes_while_all_are_away_waits_for_its_agent(team: Team) -> None:
    for agent in (team.desk.admin, team.desk.agent, team.cleo):
        await team.desk.engine.agents.unreachable(agent)
    await team.writes("¿Hola?")
    await team.tell()
    await team.back(team.desk.agent)
    await team.tell()
    assert team.chats.of(NoticeKind.INBOUND) == [("Beto", "¿Hola?")]


async def test_the_alert_of_an_absence_ends_with_it_and_the_next_one_is_told_again(team: Team) -> None:
    for times in (1, 2):
        await team.desk.engine.agents.unreachable(team.desk.agent)
        await team.desk.engine.agents.unreachable(team.desk.agent)
        await team.tell()
        assert team.chats.of(NoticeKind.ALERT) == [("Ana", "agent_unreachable")] * times
        assert await team.open_alerts() == [AlertKind.AGENT_UNREACHABLE]
        await team.back(team.desk.agent)
        assert await team.open_alerts() == []


async def test_an_alert_for_admins_waits_for_an_admin(team: Team) -> None:
    await team.desk.engine.agents.unreachable(team.desk.admin)
    await team.desk.arrives(b"no webhook")
    await team.tell()
    assert team.chats.of(NoticeKind.ALERT) == []
    await team.back(team.desk.admin)
    await team.tell()
    assert team.chats.of(NoticeKind.ALERT) == [("Ana", "webhook_dead")]


async def test_nothing_waits_for_ever(team: Team) -> None:
    for agent in (team.desk.admin, team.desk.agent, team.cleo):
        await team.desk.engine.agents.unreachable(agent)
    await team.writes("¿Hola?")
    await team.tell()
    assert (await team.desk.engine.housekeeping.prune())["notices"] == 0
    team.desk.clock.advance(seconds=NOTICES_FOR.total_seconds() + 1)
    assert (await team.desk.engine.housekeeping.prune())["notices"] >= 1
    await team.back(team.desk.agent)
    await team.tell()
    assert team.chats.heard == []


async def test_coming_and_going_changes_nothing_else_of_the_agent(team: Team) -> None:
    """The border holds a copy of the agent from before; what an admin changed since must stay."""
    stale = team.desk.agent
    promoted = replace(stale, role=Role.VIEWER, language="pt")
    async with team.desk.database.begin() as uow:
        await uow.agents.save(changed=[promoted])
    await team.desk.engine.agents.unreachable(stale)
    assert await team.desk.engine.agents.by_telegram(stale.telegram_id) == replace(promoted, reachable=False)
    back = await team.desk.engine.agents.reachable(replace(stale, reachable=False))
    assert back == await team.desk.engine.agents.by_telegram(stale.telegram_id) == promoted
    spoken = await team.desk.engine.agents.set_language(stale, "en")
    assert spoken == await team.desk.engine.agents.by_telegram(stale.telegram_id) == replace(promoted, language="en")


async def test_a_notice_in_somebodys_hands_is_not_hastened(team: Team) -> None:
    await team.writes("¿Hola?")
    async with team.desk.database.begin() as uow:
        assert len(await uow.notices.claim(NOON, NOON + timedelta(minutes=2), 10)) == 1
        await uow.notices.hasten(team.desk.agent.id, NOON)
        assert await uow.notices.claim(NOON, NOON + timedelta(minutes=2), 10) == []
