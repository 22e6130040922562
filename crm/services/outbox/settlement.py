"""The end of a send: what Meta answered, written down.

A status may have come first and settled an item already; then only the wamid is learnt.
"""

from collections.abc import Mapping
from datetime import datetime

from crm import decisions, effects, refusals, template_news
from crm.decisions import What, decided
from crm.errors import NotFound, Scope, SendFailed, SendPostponed
from crm.model.accounts import Account
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.messages import HELD_BY_META, DeliveryStatus, Message
from crm.model.outbox import Accepted, Origin, OutboxItem, OutboxState
from crm.model.pending import PendingManual, PendingState
from crm.model.records import replace
from crm.policy import delivery, limits, marks, retries, templates
from crm.ports import Parked, UnitOfWork
from crm.services.outbox.claims import again

HEARD = {
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.READ,
    DeliveryStatus.PLAYED,
    DeliveryStatus.FAILED,
}


async def accept_plainly(uow: UnitOfWork, wamids: Mapping[int, str], now: datetime) -> set[int]:
    """Settle what was accepted and of which nothing else is known yet, without reading it; return which that was.

    This is nearly every send. The rest has already had a status, was called back, or was asked about: that takes a Settlement.
    """
    heard = await uow.parked.known(set(wamids.values()))
    queued = await uow.messages.accept({n: wamid for n, wamid in wamids.items() if wamid not in heard}, now)
    return await uow.outbox.accept(queued)


