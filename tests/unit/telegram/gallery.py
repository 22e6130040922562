"""Every screen in every state worth looking at, as one gallery: what the tests of views walk through and what `screens/` shows to
people. Ids, names and times are frozen, so that a picture changes only when a screen does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from bot.telegram.buttons import Button, Copy, Link, encode
from bot.telegram.forms import Form
from bot.telegram.screen import Screen
from bot.telegram.views import (
    accounts,
    agents,
    alerts,
    backups,
    blocks,
    composing,
    contacts,
    conversations,
    costs,
    erasure,
    explain,
    home,
    identities,
    imports,
    labels,
    media,
    pending,
    reports,
    sequences,
    templates,
)
from bot.telegram.views import help as help_views
from bot.texts import Say, Texts
from crm.model.accounts import Account, AccountState, Bar, MetaWord
from crm.model.agents import Agent, Role
from crm.model.alerts import Alert, AlertKind, Severity
from crm.model.answers import (
    AccountCard,
    AccountStatus,
    AlertPage,
    ContactCard,
    ConversationCard,
    CostForecast,
    Costs,
    IssuePage,
    PendingCard,
    PendingPage,
    Queued,
    SequenceCard,
    Status,
    TemplateChoice,
    TemplateChoices,
    TemplateFilling,
    TemplateLook,
    Walk,
)
from crm.model.audit import AuditEntry
from crm.model.backups import Backup, Scope
from crm.model.contacts import Contact, Identity, Person
from crm.model.contents import Content, Location
from crm.model.conversations import BlockState
from crm.model.costs import Agreed, Category, Part, Quote, Spending, Total
from crm.model.erasure import Erased, Footprint
from crm.model.explanations import Explanation
from crm.model.imports import Haul, Import, Imported, ImportState
from crm.model.media import DIFFERS, EXPIRED, KeptFile, MediaKind, MediaState, enclosed
from crm.model.merges import Merge, MergeWhy
from crm.model.messages import HELD_BY_META, DeliveryStatus, Source, TemplateRef
from crm.model.notes import Note
from crm.model.numbers import Checkup, Finding, Standing
from crm.model.paces import PaceNow, PlacesNow
from crm.model.pending import PendingManual, PendingReason, PendingState
from crm.model.sequences import EnrollmentState, Reason, SequenceState, Step, Trigger
from crm.model.templates import ButtonKind, Components, Header, HeaderKind, Preview, Template, TemplateButton
from crm.model.webhooks import NewKind
from crm.model.windows import Basis, Window
from crm.policy import costs as cost_policy
from crm.policy import filling
from crm.policy.forecast import Kind
from crm.policy.identities import namings, sighted
from crm.policy.templates import BY_TEMPLATE, Trouble
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_contact,
    a_conversation,
    a_media,
    a_message,
    a_pending,
    a_sent_message,
    a_sequence,
    a_template,
    an_account,
    an_agent,
    an_alert,
    an_enrollment,
    an_issue,
)
from tests.unit import contents as some
from tests.unit.chains import CHAINS

TEXTS = Texts()
HOSTILE = '<b>&"</b><script>'
LONG = "muy largo " * 500

ACCOUNT = an_account(id=7, phone_number_id="10555000000001", name="Ventas AR", display_phone="+54 9 11 5555-0000")
LEO = a_contact(
    id=2028, wa_id="5491155550099", name="Leo Díaz", username=None, time_zone="America/Argentina/Buenos_Aires"
)
TALK = a_conversation(id=3000, contact=LEO, account=ACCOUNT, last_inbound_at=NOW - 27 * HOUR)
PLAN = a_sequence(
    id=41,
    name="Bienvenida",
    version=7,
    steps=(
        Step(timedelta(0), "Hola {name}, gracias por escribirnos."),
        Step(DAY, "¿Pudiste ver la propuesta?"),
        Step(3 * DAY, "Seguimos con tu pedido", TemplateRef("seguimiento_v2", "es")),
    ),
)
WAITING = a_pending(
    id=940905,
    of=TALK,
    text="Hola Leo, ¿pudiste ver la propuesta? Si te sirve te la dejo reservada hasta el viernes.",
    enrollment_id=55,
    step=2,
    version=4,
    added_at=NOW - 3 * HOUR,
    priority=1,
)
ANA = {
    role: an_agent(id=11, name="Ana", role=role, language="es", telegram_id=7_000_000_011, time_zone="Europe/Madrid")
    for role in Role
}


def a_quote(amount: str | None = "0.026", category: Category = Category.UTILITY, free: str | None = None) -> Quote:
    quota = 1000 if category is Category.SERVICE and free is None else 0
    return Quote(Decimal(amount) if amount else None, "USD", "Argentina", category, date(2026, 10, 1), free, quota)


A_FILE = enclosed(9, 1, KeptFile(MediaKind.VOICE, "a" * 64, "audio/ogg", None, 4_000), NOW)


def a_card(**changes: object) -> PendingCard:
    card = PendingCard(
        pending=WAITING,
        contact=LEO,
        conversation=TALK,
        account=ACCOUNT,
        window=None,
        quote=None,
        sequence=PLAN,
        last_inbound=a_message(of=TALK, text="después te digo", at=NOW - 27 * HOUR),
        resolver=None,
        link="https://wa.me/5491155550099?text=Hola%20Leo",
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def a_choice(number: int, name: str, amount: str | None, category: str = "UTILITY") -> TemplateChoice:
    template = a_template(id=500 + number, name=name, category=category)
    return TemplateChoice(template, f"Hola Leo, {name} te espera.", a_quote(amount, Category(category.lower())))


def former_names(contact: Contact) -> tuple[Identity, ...]:
    """What a contact was called until yesterday."""
    rows = [Person("5491150001111", None, username="leo_viejo"), Person("5511987654321", None)]
    return tuple(
        replace(sighted(each, contact.id, NOW - 30 * DAY), until=NOW - DAY, held=False, seen=NOW - 2 * DAY)
        for person in rows
        for each in namings(person, "2001")
    )


def a_merge(kept: Contact, gone: Contact) -> Merge:
    return Merge(77001, NOW - 2 * DAY, "meta", MergeWhy.RENAMED, kept, gone, kept)


RICH_COMPONENTS = Components(
    "Hola {{1}}, seguimos con tu pedido {{2}}.\n¿Te lo confirmo?",
    Header(HeaderKind.IMAGE),
    f"Responde BAJA para no recibir más {HOSTILE}",
    (
        TemplateButton(ButtonKind.QUICK_REPLY, "Sí, confirmar"),
        TemplateButton(ButtonKind.URL, "Ver pedido", "https://example.com/p/{{1}}"),
        TemplateButton(ButtonKind.COPY_CODE, "Copiar código", "AHORRA"),
        TemplateButton(ButtonKind.PHONE_NUMBER, "Llamar", "+5491155550000"),
    ),
)
PLACE_COMPONENTS = Components("Aquí", Header(HeaderKind.LOCATION))
RICH = a_template(id=520, name="seguimiento_v2", components=RICH_COMPONENTS, category="marketing", quality="GREEN")
RICH_VALUES = {"body.1": "Leo", "body.2": "#1182", "button.1": "1182", "button.2": "LEO10"}
RICH_PREVIEW = filling.preview(RICH_COMPONENTS, filling.reference(RICH, RICH_VALUES))
PICTURE = KeptFile(MediaKind.IMAGE, "b" * 64, "image/jpeg", None, 40_000)
EVERY_TEMPLATE = [
    RICH,
    replace(
        RICH, id=521, name="pausada", status="PAUSED", reason="FIRST_PAUSE", paused_until=NOW + HOUR, quality="RED"
    ),
    replace(RICH, id=522, name="rechazada", status="REJECTED", reason="INCORRECT_CATEGORY", quality=""),
    replace(
        RICH, id=523, name="por_cambiar", category="utility", next_category="marketing", next_category_at=NOW + DAY
    ),
    replace(RICH, id=524, name="cambiada", previous_category="utility", quality="YELLOW"),
    replace(RICH, id=525, name="rechazo", refusal=132000),
    replace(RICH, id=526, name="nueva", components=None, status="PENDING", category="", quality="UNKNOWN"),
    replace(RICH, id=527, name="carrusel", components=replace(RICH_COMPONENTS, unfit="CAROUSEL"), status="ODD_WORD"),
]


def a_talk_card(**changes: object) -> ConversationCard:
    recent = (
        a_sent_message(
            of=TALK, sent_at=NOW - HOUR, delivered_at=NOW - HOUR, read_at=NOW - MINUTE, text="¡Claro! Te la guardamos."
        ),
        a_message(of=TALK, kind="image", text=None, at=NOW - 2 * HOUR),
        a_sent_message(
            of=TALK,
            sent_at=NOW - 25 * HOUR,
            status=DeliveryStatus.ACCEPTED,
            payload={HELD_BY_META: True},
            text="Oferta",
        ),
        a_sent_message(of=TALK, sent_at=NOW - 26 * HOUR, source=Source.MANUAL, text="Buen día"),
        a_message(of=TALK, text=f"Hola {HOSTILE}", at=NOW - 27 * HOUR),
    )
    walk = an_enrollment(id=55, of=TALK, sequence=PLAN, position=1, next_due_at=NOW + 20 * HOUR)
    card = ConversationCard(TALK, ACCOUNT, None, ANA[Role.AGENT], (Walk(walk, PLAN),), recent, 1, None)
    return replace(card, **changes)  # type: ignore[arg-type]


def _progress(imported: Imported, agent: Agent, say: Say) -> Screen:
    return imports.progress(imported, say)


def _status(status: Status, agent: Agent, say: Say) -> Screen:
    return reports.status(status, agent, say)


def an_import(state: ImportState, percent: int, phase: int | None, waiting: int) -> Imported:
    heard = None if state in (ImportState.IDLE, ImportState.DECLINED) else NOW
    known = Import(3, heard_at=heard, phase=phase, progress=percent)
    return Imported(3, "Ventas AR", state, known, Haul(12_345, 678, waiting, 90, 2 if waiting else 0))


SLOW = PaceNow(10, 20, normal_at=NOW + 2 * MINUTE)
USED_UP = PaceNow(8, 20, used=88)
RESTING = PaceNow(20, 20, rests_until=NOW + 5 * MINUTE, rests_for="account-limit")


def a_status(**changes: object) -> Status:
    other = replace(ACCOUNT, id=8, name="Ventas ES", state=AccountState.HELD, held_reason="token")
    third = replace(ACCOUNT, id=9, name="Ventas CL")
    status = Status(
        webhooks={"new": 2, "done": 900, "failed": 1, "dead": 0},
        elements={},
        messages={("in", "text", "received"): 1200},
        outbox={"queued": 12, "accepted": 900, "unknown": 1},
        pending=11,
        contacts=1189,
        open_windows=45,
        blocks={"clear": 1100, "probable": 21, "confirmed": 38},
        alerts=3,
        accounts=(
            AccountStatus(ACCOUNT, {"queued": 12}, None, SLOW, PlacesNow("p", 1870, 2000, known=True)),
            AccountStatus(other, {"queued": 3}),
            AccountStatus(third, {"queued": 5}, None, RESTING, PlacesNow("q", 12, None, known=True)),
            AccountStatus(replace(third, id=10, name="Ventas PE"), {"queued": 6}, None, USED_UP),
        ),
        files={"wanted": 3, "lost": 1},
        jobs={"sequences": "2026-11-24T11:00:00+00:00 queued=12", "tokens": "2026-11-24T04:00:00+00:00 running"},
        at=NOW,
    )
    return replace(status, **changes)  # type: ignore[arg-type]


OPEN = Window(Basis.CUSTOMER_MESSAGE, NOW + 23 * HOUR)
ASSUMED = Window(Basis.MANUAL_SEND, NOW + 3 * HOUR)
CHOICES = [
    a_choice(1, "seguimiento_v2", "0.0260"),
    a_choice(2, "promo_nov", "0.0618", "MARKETING"),
    a_choice(3, "retomar", None, "MARKETING"),
]
BLOCKED = replace(TALK, block_state=BlockState.PROBABLE)
ISSUE = an_issue(id=77, of=BLOCKED, message_ids=(1, 2, 3), opened_at=NOW - 6 * DAY)


def an_alert_of(kind: AlertKind, number: int) -> Alert:
    return an_alert(
        id=900 + number,
        kind=kind,
        severity=list(Severity)[number % 3],
        count=1 if number % 2 else 12,
        params={
            "agent": "Beto",
            "contact": "Leo Díaz",
            "contact_id": LEO.id,
            "conversation_id": TALK.id,
            "pending_id": WAITING.id,
            "account": "Ventas AR",
            "account_id": 7,
            "probability": 95,
            "messages": 3,
            "days": 7,
            "problem": "backup-broken" if kind is AlertKind.BACKUP_FAILED else "código 190",
            "hours": 52,
            "made_at": (NOW - DAY).isoformat(),
            "sends": 3,
            "cards": 2,
            "walks": 41,
            "webhooks": 1,
            "accounts": 2,
            "reason": "payment",
            "news": "number-quality" if kind is AlertKind.ACCOUNT_EVENT else None,
            "facts": {"what": "flagged", "limit": "2000"},
            "webhook_id": 4711,
            "error": "no entry",
            "sequence": "Bienvenida",
            "assumption": "manual_send",
            "code": "rate-limit" if kind is AlertKind.ACCOUNT_SLOWED else 131026,
            "most": 2000,
            "count": 1600,
            "detail": "Message undeliverable",
            "job": "sequences",
            "template": "promo_nov",
            "language": "es",
            "trouble": "paused",
            "category": "utility",
            "next_category": "marketing",
            "until": (NOW + 3 * HOUR).isoformat(),
            "starts": (NOW + DAY).isoformat(),
            "percent": 80,
            "used": "161.2626",
            "currency": "USD",
            "waiting": 130 if kind is AlertKind.PORTFOLIO_LIMIT else 2,
        },
    )


ALERTS = [an_alert_of(kind, number) for number, kind in enumerate(AlertKind)]


@dataclass(frozen=True, slots=True)
class Picture:
    """A named state of a screen; `paint` draws it for a reader."""

    name: str
    paint: Callable[[Agent, Say], Screen]


def a_page(contact: Contact = LEO, text: str | None = None) -> PendingPage:
    """Eight lines of every kind, and more to come."""
    reasons = [*PendingReason, PendingReason.WINDOW_CLOSED]
    lines = tuple(
        (
            replace(
                WAITING,
                id=WAITING.id + number,
                reason=reason,
                text=text or WAITING.text,
                enrollment_id=None if number % 2 else 55,
            ),
            contact,
        )
        for number, reason in enumerate(reasons)
    )
    return PendingPage(lines, 11, (1, NOW - 3 * HOUR, 940912))


def interactives(sentence: str) -> dict[str, Content]:
    """What can be composed, with the same words; those that are longer than the words of a message may be are cut."""
    words = sentence.strip()[:1024] or "¿Qué prefieres?"
    return {
        "buttons": replace(some.BUTTONS, body=words),
        "list": replace(some.MENU, body=words),
        "link": replace(some.LINK, body=words),
        "phone": replace(some.PHONE_REQUEST, body=words),
    }


def _ask_words(agent: Agent, say: Say, *, form: Form, talk: ConversationCard, contact: Contact) -> Screen:
    return composing.ask_words(form, talk, contact, agent, say)


def _ask_titles(agent: Agent, say: Say, *, form: Form) -> Screen:
    return composing.ask_titles(form, say)


def _look(agent: Agent, say: Say, *, content: Content, talk: ConversationCard, contact: Contact) -> Screen:
    return composing.look(content, Form.LIST, 2**31 - 1, talk, contact, agent, say)


def files_of(contact: Contact, text: str, account: str) -> Iterator[tuple[str, Callable[[Agent, Say], Screen]]]:
    """A customer's file: shown, alone, from the phone, odd; refused, gone, kept long enough; too large, with and without a link."""
    told = {"contact": contact.title, "account": account, "text": text, "message_id": 7, "conversation_id": 8}
    film = a_media(kind=MediaKind.VIDEO, size=73 * 1024 * 1024)
    yield "shown", lambda a, s: media.shown(a_media(), told, a, s, alone=False)
    yield "alone", lambda a, s: media.shown(a_media(), told, a, s, alone=True)
    yield "ours-and-odd", lambda a, s: media.shown(a_media(error=DIFFERS), {**told, "ours": True}, a, s, alone=False)
    for state, error in (
        (MediaState.REFUSED, "media-too-large"),
        (MediaState.GONE, "media-gone"),
        (MediaState.GONE, EXPIRED),
        (MediaState.GONE, "a-code-of-tomorrow"),
    ):
        missing = a_media(state=state, key=None, error=error)
        yield f"missing-{error}", partial(lambda gone, a, s: media.missing(gone, told, a, s), missing)
    yield "elsewhere", lambda a, s: media.elsewhere(film, told, "https://files.example/media/k3f9?until=1&key=2", a, s)
    yield "nowhere", lambda a, s: media.elsewhere(film, told, None, a, s)


