"""What use cases answer to the people who ask: the facts a screen, a command line or a report needs, already gathered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.model.accounts import Account, barred
from crm.model.agents import Agent
from crm.model.alerts import Alert
from crm.model.audit import AuditEntry
from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact, Identity
from crm.model.conversations import Conversation
from crm.model.costs import Part, Period, Quote, Spending, Total
from crm.model.imports import Imported
from crm.model.media import KeptFile, Media
from crm.model.merges import Merge
from crm.model.messages import Message
from crm.model.notes import Note
from crm.model.paces import PaceNow, PlacesNow
from crm.model.pending import PendingManual
from crm.model.sequences import Enrollment, Sequence
from crm.model.templates import Components, Preview, Template
from crm.model.webhooks import NewKind
from crm.model.windows import Window

MOST_COUNTED = 10_000
"""A screen counts no further: one more stands for all there may be, so that looking costs the same however much there is."""


@dataclass(frozen=True, slots=True)
class PendingPage:
    """One page of the manual queue. `next_after` is the cursor of the following page, None on the last."""

    lines: tuple[tuple[PendingManual, Contact], ...]
    total: int
    next_after: tuple[int, datetime, int] | None


@dataclass(frozen=True, slots=True)
class PendingCard:
    """One waiting message with all that decides about it. `window` None: closed. `link` opens WhatsApp with the text ready.
    `template_works`: the template for which it was held can be sent again as it is filled in. `template_quote` is its price now, where it
    waits because that is more than was agreed to."""

    pending: PendingManual
    contact: Contact
    conversation: Conversation
    account: Account
    window: Window | None
    quote: Quote | None
    sequence: Sequence | None
    last_inbound: Message | None
    resolver: Agent | None
    link: str | None
    file: Media | None = None
    template_works: bool = False
    template_quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """What a period cost: by `part`, and the `whole` of it, an entry for each currency. `names` are those of the parts that are known
    by an id; `yesterday` is for comparison, `budgets` are this
    month's."""

    period: Period
    part: Part
    totals: tuple[Total, ...]
    whole: tuple[Total, ...]
    names: Mapping[str, str]
    yesterday: tuple[Total, ...] = ()
    budgets: tuple[Spending, ...] = ()


