"""What the engine needs from outside, as narrow promises.

`storage` keeps the memory (`Store` and the named queries of a unit of work), `bot/whatsapp` reads and sends (`Reader`, `Sender`,
`Gateway`), `bot/telegram` tells (`Notifier`). Queries work by sets: a pump asks for the facts of a whole batch with a few
statements and writes the results with a few. `save(new, changed)` inserts the first and overwrites the second, whole rows.
Whatever serves a person takes that person (`viewer`) and returns only what is theirs to see.
"""

from collections.abc import Awaitable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from crm.model.accounts import Account
from crm.model.agents import Agent, Role
from crm.model.alerts import Alert, Notice, NoticeKind
from crm.model.audit import AuditEntry, Seal
from crm.model.backups import Backup, Held, Scope
from crm.model.blocks import DeliveryIssue, Evidence
from crm.model.contacts import Contact, Identity, Person
from crm.model.contents import Content
from crm.model.conversations import Conversation
from crm.model.costs import Charge, Commitment, Part, Total
from crm.model.erasure import Body, Mark
from crm.model.events import Event
from crm.model.imports import BookName, Haul, Import, Slice, Sync
from crm.model.jobs import JobRun
from crm.model.limits import Portfolio, Reach
from crm.model.media import Media, MediaKind, Upload
from crm.model.merges import Merge
from crm.model.messages import Message
from crm.model.notes import Note
from crm.model.numbers import BusinessFacts, NumberFacts, SubscribedApp
from crm.model.numbers import TokenFacts as TokenFacts
from crm.model.outbox import Accepted, Enclosed, OutboxItem, Parcel
from crm.model.pending import PendingManual, PendingReason
from crm.model.sequences import DueEnrollment, Enrollment, EnrollmentState
from crm.model.sequences import Sequence as Plan
from crm.model.templates import Template, TemplateFacts
from crm.model.token_forms import TokenForm
from crm.model.webhooks import NewKind, StoredElement, StoredWebhook, WebhookState, WebhookView

# --- memory -----------------------------------------------------------------------------------------------------------------


class Ids(Protocol):
    """Hands out ids, unique over all nouns and processes. Gaps happen; order is not time."""

    def next(self) -> int: ...


class Accounts(Protocol):
    async def all(self) -> list[Account]:
        """Every account that is not removed, by id."""
        ...

    async def get(self, account_id: int) -> Account | None: ...
    async def by_phone_number_id(self, phone_number_id: str) -> Account | None: ...
    async def save(self, new: Sequence[Account] = (), changed: Sequence[Account] = ()) -> None: ...


class Contacts(Protocol):
    async def known(self, keys: Collection[str]) -> list[Identity]:
        """Whoever is or was called by these keys, in no order."""
        ...

    async def identities(self, ids: Collection[int]) -> list[Identity]:
        """All names of these contacts, and beside them whoever else is or was called by one of them."""
        ...

    async def identify(self, rows: Sequence[Identity], instead_of: Collection[int] = ()) -> None:
        """Attach names to contacts; those of the contacts `instead_of` are forgotten first. A key that two contacts would hold raises
        Conflict."""
        ...

    async def load(self, ids: Collection[int]) -> dict[int, Contact]: ...
    async def save(self, new: Sequence[Contact] = (), changed: Sequence[Contact] = ()) -> None: ...

    async def alike(self, viewer: Agent | None, contact_id: int) -> list[Contact]:
        """Others, visible to the viewer (None: all), who share a phone or a username with it that neither has given up: perhaps the same
        person; at most 5, the oldest first."""
        ...

    async def pairs_alike(self, limit: int) -> list[tuple[Contact, Contact]]:
        """All such pairs, each once, the older contact first."""
        ...

    async def search(self, viewer: Agent, text: str, limit: int) -> list[Contact]:
        """Contacts whose name contains `text`, that have or had a phone with its digits (at least 3), or an id or username that is `text`;
        visible to the viewer, newest first. An empty text lists the contacts that wrote most recently."""
        ...


class Notes(Protocol):
    async def add(self, given: Sequence[Note]) -> None: ...
    async def of(self, contact_id: int, limit: int) -> list[Note]:
        """Newest first."""
        ...


class Merges(Protocol):
    """Contacts that became one. Every move of rows is noted under the merge, so that it can be taken back."""

    async def move(self, merge_id: int, gone: int, kept: int, contact_id: int) -> None:
        """All that belongs to the conversation `gone` belongs to `kept` and its contact; then `gone` is no more, and who asks for it is
        led to `kept`."""
        ...

    async def forget(self, merge_id: int, gone: int, kept: int) -> None:
        """The contact `gone`, which has no conversations any more, its names and its alerts: the last are `kept`'s."""
        ...

    async def give_back(self, merge_id: int, kept: int, gone: int, contact_id: int) -> None:
        """What moved from the conversation `gone`, which is there again, and still is in `kept`."""
        ...

    async def give_alerts_back(self, merge_id: int, contact_id: int) -> None: ...
    async def written_since(self, conversation_id: int, merge: Merge) -> list[int]:
        """Ids of the customer's messages in it that came after the merge."""
        ...

    async def give(self, message_id: int, conversation_id: int, contact_id: int) -> None:
        """One message belongs there."""
        ...

    async def drop_if_empty(self, conversation_id: int) -> bool: ...
    async def add(self, merge: Merge) -> None: ...
    async def undone(self, merge: Merge) -> None:
        """Keep when and by whom it was undone."""
        ...

    async def get(self, merge_id: int) -> Merge | None: ...
    async def of(self, contact_id: int, limit: int) -> list[Merge]:
        """Those that the contact stayed after or went with, newest first."""
        ...

    async def now(self, number: int) -> int:
        """The contact or the conversation that this one became; itself if it is there."""
        ...


