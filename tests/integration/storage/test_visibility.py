"""Row-level security (SPEC X2): a query for a person never returns what is not theirs to see."""

from dataclasses import dataclass, replace

import pytest

from crm.model.agents import Agent, Role
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from storage.contacts import fold
from storage.database import Database
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_contact,
    a_conversation,
    a_pending,
    an_account,
    an_agent,
    an_alert,
    an_issue,
    save,
)

ANA = an_agent(name="Ana")
LUIS = an_agent(name="Luis")
ADMIN = an_agent(role=Role.ADMIN)
VIEWER = an_agent(role=Role.VIEWER)


@dataclass
class World:
    """One contact per situation; `both` has a conversation with Ana on one account and with Luis on another."""

    anas: Contact
    luiss: Contact
    nobodys: Contact
    both: Contact
    bare: Contact
    conversations: dict[str, Conversation]


@pytest.fixture
async def world(database: Database) -> World:
    one, two = an_account(), an_account()
    names = ("anas", "luiss", "nobodys", "both", "bare")
    contacts = {
        name: a_contact(name=f"Cliente {name}", created_at=NOW - number * DAY) for number, name in enumerate(names)
    }
    conversations = {
        "anas": a_conversation(contact=contacts["anas"], account=one, agent_id=ANA.id, last_inbound_at=NOW - HOUR),
        "luiss": a_conversation(contact=contacts["luiss"], account=one, agent_id=LUIS.id, last_inbound_at=NOW),
        "nobodys": a_conversation(contact=contacts["nobodys"], account=one, last_inbound_at=NOW - 2 * HOUR),
        "both": a_conversation(
            contact=contacts["both"], account=one, agent_id=ANA.id, last_inbound_at=NOW - DAY, last_interaction_at=NOW
        ),
        "both_luis": a_conversation(
            contact=contacts["both"], account=two, agent_id=LUIS.id, last_inbound_at=NOW - MINUTE
        ),
    }
    async with database.begin() as uow:
        await save(uow, one, two, ANA, LUIS, ADMIN, VIEWER, *contacts.values(), *conversations.values())
    return World(conversations=conversations, **contacts)


@pytest.mark.parametrize("viewer", [ADMIN, VIEWER], ids=["admin", "viewer"])
async def test_admins_and_viewers_see_everybody(database: Database, world: World, viewer: Agent) -> None:
    async with database.read() as uow:
        found = await uow.contacts.search(viewer, "cliente", 10)
        assert found == [world.anas, world.luiss, world.nobodys, world.both, world.bare]
        recent = await uow.contacts.search(viewer, "", 10)
        assert recent == [world.luiss, world.both, world.anas, world.nobodys]
        assert len(await uow.conversations.of_contact(viewer, world.both.id)) == 2
        for conversation in world.conversations.values():
            assert await uow.conversations.visible(viewer, conversation.id) == conversation


async def test_a_name_with_a_number_in_it_is_not_looked_for_among_the_phones(database: Database) -> None:
    named, other = a_contact(name="Cliente 600"), a_contact(name="Otra")  # every phone of these tests has 600 in it
    async with database.begin() as uow:
        account = an_account()
        threads = [a_conversation(contact=each, account=account, last_inbound_at=NOW) for each in (named, other)]
        await save(uow, account, named, other, *threads)
    async with database.read() as uow:
        assert await uow.contacts.search(ADMIN, "cliente 600", 10) == [named]
        assert len(await uow.contacts.search(ADMIN, "+34 600", 10)) == 2


async def test_an_agent_sees_theirs_and_nobodys(database: Database, world: World) -> None:
    async with database.read() as uow:
        found = await uow.contacts.search(ANA, "cliente", 10)
        assert found == [world.anas, world.nobodys, world.both, world.bare]
        assert await uow.contacts.search(LUIS, "cliente", 1) == [world.luiss]
        both = world.conversations
        assert await uow.conversations.of_contact(ANA, world.both.id) == [both["both"]]
        assert await uow.conversations.visible(ANA, both["luiss"].id) is None
        assert await uow.conversations.visible(ANA, both["anas"].id) == both["anas"]
        assert await uow.conversations.visible(ANA, both["nobodys"].id) == both["nobodys"]


async def test_another_agents_newer_message_does_not_move_a_contact_in_the_list(
    database: Database, world: World
) -> None:
    """Otherwise the order would tell Ana that somebody wrote to Luis."""
    async with database.read() as uow:
        assert await uow.contacts.search(ANA, "", 10) == [world.anas, world.nobodys, world.both]
        assert await uow.contacts.search(ANA, "  ", 2) == [world.anas, world.nobodys]