def pictures(contact: Contact = LEO, text: str | None = None, account_name: str = "Ventas AR") -> Iterator[Picture]:
    """The whole gallery; a hostile or long contact, text and account name may take the places of the ordinary ones."""
    account = replace(ACCOUNT, name=account_name)
    waiting = replace(WAITING, text=text or WAITING.text)
    plan = replace(PLAN, name=account_name if account_name != "Ventas AR" else PLAN.name)
    sentence = text or "¿Tienen stock en azul?"

    def card(**changes: object) -> PendingCard:
        return a_card(**{"pending": waiting, "contact": contact, "account": account, "sequence": plan, **changes})

    def resolved(state: PendingState, **changes: object) -> PendingCard:
        closed = replace(waiting, state=state, resolved_at=NOW - MINUTE, resolved_by=11, version=5)
        return card(**{"pending": closed, "resolver": ANA[Role.AGENT], **changes})

    def draw_resolved(state: PendingState, agent: Agent, say: Say) -> Screen:
        return pending.card(resolved(state), agent, say)

    def draw_stuck(held: PendingManual, agent: Agent, say: Say) -> Screen:
        return pending.card(card(pending=held), agent, say)

    def draw_question(found: TemplateFilling, slot: filling.Slot, agent: Agent, say: Say) -> Screen:
        return templates.ask(found, slot, WAITING.id, agent, say)

    def draw_template(template: Template, agent: Agent, say: Say) -> Screen:
        return templates.one(template, agent, say)

    def draw_alert(alert: Alert, agent: Agent, say: Say) -> Screen:
        told = {"kind": alert.kind.value, "severity": alert.severity.value, **alert.params}
        return alerts.push(alert.id, told, agent, say)

    def talk(**changes: object) -> ConversationCard:
        return a_talk_card(**{"account": account, **changes})

    def paint(name: str, draw: Callable[[Agent, Say], Screen]) -> Picture:
        return Picture(name, draw)

    yield paint("home", lambda a, s: home.home(a_status(), a, s))
    yield paint("home-calm", lambda a, s: home.home(a_status(pending=0, alerts=0, accounts=()), a, s))
    yield paint("welcome", home.welcome)
    yield paint("queue", lambda a, s: pending.queue(a_page(contact, text), a, s))
    yield paint("queue-later", lambda a, s: pending.queue(a_page(contact, text), a, s, (0, NOW, 5)))
    yield paint("queue-empty", lambda a, s: pending.queue(PendingPage((), 0, None), a, s))
    yield paint("pending-closed", lambda a, s: pending.card(card(), a, s))
    barred = replace(account, meta_words=(MetaWord("restriction", NOW, until=NOW + DAY, bar=Bar.TEMPLATES),))
    yield paint("pending-closed-barred", lambda a, s: pending.card(card(account=barred), a, s))
    yield paint(
        "pending-open",
        lambda a, s: pending.card(card(window=OPEN, quote=a_quote(category=Category.SERVICE)), a, s),
    )
    yield paint(
        "pending-unknown",
        lambda a, s: pending.card(
            card(pending=replace(waiting, reason=PendingReason.UNKNOWN_OUTCOME), window=OPEN, quote=a_quote()), a, s
        ),
    )
    yield paint(
        "pending-rejected-blocked",
        lambda a, s: pending.card(
            card(
                pending=replace(waiting, reason=PendingReason.REJECTED_BY_META),
                conversation=BLOCKED,
                contact=replace(contact, opted_out=True),
                last_inbound=None,
                sequence=None,
                link=None,
            ),
            a,
            s,
        ),
    )
    for reason in sorted(BY_TEMPLATE):
        stuck = replace(waiting, reason=reason, template=TemplateRef("promo_nov", "es"))
        yield paint(f"pending-{reason.value}", partial(draw_stuck, stuck))
    stuck = replace(waiting, reason=PendingReason.TEMPLATE_UNUSABLE, template=TemplateRef("promo_nov", "es"))
    agreed = Agreed(Decimal("0.026"), "USD", Category.UTILITY)
    for key, before, amount in (
        ("pending-price-marketing", agreed, "0.0618"),
        ("pending-price-free-no-more", replace(agreed, amount=Decimal(0)), "0.026"),
        ("pending-price-unknown", agreed, None),
    ):
        waits = replace(
            stuck, reason=PendingReason.TEMPLATE_PRICE, template=TemplateRef("promo_nov", "es", agreed=before)
        )
        becomes = Category.MARKETING if amount == "0.0618" else Category.UTILITY
        dearer = card(pending=waits, template_quote=a_quote(amount, becomes))
        yield paint(key, partial(pending.card, dearer))
    yield paint("pending-template-works", lambda a, s: pending.card(card(pending=stuck, template_works=True), a, s))
    yield paint("pending-kept", lambda a, s: pending.card(card(sequence=None), a, s, kept=True))
    for state in (PendingState.RELEASED, PendingState.BY_HAND, PendingState.SKIPPED, PendingState.OBSOLETE):
        yield paint(f"pending-{state.value}", partial(draw_resolved, state))
    yield paint("pending-seen", lambda a, s: pending.card(resolved(PendingState.BY_HAND, resolver=None), a, s))
    held = replace(waiting, media_id=9, text="")
    yield paint(
        "pending-file", lambda a, s: pending.card(card(pending=replace(held, text=waiting.text), file=A_FILE), a, s)
    )
    yield paint("pending-file-alone", lambda a, s: pending.card(card(pending=held, file=A_FILE), a, s))
    yield paint("by-hand-file-alone", lambda a, s: pending.by_hand(card(pending=held, file=A_FILE), a, s))
    yield paint("by-hand", lambda a, s: pending.by_hand(card(), a, s))
    yield paint(
        "by-hand-elsewhere",
        lambda a, s: pending.by_hand(card(account=replace(account, coexistence=False), link=None), a, s),
    )
    offered = TemplateChoices(contact, account, tuple(CHOICES), 3, WAITING)
    yield paint("templates", lambda a, s: templates.choices(offered, None, a, s))
    plenty = replace(offered, choices=tuple(CHOICES * 6), unusable=0)
    yield paint("templates-many", lambda a, s: templates.choices(plenty, None, a, s, 8))
    nobody = replace(offered, choices=(), pending=None, unusable=1)
    yield paint("templates-none", lambda a, s: templates.choices(nobody, 3000, a, s))
    free = replace(offered, pending=None)
    yield paint("templates-of-conversation", lambda a, s: templates.choices(free, 3000, a, s))
    half = TemplateFilling(RICH, RICH_COMPONENTS, contact, account, {"body.1": "Leo"}, PICTURE)
    for slot in filling.slots(RICH_COMPONENTS):
        yield paint(f"template-ask-{slot.key}", partial(draw_question, half, slot))
    map_slot = filling.slots(Components("Aquí", Header(HeaderKind.LOCATION)))[0]
    yield paint("template-ask-place", partial(draw_question, replace(half, components=PLACE_COMPONENTS), map_slot))
    looked = TemplateLook(RICH, contact, account, RICH_PREVIEW, a_quote("0.0618"), "7K2QF9M1TA")
    yield paint("confirm-template", lambda a, s: templates.look(looked, WAITING.id, None, a, s, values=True))
    unpriced = replace(looked, quote=a_quote(None), contact=replace(contact, marketing_opted_out=True))
    yield paint("confirm-unpriced", lambda a, s: templates.look(unpriced, None, 3000, a, s, values=False))
    placed = replace(looked, preview=Preview("Te esperamos", place=Location(-34.6, -58.4, "Obelisco", None)))
    yield paint("confirm-place", lambda a, s: templates.look(placed, None, 3000, a, s, values=True))
    yield paint("template-list", lambda a, s: templates.several(EVERY_TEMPLATE, a, s))
    yield paint("template-list-more", lambda a, s: templates.several(EVERY_TEMPLATE * 3, a, s, 8))
    yield paint("template-list-none", lambda a, s: templates.several([], a, s))
    for each in EVERY_TEMPLATE:
        yield paint(f"template-{each.name}", partial(draw_template, each))
    yield paint("contact", lambda a, s: contacts.card(ContactCard(contact, (talk(),)), a, s))
    paused = an_enrollment(
        id=56, of=TALK, sequence=plan, state=EnrollmentState.PAUSED, reason=Reason.CUSTOMER_REPLIED, next_due_at=None
    )
    ended = replace(paused, id=57, state=EnrollmentState.EXITED, reason=Reason.OPTED_OUT)
    finished = replace(paused, id=58, state=EnrollmentState.COMPLETED, reason=Reason.FINISHED)
    walks = (Walk(paused, plan), Walk(ended, plan), Walk(finished, plan))
    many = (
        talk(window=OPEN, walks=walks, agent=None, pending=0),
        talk(conversation=replace(BLOCKED, id=3001), issue=ISSUE, window=ASSUMED, walks=()),
        talk(conversation=replace(TALK, id=3002, last_inbound_at=None), recent=(), walks=(), pending=3),
        talk(conversation=replace(TALK, id=3003)),
    )
    strange = replace(contact, wa_id=None, bsuid="AR.13491208655302741918", username="leo.d", opted_out=True)
    yield paint("contact-many", lambda a, s: contacts.card(ContactCard(strange, many), a, s))
    renamed = ContactCard(contact, (talk(),), former_names(contact), (replace(contact, id=2030, name=text or "Otra"),))
    yield paint("contact-alike", lambda a, s: contacts.card(renamed, a, s))
    hidden = replace(contact, wa_id=None, bsuid="AR.1001", username="leo")
    joined = ContactCard(hidden, (talk(),), (), (), a_merge(hidden, contact))
    yield paint("contact-merged", lambda a, s: contacts.card(joined, a, s))
    footprint = Footprint(contact, {"messages": 214, "files": 12, "notes": 1, "waiting": 2, "walks": 1})
    yield paint("erase", lambda a, s: erasure.ask(footprint, a, s))
    yield paint("erased", lambda a, s: erasure.done(Erased(contact.id, {"messages": 214}), s))
    yield paint("merge", lambda a, s: identities.confirm(contact, replace(strange, id=2031), a, s))
    yield paint("unmerge", lambda a, s: identities.part(a_merge(contact, strange), contact, a, s))
    known = replace(
        contact,
        tags=frozenset({"vip", "mayorista", (text or "taller")[:40]}),
        fields={"ciudad": (text or "Rosario")[:200]},
    )
    notes = (
        (Note(1, contact.id, 3, text or "Prefiere que le escriban por la tarde.", NOW - 2 * HOUR), an_agent(id=3)),
        (Note(2, contact.id, None, "Viene de la feria.", NOW - 3 * DAY), None),
    )
    filed = ContactCard(known, (talk(),), notes=notes)
    yield paint("contact-filed", lambda a, s: contacts.card(filed, a, s))
    yield paint("labels", lambda a, s: labels.page(filed, a, s))
    for title, links in CHAINS.items():
        why = Explanation(NOW, contact, account, TALK.id, links, 940917 if title == "message" else None)
        yield paint(f"why-{title}", partial(explain.explained, [why]))
    twice = [Explanation(NOW, contact, account, TALK.id, links) for links in list(CHAINS.values())[:2]]
    yield paint("why-two", lambda a, s: explain.explained(twice, a, s))
    yield paint("why-ask", lambda a, s: explain.ask(s))
    yield paint("labels-none", lambda a, s: labels.page(ContactCard(contact, (talk(),)), a, s))
    yield paint("labels-ask-tag", lambda a, s: labels.ask_tag(contact, a, s))
    yield paint("labels-ask-field", lambda a, s: labels.ask_field(contact, a, s))
    yield paint("labels-ask-note", lambda a, s: labels.ask_note(contact, a, s))
    yield paint("contact-nobody", lambda a, s: contacts.nobody(text or "perz", s))
    yield paint(
        "contact-which",
        lambda a, s: contacts.several([contact, replace(contact, id=2029, name=None), strange], a, s),
    )
    yield paint("contact-ask", lambda a, s: contacts.ask(s))
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "account": account.name,
        "text": sentence,
        "kind": "text",
    }
    open_until = (NOW + 23 * HOUR).isoformat()
    yield paint("push-inbound", lambda a, s: conversations.inbound({**params, "closes_at": open_until}, TALK.id, a, s))
    yield paint(
        "push-photo", lambda a, s: conversations.inbound({**params, "kind": "image", "closes_at": None}, TALK.id, a, s)
    )
    yield paint("push-strange", lambda a, s: conversations.inbound({"kind": "poll", "closes_at": "soon"}, None, a, s))
    yield from (paint(f"push-{name}", draw) for name, draw in kinds_of({**params, "closes_at": None}, sentence))
    out = {**params, "text": "BAJA", "closes_at": None, "consent": "out"}
    again = {**out, "text": "Alta", "consent": "back"}
    yield paint("push-opted-out", lambda a, s: conversations.inbound(out, TALK.id, a, s))
    yield paint("push-opted-in", lambda a, s: conversations.inbound(again, TALK.id, a, s))
    yield paint("push-manual", lambda a, s: conversations.manual({**params, "closes_at": None}, TALK.id, a, s))
    yield from (paint(f"push-file-{name}", draw) for name, draw in files_of(contact, sentence, account_name))
    yield paint("reply-ask", lambda a, s: conversations.prompt(talk(window=OPEN), contact, a, s))
    yield paint("reply-ask-closed", lambda a, s: conversations.prompt(talk(), contact, a, s))
    hidden = replace(contact, wa_id=None, bsuid="AR.13491208655302741918", username="leo.d")
    yield paint("compose", lambda a, s: composing.forms(talk(window=OPEN), contact, a, s))
    yield paint("compose-closed", lambda a, s: composing.forms(talk(), hidden, a, s))
    for form in Form:
        yield paint(
            f"compose-words-{form.value}", partial(_ask_words, form=form, talk=talk(window=OPEN), contact=contact)
        )
        if form is not Form.PHONE:
            yield paint(f"compose-titles-{form.value}", partial(_ask_titles, form=form))
    for shown, content in interactives(sentence).items():
        yield paint(f"compose-look-{shown}", partial(_look, content=content, talk=talk(window=OPEN), contact=contact))
    menu = interactives(sentence)["list"]
    yield paint("compose-look-closed", partial(_look, content=menu, talk=talk(), contact=hidden))
    yield paint("compose-sent", lambda a, s: composing.sent(menu, Queued(1, ASSUMED), talk(), contact, a, s))
    yield paint("reply-queued", lambda a, s: conversations.sent(Queued(1, OPEN), s))
    yield paint("reply-assumed", lambda a, s: conversations.sent(Queued(1, ASSUMED), s))
    yield paint("reply-preparing", lambda a, s: conversations.preparing(s))
    yield paint("reply-cannot-leave", lambda a, s: conversations.cannot_leave(s))
    yield paint("reply-how", lambda a, s: conversations.how_to_reply(s))
    yield paint("late", lambda a, s: conversations.late(9, NOW - 43 * MINUTE, s, shows={}))
    counts = {"active": 184, "paused": 12, "completed": 38, "exited": 4}
    plans = [
        SequenceCard(plan, counts),
        SequenceCard(replace(plan, id=42, name="Recuperar carrito", state=SequenceState.PAUSED), {}),
        SequenceCard(replace(plan, id=43, name="Navidad", state=SequenceState.ARCHIVED), {}),
    ]
    yield paint("sequences", lambda a, s: sequences.several(plans, a, s))
    yield paint("sequences-many", lambda a, s: sequences.several(plans * 9, a, s, 12))
    yield paint("sequences-none", lambda a, s: sequences.several([], a, s))
    yield paint("sequence", lambda a, s: sequences.card(plans[0], a, s))
    yield paint("sequence-paused", lambda a, s: sequences.card(plans[1], a, s))
    long_plan = replace(plan, steps=tuple(Step(DAY, sentence) for _ in range(30)), trigger=Trigger.FIRST_MESSAGE)
    yield paint("sequence-long", lambda a, s: sequences.card(SequenceCard(long_plan, counts), a, s))
    yield paint("sequence-empty", lambda a, s: sequences.card(SequenceCard(replace(plan, steps=()), counts), a, s))
    yield paint("enroll-ask", lambda a, s: sequences.ask_whom(plan, s))
    yield paint("enroll-which", lambda a, s: sequences.choose(plans, contact, TALK.id, a, s))
    yield paint("enroll-none", lambda a, s: sequences.choose([], contact, TALK.id, a, s))
    whole = ContactCard(contact, (talk(),))
    yield paint("enroll-confirm", lambda a, s: sequences.confirm_enroll(plan, whole, None, a, s))
    yield paint(
        "enroll-confirm-many", lambda a, s: sequences.confirm_enroll(plan, ContactCard(contact, many), None, a, s)
    )
    foreign = replace(plan, account_id=99)
    yield paint("enroll-wrong", lambda a, s: sequences.confirm_enroll(foreign, whole, None, a, s))
    confirmed = replace(ISSUE, id=76, level=BlockState.CONFIRMED, probability=99)
    issues = ((ISSUE, contact), (confirmed, strange))
    kept = [
        Backup("20261124-061000-000-daily", NOW - HOUR, "daily", Scope.EVERYTHING, "0001", 41_300_000, {}, NOW),
        Backup(
            "20261123-170100-000-before-import", NOW - DAY, "before-import", Scope.CONFIGURATION, "0001", 40_000, {}
        ),
    ]
    yield paint("backups", lambda a, s: backups.page(kept, a, s))
    yield paint("backups-unproven", lambda a, s: backups.page(kept[1:], a, s))
    yield paint("backups-none", lambda a, s: backups.page([], a, s))
    yield paint("blocks", lambda a, s: blocks.page(IssuePage(issues, 76), a, s))
    yield paint("blocks-none", lambda a, s: blocks.page(IssuePage((), None), a, s))
    yield paint("blocks-no-more", lambda a, s: blocks.page(IssuePage((), None), a, s, 77))
    doubted = ContactCard(contact, (talk(conversation=BLOCKED, issue=ISSUE),))
    yield paint("reactivate", lambda a, s: blocks.confirm(doubted, BLOCKED.id, a, s))
    yield paint("reactivated", lambda a, s: blocks.reactivated(s))
    named = [
        replace(alert, params={**alert.params, "contact": contact.title, "account": account.name}) for alert in ALERTS
    ]
    yield paint("alerts", lambda a, s: alerts.page(AlertPage(tuple(named[:8]), 905), a, s))
    yield paint("alerts-rest", lambda a, s: alerts.page(AlertPage(tuple(named[8:]), None), a, s, 905))
    yield paint("alerts-none", lambda a, s: alerts.page(AlertPage((), None), a, s))
    for alert in named:
        yield paint(f"alert-{alert.kind.value}", partial(draw_alert, alert))
    of_template = next(alert for alert in named if alert.kind is AlertKind.TEMPLATE)
    for trouble in Trouble:
        changed = replace(of_template, params={**of_template.params, "trouble": trouble.value, "reason": "SCAM"})
        yield paint(f"alert-template-{trouble.value}", partial(draw_alert, changed))
    endless = replace(of_template, params={**of_template.params, "trouble": "paused", "until": ""})
    yield paint("alert-template-paused-without-end", partial(draw_alert, endless))
    yield paint("alert-bare", lambda a, s: alerts.push(1, {"kind": "outside_window"}, a, s))
    yield paint("alert-new-kind", lambda a, s: alerts.push(1, {"kind": "moon_landed", "severity": "info"}, a, s))
    yield paint("alert-mine", lambda a, s: alerts.acknowledged(replace(named[0], acknowledged_by=11), a, s))
    yield paint("alert-theirs", lambda a, s: alerts.acknowledged(replace(named[0], acknowledged_by=12), a, s))
    yield paint("status", lambda a, s: reports.status(a_status(), a, s))
    for imported in (
        an_import(ImportState.RUNNING, 55, 1, 4200),
        an_import(ImportState.DONE, 100, 2, 0),
        an_import(ImportState.DECLINED, 0, None, 0),
    ):
        paired = AccountStatus(an_account(name="Ventas AR", id=3), {}, imported)
        yield paint(f"import-{imported.state}", partial(_progress, imported))
        yield paint(f"status-import-{imported.state}", partial(_status, a_status(accounts=(paired,))))
    yield paint("import-idle", lambda a, s: imports.screen(an_import(ImportState.IDLE, 0, None, 0), a, s))
    booked = replace(contact, book_name="Leo (pan)")
    yield paint("contact-booked", lambda a, s: contacts.card(ContactCard(booked, (talk(),)), a, s))
    unheard_of = (NewKind("payment_request", 12, NOW - 3 * HOUR), NewKind("poll", 1, NOW - DAY))
    yield paint(
        "status-new-kinds", lambda a, s: reports.status(a_status(new_kinds=unheard_of, accounts=(), jobs={}), a, s)
    )
    stopped = tuple(
        AccountStatus(an_account(name=why, id=at, state=AccountState.HELD, held_reason=why), {})
        for at, why in enumerate(
            ("health", "permission", "payment", "spam", "registration", "restricted", "offboarded"), 30
        )
    )
    unfit = tuple(
        AccountStatus(an_account(name=bar.value, id=at, meta_words=(MetaWord("r", NOW, until=end, bar=bar),)), {})
        for at, bar, end in ((40, Bar.TEMPLATES, NOW + DAY), (41, Bar.UTILITY, None))
    )
    yield paint("status-barred", lambda a, s: reports.status(a_status(accounts=unfit, jobs={}), a, s))
    yield paint("status-held", lambda a, s: reports.status(a_status(accounts=stopped, jobs={}), a, s))
    yield paint("status-fine", lambda a, s: reports.status(a_status(accounts=(), jobs={}), a, s))
    yield from cost_screens(paint)
    yield from account_screens(account, paint)
    yield paint("language", lambda a, s: agents.language(s))
    yield paint("help", help_views.overview)
    yield paint("unknown-command", lambda a, s: help_views.unknown_command("/colas", "/cola", s))
    yield paint("unknown-command-far", lambda a, s: help_views.unknown_command("/xyz", None, s))
    yield paint("private-only", lambda a, s: help_views.private_only(s))
    yield paint("refusal", lambda a, s: help_views.refusal(s.plain("error-stale"), s))


