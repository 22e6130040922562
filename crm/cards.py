"""What every way out of a card needs: its facts, whether it still is as the agent saw it, the message written down, the card closed.

Two use cases end cards, as they are or by a template; each works with these inside its own transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from crm import decisions, effects
from crm.decisions import What, decided
from crm.errors import Conflict, NotFound, Refused
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.answers import Queued
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.messages import Draft
from crm.model.outbox import Origin
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.templates import Template
from crm.policy import sending, windows
from crm.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a message would go, and the card that holds it, if one does."""

    card: PendingManual | None
    contact: Contact
    conversation: Conversation
    account: Account


async def of_conversation(uow: UnitOfWork, by: Agent, conversation_id: int) -> Facts:
    """Raises NotFound for what is not this agent's to see."""
    conversation = await uow.conversations.visible(by, conversation_id)
    if conversation is None:
        raise NotFound("conversation-not-found")
    contact = (await uow.contacts.load([conversation.contact_id]))[conversation.contact_id]
    account = await uow.accounts.get(conversation.account_id)
    if account is None:
        raise NotFound("conversation-not-found")
    return Facts(None, contact, conversation, account)


async def of_card(uow: UnitOfWork, by: Agent, pending_id: int) -> tuple[PendingManual, Facts]:
    card = await uow.pending.get(pending_id)
    conversation = await uow.conversations.visible(by, card.conversation_id) if card else None
    if card is None or conversation is None:
        raise NotFound("pending-not-found")
    contact = (await uow.contacts.load([card.contact_id]))[card.contact_id]
    account = await uow.accounts.get(card.account_id)
    if account is None:
        raise NotFound("pending-not-found")
    return card, Facts(card, contact, conversation, account)


async def of_open_card(uow: UnitOfWork, by: Agent, pending_id: int, version: int) -> tuple[PendingManual, Facts]:
    """A card that is still open in the version that the agent saw."""
    card, facts = await of_card(uow, by, pending_id)
    if card.state is not PendingState.OPEN:
        winner = await uow.agents.get(card.resolved_by) if card.resolved_by is not None else None
        raise Conflict("already-resolved", by=winner.name if winner else "")
    if card.version != version:
        raise Conflict("stale")
    return card, facts


async def post(
    uow: UnitOfWork, by: Agent, facts: Facts, draft: Draft, dedupe: str, now: datetime, template: Template | None = None
) -> Queued:
    """Write the message down to leave, and close its card. Refused when it may not leave."""
    card, account = facts.card, facts.account
    if account.state is not AccountState.ACTIVE:
        raise Refused("account-held" if account.state is AccountState.HELD else "account-paused", account=account.name)
    permit = sending.SendFacts(
        facts.contact,
        facts.conversation,
        account,
        Origin.APPROVAL,
        draft.template,
        marketing=template is not None and template.is_marketing(now),
        utility=template is not None and template.is_utility(now),
    )
    decision = sending.decide(permit, now)
    if not isinstance(decision, sending.Send):
        refusal = _refusal(decision, account)
        decided(What.SEND_REFUSED, refusal.code, pending_id=card.id if card else None, contact_id=facts.contact.id)
        raise refusal
    items, messages = effects.posted_in_parts(
        uow,
        effects.Outgoing(
            account_id=account.id,
            contact_id=facts.contact.id,
            conversation_id=facts.conversation.id,
            origin=Origin.APPROVAL,
            draft=draft,
            basis=decision.basis,
            enrollment_id=card.enrollment_id if card else None,
            step=card.step if card else None,
            pending_id=card.id if card else None,
            agent_id=by.id,
            dedupe=dedupe,
        ),
        now,
    )
    await uow.messages.save(new=messages)
    await uow.outbox.save(new=items)
    if card is not None:
        await resolve(uow, by, card, PendingState.RELEASED, "pending.released", now)
    return Queued(items[0].id, windows.open_window(facts.conversation, account.assumptions, now))


def _refusal(decision: sending.Hold | sending.Wait | sending.Refuse, account: Account) -> Refused:
    """What the one who wanted it to leave now is told."""
    if isinstance(decision, sending.Hold) and decision.reason is PendingReason.TEMPLATE_BARRED:
        return templates_barred(account)
    code = "window-closed" if isinstance(decision, sending.Hold) else decision.code
    return Refused(code)


def templates_barred(account: Account) -> Refused:
    """The refusal while Meta takes no such templates from the number."""
    return Refused("templates-barred", account=account.name)


async def resolve(
    uow: UnitOfWork, by: Agent, card: PendingManual, state: PendingState, action: str, now: datetime
) -> PendingManual:
    """Close a card for everybody."""
    closed = card.closed(state, now, by.id)
    await uow.pending.save(changed=[closed])
    decisions.card(card, closed)
    await uow.notices.add(effects.redraw(uow, [card.id], now))
    entry = AuditEntry(
        now,
        f"agent:{by.id}",
        action,
        f"pending:{card.id}",
        {"state": card.state.value},
        {"state": state.value},
        "possible double send accepted" if card.reason is PendingReason.UNKNOWN_OUTCOME else None,
    )
    await uow.audit.add([entry])
    return closed
