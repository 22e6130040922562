"""Sending a template on purpose: what fits this person, filled in, looked at with its price, and confirmed once.

It is the one paid way outside the window. So nothing leaves that was not shown exactly as it leaves, at the price that was shown; when the
template, its category or the price has changed meanwhile, it is asked about again (telegram.md 2.0.5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex

from crm import cards
from crm.clock import Clock
from crm.errors import NotFound, Refused
from crm.model.accounts import barred
from crm.model.agents import Agent
from crm.model.answers import Queued, TemplateChoice, TemplateChoices, TemplateFilling, TemplateLook
from crm.model.audit import AuditEntry
from crm.model.contacts import Contact
from crm.model.costs import Quote, agreed_data, agreed_of
from crm.model.media import KeptFile, MediaState, enclosed, kept_data, kept_of
from crm.model.messages import Draft, TemplateRef
from crm.model.pending import PendingManual
from crm.model.records import replace
from crm.model.templates import Components, Template
from crm.policy import filling, permissions, pricing, templates
from crm.policy.filling import SlotKind, Unfit
from crm.policy.permissions import Capability
from crm.policy.pricing import RateCards
from crm.ports import Store, UnitOfWork

CONFIRM_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom it goes to: a conversation, or whom a waiting card is for; the card in the version that the agent saw."""

    conversation_id: int | None = None
    pending_id: int | None = None
    version: int | None = None


