"""The facts of one batch of events in memory, the changes made to them, and how they are loaded and written by sets.

Handlers read and replace frozen facts here; nothing touches the database between `load` and `flush`. That makes a batch of a hundred
webhooks cost a dozen statements, and makes applying an event a plain function of what is known.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from crm import decisions, effects, merging, template_news
from crm.decisions import What, decided
from crm.effects import Alarm
from crm.erasing import ErasedPeople
from crm.model.accounts import Account
from crm.model.agents import Agent
from crm.model.alerts import Notice, NoticeKind
from crm.model.audit import AuditEntry
from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact, Person
from crm.model.conversations import BlockState, Conversation
from crm.model.erasure import Mark
from crm.model.events import (
    AccountEvent,
    BookEntry,
    Broken,
    Control,
    Echo,
    Edited,
    Event,
    HistoryDeclined,
    HistorySlice,
    Inbound,
    MarketingPreference,
    Past,
    Revoked,
    StatusUpdate,
)
from crm.model.imports import BookName, Import, Slice
from crm.model.limits import Portfolio
from crm.model.media import Attachment, Media, wanted
from crm.model.messages import DeliveryStatus, Message, Source
from crm.model.outbox import OutboxItem, OutboxState
from crm.model.pending import PendingManual, PendingState
from crm.model.records import replace
from crm.model.sequences import Enrollment, Sequence
from crm.model.templates import Template
from crm.model.webhooks import StoredElement
from crm.plans import Book
from crm.policy import address_book, automatic, erasure, identities, reach, sequences, templates
from crm.policy import imports as import_policy
from crm.policy.templates import Learnt
from crm.ports import Parked, UnitOfWork
from crm.services.inbox.people import People, Sighting

T = TypeVar("T")

TemplateKey = tuple[str, str, str]
"""Business account, name, language."""


class Table(Generic[T]):
    """Facts by id: what was loaded, what is new, what was changed. `tell` hears of every change as it is made."""

    def __init__(self, tell: Callable[[T | None, T], None] | None = None) -> None:
        self.rows: dict[int, T] = {}
        self._tell = tell
        self._new: set[int] = set()
        self._changed: set[int] = set()

    def load(self, rows: dict[int, T]) -> None:
        for key, row in rows.items():
            self.rows.setdefault(key, row)

    def add(self, key: int, row: T) -> T:
        self.rows[key] = row
        self._new.add(key)
        return row

    def put(self, key: int, row: T) -> T:
        before = self.rows.get(key)
        if before != row:
            if self._tell is not None:
                self._tell(before, row)
            self.rows[key] = row
            if key not in self._new:
                self._changed.add(key)
        return row

    @property
    def new(self) -> list[T]:
        return [self.rows[key] for key in sorted(self._new)]

    @property
    def changed(self) -> list[T]:
        return [self.rows[key] for key in sorted(self._changed)]


class Batch:
    """One transaction's worth of facts and changes."""

    def __init__(self, uow: UnitOfWork, now: datetime, plans: Book, erased: ErasedPeople) -> None:
        self.uow = uow
        self.now = now
        self.plans = plans
        self._erased = erased
        self._marks: dict[str, Mark] = {}
        self.accounts = Table[Account](decisions.account)
        self.contacts = Table[Contact](decisions.contact)
        self.conversations = Table[Conversation](decisions.conversation)
        self.messages: Table[Message] = Table()
        self.walks = Table[Enrollment](decisions.walk)
        self.pending = Table[PendingManual](decisions.card)
        self.outbox: Table[OutboxItem] = Table()
        self.issues: Table[DeliveryIssue] = Table()
        self.team: list[Agent] = []
        self.alarms: list[Alarm] = []
        self.notices: list[Notice] = []
        self.media: list[Media] = []
        self.audit: list[AuditEntry] = []
        self.elements: list[StoredElement] = []
        self.park: list[Parked] = []
        self.charged: list[tuple[str, Message]] = []
        """Meta's ids of messages that are now known to have arrived and how they are charged, and the messages as they were then."""
        self.parked: dict[str, list[Parked]] = defaultdict(list)
        self.portfolios: dict[str, Portfolio] = {}
        self._told_portfolios: set[str] = set()
        self.typed: Counter[int] = Counter()
        self.places: set[tuple[str, int, int]] = set()
        self.templates: dict[TemplateKey, Template] = {}
        self.template_news: list[Learnt] = []
        self._stored_templates: dict[TemplateKey, Template] = {}
        self.to_settle: set[int] = set()
        self.as_typed: dict[int, str | None] = {}
        self.slices: list[Slice] = []
        self.quick: set[tuple[int, str, int]] = set()
        self.quick_new: set[tuple[int, str, int]] = set()
        self.imports: dict[int, Import] = {}
        self.imports_changed: set[int] = set()
        self.with_file: set[int] = set()
        self._book: dict[str, dict[int, BookName]] = defaultdict(dict)
        self._book_changed: set[tuple[str, int]] = set()
        self.webhook_id = 0
        self.people = People(uow, {})
        self.received_at = now
        self.walked: dict[tuple[int, int], datetime] = {}
        self._account_by_number: dict[str, int] = {}
        self._spoken_to: set[int] = set()
        self._conversation_by_pair: dict[tuple[int, int], int] = {}
        self._by_wamid: dict[str, int] = {}
        self._by_opaque: dict[str, int] = {}
        self._walks_of: dict[int, list[int]] = defaultdict(list)
        self._pending_of: dict[int, list[int]] = defaultdict(list)
        self._queued_of: dict[int, list[int]] = defaultdict(list)

    # --- loading ------------------------------------------------------------------------------------------------------------

    async def load(self, events: Iterable[Event]) -> None:
        """Fetch everything that these events may read. Those of people who were erased since are passed over from here on."""
        uow, events = self.uow, list(events)
        self._marks = await self._erased.among(uow, {word for each in events for word in erasure.words_said(each)})
        events = [each for each in events if not self.is_erased(each)] if self._marks else events
        self.accounts.load({account.id: account for account in await uow.accounts.all()})
        self._account_by_number = {account.phone_number_id: account.id for account in self.accounts.rows.values()}
        if any(isinstance(e, AccountEvent) for e in events):
            self.portfolios = await uow.reach.portfolios({each.portfolio for each in self.accounts.rows.values()})
        if any(isinstance(e, AccountEvent) or _failed(e) for e in events):
            await self._hold_accounts()
        self.team = await uow.agents.all()
        await self._meet_people(events)
        wamids = {e.wamid for e in events if isinstance(e, Inbound | Echo | StatusUpdate | Edited | Revoked | Past)}
        about = {e.context_wamid for e in events if isinstance(e, Inbound) and e.context_wamid}
        self._know(await uow.messages.known(wamids | about) if wamids else {})
        await self._load_outbox([e for e in events if isinstance(e, StatusUpdate)])
        await self._load_templates(events)
        known = self.people.known
        pairs = {(contact, account) for contact in known for account in self._spoken_to}
        found = await uow.conversations.find(pairs) if pairs else {}
        self._conversation_by_pair = {pair: each.id for pair, each in found.items()}
        self.conversations.load({each.id: each for each in found.values()})
        beside = {m.conversation_id for m in self.messages.rows.values()} - self.conversations.rows.keys()
        if beside:
            self.conversations.load(await uow.conversations.load(beside))
        contact_ids = known | {m.contact_id for m in self.messages.rows.values()}
        if contact_ids:
            self.contacts.load(await uow.contacts.load(contact_ids))
        self._name_people()
        await self._load_work(events)
        await self._load_imports(events)
        await self._load_quick(events)
        if wamids:
            for fact in await uow.parked.take(wamids):
                self.parked[fact.wamid].append(fact)

    def is_erased(self, event: Event) -> bool:
        """Does the event belong to what was erased?"""
        return bool(self._marks) and erasure.is_past(event, self._marks, self.now)

    async def _meet_people(self, events: list[Event]) -> None:
        """Settle who the events speak of; contacts that turn out to be one are made one before anything else is loaded."""
        accounts = self.accounts.rows
        self.people = People(
            self.uow, {a.waba_id: a.portfolio_id for a in accounts.values() if a.portfolio_id is not None}
        )
        sightings: list[Sighting] = []
        booked: list[tuple[Person, str]] = []
        for event in events:
            number = self._account_by_number.get(event.phone_number_id) if isinstance(event, _WITH_PERSON) else None
            if number is None or not isinstance(event, _WITH_PERSON):
                continue
            portfolio = accounts[number].portfolio
            self._spoken_to.add(number)
            if isinstance(event, BookEntry):
                booked.append((event.person, portfolio))
            else:
                became = event.became if isinstance(event, Inbound) else None
                sightings.append(Sighting(event.person, portfolio, min(event.at, self.now), became))
        await self.people.meet(sightings, booked)
        for kept, gone, why in self.people.same:
            await merging.merge(self.uow, kept, gone, why, "meta", self.plans, self.now)

    def _name_people(self) -> None:
        """Make the contacts that are new; let the others have the phone and the id that they have now."""
        for number in self.people.new:
            wa_id, bsuid, username = self.people.called(number)
            new = Contact(number, wa_id, bsuid, None, username, None, None, self.now)
            self.contacts.add(number, self._as_before(new) if self._marks else new)
        for number in self.people.named - self.people.new:
            wa_id, bsuid, username = self.people.called(number)
            contact = self.contacts.rows[number]
            self.contacts.put(number, replace(contact, wa_id=wa_id, bsuid=bsuid, username=username or contact.username))

    def _as_before(self, new: Contact) -> Contact:
        """Whoever was erased and comes back is somebody new, but what they had objected to holds until they say otherwise."""
        known = [self._marks[word] for word in erasure.words_of(Person(new.wa_id, new.bsuid)) if word in self._marks]
        return replace(
            new,
            opted_out=any(mark.opted_out for mark in known),
            marketing_opted_out=any(mark.marketing_opted_out for mark in known),
        )

    async def _hold_accounts(self) -> None:
        """News about accounts change them: nobody else may until they are written."""
        for number in sorted(self.accounts.rows):
            account = await self.uow.accounts.get(number)
            if account is not None:
                self.accounts.rows[number] = account

    async def _load_imports(self, events: list[Event]) -> None:
        """What phones handed over, where there are phones: what their address books call people, and what is imported."""
        uow = self.uow
        if any(account.coexistence for account in self.accounts.rows.values()):
            for word in await uow.imports.names(self.people.to_be_named()):
                self._book[word.key][word.account_id] = word
        if any(isinstance(e, HistorySlice | HistoryDeclined | Past) for e in events):
            self.imports = await uow.imports.of(self.accounts.rows)
        old = [message.id for message in self.messages.rows.values() if message.imported]
        self.with_file = set(await uow.media.of_messages(old)) if old else set()

    async def _load_quick(self, events: list[Event]) -> None:
        """To whom the texts typed on our phones, if they were typed, had come before."""
        signs = {automatic.text_sign(e.text) for e in events if isinstance(e, Echo) and e.text}
        if signs:
            self.quick = await self.uow.echoes.quick(self.accounts.rows.keys(), signs)

    async def _load_outbox(self, statuses: list[StatusUpdate]) -> None:
        """Statuses name their message by wamid, or, before the send call has returned, by the opaque id alone."""
        ours = [m.id for m in self.messages.rows.values() if m.source is Source.CRM and _may_need_outbox(m)]
        strange = {s.opaque for s in statuses if s.opaque and self._is_strange(s.wamid)}
        if ours:
            self._know_outbox(await self.uow.outbox.load(ours))
        if strange:
            items = {item.id: item for item in (await self.uow.outbox.by_opaque(strange)).values()}
            self._know_outbox(items)
            if items:
                loaded = await self.uow.messages.load(items.keys())
                self.messages.load(loaded)

    def _is_strange(self, wamid: str) -> bool:
        """Not known as one of ours: a phone's history may have told of it before we knew that we had sent it."""
        number = self._by_wamid.get(wamid)
        return number is None or self.messages.rows[number].imported

    async def _load_templates(self, events: list[Event]) -> None:
        """The templates that these events speak of: by name, or because a message made from one failed for it."""
        keys = {template_key(e) for e in events if isinstance(e, AccountEvent) and e.kind in templates.KINDS}
        for event in events:
            if isinstance(event, StatusUpdate) and event.error_code in templates.REFUSALS:
                message = self.message(event.wamid) or self.message_by_opaque(event.opaque)
                item = self.outbox.rows.get(message.id) if message is not None else None
                account = self.accounts.rows.get(item.account_id) if item is not None else None
                if item is not None and item.template is not None and account is not None:
                    keys.add((account.waba_id, item.template.name, item.template.language))
        wanted = {key for key in keys if key is not None}
        if wanted:
            self._stored_templates = await self.uow.templates.held(wanted)
            self.templates = dict(self._stored_templates)

    async def _load_work(self, events: list[Event]) -> None:
        """Walks, cards and queued messages of the conversations that these events touch."""
        uow, ids = self.uow, self.conversations.rows.keys()
        if not ids:
            return
        for walk in await uow.enrollments.open_of(ids):
            self._add_walk(walk)
        echoed = any(isinstance(e, Echo) or (isinstance(e, Past) and e.ours) for e in events)
        for card in await uow.pending.open_of(ids):
            self.pending.load({card.id: card})
            self._pending_of[card.conversation_id].append(card.id)
        if echoed or self._walks_of:
            for item in await uow.outbox.unsettled_of(ids):
                self._know_outbox({item.id: item})
                self._queued_of[item.conversation_id].append(item.id)
            missing = {i for each in self._queued_of.values() for i in each} - self.messages.rows.keys()
            if missing:
                self._know({str(m.id): m for m in (await uow.messages.load(missing)).values()})
        if any(isinstance(e, Inbound) for e in events):
            await self._load_questions()
        await self._load_walked(events)
        suspected = [c.id for c in self.conversations.rows.values() if c.block_state is not BlockState.CLEAR]
        if suspected:
            self.issues.load({issue.id: issue for issue in await uow.blocks.open_of(suspected)})
        begun = max((walk.started_at for walk in self.walks.rows.values()), default=None)
        older = begun is not None and any(isinstance(e, Inbound) and e.at < begun for e in events)
        unbegun = [c.id for c in self.conversations.rows.values() if c.last_manual_at and c.first_inbound_at is None]
        matched = [*self._walks_of, *unbegun] if echoed or older else unbegun
        if matched:
            times = [e.at for e in events if isinstance(e, Inbound | Echo)]
            since = min([*times, *(walk.started_at for walk in self.walks.rows.values())], default=self.now)
            typed = await uow.messages.manual_unmatched(matched, since)
            self._know({str(m.id): m for m in typed})

    async def _load_questions(self) -> None:
        """What the walks that await an answer have said, and whether it left."""
        asking = [w for w in self.walks.rows.values() if w.asked is not None or w.asked_before is not None]
        if not asking:
            return
        since = min(walk.started_at for walk in asking)
        said = await self.uow.messages.of_walks({walk.conversation_id for walk in asking}, since)
        self._know({str(m.id): m for m in said if m.id not in self.messages.rows})
        cards = await self.uow.pending.of_walks({walk.id for walk in asking})
        self.pending.load({card.id: card for card in cards if card.id not in self.pending.rows})

    async def _load_walked(self, events: list[Event]) -> None:
        """When those whose words or ad may begin a plan were last enrolled in it."""
        for plan in self.plans.listening:
            asking = {
                number
                for e in events
                if isinstance(e, Inbound) and sequences.entered(plan, sequences.folded(e.text or ""), e.ad)
                if (number := self._talk_of(e)) is not None
            }
            for number, at in (await self.uow.enrollments.last_started(asking, plan.id)).items():
                self.walked[number, plan.id] = at

    def _talk_of(self, event: Inbound) -> int | None:
        account = self.account(event.phone_number_id)
        if account is None:
            return None
        contact = self.people.find(event.person, account.portfolio, min(event.at, self.now))
        return None if contact is None else self._conversation_by_pair.get((contact, account.id))

    def _know(self, messages: dict[str, Message]) -> None:
        for message in messages.values():
            self.messages.load({message.id: message})
            if message.wamid:
                self._by_wamid[message.wamid] = message.id

    def _know_outbox(self, items: dict[int, OutboxItem]) -> None:
        self.outbox.load(items)
        self._by_opaque.update({item.opaque: item.id for item in items.values()})

    def _add_walk(self, walk: Enrollment) -> None:
        self.walks.load({walk.id: walk})
        self._walks_of[walk.conversation_id].append(walk.id)

    # --- what handlers ask ----------------------------------------------------------------------------------------------------

    def account(self, phone_number_id: str) -> Account | None:
        number = self._account_by_number.get(phone_number_id)
        return self.accounts.rows[number] if number is not None else None

    def contact(self, person: Person, account: Account, at: datetime) -> Contact:
        """The contact that was met; the newest name is learnt."""
        contact = self.contacts.rows[self.people.of(person, account.portfolio, at)]
        learnt = contact
        if person.name and (contact.named_at is None or (at, person.name) > (contact.named_at, contact.name or "")):
            learnt = replace(learnt, name=person.name, named_at=at)
        if self._book:
            learnt = self._as_booked(learnt)
        return self.contacts.put(contact.id, learnt)

    def book(self, account: Account, person: Person, name: str | None, at: datetime) -> None:
        """A phone's address book says what it calls a person, known or not."""
        for key in identities.keys(person, account.portfolio):
            said = BookName(key, account.id, name, at)
            if address_book.newer(self._book[key].get(account.id), said) is said:
                self._book[key][account.id] = said
                self._book_changed.add((key, account.id))
        known = self.people.find(person, account.portfolio, at)
        if known is not None:
            self.contacts.put(known, self._as_booked(self.contacts.rows[known]))

    def _as_booked(self, contact: Contact) -> Contact:
        """The contact with the name that the address books have now; untouched where they never said anything."""
        words = [
            word for key in self.people.keys_of(contact.id) if key in self._book for word in self._book[key].values()
        ]
        return replace(contact, book_name=address_book.name_of(words)) if words else contact

    def conversation(self, contact: Contact, account: Account) -> Conversation:
        """Find or make the conversation."""
        pair = (contact.id, account.id)
        number = self._conversation_by_pair.get(pair)
        if number is not None:
            return self.conversations.rows[number]
        number = self.uow.ids.next()
        self._conversation_by_pair[pair] = number
        return self.conversations.add(number, Conversation(number, contact.id, account.id, self.now))

    def message(self, wamid: str) -> Message | None:
        number = self._by_wamid.get(wamid)
        return self.messages.rows[number] if number is not None else None

    def message_by_opaque(self, opaque: str | None) -> Message | None:
        number = self._by_opaque.get(opaque) if opaque else None
        return self.messages.rows.get(number) if number is not None else None

    def name_message(self, message: Message, wamid: str) -> Message:
        """A message of ours turns out to have this wamid."""
        self._by_wamid[wamid] = message.id
        return self.messages.put(message.id, replace(message, wamid=wamid))

    def add_message(self, message: Message) -> Message:
        if message.wamid:
            self._by_wamid[message.wamid] = message.id
        return self.messages.add(message.id, message)

    def take_parked(self, wamid: str) -> list[Parked]:
        """The facts about a message that waited for it, which are used from now on."""
        here = [fact for fact in self.park if fact.wamid == wamid]
        if here:
            self.park = [fact for fact in self.park if fact.wamid != wamid]
        return [*self.parked.pop(wamid, ()), *here]

    def open_walks(self, conversation_id: int) -> list[tuple[Enrollment, Sequence]]:
        """The conversation's walks whose plan is known."""
        walks = [self.walks.rows[number] for number in self._walks_of.get(conversation_id, ())]
        return [(walk, plan) for walk in walks if (plan := self.plans.of(walk)) is not None]

    def new_walk(self, walk: Enrollment) -> None:
        self.walks.add(walk.id, walk)
        self.walked[walk.conversation_id, walk.sequence_id] = walk.started_at
        decisions.walk(None, walk)
        self._walks_of[walk.conversation_id].append(walk.id)

    def cards(self, conversation_id: int) -> list[PendingManual]:
        return [self.pending.rows[number] for number in self._pending_of.get(conversation_id, ())]

    def new_card(self, card: PendingManual) -> None:
        self.pending.add(card.id, card)
        self._pending_of[card.conversation_id].append(card.id)

    def close_card(self, card: PendingManual, state: PendingState) -> None:
        """End a card for everybody: its copies in Telegram are drawn again."""
        self.pending.put(card.id, card.closed(state, self.now))
        self.notices.extend(effects.redraw(self.uow, [card.id], self.now))

    def cancel(self, item: OutboxItem, why: str, *, again: bool = False) -> None:
        """Call a queued message back before it leaves. `again`: the same step may be queued once more."""
        decided(What.SEND_CANCELLED, why, outbox_id=item.id, contact_id=item.contact_id)
        dedupe = None if again else item.dedupe
        self.outbox.put(item.id, replace(item, state=OutboxState.CANCELLED, error=why, dedupe=dedupe))
        message = self.messages.rows.get(item.id)
        if message is not None:
            self.messages.put(message.id, replace(message, status=DeliveryStatus.CANCELLED))

    def learn_portfolio(self, portfolio: str, most: int | None, at: datetime) -> None:
        """Meta said how many people a portfolio may reach in a day."""
        believed = reach.believe(self.portfolios.get(portfolio), portfolio, most, at)
        if believed is not None:
            self.portfolios[portfolio] = believed
            self._told_portfolios.add(portfolio)

    def once_more(self, item: OutboxItem, at: datetime) -> None:
        """A message that Meta took and did not deliver, because it was too early, is queued again for that moment."""
        decided(What.SEND_POSTPONED, "refused-later", outbox_id=item.id, contact_id=item.contact_id, until=at)
        fresh, message = effects.once_more(self.uow, item, at, self.now)
        self.outbox.add(fresh.id, fresh)
        self.messages.add(message.id, message)
        self._queued_of[item.conversation_id].append(fresh.id)

    def queued(self, conversation_id: int) -> list[OutboxItem]:
        return [self.outbox.rows[number] for number in self._queued_of.get(conversation_id, ())]

    def tell(
        self, conversation: Conversation, kind: NoticeKind, message: Message, params: Mapping[str, Any], priority: int
    ) -> None:
        """Let those who look after the conversation hear of a message in it."""
        self.notices.extend(
            effects.notice(
                self.uow,
                agent.id,
                kind,
                message.id,
                self.now,
                params=params,
                conversation_id=conversation.id,
                priority=priority,
            )
            for agent in effects.recipients(self.team, conversation.agent_id)
        )

    def want(self, message: Message, attachment: Attachment) -> None:
        """A message came with a file: it shall be fetched, one of old times when its turn has come."""
        media = wanted(self.uow.ids.next(), message.account_id, message.id, attachment, message.at, self.now)
        if message.imported:
            known = self.imported(message.account_id)
            at = import_policy.next_file_at(known, self.now)
            self.put_import(replace(known, files_until=at))
            media = replace(media, ready_at=at)
        self.media.append(media)
        self.with_file.add(message.id)

    def imported(self, account_id: int) -> Import:
        return self.imports.get(account_id) or Import(account_id)

    def put_import(self, progress: Import) -> None:
        self.imports[progress.account_id] = progress
        self.imports_changed.add(progress.account_id)

    def set_aside(self, position: str, kind: str, state: str, reason: str, payload: object) -> None:
        """Keep one element of the webhook for a person: unknown, or dead."""
        number = self.uow.ids.next()
        kept = StoredElement(number, self.webhook_id, position, kind[:64], state, reason[:500], payload, self.now)
        self.elements.append(kept)

    def broken(self, event: Broken) -> None:
        self.set_aside(event.position, event.kind, "dead", event.reason, event.payload)

    def account_event_targets(self, event: AccountEvent) -> list[Account]:
        """The accounts an account-type webhook speaks of: by number where it names one, else all of the business account."""
        of_waba = [a for a in self.accounts.rows.values() if a.waba_id == event.waba_id]
        digits = "".join(c for c in event.display_phone or "" if c.isdigit())
        named = [a for a in of_waba if digits and digits == "".join(c for c in a.display_phone if c.isdigit())]
        return named or of_waba

    # --- writing --------------------------------------------------------------------------------------------------------------

    async def flush(self) -> None:
        """Write every change, referenced rows first."""
        uow = self.uow
        if self.quick_new:
            await uow.echoes.save(self.quick_new, self.now)
        if self.accounts.changed:
            await uow.accounts.save(changed=self.accounts.changed)
        if self.contacts.new or self.contacts.changed:
            await uow.contacts.save(self.contacts.new, self.contacts.changed)
        await self.people.keep()
        if self.conversations.new or self.conversations.changed:
            await uow.conversations.save(self.conversations.new, self.conversations.changed)
        if self.walks.new or self.walks.changed:
            await uow.enrollments.save(self.walks.new, self.walks.changed)
        if self.messages.new or self.messages.changed:
            await uow.messages.save(self.messages.new, self.messages.changed)
        if self.outbox.new or self.outbox.changed:
            await uow.outbox.save(self.outbox.new, self.outbox.changed)
        if self.pending.new or self.pending.changed:
            await uow.pending.save(self.pending.new, self.pending.changed)
        if self.issues.changed:
            await uow.blocks.save(changed=self.issues.changed)
        if self.templates:
            before = self._stored_templates
            await uow.templates.save(
                [each for key, each in self.templates.items() if key not in before],
                [each for key, each in self.templates.items() if key in before and each != before[key]],
            )
            await template_news.tell(uow, self.template_news, self.now)
        waiting = [*self.park, *(fact for facts in self.parked.values() for fact in facts)]
        if waiting:
            await uow.parked.add(waiting, self.now)
        if self.elements:
            await uow.webhooks.keep_elements(self.elements)
        for portfolio in sorted(self._told_portfolios):
            await uow.reach.save_portfolio(self.portfolios[portfolio])
        if self.places:
            await uow.reach.give_back(self.places)
        if self.media:
            await uow.media.save(self.media)
        if self._book_changed:
            await uow.imports.save_names([self._book[key][number] for key, number in self._book_changed])
        if self.slices:
            await uow.imports.add_slices(self.slices)
        if self.imports_changed:
            self._tell_imports()
            await uow.imports.save([self.imports[number] for number in self.imports_changed])
        if self.notices:
            await uow.notices.add(self.notices)
        if self.audit:
            await uow.audit.add(self.audit)
        await effects.raise_alerts(uow, self.alarms, self.now)

    def _tell_imports(self) -> None:
        for number in sorted(self.imports_changed):
            told, notices = effects.tell_import(self.uow, self.imports[number], self.team, self.now)
            self.imports[number] = told
            self.notices.extend(notices)


_WITH_PERSON = Inbound | Echo | Control | MarketingPreference | Past | BookEntry


def _failed(event: Event) -> bool:
    """A failure may change the account that it came from."""
    return isinstance(event, StatusUpdate) and event.status is DeliveryStatus.FAILED


def template_key(event: AccountEvent) -> TemplateKey | None:
    """Which template an event speaks of."""
    name, language = (event.payload.get(f"message_template_{each}") for each in ("name", "language"))
    if (
        not isinstance(name, str)
        or not isinstance(language, str)
        or not (0 < len(name) <= 512 and 0 < len(language) <= 16)
    ):
        return None
    return event.waba_id, name, language


def _may_need_outbox(message: Message) -> bool:
    """A message that Meta has not yet confirmed as sent, or that may now fail, has an outbox item worth looking at."""
    return message.status in (
        DeliveryStatus.QUEUED,
        DeliveryStatus.ACCEPTED,
        DeliveryStatus.SENT,
        DeliveryStatus.CANCELLED,
    )