TOKEN_ENDS = NOW + 40 * DAY
WHY = AuditEntry(NOW - HOUR, "agent:11", "account.state", "account:7", why="inventario hasta el lunes")
UNWELL = (
    Finding("token-ending", Standing.WEAK, until=NOW + 3 * DAY),
    Finding("scopes-granted", Standing.GOOD),
    Finding("not-readable", Standing.BROKEN, {"about": "business", "problem": HOSTILE * 40}, vital=True),
    Finding("number-read", Standing.GOOD, {"phone": "+54 9 11 5555-0000", "name": HOSTILE}),
    Finding("quality-low", Standing.WEAK, {"quality": "RED"}),
    Finding("no-answer", Standing.UNKNOWN, {"about": "apps", "problem": "graph-unreachable"}),
    Finding("not-subscribed", Standing.WEAK),
    Finding(
        "webhook-elsewhere", Standing.WEAK, {"host": "other.example", "url": "https://crm.example/webhooks/whatsapp"}
    ),
)


def cost_screens(paint: Callable[..., Picture]) -> Iterator[Picture]:
    """What a month cost, by everything it can be added up by, and a day on which nothing did."""
    parts = {
        Part.CATEGORY: (
            ("marketing", "74.41", 1204, 0),
            ("service", "46.852", 2802, 1000),
            ("referral_conversion", "0", 3, 3),
        ),
        Part.ACCOUNT: (("7", "121.2630", 4009, 1003),),
        Part.SEQUENCE: (("41", "64.1", 1033, 0), (None, "57.163", 2976, 1003)),
        Part.MARKET: (("Argentina", "0.0618", 1, 0), ("Rest of Latin America", "121.2012", 4008, 1003)),
    }
    for part, known in parts.items():
        totals = tuple(Total(key, "USD", Decimal(amount), count, free, 0) for key, amount, count, free in known)
        found = Costs(
            cost_policy.month(NOW, "UTC"),
            part,
            totals,
            cost_policy.whole(totals),
            {"7": HOSTILE, "41": LONG},
            (Total(None, "USD", Decimal("0.0260"), 1, 0, 0),),
        )
        yield paint(f"costs-{part}", partial(_costs, found, "month"))
    month = cost_policy.month(NOW, "UTC")
    used = tuple(
        Spending(number, name, month, Decimal("200"), "USD", Decimal("143.2634"), Decimal("1.2"))
        for number, name in ((None, None), (7, HOSTILE))
    )
    yield paint("costs-budgets", partial(_costs, replace(found, budgets=used), "month"))
    for level in (80, 100):
        alarm = {
            "kind": "budget",
            "severity": "warning",
            "percent": level,
            "used": "160.0001",
            "most": "200",
            "currency": "USD",
        }
        yield paint(f"alert-budget-{level}", partial(draw_alert_of, alarm))
    odd = (Total("news", "ARS", Decimal("51"), 1, 0, 0), Total("news", "USD", Decimal("0.01"), 3, 0, 2))
    mixed = Costs(cost_policy.lately(NOW, "UTC", 7), Part.CATEGORY, odd, cost_policy.whole(odd), {}, odd)
    yield paint("costs-mixed", partial(_costs, mixed, "week"))
    ahead = tuple(
        Total(kind.value, "USD", Decimal(n), n, 0, n if kind is Kind.UNDECIDED else 0) for n, kind in enumerate(Kind)
    )
    yield paint("costs-ahead", partial(_ahead, CostForecast(NOW + 7 * DAY, ahead, more=True), 7))
    yield paint("costs-ahead-nothing", partial(_ahead, CostForecast(NOW + 30 * DAY, (), more=False), 30))
    nothing = Costs(cost_policy.lately(NOW, "UTC", 1), Part.CATEGORY, (), (), {})
    yield paint("costs-nothing", partial(_costs, nothing, "today"))


