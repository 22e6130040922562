"""Finding a contact, and the card with all that an agent needs to know before writing."""

from crm.clock import Clock
from crm.errors import NotFound
from crm.model.agents import Agent
from crm.model.answers import ContactCard, ConversationCard, Walk
from crm.model.contacts import Contact
from crm.model.ids import from_short
from crm.plans import Plans
from crm.policy import identities, permissions, windows
from crm.policy.permissions import Capability
from crm.ports import Store

SHOWN_MESSAGES = 6
SHOWN_NOTES = 3


class ContactService:
    def __init__(self, store: Store, clock: Clock, plans: Plans) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans

    async def find(self, by: Agent, text: str, limit: int = 8) -> list[Contact]:
        """By name, by part of the phone number, or by the short code that screens show."""
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            found = await uow.contacts.search(by, text.strip()[:100], limit)
            number = from_short(text.strip().lower())
            if number is not None and number not in {c.id for c in found} and number < 2**63:
                exact = (await uow.contacts.load([number])).get(number)
                if exact is not None and await uow.conversations.of_contact(by, exact.id):
                    found = [exact, *found][:limit]
        return found

    async def card(self, by: Agent, contact_id: int) -> ContactCard:
        permissions.require(by, Capability.READ)
        now = self._clock.now()
        async with self._store.read() as uow:
            contact_id = await uow.merges.now(contact_id)
            contact = (await uow.contacts.load([contact_id])).get(contact_id)
            conversations = await uow.conversations.of_contact(by, contact_id) if contact else []
            if contact is None or not conversations:
                raise NotFound("contact-not-found")
            plans = await self._plans.all(uow, now)
            accounts = {account.id: account for account in await uow.accounts.all()}
            cards: list[ConversationCard] = []
            for each in conversations[:10]:
                account = accounts.get(each.account_id)
                if account is None:
                    continue
                walks = await uow.enrollments.of_conversation(each.id, 5)
                cards.append(
                    ConversationCard(
                        conversation=each,
                        account=account,
                        window=windows.open_window(each, account.assumptions, now),
                        agent=await uow.agents.get(each.agent_id) if each.agent_id is not None else None,
                        walks=tuple(Walk(w, plan) for w in walks if (plan := plans.of(w)) is not None),
                        recent=tuple(await uow.messages.recent(each.id, SHOWN_MESSAGES)),
                        pending=len(await uow.pending.open_of([each.id])),
                        issue=next(iter(await uow.blocks.open_of([each.id])), None),
                    )
                )
            names = [row for row in await uow.contacts.identities([contact_id]) if row.contact_id == contact_id]
            alike = await uow.contacts.alike(by, contact_id)
            merges = await uow.merges.of(contact_id, 1)
            noted = await uow.notes.of(contact_id, SHOWN_NOTES)
            team = {agent.id: agent for agent in await uow.agents.all()} if any(n.agent_id for n in noted) else {}
        last = next((each for each in merges if each.undone_at is None and each.kept.id == contact_id), None)
        notes = tuple((note, team.get(note.agent_id) if note.agent_id is not None else None) for note in noted)
        return ContactCard(contact, tuple(cards), tuple(identities.in_order(names)), tuple(alike), last, notes)
