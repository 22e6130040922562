"""The manual queue: messages that may not leave by rule, and the agents' choices about them.

Every change carries the version the agent saw. Of two agents who press at once one wins; the other is told who was first.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote as url_quote

from crm import cards
from crm.clock import Clock
from crm.errors import Refused
from crm.model.accounts import barred
from crm.model.agents import Agent
from crm.model.answers import PendingCard, PendingPage, Queued
from crm.model.contacts import Contact
from crm.model.costs import Category, Quote
from crm.model.media import Media, MediaState
from crm.model.messages import Direction, Draft, saying
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.records import replace
from crm.model.templates import Template
from crm.policy import permissions, pricing, templates, windows
from crm.policy.permissions import Capability
from crm.policy.pricing import RateCards
from crm.ports import Store, UnitOfWork


class PendingService:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        rates: RateCards,
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
            card, facts = await cards.of_card(uow, by, pending_id)
            walk = (await uow.enrollments.load([card.enrollment_id])) if card.enrollment_id is not None else {}
            plan = await uow.sequences.get(next(iter(walk.values())).sequence_id) if walk else None
            recent = await uow.messages.recent(facts.conversation.id, 20)
            resolver = await uow.agents.get(card.resolved_by) if card.resolved_by is not None else None
            files = await uow.media.load([card.media_id]) if card.media_id is not None else {}
            template = await _template(uow, card, facts)
            works = _template_works(template, card, facts, next(iter(files.values()), None), now)
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
            template_quote=self._template_quote(template, card, facts, now),
        )

    def _template_quote(
        self, template: Template | None, card: PendingManual, facts: cards.Facts, now: datetime
    ) -> Quote | None:
        if template is None or card.reason is not PendingReason.TEMPLATE_PRICE:
            return None
        return pricing.quote(self._rates, facts.contact, facts.conversation, template.priced_as(now), now)

    async def release(self, by: Agent, pending_id: int, version: int) -> Queued:
        """Send the text as it is. Refused while the window is closed."""
        permissions.require(by, Capability.RESOLVE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            card, facts = await cards.of_open_card(uow, by, pending_id, version)
            media = await _file(uow, card)
            queued = await cards.post(uow, by, facts, _draft(card, media), f"p{card.id}:{card.version}", now)
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

    async def _close(self, by: Agent, pending_id: int, version: int, state: PendingState, action: str) -> PendingManual:
        permissions.require(by, Capability.RESOLVE)
        now = self._clock.now()
        async with self._store.begin() as uow:
            card, _ = await cards.of_open_card(uow, by, pending_id, version)
            closed = await cards.resolve(uow, by, card, state, action, now)
        self._on_change()
        return closed


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


async def _template(uow: UnitOfWork, card: PendingManual, facts: cards.Facts) -> Template | None:
    """The template for which a card is held, as it is now."""
    if card.template is None or card.reason not in templates.BY_TEMPLATE:
        return None
    key = (facts.account.waba_id, card.template.name, card.template.language)
    return (await uow.templates.named({key})).get(key)


def _template_works(
    template: Template | None, card: PendingManual, facts: cards.Facts, file: Media | None, now: datetime
) -> bool:
    """Could a card that is held because of its template leave by it now?"""
    if card.template is None or card.reason not in templates.HELD:
        return False
    kind = file.kind if file is not None else None
    if barred(facts.account, now, utility=template is None or template.is_utility(now)) is not None:
        return False
    return templates.obstacle(template, card.template, kind, facts.contact, now) is None


def _link(contact: Contact, text: str) -> str | None:
    return f"https://wa.me/{contact.wa_id}?text={url_quote(text)}" if contact.wa_id else None