def draw_alert_of(params: Mapping[str, object], agent: Agent, say: Say) -> Screen:
    return alerts.push(1, params, agent, say)


def _ahead(found: CostForecast, days: int, agent: Agent, say: Say) -> Screen:
    return costs.forecast(found, days, say)


def _costs(found: Costs, span: str, agent: Agent, say: Say) -> Screen:
    return costs.costs(found, span, say)


def account_screens(account: Account, paint: Callable[..., Picture]) -> Iterator[Picture]:
    """Our numbers in every state."""
    well = replace(account, quality="GREEN", token_expires_at=TOKEN_ENDS)
    held = replace(account, id=8, state=AccountState.HELD, held_reason="token", quality="RED", coexistence=False)
    timed = replace(held, held_reason="restricted", held_until=NOW + 2 * DAY)
    paused = replace(account, id=9, state=AccountState.PAUSED, assumptions=frozenset())
    several = [AccountStatus(well, {"queued": 3}), AccountStatus(held, {"queued": 12}), AccountStatus(paused, {})]
    yield paint("accounts", lambda a, s: accounts.page(several, a, s))
    yield paint("accounts-none", lambda a, s: accounts.page([], a, s))
    yield paint("account", lambda a, s: accounts.card(AccountCard(well, 3, True, None), a, s))
    yield paint("account-held", lambda a, s: accounts.card(AccountCard(held, 12, False, None), a, s))
    yield paint("account-restricted", lambda a, s: accounts.card(AccountCard(timed, 12, True, None), a, s))
    yield paint("account-paused", lambda a, s: accounts.card(AccountCard(paused, 0, True, WHY), a, s))
    yield paint("confirm-account-pause", lambda a, s: accounts.ask_why(well, s))
    yield paint("confirm-account-resume", lambda a, s: accounts.confirm_resume(AccountCard(held, 12, True, None), s))
    checkup = Checkup("1065", "2001", UNWELL, account_id=7, name=account.name)
    yield paint("confirm-checkup", lambda a, s: accounts.checked(checkup, s))
    good = replace(checkup, findings=tuple(each for each in UNWELL if each.standing is Standing.GOOD))
    yield paint("confirm-checkup-well", lambda a, s: accounts.checked(good, s))
    yield paint("confirm-token-form", lambda a, s: accounts.form(well, "https://crm.example/token/abc", s))
    yield paint("confirm-token-form-none", lambda a, s: accounts.no_form(well, s))
    yield paint("confirm-leaked", lambda a, s: accounts.leaked(s, deleted=True))
    yield paint("confirm-leaked-stays", lambda a, s: accounts.leaked(s, deleted=False))
    yield paint("push-token-replaced", lambda a, s: accounts.token_replaced(7, account.name, "Ana", s))


