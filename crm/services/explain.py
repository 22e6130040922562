"""`/why`: reads what the rules look at and hands it to them. Nothing is changed, and nothing is kept for it in advance."""

from datetime import datetime

from crm.clock import Clock
from crm.errors import NotFound
from crm.model.accounts import Account
from crm.model.agents import Agent
from crm.model.answers import Walk
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.explanations import Explanation
from crm.plans import Plans
from crm.policy import explaining, permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

MOST_CONVERSATIONS = 10
RECENT = 20


class ExplainService:
    """`by` None is the operator at the command line. Raises NotFound for what does not exist or is not this agent's to see."""

    def __init__(self, store: Store, clock: Clock, plans: Plans, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._zone = zone

    async def contact(self, by: Agent | None, contact_id: int) -> list[Explanation]:
        """Why things stand as they do with somebody, number by number, the latest first."""
        _require(by)
        now = self._clock.now()
        async with self._store.read() as uow:
            contact_id = await uow.merges.now(contact_id)
            if by is not None:
                found = await uow.conversations.of_contact(by, contact_id)
            else:
                found = await uow.conversations.between([contact_id])
            if not found:
                raise NotFound("contact-not-found")
            return [await self._explained(uow, each, now) for each in found[:MOST_CONVERSATIONS]]

    async def conversation(self, by: Agent | None, conversation_id: int) -> list[Explanation]:
        """The same for one conversation."""
        _require(by)
        async with self._store.read() as uow:
            found = await _visible(uow, by, conversation_id)
            if found is None:
                raise NotFound("conversation-not-found")
            return [await self._explained(uow, found, self._clock.now())]

    async def card(self, by: Agent | None, pending_id: int) -> list[Explanation]:
        """The same for the conversation that a card is about."""
        _require(by)
        async with self._store.read() as uow:
            card = await uow.pending.get(pending_id)
            found = await _visible(uow, by, card.conversation_id) if card is not None else None
            if found is None:
                raise NotFound("pending-not-found")
            return [await self._explained(uow, found, self._clock.now())]

    async def message(self, by: Agent | None, message_id: int) -> list[Explanation]:
        """Why a message left or did not, and how far it got."""
        _require(by)
        now = self._clock.now()
        async with self._store.read() as uow:
            message = (await uow.messages.load([message_id])).get(message_id)
            talk = await _visible(uow, by, message.conversation_id) if message is not None else None
            if message is None or talk is None:
                raise NotFound("message-not-found")
            contact, account = await _people(uow, talk)
            item = (await uow.outbox.load([message_id])).get(message_id)
            cards = await uow.pending.open_of([talk.id])
            agent = await uow.agents.get(message.agent_id) if message.agent_id is not None else None
            sent = explaining.Sent(
                message=message,
                item=item,
                card=next((card for card in cards if card.outbox_id == message_id), None),
                agent=agent.name if agent is not None else None,
                sequence=await self._sequence(uow, message.enrollment_id),
            )
        return [Explanation(now, contact, account, talk.id, tuple(explaining.of_message(sent, now)), message_id)]

    async def _explained(self, uow: UnitOfWork, talk: Conversation, now: datetime) -> Explanation:
        contact, account = await _people(uow, talk)
        book = await self._plans.all(uow, now)
        walks = await uow.enrollments.of_conversation(talk.id, explaining.MOST)
        known = explaining.Known(
            contact=contact,
            conversation=talk,
            account=account,
            issue=next(iter(await uow.blocks.open_of([talk.id])), None),
            walks=tuple(Walk(walk, plan) for walk in walks if (plan := book.of(walk)) is not None),
            unsettled=tuple(await uow.outbox.unsettled_of([talk.id])),
            cards=tuple(await uow.pending.open_of([talk.id])),
            recent=tuple(await uow.messages.recent(talk.id, RECENT)),
            zone=self._zone,
        )
        return Explanation(now, contact, account, talk.id, tuple(explaining.of_conversation(known, now)))

    async def _sequence(self, uow: UnitOfWork, enrollment_id: int | None) -> str | None:
        walks = await uow.enrollments.load([enrollment_id]) if enrollment_id is not None else {}
        plan = await uow.sequences.get(next(iter(walks.values())).sequence_id) if walks else None
        return plan.name if plan is not None else None


def _require(by: Agent | None) -> None:
    if by is not None:
        permissions.require(by, Capability.READ)


async def _visible(uow: UnitOfWork, by: Agent | None, conversation_id: int) -> Conversation | None:
    if by is not None:
        return await uow.conversations.visible(by, conversation_id)
    return (await uow.conversations.load([conversation_id])).get(conversation_id)


async def _people(uow: UnitOfWork, talk: Conversation) -> tuple[Contact, Account]:
    contact = (await uow.contacts.load([talk.contact_id])).get(talk.contact_id)
    account = await uow.accounts.get(talk.account_id)
    if contact is None or account is None:  # an erased person is nobody
        raise NotFound("conversation-not-found")
    return contact, account
