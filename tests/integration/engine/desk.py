"""The engine over a real database, with the neighbours faked: a clock that is set, a Meta that is told what to answer."""

import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot import rates
from bot.media.pictures import SafePictures
from bot.whatsapp.errors import classify
from bot.whatsapp.preflight import fitted
from bot.whatsapp.translate import WhatsAppReader
from crm.engine import Engine, Outside
from crm.errors import CrmError, NotFound, SendFailed, SendRejected
from crm.model.accounts import Account
from crm.model.agents import Agent, Role
from crm.model.costs import Budgets, Charge
from crm.model.imports import Sync
from crm.model.limits import Usage
from crm.model.media import KeptFile, MediaKind
from crm.model.numbers import BusinessFacts, Expected, NumberFacts, SubscribedApp
from crm.model.outbox import Accepted, Enclosed, Parcel
from crm.model.sequences import Sequence as Plan
from crm.model.sequences import SequenceState, Step, Trigger
from crm.model.templates import TemplateFacts
from crm.policy.consent import Words, words
from crm.policy.pricing import RateCards
from crm.ports import Address, Fetched, TokenFacts
from crm.services.accounts import NewAccount
from crm.services.media import MediaTools
from sandbox.clock import SetClock
from storage.backup_store import BackupStore
from storage.backups import Backups
from storage.database import Database
from storage.vault import Vault, generate_key

T = TypeVar("T")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
APP_ID, WEBHOOK_URL = "77", "https://crm.example/webhooks/whatsapp"
PHONE_ID, WABA, CUSTOMER = "106540352242922", "2001", "5491155550099"


def number_facts(phone_number_id: str, can_send: str = "AVAILABLE", *ailments: str) -> NumberFacts:
    """A number in coexistence, as Meta describes it."""
    return NumberFacts(
        phone_number_id, "+34 600 000 000", "Ventas ES", "GREEN", "CONNECTED", True, "TIER_2K", "STANDARD", can_send,
        WEBHOOK_URL, ailments=ailments,
    )  # fmt: skip