def fence(name: str, screen: Screen) -> str:
    """A screen in the notation of telegram.md: its markup, then a line for each row of buttons."""
    buttons = "\n".join(" ".join(map(_drawn, row)) for row in screen.rows)
    asked = f"\n~~~ ask: {screen.ask}" if screen.ask else ""
    return f"#### {name}\n{screen.text}\n~~~{asked}" + (f"\n{buttons}" if buttons else "") + "\n"


def _drawn(button: Button) -> str:
    match button.target:
        case Copy(text):
            target = f"copy:{text}"
        case Link(url):
            target = f"url:{url}"
        case value:
            target = encode(value)
    return f"[{button.label}]({target})" + (f"{{{button.style}}}" if button.style else "")


def kinds_of(params: dict[str, object], sentence: str) -> Iterator[tuple[str, Callable[[Agent, Say], Screen]]]:
    """Messages of kinds that need words of ours, and what becomes of messages later."""
    ours = {"message_id": 7, "kind": "text", "text": sentence, "ours": True}
    ad = {"headline": sentence, "source_type": "ad"}
    shown: dict[str, dict[str, object]] = {
        "from-ad": {"ad": ad, "product": "talla-40"},
        "forwarded": {"forwarded": "often", "about": ours},
        "answers-a-photo": {"about": ours | {"kind": "image", "text": "", "ours": False}},
        "answers-unknown": {"about": {}},
        "reaction": {"kind": "reaction", "text": "😮", "about": ours},
        "reaction-removed": {"kind": "reaction", "text": "", "about": ours},
        "poll": {"kind": "unsupported", "text": "poll_creation"},
        "too-large": {"kind": "unsupported", "text": "131052"},
        "unsupported": {"kind": "unsupported", "text": "from_the_future"},
        "new-phone": {"kind": "system", "text": "user_changed_number +12195555358"},
        "new-identity": {"kind": "system", "text": "customer_identity_changed"},
        "call": {"kind": "call", "text": ""},
        "on-standby": {"standby": True},
        "may-call": {"kind": "call_permission", "text": "accept"},
    }
    for name, changes in shown.items():
        yield name, partial(_came, params | changes)
    edit = params | {"change": "edit", "before": sentence, "text": "¿Y la talla 41?", "ours": False}
    yield "edited", partial(_changed, edit)
    yield "deleted", partial(_changed, params | {"change": "revoke", "ours": True})
    yield "by-meta", lambda a, s: conversations.manual(params | {"standby": True}, TALK.id, a, s)
    for holder in ("meta_agent", "ours"):
        yield f"control-{holder}", partial(_changed, params | {"change": "control", "holder": holder})
    yield "call-missed", partial(_changed, params | {"kind": "call", "change": "edit", "text": "missed"})
    yield "call-answered", partial(_changed, params | {"kind": "call", "change": "edit", "text": "completed 65"})


def _came(params: dict[str, object], agent: Agent, say: Say) -> Screen:
    return conversations.inbound(params, TALK.id, agent, say)


def _changed(params: dict[str, object], agent: Agent, say: Say) -> Screen:
    return conversations.changed(params, TALK.id, agent, say)
