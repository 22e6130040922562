"""The marker that ties a test to the threads whose trouble it is, and what nearly every such test does."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from crm.model.answers import ConversationCard, Queued
from crm.model.messages import Message
from crm.model.outbox import OutboxItem
from tests.integration.engine.desk import NOON, Desk, envelope, wrote

Test = TypeVar("Test", bound=Callable[..., Any])


def suffered(*threads: str) -> Callable[[Test], Test]:
    """Mark a test with the threads of others that it answers."""
    return pytest.mark.suffered(*threads)


async def hello(desk: Desk, text: str = "Hola", wamid: str = "wamid.1") -> int:
    """A customer writes for the first time; return the conversation's id."""
    await desk.arrives(envelope(wrote(text, desk.clock.now(), wamid)))
    return (await talk(desk)).conversation.id


async def talk(desk: Desk, name: str = "Leo") -> ConversationCard:
    """The only conversation of somebody."""
    contact = (await desk.engine.contacts.find(desk.admin, name))[0]
    (only,) = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations
    return only


async def answer(desk: Desk, conversation_id: int, text: str) -> int:
    """An agent answers inside the window; return the outbox id."""
    queued = await desk.engine.conversations.reply(desk.agent, conversation_id, text)
    assert isinstance(queued, Queued)
    return queued.outbox_id


async def sent_as(desk: Desk, outbox_id: int) -> tuple[OutboxItem, Message]:
    """A send as it is now."""
    async with desk.database.read() as uow:
        return (await uow.outbox.load([outbox_id]))[outbox_id], (await uow.messages.load([outbox_id]))[outbox_id]


async def texts(desk: Desk, name: str = "Leo") -> list[str | None]:
    """What was said in the conversation, oldest first."""
    return [message.text for message in reversed((await talk(desk, name)).recent)]


async def alerts(desk: Desk) -> list[str]:
    """The kinds of the open alerts."""
    return [alert.kind.value for alert in (await desk.engine.alerts.page(desk.admin, limit=50)).alerts]


__all__ = ["NOON", "alerts", "answer", "hello", "sent_as", "suffered", "talk", "texts"]