class Erasure(Protocol):
    """One person out of everything that is kept. `contacts` are the contact and those that it absorbed, `talks` all their conversations,
    `traces` by what they are found in bodies that nobody has read."""

    async def known(self, marks: Collection[str]) -> list[Mark]: ...
    async def remember(self, marks: Collection[Mark]) -> None:
        """Keep; a later one takes the place of an earlier one."""
        ...

    async def prune(self, now: datetime) -> int:
        """Forget those whose `until` has passed; return how many."""
        ...

    async def names(self, after: int, limit: int) -> list[Identity]:
        """All names of the next `limit` contacts by id, those with an id above `after`."""
        ...

    async def was(self, contact_id: int) -> list[int]:
        """The contacts that became part of this one."""
        ...

    async def weigh(self, contacts: Collection[int], talks: Collection[int]) -> dict[str, int]:
        """How much there is, by noun (`crm/model/erasure.py`)."""
        ...

    async def hold(self, talks: Collection[int]) -> None:
        """Lock their messages, in the order in which webhooks do, before anything else is locked."""
        ...

    async def messages(self, talks: Collection[int], since: datetime) -> tuple[list[str], list[str]]:
        """The wamids and the opaque ids of messages made since."""
        ...

    async def copies(self, contacts: Collection[int], talks: Collection[int]) -> list[tuple[int, int]]:
        """(chat id, message id) of every message in Telegram that shows something of theirs."""
        ...

    async def newest_webhook(self) -> int: ...
    async def mentioning(self, traces: Collection[str], after: int, up_to: int) -> list[int]:
        """Ids of the stored webhooks above `after`, up to and with `up_to`, in which a trace stands."""
        ...

    async def bodies(self, ids: Collection[int]) -> list[Body]:
        """Stored webhooks; locked until the transaction ends."""
        ...

    async def rewrite(self, bodies: Sequence[Body]) -> None: ...
    async def slices(self, traces: Collection[str]) -> list[Body]:
        """Slices of histories in which a trace stands; locked until the transaction ends."""
        ...

    async def rewrite_slices(self, slices: Sequence[Body]) -> None: ...
    async def erase(
        self,
        contacts: Collection[int],
        talks: Collection[int],
        keys: Collection[str],
        traces: Collection[str],
        now: datetime,
    ) -> None:
        """Delete what says something of them, and leave of what is counted only the numbers. `keys` are those of their identities."""
        ...


class Conversations(Protocol):
    async def find(self, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Conversation]:
        """By (contact id, account id)."""
        ...

    async def between(self, contact_ids: Collection[int]) -> list[Conversation]:
        """All conversations of these contacts, by id."""
        ...

    async def load(self, ids: Collection[int]) -> dict[int, Conversation]: ...
    async def save(self, new: Sequence[Conversation] = (), changed: Sequence[Conversation] = ()) -> None: ...

    async def touch(self, ids: Collection[int], at: datetime) -> None:
        """The last interaction was at that moment, unless there was a later one."""
        ...

    async def of_contact(self, viewer: Agent, contact_id: int) -> list[Conversation]:
        """The contact's conversations that the viewer may see (admins and viewers: all; agents: theirs, unassigned ones, and those of
        an agent who cannot be reached), newest interaction first."""
        ...

    async def visible(self, viewer: Agent, conversation_id: int) -> Conversation | None:
        """The conversation, or the one that it became, if the viewer may see it."""
        ...