@dataclass(frozen=True, slots=True)
class CostForecast:
    """What is planned until then would cost, by kind (crm/policy/forecast.py). `more`: there is more than was looked at."""

    until: datetime
    totals: tuple[Total, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template that fits, what it will read like and what it costs. `ready`: nothing is missing that a person must say."""

    template: Template
    text: str
    quote: Quote
    ready: bool = True


@dataclass(frozen=True, slots=True)
class TemplateChoices:
    """What may leave to a person outside the window, the fitting first; `unusable` counts what Meta does not let be sent now."""

    contact: Contact
    account: Account
    choices: tuple[TemplateChoice, ...]
    unusable: int = 0
    pending: PendingManual | None = None


@dataclass(frozen=True, slots=True)
class TemplateFilling:
    """A template that somebody is filling in for a person: the values so far by slot, and the file for its header."""

    template: Template
    components: Components
    contact: Contact
    account: Account
    values: Mapping[str, str]
    file: KeptFile | None = None


@dataclass(frozen=True, slots=True)
class TemplateLook:
    """Exactly what would leave and what it costs; `token` confirms it once, by this agent, within 90 seconds."""

    template: Template
    contact: Contact
    account: Account
    preview: Preview
    quote: Quote
    token: str


@dataclass(frozen=True, slots=True)
class Walk:
    """An enrollment with its plan."""

    enrollment: Enrollment
    sequence: Sequence


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """A conversation as an agent needs it. `recent` is newest first."""

    conversation: Conversation
    account: Account
    window: Window | None
    agent: Agent | None
    walks: tuple[Walk, ...]
    recent: tuple[Message, ...]
    pending: int
    issue: DeliveryIssue | None


@dataclass(frozen=True, slots=True)
class Known:
    """All that a contact is and was called, who may be the same person, and the merges it was part of, newest first."""

    contact: Contact
    names: tuple[Identity, ...]
    alike: tuple[Contact, ...]
    merges: tuple[Merge, ...]


@dataclass(frozen=True, slots=True)
class ContactCard:
    """`alike` may be the same person; `merge` is the last that the contact stayed after, if it may be undone; `notes` are the newest, each
    with whoever wrote it."""

    contact: Contact
    conversations: tuple[ConversationCard, ...]
    names: tuple[Identity, ...] = ()
    alike: tuple[Contact, ...] = ()
    merge: Merge | None = None
    notes: tuple[tuple[Note, Agent | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """A contact with a new tag, and by name the plans that it began, ended, and could not begin (with the code of the refusal)."""

    contact: Contact
    begun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SequenceCard:
    """A plan and how many walk it, by enrollment state's value, none beyond MOST_COUNTED + 1."""

    sequence: Sequence
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class IssuePage:
    lines: tuple[tuple[DeliveryIssue, Contact], ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class AlertPage:
    alerts: tuple[Alert, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Queued:
    """It will leave: written to the outbox, on this basis."""

    outbox_id: int
    window: Window | None


@dataclass(frozen=True, slots=True)
class Held:
    """It may not leave by itself: it waits in the manual queue."""

    pending_id: int


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """`imported` is there for a number whose phone has handed something over, or was asked to; `pace` and `places` where they were asked
    for."""

    account: Account
    outbox: Mapping[str, int]
    imported: Imported | None = None
    pace: PaceNow | None = None
    places: PlacesNow | None = None


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One of our numbers. `queued` is not counted beyond MOST_COUNTED + 1; `stopped` is when it last stopped or went on, and why."""

    account: Account
    queued: int
    has_token: bool
    stopped: AuditEntry | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the whole switchboard, as counts; at a glance only of what waits or is unusual, and none beyond MOST_COUNTED + 1."""

    webhooks: Mapping[str, int]
    elements: Mapping[str, int]
    messages: Mapping[tuple[str, str, str], int]
    outbox: Mapping[str, int]
    pending: int
    contacts: int
    open_windows: int
    blocks: Mapping[str, int]
    alerts: int
    accounts: tuple[AccountStatus, ...]
    files: Mapping[str, int]
    jobs: Mapping[str, str]
    at: datetime
    new_kinds: tuple[NewKind, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape of `centralita status --json`, kept stable."""
        messages: dict[str, dict[str, dict[str, int]]] = {}
        for (direction, kind, status), count in self.messages.items():
            messages.setdefault(direction, {}).setdefault(kind, {})[status] = count
        return {
            "at": self.at.isoformat(),
            "webhooks": dict(self.webhooks),
            "elements": dict(self.elements),
            "new_kinds": [each.as_json() for each in self.new_kinds],
            "messages": messages,
            "outbox": dict(self.outbox),
            "pending": self.pending,
            "contacts": self.contacts,
            "open_windows": self.open_windows,
            "blocks": dict(self.blocks),
            "alerts": self.alerts,
            "accounts": [
                {
                    "id": each.account.id,
                    "phone_number_id": each.account.phone_number_id,
                    "state": each.account.state.value,
                    "held_reason": each.account.held_reason,
                    "barred": _barred(each.account, self.at),
                    "outbox": dict(each.outbox),
                    "pace": each.pace.as_json() if each.pace is not None else None,
                    "portfolio": each.places.as_json() if each.places is not None else None,
                    "import": each.imported.as_json() if each.imported is not None else None,
                }
                for each in self.accounts
            ],
            "files": dict(self.files),
            "jobs": dict(self.jobs),
        }


def _barred(account: Account, at: datetime) -> dict[str, Any] | None:
    """Which templates Meta does not take from it, and until when, if that was said."""
    word = barred(account, at)
    if word is None or word.bar is None:
        return None
    return {"bar": word.bar.value, "until": word.until.isoformat() if word.until else None}
