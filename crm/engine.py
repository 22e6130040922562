"""The engine: every use case in one place, wired by hand. The program's borders know the engine and nothing behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crm.clock import Clock
from crm.erasing import ErasedPeople
from crm.health import HealthDesk
from crm.model.costs import Budgets, Charge
from crm.model.numbers import Expected
from crm.plans import Plans
from crm.policy.consent import Words
from crm.policy.pricing import RateCards
from crm.ports import (
    BackupDesk,
    Gateway,
    Marker,
    PhoneLink,
    Preflight,
    Reader,
    Registry,
    Sender,
    Store,
    Uploader,
    Vault,
)
from crm.purse import Purse
from crm.refusals import Classify
from crm.services.accounts import AccountService
from crm.services.agents import AgentService
from crm.services.alerts import AlertService
from crm.services.audit import AuditService
from crm.services.backups import BackupRules, BackupService
from crm.services.blocks import BlockService
from crm.services.contacts import ContactService
from crm.services.conversations import ConversationService
from crm.services.costs import CostService
from crm.services.desk import DeskService
from crm.services.erasure import ErasureService
from crm.services.explain import ExplainService
from crm.services.files import FileService
from crm.services.housekeeping import HousekeepingService
from crm.services.identities import IdentityService
from crm.services.imports import ImportService
from crm.services.inbox import Importer, Inbox, InboxRules
from crm.services.labels import LabelService
from crm.services.marks import MarkRead, MarkService
from crm.services.media import MediaService, MediaTools
from crm.services.media_care import MediaCare
from crm.services.onboarding import OnboardingService
from crm.services.outbox import FileTools, OutboxService
from crm.services.pending import PendingService
from crm.services.reports import ReportService
from crm.services.sequences import SequenceService, Walking
from crm.services.template_sends import TemplateSendService
from crm.services.templates import TemplateService
from crm.services.token_forms import TokenFormService
from crm.services.tokens import TokenService

NO_BUDGETS = Budgets()
NOTHING_EXPECTED = Expected("", "")
USUAL_BACKUPS = BackupRules()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the engine is given: the neighbours, and the settings that decisions need. `worker` names this process in leases."""

    store: Store
    clock: Clock
    reader: Reader
    sender: Sender
    marker: Marker
    uploader: Uploader
    gateway: Gateway
    registry: Registry
    phones: PhoneLink
    vault: Vault
    classify: Classify
    preflight: Preflight
    rates: RateCards
    worker: str
    consent: Words
    media: MediaTools
    backups: BackupDesk
    budgets: Budgets = NO_BUDGETS
    backup_rules: BackupRules = USUAL_BACKUPS
    unknown_after: timedelta = timedelta(minutes=15)
    time_zone: str = "UTC"
    automatic_per_day: int = 0
    expected: Expected = NOTHING_EXPECTED
    mark_read: MarkRead = MarkRead.ANSWER
    wake: Callable[[], None] = lambda: None
    on_charged: Callable[[Sequence[Charge]], None] = lambda charges: None


class Engine:
    """All use cases over one store. `wake` is called when a pump may have work."""

    def __init__(self, outside: Outside) -> None:
        store, clock, wake = outside.store, outside.clock, outside.wake
        plans, desk = Plans(), HealthDesk(store, outside.registry, outside.vault)
        erased = ErasedPeople(outside.vault)
        self.clock, self._wake = clock, wake
        self.accounts = AccountService(store, clock, outside.vault, desk, wake)
        self.agents = AgentService(store, clock, outside.time_zone, wake)
        self.alerts = AlertService(store, clock)
        self.audit = AuditService(store, clock)
        self.backups = BackupService(store, outside.backups, clock, outside.backup_rules)
        self.blocks = BlockService(store, clock, plans)
        self.contacts = ContactService(store, clock, plans)
        self.marks = MarkService(store, outside.marker, clock, outside.mark_read, wake)
        self.conversations = ConversationService(store, clock, outside.preflight, self.marks.answered, wake)
        purse = Purse(outside.budgets, outside.rates, outside.time_zone)
        self.costs = CostService(store, clock, purse, plans)
        self.desk = DeskService(store, clock)
        self.explain = ExplainService(store, clock, plans, outside.time_zone)
        self.files = FileService(outside.media.store, outside.media.pictures)
        self.identities = IdentityService(store, clock, plans, outside.reader.writer, wake)
        self.labels = LabelService(store, clock, plans, outside.time_zone, wake)
        self.housekeeping = HousekeepingService(store, clock, desk)
        rules = InboxRules(outside.classify, outside.consent, outside.rates, outside.time_zone)
        self.inbox = Inbox(
            store,
            outside.reader,
            clock,
            plans,
            rules,
            erased,
            wake,
            outside.media.wake,
            outside.on_charged,
        )
        self.importer = Importer(
            store, outside.reader, clock, plans, rules, erased, wake, outside.media.wake, outside.on_charged
        )
        self.imports = ImportService(store, outside.phones, clock, outside.vault)
        self.media = MediaService(store, clock, outside.media, wake)
        self.erasure = ErasureService(store, clock, erased, self.media.forget_erased, wake)
        self.media_care = MediaCare(store, clock, outside.media.store, outside.media.wake)
        self.onboarding = OnboardingService(
            store, outside.registry, clock, outside.vault, outside.expected, self._new_token
        )
        self.outbox = OutboxService(
            store,
            outside.sender,
            clock,
            outside.worker,
            outside.unknown_after,
            outside.classify,
            FileTools(outside.media.store, outside.uploader),
            outside.rates,
            wake,
            purse,
        )
        self.pending = PendingService(store, clock, outside.rates, self.marks.answered, wake)
        self.reports = ReportService(store, clock)
        self.sequences = SequenceService(
            store, clock, plans, Walking(outside.time_zone, outside.automatic_per_day), wake
        )
        self.templates = TemplateService(store, outside.gateway, clock, outside.vault)
        self.token_forms = TokenFormService(store, clock)
        self.template_sends = TemplateSendService(store, clock, outside.rates, self.marks.answered, wake)
        self.tokens = TokenService(store, outside.gateway, clock, outside.vault, desk, self.accounts.forget_tokens)

    def _new_token(self) -> None:
        self.accounts.forget_tokens()
        self._wake()
