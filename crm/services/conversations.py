"""What an agent does in a conversation: answer, and take charge of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm import addressing, effects
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import NotFound, Refused
from crm.model.accounts import Account
from crm.model.agents import REPLIED, Agent, Order, Role
from crm.model.alerts import AlertKind, Severity
from crm.model.answers import Held, Queued
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.contents import Content, Reaction
from crm.model.conversations import Conversation
from crm.model.media import KeptFile, Media, enclosed
from crm.model.messages import DeliveryStatus, Direction, Draft, saying
from crm.model.outbox import Origin, OutboxState
from crm.model.records import replace
from crm.policy import captions, permissions, sending, windows
from crm.policy.permissions import Capability
from crm.ports import Preflight, Store, UnitOfWork

MOST_PARTS = 10
"""Messages that one text may become; longer ones are refused."""
REACTABLE = timedelta(days=30)
"""Meta takes a reaction to a message of the last thirty days (reference 1.1)."""


class ConversationService:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        preflight: Preflight,
        on_answer: Callable[[Agent, int], None] = lambda by, conversation_id: None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._preflight = preflight
        self._on_answer = on_answer
        self._on_change = on_change

    async def reply(
        self,
        by: Agent,
        conversation_id: int,
        text: str,
        reply_to_message_id: int | None = None,
        order: Order | None = None,
        file: KeptFile | None = None,
    ) -> Queued | Held:
        """Answer, with a file if there is one: queued while the window is open, else kept in the manual queue. Nothing typed is ever
        lost, and the same order given again has the outcome it had, even without its file. Words too long for one message leave in
        several, in order."""
        permissions.require(by, Capability.REPLY)
        return await self._answer(by, conversation_id, _Words(text.strip(), file), reply_to_message_id, order)

    async def say(
        self,
        by: Agent,
        conversation_id: int,
        content: Content,
        reply_to_message_id: int | None = None,
        order: Order | None = None,
    ) -> Queued | Held:
        """Answer with something that is neither words nor a file; as `reply`. Refused when WhatsApp would not take it."""
        permissions.require(by, Capability.REPLY)
        return await self._answer(by, conversation_id, self._preflight(content), reply_to_message_id, order)

    def fitted(self, by: Agent, content: Content) -> Content:
        """The content as it would leave, for a look at it before. Refused when WhatsApp would not take it."""
        permissions.require(by, Capability.REPLY)
        return self._preflight(content)

    async def _answer(
        self,
        by: Agent,
        conversation_id: int,
        said: "_Words | Content",
        reply_to_message_id: int | None,
        order: Order | None,
    ) -> Queued | Held:
        now = self._clock.now()
        async with self._store.begin() as uow:
            conversation = await uow.conversations.visible(by, conversation_id)
            account = await uow.accounts.get(conversation.account_id) if conversation else None
            if conversation is None or account is None:
                raise NotFound("conversation-not-found")
            before = await _earlier(uow, order)
            if before is not None:
                held = await uow.pending.get(before) is not None
                window = windows.open_window(conversation, account.assumptions, now)
                return Held(before) if held else Queued(before, window)
            if isinstance(said, _Words):
                _fits(said.text, said.file)
            contact = (await uow.contacts.load([conversation.contact_id]))[conversation.contact_id]
            if addressing.address(contact, account, await addressing.ids_of(uow, [contact])) is None:
                raise Refused("contact-unaddressed")
            quoted = await _quoted(uow, conversation, reply_to_message_id)
            file = said.file if isinstance(said, _Words) else None
            media = enclosed(uow.ids.next(), account.id, file, now) if file is not None else None
            draft = _draft(said.text, quoted, media) if isinstance(said, _Words) else saying(said, quoted)
            outgoing = effects.Outgoing(
                account_id=account.id,
                contact_id=contact.id,
                conversation_id=conversation.id,
                origin=Origin.REPLY,
                draft=draft,
                basis=None,
                agent_id=by.id,
                dedupe=order.key if order else None,
            )
            outcome: Queued | Held
            match sending.decide(sending.SendFacts(contact, conversation, account, Origin.REPLY), now):
                case sending.Send(basis=basis):
                    items, messages = effects.posted_in_parts(uow, replace(outgoing, basis=basis), now)
                    await uow.messages.save(new=messages)
                    await uow.outbox.save(new=items)
                    became = items[0].id
                    if media is not None:
                        await uow.media.save(new=[replace(media, message_id=became)])
                    outcome = Queued(became, windows.open_window(conversation, account.assumptions, now))
                case sending.Hold(reason=reason):
                    decided(What.SEND_HELD, reason.value, contact_id=contact.id, origin=Origin.REPLY.value)
                    card = effects.waiting(uow, outgoing, reason, now)
                    await uow.pending.save(new=[card])
                    if media is not None:
                        await uow.media.save(new=[media])
                    await effects.raise_alerts(uow, [_outside_window(contact, conversation, account, by)], now)
                    outcome = Held(card.id)
                    became = card.id
                case sending.Refuse(code=code) | sending.Wait(code=code):
                    decided(What.SEND_REFUSED, code, contact_id=contact.id, origin=Origin.REPLY.value)
                    raise Refused(code)
            if order is not None:
                await uow.desk.remember(order.chat_id, order.message_id, REPLIED, became, now)
            if conversation.agent_id is None and by.role is Role.AGENT:
                await uow.conversations.save(changed=[replace(conversation, agent_id=by.id)])
            entry = AuditEntry(now, f"agent:{by.id}", "conversation.reply", f"conversation:{conversation.id}")
            await uow.audit.add([entry])
        if isinstance(outcome, Queued):
            self._on_answer(by, conversation_id)
        self._on_change()
        return outcome

    async def react(
        self, by: Agent, conversation_id: int, message_id: int, emoji: str, dedupe: str | None = None
    ) -> Queued:
        """Put an emoji on a customer's message; an empty one takes it back, another one takes its place. It is of its moment: while the
        window is closed it is refused and never kept, and one that still waits gives way. The same `dedupe` again raises Conflict."""
        permissions.require(by, Capability.REPLY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            conversation = await uow.conversations.visible(by, conversation_id)
            account = await uow.accounts.get(conversation.account_id) if conversation else None
            if conversation is None or account is None:
                raise NotFound("conversation-not-found")
            target = await _quoted(uow, conversation, message_id, since=now - REACTABLE)
            reaction = self._preflight(Reaction(target or "", emoji))
            contact = (await uow.contacts.load([conversation.contact_id]))[conversation.contact_id]
            match sending.decide(sending.SendFacts(contact, conversation, account, Origin.REPLY), now):
                case sending.Send(basis=basis):
                    outgoing = effects.Outgoing(
                        account_id=account.id,
                        contact_id=contact.id,
                        conversation_id=conversation.id,
                        origin=Origin.REPLY,
                        draft=saying(reaction),
                        basis=basis,
                        agent_id=by.id,
                        dedupe=dedupe,
                    )
                case sending.Hold():
                    raise Refused("reaction-window-closed")
                case sending.Refuse(code=code) | sending.Wait(code=code):
                    raise Refused(code)
            await _give_way(uow, conversation, target)
            item, message = effects.posted(uow, outgoing, now)
            await uow.messages.save(new=[message])
            await uow.outbox.save(new=[item])
            entry = AuditEntry(now, f"agent:{by.id}", "conversation.reaction", f"conversation:{conversation.id}")
            await uow.audit.add([entry])
        self._on_answer(by, conversation_id)
        self._on_change()
        return Queued(item.id, windows.open_window(conversation, account.assumptions, now))

    async def assign(self, by: Agent, conversation_id: int, agent_id: int | None) -> None:
        """Give the conversation to an agent, or back to all. Agents may take what is free and give back what is theirs."""
        permissions.require(by, Capability.REPLY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            conversation = await uow.conversations.visible(by, conversation_id)
            if conversation is None or (agent_id is not None and await uow.agents.get(agent_id) is None):
                raise NotFound("conversation-not-found")
            if by.role is not Role.ADMIN and agent_id not in (None, by.id):
                raise Refused("not-permitted", role=by.role.value, capability="assign")
            await uow.conversations.save(changed=[replace(conversation, agent_id=agent_id)])
            before, after = {"agent": conversation.agent_id}, {"agent": agent_id}
            subject = f"conversation:{conversation.id}"
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "conversation.assigned", subject, before, after)])


@dataclass(frozen=True, slots=True)
class _Words:
    """What was typed, and the file that came with it."""

    text: str
    file: KeptFile | None


def _fits(text: str, file: KeptFile | None) -> None:
    """Refuse what WhatsApp would not take: no words at all, too many, or words with a file that carries none."""
    limit = captions.longest(file.kind) if file is not None else captions.LONGEST_TEXT * MOST_PARTS
    if file is None and not text:
        raise Refused("text-empty")
    if file is not None and text and not limit:
        raise Refused("caption-impossible")
    if file is not None and len(text) > limit:
        raise Refused("caption-too-long", limit=limit, length=len(text))
    if len(text) > limit:
        raise Refused("text-too-long", limit=limit, length=len(text))


def _draft(text: str, reply_to_wamid: str | None, media: Media | None) -> Draft:
    if media is None:
        return Draft(text, reply_to_wamid=reply_to_wamid)
    return Draft(text, reply_to_wamid=reply_to_wamid, media_id=media.id, kind=media.kind.message_kind)


def _outside_window(contact: Contact, conversation: Conversation, account: Account, by: Agent) -> effects.Alarm:
    """The brief's alert on attempts outside the window. Whoever tried sees the card and needs no alert."""
    return effects.Alarm(
        AlertKind.OUTSIDE_WINDOW,
        Severity.INFO,
        f"outside_window:{conversation.id}:reply",
        {"contact": contact.title, "contact_id": contact.id, "account": account.name},
        account_id=account.id,
        contact_id=contact.id,
        admins_only=True,
        not_to=by.id,
        rests=True,
    )