class TemplateSendService:
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
        self._on_answer = on_answer
        self._on_change = on_change

    async def choices(self, by: Agent, target: Target) -> TemplateChoices:
        """What could be sent: the step's own first, then the person's language, then what is ready, then the cheapest."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.read() as uow:
            facts = await _facts(uow, by, target)
            known = [each for each in await uow.templates.of(facts.account.waba_id) if not each.deleted]
        if barred(facts.account, now, utility=False) is not None:
            raise cards.templates_barred(facts.account)
        found = [
            self._choice(each, each.components, facts, now)
            for each in known
            if each.usable and each.components and barred(facts.account, now, utility=each.is_utility(now)) is None
        ]
        wanted = facts.card.template if facts.card else None
        spoken = _language(facts.contact)

        def order(choice: TemplateChoice) -> tuple[bool, bool, bool, bool, Decimal, str]:
            template, amount = choice.template, choice.quote.amount
            own = wanted is not None and (template.name, template.language) == (wanted.name, wanted.language)
            theirs = spoken is None or template.language.partition("_")[0] == spoken
            return not own, not theirs, not choice.ready, amount is None, amount or Decimal(0), template.name

        unusable = len(known) - len(found)
        return TemplateChoices(facts.contact, facts.account, tuple(sorted(found, key=order)), unusable, facts.card)

    async def begin(self, by: Agent, target: Target, template_id: int) -> TemplateFilling:
        """The template with the values that are known beforehand."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.read() as uow:
            facts = await _facts(uow, by, target)
            template, components = await _usable(uow, facts, template_id, now)
            file = await _own_file(uow, facts.card, template)
        values = filling.proposed(template, _first_name(facts.contact), facts.card.template if facts.card else None)
        return TemplateFilling(template, components, facts.contact, facts.account, values, file)

    async def prepare(
        self, by: Agent, target: Target, template_id: int, values: Mapping[str, str], file: KeptFile | None = None
    ) -> TemplateLook:
        """Quote the filled template and return what confirms it. Refused naming the value that does not fit."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            facts = await _facts(uow, by, target, still_open=True)
            template, components = await _usable(uow, facts, template_id, now)
            ref = _fitting(template, components, values, file, facts.card)
            quote = self._quote(template, facts, now)
            token = token_hex(5)
            act = {
                "conversation_id": target.conversation_id,
                "pending_id": target.pending_id,
                "version": target.version,
                "template_id": template_id,
                "values": dict(values),
                "file": None if file is None else kept_data(file),
                "agreed": agreed_data(pricing.agreed(quote)),
            }
            await uow.desk.add_confirmation(token, by.id, act, now + CONFIRM_WITHIN)
        preview = filling.preview(components, ref)
        return TemplateLook(template, facts.contact, facts.account, preview, quote, token)

    async def confirm(self, by: Agent, token: str) -> tuple[Queued, Target]:
        """Send what was prepared, at the price that was shown."""
        permissions.require(by, Capability.PAY)
        now = self._clock.now()
        async with self._store.begin() as uow:
            act = await uow.desk.use_confirmation(token, by.id, now)
        if act is None or "template_id" not in act:
            raise Refused("confirmation-expired")
        target = Target(act["conversation_id"], act["pending_id"], act["version"])
        async with self._store.begin() as uow:
            facts = await _facts(uow, by, target, still_open=True)
            template, components = await _usable(uow, facts, int(act["template_id"]), now)
            quote = self._quote(template, facts, now)
            agreed = agreed_of(act["agreed"])
            if pricing.moved(agreed, quote):
                raise Refused("price-moved", amount=quote.amount, currency=quote.currency)
            file = None if act["file"] is None else kept_of(act["file"])
            ref = replace(_fitting(template, components, act["values"], file, facts.card), agreed=agreed)
            queued = await self._post(uow, by, facts, template, ref, file, token, now)
        self._on_answer(by, facts.conversation.id)
        self._on_change()
        return queued, target

    async def _post(
        self,
        uow: UnitOfWork,
        by: Agent,
        facts: cards.Facts,
        template: Template,
        ref: TemplateRef,
        file: KeptFile | None,
        token: str,
        now: datetime,
    ) -> Queued:
        media = enclosed(uow.ids.next(), facts.account.id, file, now) if file is not None else None
        text = filling.preview(template.components, ref).text if template.components is not None else ""
        draft = Draft(text, ref, media_id=media.id if media is not None else None)
        card = facts.card
        dedupe = f"p{card.id}:{card.version}" if card is not None else f"t{token}"
        queued = await cards.post(uow, by, facts, draft, dedupe, now, template)
        if media is not None:
            await uow.media.save(new=[replace(media, message_id=queued.outbox_id)])
        if card is None:
            what = {"template": template.name, "language": template.language}
            subject = f"conversation:{facts.conversation.id}"
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "conversation.template", subject, None, what)])
        return queued

    def _choice(self, template: Template, components: Components, facts: cards.Facts, now: datetime) -> TemplateChoice:
        wanted = facts.card.template if facts.card else None
        values = filling.proposed(template, _first_name(facts.contact), wanted)
        ref = filling.reference(template, values, wanted)
        ready = filling.mismatch(components, ref, None) is None
        return TemplateChoice(template, filling.preview(components, ref).text, self._quote(template, facts, now), ready)

    def _quote(self, template: Template, facts: cards.Facts, now: datetime) -> Quote:
        return pricing.quote(self._rates, facts.contact, facts.conversation, template.priced_as(now), now)


async def _facts(uow: UnitOfWork, by: Agent, target: Target, *, still_open: bool = False) -> cards.Facts:
    if target.pending_id is not None and still_open:
        return (await cards.of_open_card(uow, by, target.pending_id, target.version or 0))[1]
    if target.pending_id is not None:
        return (await cards.of_card(uow, by, target.pending_id))[1]
    return await cards.of_conversation(uow, by, target.conversation_id or 0)


async def _usable(uow: UnitOfWork, facts: cards.Facts, template_id: int, now: datetime) -> tuple[Template, Components]:
    template = await uow.templates.get(template_id)
    if template is None or template.waba_id != facts.account.waba_id or template.deleted:
        raise NotFound("template-not-found")
    if not template.usable or template.components is None:
        raise Refused("template-not-usable", template=template.name)
    if barred(facts.account, now, utility=template.is_utility(now)) is not None:
        raise cards.templates_barred(facts.account)
    return template, template.components


async def _own_file(uow: UnitOfWork, card: PendingManual | None, template: Template) -> KeptFile | None:
    """The file of a card that was held because of this very template: it was meant for its header."""
    wanted = card.template if card is not None else None
    if card is None or card.media_id is None or wanted is None or card.reason not in templates.BY_TEMPLATE:
        return None
    if (wanted.name, wanted.language) != (template.name, template.language):
        return None
    media = (await uow.media.load([card.media_id])).get(card.media_id)
    if media is None or media.state is not MediaState.STORED or media.key is None:
        return None
    return KeptFile(media.kind, media.key, media.mime_type, media.name, media.size or 0)


def _fitting(
    template: Template,
    components: Components,
    values: Mapping[str, str],
    file: KeptFile | None,
    card: PendingManual | None,
) -> TemplateRef:
    """The template with these values as they will be sent."""
    sent: dict[str, str] = {}
    for slot in filling.slots(components):
        if slot.kind is SlotKind.FILE:
            if file is None or file.kind is not slot.media:
                raise Refused("template-file-missing", name=slot.name)
            continue
        try:
            sent[slot.key] = filling.checked(slot, values.get(slot.key, ""))
        except Unfit as wrong:
            raise Refused(wrong.code, name=wrong.slot, limit=wrong.limit) from wrong
    ref = filling.reference(template, sent, card.template if card is not None else None)
    if filling.mismatch(components, ref, file.kind if file is not None else None) is not None:
        raise Refused("template-text-too-long")
    return ref


def _first_name(contact: Contact) -> str | None:
    return next(iter((contact.name or contact.book_name or "").split()), None)


def _language(contact: Contact) -> str | None:
    return contact.language.replace("-", "_").partition("_")[0].lower() if contact.language else None