@dataclass
class Meta:
    """A simulated Meta: keeps what it accepted; `refuse` decides about each parcel first."""

    sent: list[Parcel] = field(default_factory=list)
    refuse: Callable[[Parcel], Exception | None] = lambda parcel: None
    held: bool = False
    usage: Usage | None = None
    marked: list[tuple[str, bool]] = field(default_factory=list)
    refuse_mark: Callable[[str], Exception | None] = lambda wamid: None
    tokens: dict[str, TokenFacts] = field(default_factory=dict)
    renewable: bool = True
    found: list[TemplateFacts] = field(default_factory=list)
    files: dict[str, Fetched | CrmError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told_where: list[str | None] = field(default_factory=list)
    handed: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[str, NumberFacts] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    apps: list[str] = field(default_factory=lambda: [APP_ID])
    deaf: SendFailed | None = None
    synced: list[Sync] = field(default_factory=list)
    refuse_sync: Callable[[Sync], Exception | None] = lambda sync: None
    refuse_file: Callable[[Enclosed], Exception | None] = lambda enclosed: None
    charges: list[Charge] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> Accepted:
        failure = self.refuse(parcel)
        if failure is not None:
            raise failure
        self.sent.append(parcel)
        return Accepted(f"wamid.OUT{len(self.sent)}", held_for_quality=self.held, usage=self.usage)

    async def mark_read(self, account_id: int, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        failure = self.refuse_mark(wamid)
        if failure is not None:
            raise failure
        self.marked.append((wamid, typing))

    async def inspect_token(self, token: str) -> TokenFacts:
        return self.tokens.get(token, TokenFacts(False, None, "unknown token"))

    async def renew_token(self, token: str) -> str:
        if not self.renewable:
            raise SendRejected("token-not-renewable")
        self.tokens[token + "+"] = TokenFacts(True, self.tokens[token].expires_at or NOON)
        return token + "+"

    async def templates(self, waba_id: str, token: str) -> list[TemplateFacts]:
        return self.found

    async def number(self, phone_number_id: str, token: str) -> NumberFacts:
        return self._told(self.numbers.get(phone_number_id) or number_facts(phone_number_id))

    async def business(self, waba_id: str, token: str) -> BusinessFacts:
        return self._told(BusinessFacts(waba_id, "Ventas SA", "9001", "Grupo Ventas"))

    async def numbers_of(self, waba_id: str, token: str) -> frozenset[str]:
        return self._told(frozenset(self.numbers.keys() - self.elsewhere))

    async def subscriptions(self, waba_id: str, token: str) -> list[SubscribedApp]:
        return self._told([SubscribedApp(app, "Centralita") for app in self.apps])

    async def subscribe(self, waba_id: str, token: str) -> None:
        self._told(self.apps).append(APP_ID)

    async def unsubscribe(self, waba_id: str, token: str) -> None:
        self._told(self.apps).clear()

    def _told(self, answer: T) -> T:
        if self.deaf is not None:
            raise self.deaf
        return answer

    async def hand_over(self, phone_number_id: str, sync: Sync, token: str) -> None:
        failure = self.refuse_sync(sync)
        if failure is not None:
            raise failure
        self.synced.append(sync)

    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        failure = self.refuse_file(enclosed)
        if failure is not None:
            raise failure
        meta_id = f"90{len(self.handed)}"
        self.handed[meta_id] = content
        return meta_id

    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        self.asked.append(meta_id)
        self.told_where.append(at.url if at is not None else None)
        found = self.files.get(meta_id, NotFound("media-gone"))
        if isinstance(found, CrmError):
            raise found
        return found


@dataclass
class Shelf:
    """A place for files; `trouble` keeps it from taking or giving anything."""

    kept: dict[str, bytes] = field(default_factory=dict)
    trouble: CrmError | None = None

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        self._check()
        self.kept[key] = content

    async def get(self, key: str) -> bytes:
        self._check()
        if key not in self.kept:
            raise NotFound("media-gone")
        return self.kept[key]

    async def part(self, key: str, start: int, length: int) -> bytes:
        return (await self.get(key))[start : start + length]

    async def delete(self, key: str) -> None:
        self._check()
        self.kept.pop(key, None)

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Desk:
    """Everything a story needs at hand."""

    database: Database
    clock: SetClock
    meta: Meta
    shelf: Shelf
    engine: Engine
    vault: Vault
    account: Account
    admin: Agent
    agent: Agent
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def kept_file(self, content: bytes, kind: MediaKind = MediaKind.DOCUMENT) -> KeptFile:
        """A file that was made fit and kept before."""
        key = hashlib.sha256(content).hexdigest()
        self.shelf.kept[key] = content
        return KeptFile(kind, key, "application/pdf", "precios.pdf", len(content))

    async def arrives(self, *bodies: bytes) -> None:
        """Store webhooks and apply them."""
        await self.stores(*bodies)
        while await self.engine.inbox.run_once() or await self.engine.importer.run_once():
            pass

    async def stores(self, *bodies: bytes) -> None:
        intake = self.database.intake()
        for body in bodies:
            await intake.store(hashlib.sha256(body + bytes(next(self._numbers))).digest()[:16], body, self.clock.now())
        await intake.close()

    async def sends(self) -> int:
        """Let the outbox send all that is due; return how many turns did something."""
        turns = 0
        for _ in range(200):
            ready = (await self.engine.outbox.due()).ready
            if not ready:
                return turns
            for account_id in ready:
                turns += (await self.engine.outbox.run_once(account_id)).taken > 0
            self.clock.advance(milliseconds=60)
        raise AssertionError("the outbox does not come to rest")

    async def plan(
        self, *texts: str, trigger: Trigger = Trigger.FIRST_MESSAGE, hours: float = 24, **changes: Any
    ) -> Plan:
        steps = tuple(Step(timedelta(hours=hours), text, changes.get("template")) for text in texts)
        draft = Plan(0, "welcome", "Bienvenida", SequenceState.ACTIVE, trigger, None, steps, 1, NOON)
        return (await self.engine.sequences.publish("test", [draft]))[0]


NO_BUDGETS = Budgets()
NOWHERE = Path("/dev/null/backups")
CONSENT = words({"es": ["baja"], "en": ["stop"]}, {"es": ["alta"], "en": ["start"]})


async def open_desk(
    database: Database,
    at: datetime = NOON,
    consent: Words = CONSENT,
    per_day: int = 0,
    budgets: Budgets = NO_BUDGETS,
    prices: RateCards | None = None,
    backups: Path = NOWHERE,
) -> Desk:
    clock, meta, shelf, vault = SetClock(at), Meta(), Shelf(), Vault([generate_key()])
    engine = Engine(
        Outside(
            store=database,
            clock=clock,
            reader=WhatsAppReader(),
            sender=meta,
            marker=meta,
            uploader=meta,
            gateway=meta,
            registry=meta,
            expected=Expected(APP_ID, WEBHOOK_URL),
            phones=meta,
            vault=vault,
            classify=lambda code, detail: classify(code, detail or ""),
            preflight=fitted,
            rates=prices or rates.shipped(),
            budgets=budgets,
            on_charged=meta.charges.extend,
            worker="test",
            automatic_per_day=per_day,
            consent=consent,
            media=MediaTools(store=shelf, source=meta, pictures=SafePictures(), keep=timedelta(days=30)),
            backups=Backups(database, vault, BackupStore(None, backups)),
        )
    )
    account = await engine.accounts.add(NewAccount(PHONE_ID, WABA, "15550783881", "Ventas AR", True, 20), "EAAG-secret")
    admin = await engine.agents.add(1001, Role.ADMIN, "Ana")
    agent = await engine.agents.add(1002, Role.AGENT, "Beto")
    return Desk(database, clock, meta, shelf, engine, vault, account, admin, agent)


def envelope(*changes: dict[str, Any]) -> bytes:
    """One webhook with these changes; one that has a time of its own has an entry of its own."""
    undated: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = [{"id": WABA, "changes": undated}]
    for change in map(dict, changes):
        time = change.pop("time", None)
        element = {"field": change.pop("field", "messages"), "value": change}
        if time is None:
            undated.append(element)
        else:
            entries.append({"id": WABA, "time": time, "changes": [element]})
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def news(event: str, at: datetime | None, **parts: Any) -> dict[str, Any]:
    """Meta says something about the business account, at a time that it tells or not."""
    dated = {} if at is None else {"time": int(at.timestamp())}
    return {"field": "account_update", **dated, "event": event, **parts}


def ban(state: str, at: datetime | None) -> dict[str, Any]:
    return news("DISABLED_UPDATE", at, ban_info={"waba_ban_state": state})


def restricted(
    at: datetime | None, until: datetime | None = None, what: str = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
) -> dict[str, Any]:
    ends = {} if until is None else {"expiration": int(until.timestamp())}
    return news("ACCOUNT_RESTRICTION", at, restriction_info=[{"restriction_type": what, **ends}])


NO_TEMPLATES, NO_UTILITY = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES"


def _value(number: str = PHONE_ID, /, **parts: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def wrote(
    text: str,
    at: datetime,
    wamid: str,
    *,
    wa_id: str | None = CUSTOMER,
    name: str = "Leo Díaz",
    bsuid: str | None = None,
    username: str | None = None,
    number: str = PHONE_ID,
) -> dict[str, Any]:
    who: dict[str, Any] = {"profile": {"name": name} | ({"username": username} if username else {})}
    who |= {"wa_id": wa_id} if wa_id else {}
    who |= {"user_id": bsuid} if bsuid else {}
    sender = {"from": wa_id} if wa_id else {}
    sender |= {"from_user_id": bsuid} if bsuid else {}
    message = {**sender, "id": wamid, "timestamp": stamp(at), "type": "text", "text": {"body": text}}
    return _value(number, contacts=[who], messages=[message])


def renamed(
    at: datetime,
    wamid: str,
    *,
    old: tuple[str | None, str | None],
    new: tuple[str | None, str | None],
    number: str = PHONE_ID,
) -> dict[str, Any]:
    """Meta tells that whoever had this phone and id has those (a pair each; None: not told)."""
    was, becomes = old, new
    system: dict[str, Any] = {
        "type": "user_changed_number" if becomes[0] else "user_changed_user_id",
        "body": "changed",
    }
    system |= {"wa_id": becomes[0]} if becomes[0] else {}
    system |= {"user_id": becomes[1]} if becomes[1] else {}
    system |= {"previous_user_id": was[1]} if was[1] else {}
    sender = {"from": was[0]} if was[0] else {}
    sender |= {"from_user_id": was[1]} if was[1] else {}
    return _value(
        number, messages=[{**sender, "id": wamid, "timestamp": stamp(at), "type": "system", "system": system}]
    )


def came(
    kind: str, content: Any, at: datetime, wamid: str, *, wa_id: str = CUSTOMER, field: str = "messages", **more: Any
) -> dict[str, Any]:
    """A message of any kind; what has no content of its own (None) comes without."""
    named = {} if content is None else {kind: content}
    message = {"from": wa_id, "id": wamid, "timestamp": stamp(at), "type": kind, **named, **more}
    return {"field": field, **_value(contacts=[{"profile": {"name": "Leo Díaz"}, "wa_id": wa_id}], messages=[message])}


def typed(text: str, at: datetime, wamid: str, *, to: str = CUSTOMER) -> dict[str, Any]:
    echo = {
        "from": "15550783881", "to": to, "id": wamid, "timestamp": stamp(at), "type": "text", "text": {"body": text}
    }  # fmt: skip
    return {"field": "smb_message_echoes", **_value(message_echoes=[echo])}


def heard(
    wamid: str, status: str, at: datetime, *, opaque: str | None = None, code: int | None = None
) -> dict[str, Any]:
    update: dict[str, Any] = {"id": wamid, "status": status, "timestamp": stamp(at), "recipient_id": CUSTOMER}
    if opaque:
        update["biz_opaque_callback_data"] = opaque
    if code:
        update["errors"] = [{"code": code, "title": "t", "error_data": {"details": "d"}}]
    return _value(statuses=[update])


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))
