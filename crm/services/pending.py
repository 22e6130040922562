"""The manual queue: messages that may not leave by rule, and the agents' choices about them.

Every change carries the version the agent saw. Of two agents who press at once one wins; the other is told who was first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from urllib.parse import quote as url_quote

from crm import decisions, effects
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import Conflict, NotFound, Refused
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.answers import PendingCard, PendingPage, Queued, TemplateChoice
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.costs import Category
from crm.model.media import Media, MediaState
from crm.model.messages import Direction, Draft, TemplateRef, saying
from crm.model.outbox import Origin
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.records import replace
from crm.model.templates import Template
from crm.policy import filling, permissions, pricing, sending, templates, windows
from crm.policy.permissions import Capability
from crm.policy.pricing import RateCard
from crm.ports import Store, UnitOfWork

CONFIRM_WITHIN = timedelta(seconds=90)
MOVED = Decimal("0.01")
"""A price that moved by more than this share since it was shown is asked about again (telegram.md 2.0.5)."""


@dataclass(frozen=True, slots=True)
class _Facts:
    card: PendingManual
    contact: Contact
    conversation: Conversation
    account: Account


class PendingService:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        rates: RateCard,
        on_answer: Callable[[Agent, int], None] = lambda by, conversation_id: None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rates = rates
        self._on_answer, self._on_change = on_answer, on_change

    async def page(self, by: Agent, after: tuple[int, datetime, int] | None = None, limit: int = 8) -> PendingPage:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            lines = await uow.pending.page(by, after, limit + 1)
            total = await uow.pending.count_open(by)
        shown = lines[:limit]
        last = shown[-1][0] if len(lines) > limit else None
        return PendingPage(tuple(shown), total, (last.priority, last.added_at, last.id) if last else None)

    async def card(self, by: Agent, pending_id: int) -> PendingCard:
        permissions.require(by, Capability.READ)
        now = self._clock.now()
        async with self._store.read() as uow:
            facts = await _facts(uow, by, pending_id)
            card = facts.card
            walk = (await uow.enrollments.load([card.enrollment_id])) if card.enrollment_id is not None else {}
            plan = await uow.sequences.get(next(iter(walk.values())).sequence_id) if walk else None
            recent = await uow.messages.recent(facts.conversation.id, 20)
            resolver = await uow.agents.get(card.resolved_by) if card.resolved_by is not None else None
            files = await uow.media.load([card.media_id]) if card.media_id is not None else {}
            works = await _template_works(uow, facts, next(iter(files.values()), None), now)
        window = windows.open_window(facts.conversation, facts.account.assumptions, now)
        service = (
            pricing.quote(self._rates, facts.contact, facts.conversation, Category.SERVICE, now) if window else None
        )
        return PendingCard(
            pending=card,
            contact=facts.contact,
            conversation=facts.conversation,
            account=facts.account,
            window=window,
            quote=service,
            sequence=plan,
            last_inbound=next((m for m in recent if m.direction is Direction.IN), None),
            resolver=resolver,
            link=_link(facts.contact, card.text),
            file=next(iter(files.values()), None),
            template_works=works,
        )

    async def release(self, by: Agent, pending_id: int, version: int) -> Queued:
        """Send the text as it is. Refused while the window is closed."""
        permissions.require(by, Capability.RESOLVE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            facts = await self._open(uow, by, pending_id, version)
            media = await _file(uow, facts.card)
            draft = _draft(facts.card, media)
            queued = await self._post(uow, by, facts, draft, now)
            if media is not None:
                await uow.media.save(changed=[replace(media, message_id=queued.outbox_id)])
        self._on_answer(by, facts.conversation.id)
        self._on_change()
        return queued

    async def by_hand(self, by: Agent, pending_id: int, version: int) -> PendingManual:
        """The agent says that it was sent from the phone."""
        return await self._close(by, pending_id, version, PendingState.BY_HAND, "pending.by_hand")

    async def skip(self, by: Agent, pending_id: int, version: int) -> PendingManual:
        return await self._close(by, pending_id, version, PendingState.SKIPPED, "pending.skipped")

    # --- templates -----------------------------------------------------------------------------------------------------------

    async def templates(self, by: Agent, pending_id: int) -> list[TemplateChoice]:
        """Usable templates whose parameters we can fill, the step's own first, then the cheapest."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.read() as uow:
            facts = await _facts(uow, by, pending_id)
            known = await uow.templates.of(facts.account.waba_id)
        wanted = facts.card.template
        choices = [self._choice(facts, t, ref, now) for t in known if (ref := _filled(t, facts)) is not None]
        return sorted(
            choices,
            key=lambda c: (
                wanted is None or (c.template.name, c.template.language) != (wanted.name, wanted.language),
                c.quote.amount is None,
                c.quote.amount or Decimal(0),
                c.template.name,
            ),
        )

    async def prepare_template(
        self, by: Agent, pending_id: int, version: int, template_id: int
    ) -> tuple[str, TemplateChoice]:
        """Quote one template and return the token that confirms it: one use, this agent, 90 seconds."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            facts = await self._open(uow, by, pending_id, version)
            choice = await self._usable(uow, facts, template_id, now)
            token = token_hex(5)
            act = {
                "pending_id": pending_id,
                "version": version,
                "template_id": template_id,
                "amount": str(choice.quote.amount) if choice.quote.amount is not None else None,
            }
            await uow.desk.add_confirmation(token, by.id, act, now + CONFIRM_WITHIN)
        return token, choice

    async def confirm_template(self, by: Agent, token: str) -> Queued:
        """Send what was prepared, at the price that was shown."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            act = await uow.desk.use_confirmation(token, by.id, now)
        if act is None:
            raise Refused("confirmation-expired")
        async with self._store.begin() as uow:
            facts = await self._open(uow, by, int(act["pending_id"]), int(act["version"]))
            choice = await self._usable(uow, facts, int(act["template_id"]), now)
            if _moved(act["amount"], choice.quote.amount):
                raise Refused("price-moved", amount=choice.quote.amount, currency=choice.quote.currency)
            ref = _filled(choice.template, facts)
            marketing = choice.template.is_marketing(now)
            queued = await self._post(uow, by, facts, Draft(choice.text, ref), now, marketing=marketing)
        self._on_answer(by, facts.conversation.id)
        self._on_change()
        return queued

    async def _usable(self, uow: UnitOfWork, facts: _Facts, template_id: int, now: datetime) -> TemplateChoice:
        template = await uow.templates.get(template_id)
        if template is None or template.waba_id != facts.account.waba_id:
            raise NotFound("template-not-found")
        ref = _filled(template, facts)
        if ref is None:
            raise Refused("template-not-usable", template=template.name)
        return self._choice(facts, template, ref, now)

    def _choice(self, facts: _Facts, template: Template, ref: TemplateRef, now: datetime) -> TemplateChoice:
        text = filling.preview(template.components, ref).text if template.components else ""
        price = pricing.quote(self._rates, facts.contact, facts.conversation, template.priced_as(now), now)
        return TemplateChoice(template, text, price)

    # --- shared --------------------------------------------------------------------------------------------------------------

    async def _open(self, uow: UnitOfWork, by: Agent, pending_id: int, version: int) -> _Facts:
        """The facts of a card that is still open in the version that the agent saw."""
        facts = await _facts(uow, by, pending_id)
        card = facts.card
        if card.state is not PendingState.OPEN:
            winner = await uow.agents.get(card.resolved_by) if card.resolved_by is not None else None
            raise Conflict("already-resolved", by=winner.name if winner else "")
        if card.version != version:
            raise Conflict("stale")
        return facts

    async def _post(
        self, uow: UnitOfWork, by: Agent, facts: _Facts, draft: Draft, now: datetime, *, marketing: bool = False
    ) -> Queued:
        card, account = facts.card, facts.account
        if account.state is not AccountState.ACTIVE:
            raise Refused(
                "account-held" if account.state is AccountState.HELD else "account-paused", account=account.name
            )
        permit = sending.SendFacts(
            facts.contact, facts.conversation, account, Origin.APPROVAL, draft.template, marketing=marketing
        )
        decision = sending.decide(permit, now)
        if not isinstance(decision, sending.Send):
            code = "window-closed" if isinstance(decision, sending.Hold) else decision.code
            decided(What.SEND_REFUSED, code, pending_id=card.id, contact_id=card.contact_id)
            raise Refused(code)
        items, messages = effects.posted_in_parts(
            uow,
            effects.Outgoing(
                account_id=account.id,
                contact_id=facts.contact.id,
                conversation_id=facts.conversation.id,
                origin=Origin.APPROVAL,
                draft=draft,
                basis=decision.basis,
                enrollment_id=card.enrollment_id,
                step=card.step,
                pending_id=card.id,
                agent_id=by.id,
                dedupe=f"p{card.id}:{card.version}",
            ),
            now,
        )
        await uow.messages.save(new=messages)
        await uow.outbox.save(new=items)
        await self._resolve(uow, by, card, PendingState.RELEASED, "pending.released", now)
        window = windows.open_window(facts.conversation, account.assumptions, now)
        return Queued(items[0].id, window)

    async def _close(self, by: Agent, pending_id: int, version: int, state: PendingState, action: str) -> PendingManual:
        permissions.require(by, Capability.RESOLVE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            facts = await self._open(uow, by, pending_id, version)
            closed = await self._resolve(uow, by, facts.card, state, action, now)
        self._on_change()
        return closed

    async def _resolve(
        self, uow: UnitOfWork, by: Agent, card: PendingManual, state: PendingState, action: str, now: datetime
    ) -> PendingManual:
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


async def _facts(uow: UnitOfWork, by: Agent, pending_id: int) -> _Facts:
    card = await uow.pending.get(pending_id)
    conversation = await uow.conversations.visible(by, card.conversation_id) if card else None
    if card is None or conversation is None:
        raise NotFound("pending-not-found")
    contact = (await uow.contacts.load([card.contact_id]))[card.contact_id]
    account = await uow.accounts.get(card.account_id)
    if account is None:
        raise NotFound("pending-not-found")
    return _Facts(card, contact, conversation, account)


def _draft(card: PendingManual, media: Media | None) -> Draft:
    """What the card holds, as it was meant: quoting what it quoted."""
    if card.content is not None:
        return saying(card.content, card.reply_to_wamid)
    if media is None:
        return Draft(card.text, reply_to_wamid=card.reply_to_wamid)
    return Draft(card.text, reply_to_wamid=card.reply_to_wamid, media_id=media.id, kind=media.kind.message_kind)


async def _file(uow: UnitOfWork, card: PendingManual) -> Media | None:
    """The file of a card that has one. Refused when it was not kept so long."""
    if card.media_id is None:
        return None
    media = (await uow.media.load([card.media_id])).get(card.media_id)
    if media is None or media.state is not MediaState.STORED:
        raise Refused("file-gone")
    return media


async def _template_works(uow: UnitOfWork, facts: _Facts, file: Media | None, now: datetime) -> bool:
    """Could a card that is held because of its template leave by it now?"""
    card = facts.card
    if card.template is None or card.reason not in templates.HELD:
        return False
    key = (facts.account.waba_id, card.template.name, card.template.language)
    template = (await uow.templates.named({key})).get(key)
    kind = file.kind if file is not None else None
    return templates.obstacle(template, card.template, kind, facts.contact, now) is None


def _filled(template: Template, facts: _Facts) -> TemplateRef | None:
    """The template with the values that are known beforehand; None when it cannot be sent with them."""
    if not template.usable or template.components is None:
        return None
    first = (facts.contact.name or "").split()
    wanted = facts.card.template
    ref = filling.reference(template, filling.proposed(template, first[0] if first else None, wanted), wanted)
    return ref if filling.mismatch(template.components, ref, None) is None else None


def _moved(shown: object, amount: Decimal | None) -> bool:
    if shown is None or amount is None:
        return (shown is None) != (amount is None)
    before = Decimal(str(shown))
    return abs(amount - before) > before * MOVED


def _link(contact: Contact, text: str) -> str | None:
    return f"https://wa.me/{contact.wa_id}?text={url_quote(text)}" if contact.wa_id else None