class Messages(Protocol):
    async def known(self, wamids: Collection[str]) -> dict[str, Message]: ...
    async def load(self, ids: Collection[int]) -> dict[int, Message]: ...
    async def save(self, new: Sequence[Message] = (), changed: Sequence[Message] = ()) -> None:
        """A wamid that exists already raises Conflict."""
        ...

    async def accept(self, wamids: Mapping[int, str], now: datetime) -> set[int]:
        """Queued messages that Meta has just accepted get their wamid. Return those that are so now; the others were not queued."""
        ...

    async def recent(self, conversation_id: int, limit: int) -> list[Message]:
        """Newest first, by `at` then id."""
        ...

    async def manual_since(self, account_ids: Collection[int], since: datetime, most: int) -> dict[int, int]:
        """How many messages (up to `most`) were typed on each account's phone after that moment."""
        ...

    async def automatic_since(self, contact_ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
        """When sequences sent each of these contacts a message since then, called back and failed ones left out."""
        ...

    async def of_walks(self, conversation_ids: Collection[int], since: datetime) -> list[Message]:
        """The steps that left, or shall, in these conversations, oldest first."""
        ...

    async def manual_unmatched(self, conversation_ids: Collection[int], since: datetime) -> list[Message]:
        """Echoes (source manual) with `at` >= since that fulfil no step yet (`enrollment_id` is None), oldest first."""
        ...


class Ledger(Protocol):
    async def add(self, charges: Sequence[Charge]) -> list[Charge]:
        """Enter those whose message is not in it, which are committed no more; return them."""
        ...

    async def commit(self, promised: Sequence[Commitment]) -> None:
        """Count these as spent until they are charged, or their messages fail; the same message again replaces."""
        ...

    async def release(self, outbox_ids: Collection[int]) -> None:
        """Count these as spent no more."""
        ...

    async def used(
        self, currency: str, since: datetime, until: datetime, account_id: int | None
    ) -> tuple[Decimal, Decimal]:
        """What was charged in a currency, and what is committed beside it."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget commitments made before: what was not charged since never will be; return how many."""
        ...

    async def totals(self, part: Part | None, since: datetime, until: datetime, account_id: int | None) -> list[Total]:
        """What was sent from `since` on and before `until` cost, of one account or all (None): by currency, and by `part`, which is none
        or any but the day. By key, then currency."""
        ...


@dataclass(frozen=True, slots=True)
class Parked:
    """A fact about a message we do not know yet. `kind` is a status name, `edit` or `revoke`; `data` is its event as JSON."""

    wamid: str
    kind: str
    at: datetime
    data: Mapping[str, Any]


class ParkedFacts(Protocol):
    async def add(self, facts: Sequence[Parked], now: datetime) -> None:
        """Keep them; the same (wamid, kind, at) twice is kept once."""
        ...

    async def known(self, wamids: Collection[str]) -> set[str]:
        """Those about which a fact waits."""
        ...

    async def take(self, wamids: Collection[str]) -> list[Parked]:
        """Return and remove all facts about these messages, oldest first."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget those kept since before that moment; return how many."""
        ...


class Webhooks(Protocol):
    async def claim(self, now: datetime, limit: int) -> list[StoredWebhook]:
        """Rows that are `new`, or `failed` and due, oldest first; others skip them until the transaction ends."""
        ...

    async def tried(self, webhook_id: int) -> int | None:
        """Count an attempt; return which one it is, or None when the row no longer waits to be applied."""
        ...

    async def done(self, ids: Collection[int], now: datetime) -> None: ...
    async def failed(self, webhook_id: int, error: str, next_attempt_at: datetime) -> None: ...
    async def dead(self, webhook_id: int, error: str) -> None: ...
    async def retry(self, ids: Collection[int] | None, now: datetime) -> int:
        """Make dead and failed rows (all of them when None) new again with attempts zero; return how many."""
        ...

    async def listing(self, states: Collection[WebhookState], limit: int) -> list[WebhookView]:
        """Newest first."""
        ...

    async def counts(self) -> dict[WebhookState, int]: ...
    async def backlog(self) -> int:
        """How many are new or failed."""
        ...

    async def keep_elements(self, elements: Sequence[StoredElement]) -> None:
        """Keep unknown and dead elements; the same (webhook id, position) replaces."""
        ...

    async def elements(self, state: str, limit: int) -> list[StoredElement]:
        """Newest first; `state` is `dead`, `unknown` or `kept`."""
        ...

    async def new_kinds(self, limit: int) -> list[NewKind]:
        """The kinds that are not known, most frequent first; counted are the newest thousand elements only."""
        ...

    async def drop_elements(self, webhook_ids: Collection[int]) -> None: ...
    async def element_counts(self) -> dict[str, int]:
        """By state."""
        ...

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` done rows received before; return how many."""
        ...


class Sequences(Protocol):
    async def all(self) -> list[Plan]:
        """Every sequence that is not archived, by name."""
        ...

    async def get(self, sequence_id: int) -> Plan | None: ...
    async def by_key(self, key: str) -> Plan | None: ...
    async def save(self, new: Sequence[Plan] = (), changed: Sequence[Plan] = ()) -> None: ...
    async def keep_versions(self, plans: Sequence[Plan]) -> None:
        """Keep these as they are, for those who walk them; a version that is kept already stays as it was."""
        ...

    async def versions(self) -> list[Plan]:
        """Every kept version of every sequence that is not archived, with the sequence's present name and state."""
        ...

    async def revision(self) -> int:
        """A number that changes with every save, so that caches in other nodes notice."""
        ...


class Enrollments(Protocol):
    async def open_of(self, conversation_ids: Collection[int]) -> list[Enrollment]:
        """Active and paused ones, oldest first."""
        ...

    async def load(self, ids: Collection[int]) -> dict[int, Enrollment]: ...
    async def of_conversation(self, conversation_id: int, limit: int) -> list[Enrollment]:
        """All states, newest first."""
        ...

    async def save(self, new: Sequence[Enrollment] = (), changed: Sequence[Enrollment] = ()) -> None:
        """A second open enrollment of one conversation in one sequence raises Conflict."""
        ...

    async def claim_due(self, sequence_id: int, now: datetime, limit: int) -> list[DueEnrollment]:
        """Active enrollments with next_due_at <= now, the longest due first, each with its contact and conversation; locked until
        the transaction ends, and skipped if another node has them."""
        ...

    async def stranded(self, limit: int) -> list[Enrollment]:
        """Open ones whose sequence is archived or gone; locked until the transaction ends, and skipped if another node has them."""
        ...

    async def next_due_at(self, sequence_ids: Collection[int]) -> datetime | None: ...
    async def of_older(self, sequence_id: int, version: int, limit: int) -> list[Enrollment]:
        """Open ones of the sequence on a version before this one; locked until the transaction ends."""
        ...

    async def last_started(self, conversation_ids: Collection[int], sequence_id: int) -> dict[int, datetime]:
        """When each of the conversations was last enrolled in the sequence; without those that never were."""
        ...

    async def counts(self, sequence_ids: Collection[int], most: int) -> dict[tuple[int, EnrollmentState], int]:
        """By (sequence id, state), of the stored sequences among these; none is counted beyond `most`."""
        ...


class Outbox(Protocol):
    async def save(self, new: Sequence[OutboxItem] = (), changed: Sequence[OutboxItem] = ()) -> None:
        """A `dedupe` that exists already raises Conflict."""
        ...

    async def load(self, ids: Collection[int]) -> dict[int, OutboxItem]: ...
    async def by_opaque(self, opaques: Collection[str]) -> dict[str, OutboxItem]: ...
    async def accounts_due(self, now: datetime) -> dict[int, datetime]:
        """Account id to the earliest due time of its queued items, also when in the future; all accounts with queued items."""
        ...

    async def claim_due(
        self, wanted: Mapping[int, int], worker: str, now: datetime, lease_until: datetime
    ) -> list[OutboxItem]:
        """Queued and due, of each account up to the number wanted, live replies first, then the longest due; become `sending`
        with attempts grown by one. No waiting for rows another node has."""
        ...

    async def accept(self, ids: Collection[int]) -> set[int]:
        """`sending` items become `accepted`; return which."""
        ...

    async def lease_expired(self, now: datetime, limit: int) -> list[OutboxItem]:
        """`sending` items whose worker did not settle in time."""
        ...

    async def unknown_since(self, before: datetime, limit: int) -> list[OutboxItem]:
        """`unknown` items whose lease_until (the time they became unknown) is before that moment."""
        ...

    async def cancel_queued(self, account_id: int, why: str) -> list[OutboxItem]:
        """All queued items of an account become `cancelled`; return them."""
        ...

    async def unsettled_of(self, conversation_ids: Collection[int]) -> list[OutboxItem]:
        """Queued, sending and unknown items, by id."""
        ...

    async def queued_templates(self, account_ids: Collection[int], until: datetime, limit: int) -> list[OutboxItem]:
        """Queued templates of these accounts that are due before `until`."""
        ...

    async def templates_queued(self, account_ids: Collection[int], most: int) -> int:
        """How many templates of these accounts are queued, counted up to `most`."""
        ...

    async def counts(self, account_id: int | None = None) -> dict[str, int]:
        """By state."""
        ...


class Pending(Protocol):
    async def save(self, new: Sequence[PendingManual] = (), changed: Sequence[PendingManual] = ()) -> None: ...
    async def open_of(self, conversation_ids: Collection[int]) -> list[PendingManual]:
        """Oldest first."""
        ...

    async def of_walks(self, enrollment_ids: Collection[int]) -> list[PendingManual]:
        """All that ever waited of these walks, oldest first."""
        ...

    async def get(self, pending_id: int) -> PendingManual | None: ...
    async def page(
        self, viewer: Agent, after: tuple[int, datetime, int] | None, limit: int
    ) -> list[tuple[PendingManual, Contact]]:
        """Open items the viewer may see, by (priority, added_at, id), those after that key."""
        ...

    async def waiting_for(
        self, waba_id: str, name: str, language: str, reasons: Collection[PendingReason], limit: int
    ) -> list[PendingManual]:
        """Open items of a business account that want this template and wait for one of these reasons, oldest first."""
        ...

    async def count_open(self, viewer: Agent | None = None, most: int | None = None) -> int:
        """How many the viewer may see, counted up to `most`."""
        ...


class Blocks(Protocol):
    async def evidence(self, silent_since: datetime, after: int, limit: int) -> list[Evidence]:
        """Conversations with at least two CRM or manual messages in a row, newest backwards, that Meta sent (`sent_at`) at or before
        `silent_since` and that were neither delivered, read nor failed; counting stops at the first delivered or read message, at
        the last inbound message and at `block_evidence_from`; messages sent after `silent_since`, queued, accepted or failed ones are
        passed over. `undelivered` holds their message ids, newest first, at most 5. Confirmed conversations are left out.
        By conversation id, those with an id above `after`."""
        ...

    async def delivered_accounts(self, since: datetime) -> set[int]:
        """Accounts on which any message was delivered or read since: the control against outages and lost status feeds."""
        ...

    async def save(self, new: Sequence[DeliveryIssue] = (), changed: Sequence[DeliveryIssue] = ()) -> None: ...
    async def open_of(self, conversation_ids: Collection[int]) -> list[DeliveryIssue]: ...
    async def page(self, viewer: Agent, after: int | None, limit: int) -> list[tuple[DeliveryIssue, Contact]]:
        """Open issues the viewer may see, newest id first, those with an id below `after`."""
        ...

    async def counts(self) -> dict[str, int]:
        """By issue state."""
        ...


class Agents(Protocol):
    async def all(self) -> list[Agent]:
        """Active ones, by id."""
        ...

    async def get(self, agent_id: int) -> Agent | None: ...
    async def by_telegram(self, telegram_id: int) -> Agent | None: ...
    async def save(self, new: Sequence[Agent] = (), changed: Sequence[Agent] = ()) -> None: ...
    async def add_invite(self, code_hash: str, role: Role, expires_at: datetime) -> None: ...
    async def use_invite(self, code_hash: str, now: datetime) -> Role | None:
        """The role of an unused, unexpired invite, which is used from now on; None otherwise."""
        ...


class Alerts(Protocol):
    async def open_by_key(self, keys: Collection[str]) -> dict[str, Alert]:
        """Unacknowledged ones."""
        ...

    async def raised_at(self, keys: Collection[str]) -> dict[str, datetime]:
        """When each was raised last, whether or not it is still open."""
        ...

    async def save(self, new: Sequence[Alert] = (), changed: Sequence[Alert] = ()) -> None:
        """A new one whose key another transaction has opened meanwhile is left out: `open_by_key` tells."""
        ...

    async def get(self, alert_id: int) -> Alert | None: ...
    async def page(self, viewer: Agent, after: int | None, limit: int) -> list[Alert]:
        """Unacknowledged, newest id first, those with an id below `after`; agents see those without a contact or of visible ones."""
        ...

    async def count_open(self) -> int: ...


class Notices(Protocol):
    async def add(self, notices: Sequence[Notice]) -> None: ...
    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Notice]:
        """Due and unleased, by priority then id; attempts grow by one."""
        ...

    async def done(self, ids: Collection[int]) -> None:
        """Delivered, or pointless: forget them."""
        ...

    async def postpone(self, notice_id: int, due_at: datetime) -> None: ...
    async def addressed(self, subject_ids: Collection[int]) -> set[tuple[NoticeKind, int, int]]:
        """(kind, subject id, agent id) of the notices about these subjects that are still to be delivered."""
        ...

    async def hasten(self, agent_id: int, now: datetime) -> None:
        """What was put off for this agent, and for everybody who cannot be reached, is due now and counts its attempts anew."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget those made before that moment; return how many."""
        ...

    async def next_due_at(self) -> datetime | None: ...


class Templates(Protocol):
    async def of(self, waba_id: str) -> list[Template]:
        """All that were ever heard of, deleted ones too, by name and language; a transaction that writes holds them to its end."""
        ...

    async def get(self, template_id: int) -> Template | None: ...
    async def named(self, keys: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], Template]:
        """By (business account, name, language), those known."""
        ...

    async def held(self, keys: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], Template]:
        """The same, locked until the transaction ends: they will be changed."""
        ...

    async def save(self, new: Sequence[Template] = (), changed: Sequence[Template] = ()) -> None: ...
    async def stale_accounts(self, now: datetime) -> set[str]:
        """The business accounts with a template that is to be fetched again, or whose pause should be over."""
        ...


class MediaFiles(Protocol):
    """What is known of files; their bytes are the `MediaStore`'s."""

    async def save(self, new: Sequence[Media] = (), changed: Sequence[Media] = ()) -> None: ...
    async def load(self, ids: Collection[int]) -> dict[int, Media]: ...
    async def of_messages(self, message_ids: Collection[int]) -> dict[int, Media]:
        """By message id; the first file where a message has several."""
        ...

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> list[Media]:
        """Wanted and due ones, the longest due first, become due at `lease_until`, with attempts grown by one. No waiting for rows
        another node has."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When something wanted may be claimed next."""
        ...

    async def wanted(self, limit: int) -> list[Media]:
        """What is still to be fetched, the longest due first."""
        ...

    async def lost(self, since: datetime, limit: int) -> list[Media]:
        """What was refused or was gone since then, the newest first; without what was deleted after its time."""
        ...

    async def counts(self, lost_since: datetime, most: int) -> dict[str, int]:
        """`wanted`, and `lost` since then; neither counted beyond `most`."""
        ...

    async def kept_since(self, before: datetime, limit: int) -> list[Media]:
        """Those with a key that came into their state before that moment, the oldest first, without what an open card or an unsettled
        send is to leave with; locked until the transaction ends, and skipped if another node has them."""
        ...

    async def in_use(self, keys: Collection[str], now: datetime) -> set[str]:
        """Which of these keys a stored file lies under (or its thumbnail), or a wanted one will, if it is what Meta says; or that a
        plan, a walked version of one, a dialog or an open confirmation names."""
        ...


class Uploads(Protocol):
    """Which files Meta already has from us, so that each is handed over once."""

    async def find(self, pairs: Collection[tuple[int, str]], since: datetime) -> dict[tuple[int, str], str]:
        """Meta's ids by (account id, key), of those uploaded since."""
        ...

    async def save(self, upload: Upload) -> None:
        """Keep; a later one takes the place of an earlier one."""
        ...

    async def forget(self, account_id: int, key: str) -> None: ...
    async def prune(self, before: datetime) -> int:
        """Forget those uploaded before that moment; return how many."""
        ...


class Echoes(Protocol):
    """Texts that came from a phone within seconds of a contact's message (crm/policy/automatic.py)."""

    async def quick(self, account_ids: Collection[int], signs: Collection[str]) -> set[tuple[int, str, int]]:
        """(account id, sign, contact id) of those of these accounts with these signs."""
        ...

    async def save(self, quick: Collection[tuple[int, str, int]], now: datetime) -> None:
        """Keep; what is there already stays."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget those kept since before that moment; return how many."""
        ...


class Imports(Protocol):
    """What phones in coexistence hand over."""

    async def of(self, account_ids: Collection[int]) -> dict[int, Import]:
        """By account id, of those that ever asked or heard."""
        ...

    async def save(self, progress: Collection[Import]) -> None: ...
    async def add_slices(self, slices: Sequence[Slice]) -> None:
        """Keep those that are not known by their key yet."""
        ...

    async def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Slice]:
        """Slices that are due, the newest days first, with attempts grown by one."""
        ...

    async def done(self, slice_id: int, attempts: int) -> bool:
        """Keep only the key of a slice that was claimed for that attempt; False when somebody else has it by now, or had it."""
        ...

    async def drop(self, slice_id: int, attempts: int) -> bool:
        """The same, and forget its key: its webhook, applied again, brings it again."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget the keys of slices that came before that moment and were applied; return how many."""
        ...

    async def postpone(self, slice_id: int, due_at: datetime) -> None: ...
    async def next_due_at(self) -> datetime | None:
        """When a slice may be claimed next."""
        ...

    async def next_told_at(self, now: datetime) -> datetime | None:
        """When admins are to be told next, if that is still to come."""
        ...

    async def waiting(self, account_id: int) -> int:
        """How many messages wait in slices."""
        ...

    async def haul(self, account_id: int) -> Haul: ...
    async def names(self, keys: Collection[str]) -> list[BookName]:
        """What all address books say under these identity keys."""
        ...

    async def save_names(self, names: Collection[BookName]) -> None:
        """Keep; a later word takes the place of an earlier one about the same key in the same book."""
        ...


class ReachBook(Protocol):
    """Whom the portfolios reached outside open windows. `since` is left out, as what lies a day back no longer counts."""

    async def portfolios(self, ids: Collection[str]) -> dict[str, Portfolio]:
        """Those whose limit Meta has told."""
        ...

    async def save_portfolio(self, portfolio: Portfolio) -> None:
        """Keep it, unless another process has learnt something newer meanwhile."""
        ...

    async def count(self, reached: Sequence[Reach]) -> None:
        """Take a place for each; `before_at` is filled in from what is known."""
        ...

    async def reached(self, portfolio: str, contacts: Collection[int], since: datetime) -> set[int]:
        """Which of the contacts were reached since, and so cost no further place."""
        ...

    async def used(self, portfolio: str, since: datetime, most: int) -> int:
        """How many were reached since, counted up to `most`."""
        ...

    async def freed(self, portfolio: str, since: datetime, skip: int, limit: int) -> list[datetime]:
        """When those reached since were reached, the longest ago first, without the first `skip`."""
        ...

    async def give_back(self, places: Collection[tuple[str, int, int]]) -> None:
        """These messages (portfolio, contact id, outbox id) never arrived."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget those reached before that moment; return how many."""
        ...


class Audit(Protocol):
    async def add(self, entries: Sequence[AuditEntry]) -> None: ...
    async def of(self, subject: str, limit: int) -> list[AuditEntry]:
        """Newest first."""
        ...

    async def following(self, after: int, limit: int) -> list[tuple[int, AuditEntry]]:
        """Entries with their ids, those with an id above `after`, by id."""
        ...

    async def between(self, after: int, up_to: int) -> list[tuple[int, AuditEntry]]:
        """The same, up to and with an id."""
        ...

    async def last_seal(self) -> Seal | None:
        """The newest; held until the transaction ends, so that two never seal at once."""
        ...

    async def seal(self, seal: Seal) -> None:
        """A seal at the same place raises Conflict."""
        ...

    async def seals(self, after: int, limit: int) -> list[Seal]:
        """By place, those that end above `after`."""
        ...


class Jobs(Protocol):
    async def start(self, job: str, fire_at: datetime, now: datetime) -> bool:
        """Record that this fire time is being run; False when some node already did."""
        ...

    async def finish(self, job: str, fire_at: datetime, now: datetime, outcome: str) -> None: ...
    async def last(self, job: str) -> JobRun | None: ...
    async def bury(self, now: datetime) -> int:
        """End every unfinished run with the outcome `died`; return how many."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget runs of earlier fire times, but each job's last; return how many."""
        ...


class Leases(Protocol):
    async def end(self, now: datetime) -> dict[str, int]:
        """Take everything out of the hands of processes that died: notices may be claimed at once, sends become `unknown`.
        Returns counts by kind."""
        ...


class Secrets(Protocol):
    """Ciphertext by name (`token:7`, `app_secret:1`). Plain text never comes here."""

    async def put(self, name: str, ciphertext: bytes, now: datetime) -> None: ...
    async def get(self, name: str) -> bytes | None: ...
    async def all(self) -> dict[str, bytes]: ...
    async def delete(self, name: str) -> None: ...


class Desk(Protocol):
    """What the Telegram side must remember over a restart."""

    async def add_update(self, update_id: int, body: bytes, now: datetime) -> bool:
        """Keep an update; False when it is already there."""
        ...

    async def unhandled_updates(self) -> list[tuple[int, bytes]]: ...
    async def update_handled(self, update_id: int, now: datetime) -> None: ...
    async def blank_update(self, update_id: int, body: bytes) -> None:
        """Put this in place of what was kept of an update."""
        ...

    async def prune_updates(self, before: datetime) -> int: ...
    async def remember(self, chat_id: int, message_id: int, kind: str, subject_id: int, now: datetime) -> None:
        """Note what a Telegram message shows: kind `conversation` (replying to it answers), `pending` (a card to be refreshed), …"""
        ...

    async def recall(self, chat_id: int, message_id: int) -> dict[str, int]:
        """Kind to subject id."""
        ...

    async def copies(self, kind: str, subject_id: int) -> list[tuple[int, int]]:
        """(chat id, message id) of every message that shows the subject."""
        ...

    async def shown(self, kind: str, subject_ids: Collection[int]) -> set[int]:
        """Which of the subjects some message shows."""
        ...

    async def dialog(self, chat_id: int) -> Mapping[str, Any] | None: ...
    async def set_dialog(self, chat_id: int, state: Mapping[str, Any] | None, now: datetime) -> None: ...
    async def add_confirmation(
        self, token: str, agent_id: int, act: Mapping[str, Any], expires_at: datetime
    ) -> None: ...
    async def use_confirmation(self, token: str, agent_id: int, now: datetime) -> Mapping[str, Any] | None:
        """The act of an unused, unexpired token of this agent, used from now on; None otherwise."""
        ...


class TokenForms(Protocol):
    """Forms for handing over a token, by the hash of the secret in their address."""

    async def add(self, form: TokenForm) -> None:
        """Keep; the same agent's earlier ones for the account are forgotten."""
        ...

    async def find(self, code_hash: str, now: datetime) -> TokenForm | None:
        """One that was not taken and has not ended."""
        ...

    async def take(self, code_hash: str, now: datetime, most: int) -> TokenForm | None:
        """The same, taken from now on, with `tries` grown by one; None as well when it was taken `most` times."""
        ...

    async def give_back(self, code_hash: str) -> None: ...
    async def prune(self, before: datetime) -> int:
        """Forget those that ended before that moment; return how many."""
        ...


class Overview(Protocol):
    """Counts for screens, `status --json` and metrics."""

    async def messages_by_kind_and_status(self) -> dict[tuple[str, str, str], int]:
        """By (direction, kind, status)."""
        ...

    async def contacts(self) -> int: ...
    async def conversations_with_open_window(self, since: datetime) -> int: ...
    async def glance(self, since: datetime, most: int) -> dict[str, int]:
        """`contacts`, conversations with an open `window`, `waiting` and `dead` webhooks, `unknown` sends, `probable` and `confirmed`
        blocks; none is counted beyond `most`."""
        ...

    async def queued(self, account_ids: Collection[int], most: int) -> dict[int, int]:
        """Queued messages by account, none counted beyond `most`."""
        ...

    async def blocks(self) -> dict[str, int]:
        """Conversations by block state."""
        ...


class UnitOfWork(Protocol):
    """One transaction: everything done through it happens, or nothing does."""

    @property
    def ids(self) -> Ids: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def contacts(self) -> Contacts: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def parked(self) -> ParkedFacts: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def sequences(self) -> Sequences: ...
    @property
    def enrollments(self) -> Enrollments: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def pending(self) -> Pending: ...
    @property
    def blocks(self) -> Blocks: ...
    @property
    def agents(self) -> Agents: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def media(self) -> MediaFiles: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def echoes(self) -> Echoes: ...
    @property
    def reach(self) -> ReachBook: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def token_forms(self) -> TokenForms: ...
    @property
    def overview(self) -> Overview: ...


class Store(Protocol):
    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing transaction: committed at the end of the block, rolled back when an exception leaves it. A broken uniqueness
        raises Conflict. On SQLite one at a time."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A reading transaction on a connection of its own; it never waits for a writer. Writing through it fails."""
        ...


class Intake(Protocol):
    """The one insert that does not go through a unit of work, because customers' messages depend on its speed."""

    def store(self, dedup_key: bytes, body: bytes, received_at: datetime) -> Awaitable[bool]:
        """Keep one authentic webhook; answer (True: new, False: already there) only when it is durable. Raises OSError-free
        `crm.errors.Conflict("storage-unavailable")` when the database cannot take it or too many wait."""
        ...


# --- secrets ----------------------------------------------------------------------------------------------------------------


class Vault(Protocol):
    """Seals and opens secrets with the current keys (MultiFernet)."""

    def seal(self, secret: str) -> bytes: ...
    def open(self, ciphertext: bytes) -> str:
        """Raises Misconfigured when no key opens it."""
        ...

    def rotate(self, ciphertext: bytes) -> bytes: ...


# --- WhatsApp ---------------------------------------------------------------------------------------------------------------


class Reader(Protocol):
    def read(self, body: bytes) -> list[Event]:
        """What the webhook tells, one event per element. An element that cannot be read becomes Broken; only a body that is no
        WhatsApp webhook at all raises Unreadable."""
        ...

    def past(self, phone_number_id: str, content: str) -> list[Event]:
        """What the slice of a history tells (`HistorySlice.content`), one event per message, none left out."""
        ...

    def writer(self, payload: Mapping[str, Any]) -> Person | None:
        """Whom the payload of a message that was read names as its author."""
        ...


class Preflight(Protocol):
    """What WhatsApp takes, known without asking it."""

    def __call__(self, content: Content) -> Content:
        """The content as it may leave, with what is harmless mended. Raises Refused, naming the field."""
        ...


class Marker(Protocol):
    async def mark_read(self, account_id: int, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        """Tell a customer that a message of theirs, and all before it, was read; with `typing`, that somebody is writing. May be repeated.
        Raises a SendFailed."""
        ...


class Sender(Protocol):
    async def send(self, parcel: Parcel) -> Accepted:
        """Hand one message to Meta. Raises a SendFailed."""
        ...


class Gateway(Protocol):
    """Meta's administration: tokens and templates. Failures raise SendFailed subclasses."""

    async def inspect_token(self, token: str) -> TokenFacts: ...
    async def renew_token(self, token: str) -> str:
        """Exchange a still valid 60-day token for a new one."""
        ...

    async def templates(self, waba_id: str, token: str) -> list[TemplateFacts]: ...


class Numbers(Protocol):
    """What Meta says of a number of ours. Failures raise SendFailed subclasses."""

    async def number(self, phone_number_id: str, token: str) -> NumberFacts: ...


class Registry(Numbers, Protocol):
    """Meta's register of tokens, business accounts and numbers, read with a token that need not be kept yet. Failures raise SendFailed
    subclasses."""

    async def inspect_token(self, token: str) -> TokenFacts: ...
    async def business(self, waba_id: str, token: str) -> BusinessFacts: ...
    async def numbers_of(self, waba_id: str, token: str) -> frozenset[str]:
        """The phone number ids of a business account."""
        ...

    async def subscriptions(self, waba_id: str, token: str) -> list[SubscribedApp]: ...
    async def subscribe(self, waba_id: str, token: str) -> None:
        """Let this account's webhooks come to our app; again is no fault."""
        ...

    async def unsubscribe(self, waba_id: str, token: str) -> None: ...


class PhoneLink(Protocol):
    async def hand_over(self, phone_number_id: str, sync: Sync, token: str) -> None:
        """Ask a phone in coexistence for its address book or its history. Raises a SendFailed."""
        ...


# --- files ------------------------------------------------------------------------------------------------------------------


class MediaStore(Protocol):
    """Bytes by key. What cannot be done now raises Unavailable, what is not there NotFound."""

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        """Keep; durable on return. The same key twice is the same content twice."""
        ...

    async def get(self, key: str) -> bytes: ...
    async def part(self, key: str, start: int, length: int) -> bytes:
        """So many bytes from there on; less at the end."""
        ...

    async def delete(self, key: str) -> None:
        """Forget; what is not there is forgotten already."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as Meta gave it, with the type and the hash (hexadecimal) that Meta says it has."""

    content: bytes
    mime_type: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file lay when its webhook was written, and the type that the webhook said it has."""

    url: str = field(repr=False)
    mime_type: str


class MediaSource(Protocol):
    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        """Fetch a file of at most `limit` bytes, from that address first, if there is one. NotFound: Meta has it no more; SendRejected:
        never; any other SendFailed: later."""
        ...


class Uploader(Protocol):
    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        """Hand a file to Meta for sending from this number; return its id. Raises a SendFailed; nothing was sent in any case."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture of something."""

    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """A file in a form that WhatsApp takes."""

    content: bytes
    mime_type: str


class Pictures(Protocol):
    """Looks into files, apart from the process: what is corrupt, huge or hostile harms nobody."""

    async def thumbnail(self, content: bytes, mime_type: str) -> Picture | None:
        """A small picture of an image, a video or a document; None when there is none to be had."""
        ...

    async def for_whatsapp(self, kind: MediaKind, content: bytes, mime_type: str) -> Fitted:
        """The file as WhatsApp takes it, converted where it must be. Raises Refused with what is wrong."""
        ...


# --- agents -----------------------------------------------------------------------------------------------------------------


class NoticeUndeliverable(Exception):
    """This notice can never be delivered to anybody (Telegram refuses what it says)."""


class AgentUnreachable(Exception):
    """Nothing at all can be delivered to this person (the bot is blocked, the chat is gone): others must be told."""


class NoticePostponed(Exception):
    """Telegram asks for patience."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"postponed for {wait}")
        self.wait = wait


class Notifier(Protocol):
    async def deliver(self, notice: Notice, agent: Agent | None) -> None:
        """Show a notice to its agent; `agent` is None for notices about existing copies (cards to refresh). Raises one of the three
        above."""
        ...


class BackupDesk(Protocol):
    """Copies of the database, sealed, in a store of their own. Raises Unavailable when the store cannot be reached, NotFound for a name
    that it does not have."""

    async def make(self, reason: str, scope: Scope, now: datetime) -> Backup:
        """Copy the database as it is at one moment."""
        ...

    async def all(self) -> list[Backup]:
        """Every backup, the newest first."""
        ...

    async def prove(self, name: str, now: datetime) -> Backup:
        """Restore into a scratch database and compare. Raises Unreadable when it is not what was written, Refused for a strange key."""
        ...

    async def restore(self, name: str, now: datetime) -> Held:
        """Put a backup in the place of what there is, all or nothing. Only while nobody serves the database."""
        ...

    async def filled(self) -> str | None:
        """A table of ours that holds something already, if there is one."""
        ...

    async def delete(self, name: str) -> None: ...
    async def sweep(self, now: datetime) -> int:
        """Forget what was never finished; return how many."""
        ...