async def _earlier(uow: UnitOfWork, order: Order | None) -> int | None:
    """What this order became when it was handled before. The conversation is held by now, so of two at once the second sees it."""
    if order is None:
        return None
    return (await uow.desk.recall(order.chat_id, order.message_id)).get(REPLIED)


async def _quoted(
    uow: UnitOfWork, conversation: Conversation, message_id: int | None, since: datetime | None = None
) -> str | None:
    """The customer's message that the answer points at, by Meta's id."""
    said = (await uow.messages.load([message_id])).get(message_id) if message_id is not None else None
    theirs = said is not None and said.direction is Direction.IN and said.conversation_id == conversation.id
    known = said is not None and (since is None or said.at >= since)
    return said.wamid if said is not None and theirs and known else None


async def _give_way(uow: UnitOfWork, conversation: Conversation, wamid: str | None) -> None:
    """Call back reactions to the same message that have not left: only the newest is meant."""
    waiting = {
        item.id: item
        for item in await uow.outbox.unsettled_of([conversation.id])
        if isinstance(item.content, Reaction) and item.content.wamid == wamid and item.state is OutboxState.QUEUED
    }
    if not waiting:
        return
    messages = await uow.messages.load(waiting.keys())
    await uow.outbox.save(changed=[replace(i, state=OutboxState.CANCELLED, error="replaced") for i in waiting.values()])
    await uow.messages.save(changed=[replace(m, status=DeliveryStatus.CANCELLED) for m in messages.values()])