async def test_a_phone_search_finds_no_foreign_contact(database: Database, world: World) -> None:
    async with database.read() as uow:
        digits = str(world.luiss.wa_id)
        assert await uow.contacts.search(ANA, digits, 10) == []
        assert await uow.contacts.search(LUIS, f"+{digits[:5]} {digits[5:]}", 10) == [world.luiss]
        assert await uow.contacts.search(ADMIN, digits[-2:], 10) == [], "two digits are no phone"


async def test_pending_items_are_paged_by_urgency_within_what_is_seen(database: Database, world: World) -> None:
    threads = world.conversations
    late = a_pending(of=threads["anas"], priority=5, added_at=NOW)
    early = a_pending(of=threads["nobodys"], priority=5, added_at=NOW - HOUR)
    urgent = a_pending(of=threads["both"], priority=1)
    hidden = a_pending(of=threads["luiss"], priority=0)
    hidden_too = a_pending(of=threads["both_luis"], priority=0)
    async with database.begin() as uow:
        await save(uow, late, early, urgent, hidden, hidden_too)
    async with database.read() as uow:
        page = await uow.pending.page(ANA, None, 2)
        assert page == [(urgent, world.both), (early, world.nobodys)]
        assert await uow.pending.page(ANA, (early.priority, early.added_at, early.id), 2) == [(late, world.anas)]
        assert [item for item, _ in await uow.pending.page(VIEWER, None, 2)] == [hidden, hidden_too]
        assert await uow.pending.count_open(ANA) == 3
        assert await uow.pending.count_open(ADMIN) == await uow.pending.count_open() == 5


async def test_issues_are_paged_within_what_is_seen(database: Database, world: World) -> None:
    threads = world.conversations
    issues = [an_issue(of=threads[name]) for name in ("anas", "luiss", "both", "both_luis")]
    async with database.begin() as uow:
        await save(uow, *issues)
    async with database.read() as uow:
        assert await uow.blocks.page(ANA, None, 10) == [(issues[2], world.both), (issues[0], world.anas)]
        assert await uow.blocks.page(ANA, issues[2].id, 10) == [(issues[0], world.anas)]
        assert [issue for issue, _ in await uow.blocks.page(ADMIN, None, 2)] == [issues[3], issues[2]]


async def test_alerts_are_paged_within_what_is_seen(database: Database, world: World) -> None:
    general = an_alert()
    contacts = (world.anas, world.luiss, world.nobodys, world.both, world.bare)
    alerts = [an_alert(contact_id=contact.id) for contact in contacts]
    done = an_alert(acknowledged_at=NOW)
    async with database.begin() as uow:
        await save(uow, general, *alerts, done)
    async with database.read() as uow:
        seen = [alerts[4], alerts[3], alerts[2], alerts[0], general]
        assert await uow.alerts.page(ANA, None, 10) == seen
        assert await uow.alerts.page(ANA, alerts[2].id, 10) == [alerts[0], general]
        assert len(await uow.alerts.page(ADMIN, None, 10)) == 6


async def test_a_search_knows_no_accents_no_capitals_and_no_wildcards(database: Database) -> None:
    jose = a_contact(name="José Ángel PEÑA", username="pepe_99")
    percent = a_contact(name=r"100% \ oferta")
    async with database.begin() as uow:
        await save(uow, jose, percent)
    async with database.read() as uow:
        for text in ("jose angel", "ÁNGEL", "pena", "pepe_9", "  peña "):
            assert await uow.contacts.search(ADMIN, text, 10) == [jose], text
        for text in ("100%", "\\"):
            assert await uow.contacts.search(ADMIN, text, 10) == [percent], text
        for text in ("%", "_"):
            assert len(await uow.contacts.search(ADMIN, text, 10)) == 1, text
    async with database.begin() as uow:
        await uow.contacts.save(changed=[replace(jose, name="Pepa", username=None)])
        assert await uow.contacts.search(ADMIN, "jose", 10) == []


def test_folding_keeps_what_is_no_letter() -> None:
    assert fold("Straße ÑANDÚ 👋") == "strasse nandu 👋"


async def test_a_conversation_whose_agent_cannot_be_reached_is_everybodys(database: Database, world: World) -> None:
    anas = world.conversations["anas"]
    for absent in (replace(ANA, reachable=False), replace(ANA, active=False)):
        async with database.begin() as uow:
            assert await uow.conversations.visible(LUIS, anas.id) is None
            assert await uow.contacts.search(LUIS, "anas", 10) == []
            await uow.agents.save(changed=[absent])
        async with database.begin() as uow:
            assert await uow.conversations.visible(LUIS, anas.id) == anas
            assert await uow.contacts.search(LUIS, "anas", 10) == [world.anas]
            await uow.agents.save(changed=[ANA])