class Settlement:
    """The facts of one settlement and the changes to them."""

    def __init__(
        self,
        uow: UnitOfWork,
        items: dict[int, OutboxItem],
        messages: dict[int, Message],
        now: datetime,
    ) -> None:
        self._uow, self._now = uow, now
        self._accounts: dict[int, Account] = {}
        self._changed: set[int] = set()
        self._items, self._messages = items, messages
        self._touched: set[int] = set()
        self._cards: list[PendingManual] = []
        self._alarms: list[effects.Alarm] = []
        self._places: set[tuple[str, int, int]] = set()
        self._again: list[tuple[OutboxItem, Message]] = []
        self._asked: set[int] = set()
        self._verdicts: list[refusals.Verdict] = []
        self._contacts: dict[int, Contact] = {}
        self._conversations: dict[int, Conversation] = {}
        self._spoken: set[int] = set()
        self._unfit: dict[tuple[str, str, str], tuple[int, datetime]] = {}

    @property
    def changed_accounts(self) -> list[Account]:
        return [self._accounts[number] for number in sorted(self._changed)]

    def accept(self, number: int, accepted: Accepted) -> None:
        item = self._items[number]
        if item.state in (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD):
            if item.state is OutboxState.HELD:
                self._asked.add(number)
            self._items[number] = replace(item, state=OutboxState.ACCEPTED, lease_until=None, error=None)
        self._touched.add(number)
        known = self._messages.get(number)
        if known is not None:
            merged = delivery.merge(known.delivery, DeliveryStatus.ACCEPTED, self._now)
            held = {HELD_BY_META: True} if accepted.held_for_quality else {}
            self._messages[number] = replace(
                known,
                payload={**known.payload, **held},
                wamid=known.wamid or accepted.wamid,
                delivery=merged,
                status=delivery.status(merged),
                at=self._now,
            )
        self._spoken.add(item.conversation_id)

    async def hear(self, classify: refusals.Classify) -> None:
        """Apply statuses that came by wamid alone before the call had told us the wamid; a failure is believed only if none of them says
        that it arrived."""
        by_wamid = {m.wamid: n for n, m in self._messages.items() if n in self._touched and m.wamid}
        for fact in await self._uow.parked.take(by_wamid.keys()) if by_wamid else ():
            number = by_wamid[fact.wamid]
            if fact.kind not in HEARD:
                self._messages[number] = _marked(self._messages[number], fact)
                continue
            known = self._messages[number]
            code, detail = fact.data.get("error_code"), fact.data.get("error_detail")
            merged = delivery.merge(known.delivery, DeliveryStatus(fact.kind), fact.at, code, detail)
            self._messages[number] = replace(known, delivery=merged, status=delivery.status(merged))
        for number in by_wamid.values():
            told, item = self._messages[number], self._items[number]
            if told.status is DeliveryStatus.FAILED and item.state is OutboxState.ACCEPTED:
                self._items[number] = replace(item, state=OutboxState.FAILED)
                failure = classify(told.delivery.error_code, told.delivery.error_detail)
                await self._believe(item, failure, told.delivery.failed_at or self._now)

    async def fail(self, number: int, failure: SendFailed) -> None:
        item = self._items[number]
        if item.state not in (OutboxState.SENDING, OutboxState.UNKNOWN):
            return
        self._touched.add(number)
        ids = {"outbox_id": number, "contact_id": item.contact_id, "meta_code": failure.meta_code}
        match retries.after(failure, item.attempts, self._now):
            case retries.Again(at=at, burns_attempt=burns):
                self._put_off(item, failure, at, burns_attempt=burns)
                if isinstance(failure, SendPostponed) and failure.scope not in (Scope.MESSAGE, Scope.TEMPLATE):
                    await self._heed(item, failure, self._now)
            case retries.Perhaps():
                decided(What.SEND_UNKNOWN, failure.code, **ids)
                self._items[number] = replace(
                    item,
                    state=OutboxState.UNKNOWN,
                    lease_until=self._now,
                    error=failure.code,
                )
            case retries.Suspend():
                decided(What.SEND_POSTPONED, failure.code, **ids)
                back = again(item, self._now, burns_attempt=False)
                self._items[number] = replace(back, error=failure.code, error_code=failure.meta_code)
                await self._believe(item, failure, self._now)
            case retries.Spared() if item.origin is Origin.SEQUENCE:
                not_before = (await self._heed(item, failure, self._now)).not_before or self._now
                await self._give_place_back(item)
                self._put_off(item, failure, not_before, burns_attempt=False)
            case retries.Never() | retries.Spared():
                decided(What.SEND_FAILED, failure.code, **ids)
                self._items[number] = replace(
                    item, state=OutboxState.FAILED, lease_until=None, error=failure.code, error_code=failure.meta_code
                )
                known = self._messages.get(number)
                if known is not None:
                    merged = delivery.merge(
                        known.delivery,
                        DeliveryStatus.FAILED,
                        self._now,
                        failure.meta_code,
                        failure.detail or failure.code,
                    )
                    self._messages[number] = replace(known, delivery=merged, status=delivery.status(merged))
                await self._believe(item, failure, self._now)

    async def _account(self, account_id: int) -> Account:
        """The account, held until the end: others may be changing it too."""
        if account_id not in self._accounts:
            account = await self._uow.accounts.get(account_id)
            if account is None:
                raise NotFound("account-not-found")
            self._accounts[account_id] = account
        return self._accounts[account_id]

    def _put_off(self, item: OutboxItem, failure: SendFailed, at: datetime, *, burns_attempt: bool) -> None:
        decided(
            What.SEND_POSTPONED,
            failure.code,
            outbox_id=item.id,
            contact_id=item.contact_id,
            meta_code=failure.meta_code,
            until=at,
        )
        back = again(item, at, burns_attempt=burns_attempt)
        code = failure.meta_code or item.error_code
        self._items[item.id] = replace(back, error=failure.code, error_code=code)

    async def _heed(self, item: OutboxItem, failure: SendFailed, at: datetime) -> refusals.Verdict:
        """Change what the failure, dated `at`, speaks of beyond the message."""
        if item.contact_id not in self._contacts:
            self._contacts.update(await self._uow.contacts.load([item.contact_id]))
        if item.conversation_id not in self._conversations:
            self._conversations.update(await self._uow.conversations.load([item.conversation_id]))
        contact = self._contacts[item.contact_id]
        conversation = self._conversations[item.conversation_id]
        account = await self._account(item.account_id)
        verdict = refusals.judge(failure, item.basis, account, conversation, contact, at, self._now, item.attempts)
        decisions.account(account, verdict.account)
        decisions.conversation(conversation, verdict.conversation)
        decisions.contact(contact, verdict.contact)
        if verdict.account != account:
            self._accounts[account.id] = verdict.account
            self._changed.add(account.id)
            await self._share_the_rest(verdict.account, failure, at)
        self._conversations[conversation.id] = verdict.conversation
        self._contacts[contact.id] = verdict.contact
        self._verdicts.append(verdict)
        if verdict.template_code is not None and item.template is not None:
            self._unfit[account.waba_id, item.template.name, item.template.language] = verdict.template_code, at
        return verdict

    async def _share_the_rest(self, account: Account, failure: SendFailed, at: datetime) -> None:
        """Some refusals speak of the whole business account, or of the app: its other numbers rest as well."""
        for other in limits.share_the_rest(account, failure, await self._uow.accounts.all()):
            fresh = await self._account(other.id)
            resting = replace(fresh, limits=limits.heed(fresh, failure, at, self._now).limits)
            if resting != fresh:
                self._accounts[fresh.id] = resting
                self._changed.add(fresh.id)

    async def _give_place_back(self, item: OutboxItem) -> None:
        """Nobody was reached: the portfolio may reach somebody else."""
        if item.template is not None:
            portfolio = (await self._account(item.account_id)).portfolio
            self._places.add((portfolio, item.contact_id, item.id))

    async def _believe(self, item: OutboxItem, failure: SendFailed, at: datetime) -> None:
        verdict = await self._heed(item, failure, at)
        if self._items[item.id].state is OutboxState.FAILED:
            await self._give_place_back(item)
        if verdict.not_before is not None and item.origin is Origin.SEQUENCE:
            decided(What.SEND_POSTPONED, failure.code, outbox_id=item.id, until=verdict.not_before)
            self._again.append(effects.once_more(self._uow, item, verdict.not_before, self._now))
        elif (verdict.to_pending or verdict.not_before is not None) and effects.fit_for_a_card(item):
            outgoing = effects.outgoing_of(item)
            self._cards.append(effects.waiting(self._uow, outgoing, verdict.reason, self._now, outbox_id=item.id))
        elif not isinstance(retries.after(failure, item.attempts, self._now), retries.Suspend):
            told = failure.meta_code or failure.code
            self._alarms.append(refusals.send_failed(verdict, failure.meta_code, told, failure.detail, failure.code))

    async def write(self) -> None:
        uow = self._uow
        again = [item for item, _ in self._again], [message for _, message in self._again]
        changed = [self._messages[n] for n in self._touched if n in self._messages]
        await uow.outbox.save(again[0], [self._items[number] for number in self._touched])
        await uow.messages.save(again[1], changed)
        if self._conversations:
            await uow.conversations.save(changed=list(self._conversations.values()))
        await uow.conversations.touch(self._spoken, self._now)
        await uow.reach.give_back(self._places)
        if self._changed:
            await uow.accounts.save(changed=self.changed_accounts)
        if self._contacts:
            await uow.contacts.save(changed=list(self._contacts.values()))
        if self._cards:
            await uow.pending.save(new=self._cards)
            await uow.notices.add(effects.shown_cards(uow, self._cards, await uow.agents.all(), self._now))
        await uow.audit.add([entry for verdict in self._verdicts for entry in verdict.audit])
        alarms = [*self._alarms, *(alarm for verdict in self._verdicts for alarm in verdict.alarms)]
        await effects.raise_alerts(uow, alarms, self._now)
        await self._mark_templates()
        await self._close_proven()

    async def _mark_templates(self) -> None:
        """What Meta refused is not tried again until there is better news, and admins hear of it once."""
        if not self._unfit:
            return
        known = await self._uow.templates.held(self._unfit.keys())
        unheard = {
            key: templates.heard_of(self._uow.ids.next(), *key, self._now) for key in self._unfit.keys() - known.keys()
        }
        news = [
            templates.refused(known.get(key) or unheard[key], code, at, self._now)
            for key, (code, at) in self._unfit.items()
        ]
        learnt = {each.template.key: each.template for each in news}
        await self._uow.templates.save([learnt[key] for key in unheard], [learnt[key] for key in known])
        await template_news.tell(self._uow, news, self._now)

    async def _close_proven(self) -> None:
        """A send that was asked about and then accepted after all needs nobody any more."""
        if not self._asked:
            return
        cards = await self._uow.pending.open_of({self._items[n].conversation_id for n in self._asked})
        asked = [card for card in cards if card.outbox_id in self._asked]
        closed = [card.closed(PendingState.OBSOLETE, self._now) for card in asked]
        decisions.cards(asked, closed)
        await self._uow.pending.save(changed=closed)
        await self._uow.notices.add(effects.redraw(self._uow, [c.id for c in closed], self._now))


def _marked(message: Message, fact: Parked) -> Message:
    """What else was heard of a message before we knew its wamid: it was changed on the phone, or reacted to."""
    said = fact.data.get("emoji" if fact.kind == "reaction" else "text")
    words = said if isinstance(said, str) else None
    match fact.kind:
        case "edit":
            return marks.edited(message, words, fact.at)
        case "revoke":
            return marks.revoked(message, fact.at)
        case "reaction":
            return marks.reacted(message, words, fact.at)
        case _:
            return message
