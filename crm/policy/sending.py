"""May this message leave now, and on which basis? The one question in front of every send, asked when it is written down and
again when it is about to leave, because in between a window closes, a customer opts out or a block is confirmed."""

from dataclasses import dataclass
from datetime import datetime

from crm.model.accounts import Account, AccountState, barred
from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.messages import TemplateRef
from crm.model.outbox import Origin
from crm.model.pending import PendingReason
from crm.model.windows import Basis
from crm.policy import marketing, windows

FAREWELL = "farewell:"
"""How the `dedupe` of the answer to an opt-out begins, the one message that may follow it."""


@dataclass(frozen=True, slots=True)
class SendFacts:
    """What is known about where a message would go. `marketing` and `utility` tell whether the template is of that category, `farewell`
    whether the message is the answer to an opt-out."""

    contact: Contact
    conversation: Conversation
    account: Account
    origin: Origin
    template: TemplateRef | None = None
    marketing: bool = False
    utility: bool = False
    sequence_started_at: datetime | None = None
    farewell: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    basis: Basis


@dataclass(frozen=True, slots=True)
class Hold:
    """Not by itself: a person must choose (pending manual)."""

    reason: PendingReason


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before `until`. `code` is the key of its text."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not at all. `code` is the key of its text."""

    code: str


def decide(facts: SendFacts, now: datetime) -> Send | Hold | Wait | Refuse:
    """May this message leave now?"""
    if facts.account.state is AccountState.REMOVED:
        return Refuse("account-removed")
    if facts.conversation.block_state is BlockState.CONFIRMED:
        return Refuse("blocked")
    window = windows.open_window(
        facts.conversation, facts.account.assumptions, now, sequence_started_at=facts.sequence_started_at
    )
    if facts.contact.opted_out and not facts.farewell and not _answers_a_later_message(facts, now):
        return Refuse("opted-out")
    if facts.template is not None:
        if barred(facts.account, now, utility=facts.utility) is not None:
            return Hold(PendingReason.TEMPLATE_BARRED)
        return _marketing(facts.contact, now) if facts.marketing else Send(Basis.TEMPLATE)
    return Send(window.basis) if window else Hold(PendingReason.WINDOW_CLOSED)


def _marketing(contact: Contact, now: datetime) -> Send | Wait | Refuse:
    """Marketing needs more than approval: the person's will, a country where Meta delivers it, and the end of Meta's patience."""
    if contact.marketing_opted_out:
        return Refuse("marketing-stopped")
    if marketing.never(contact):
        return Refuse("marketing-us")
    until = marketing.not_before(contact)
    return Wait("marketing-capped", until) if until is not None and now < until else Send(Basis.TEMPLATE)


def _answers_a_later_message(facts: SendFacts, now: datetime) -> bool:
    """Somebody who opted out and then wrote again may be answered by a person, inside the window, never by a sequence."""
    inbound, consent = facts.conversation.last_inbound_at, facts.contact.consent_at
    wrote_since = inbound is not None and consent is not None and inbound > consent
    return (
        wrote_since
        and facts.origin is not Origin.SEQUENCE
        and facts.template is None
        and (windows.open_window(facts.conversation, frozenset(), now) is not None)
    )
