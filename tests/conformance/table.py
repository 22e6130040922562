"""The rows of docs/conformance.md. What is received and what an agent reads is not written down here but asked of the program."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.telegram.views import common, news
from bot.texts import Texts
from bot.whatsapp.contents import compose
from bot.whatsapp.translate import WhatsAppReader
from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    LinkButton,
    ListMenu,
    Location,
    Reaction,
    Section,
    SharedContact,
    SharedContacts,
)
from crm.model.events import TIME_UNKNOWN, AccountEvent, Edited, Event, Inbound, Revoked
from crm.policy import templates
from crm.policy.account_events import news_of
from tests.fuzz.corpus import ECHOES, FIELDS, MESSAGES, PREFERENCES, STATUSES
from tests.unit.whatsapp.payloads import a_change, a_contact, a_value, an_envelope, dump

OF_A_NUMBER = frozenset({"history", "smb_app_state_sync", "standby", "calls"})
CHANGED: dict[type[Event], str] = {
    Edited: "the message on the screen, old words and new",
    Revoked: "the message on the screen, struck out",
}

TESTS = Path(__file__).parents[1]
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAY = Texts().say("en", "UTC", AT)

OUTBOUND: dict[str, Content] = {
    "reaction": Reaction("wamid.IN", "👍"),
    "location": Location(-34.6, -58.38, "Obelisco"),
    "contacts": SharedContacts((SharedContact("Ana Ruiz", ("+54 9 11 5555 0000",)),)),
    "buttons": Buttons("Shall we?", (Choice("y", "Yes"), Choice("n", "No"))),
    "list": ListMenu("Which one?", "Choose", (Section(None, (Choice("1", "One"),)),)),
    "link": LinkButton("Our catalogue", "Open", "https://example.org/"),
    "contact_request": ContactRequest("May we call you?"),
}

PROVED: dict[str, str] = {
    "message": "unit/whatsapp/test_translate.py, integration/telegram/test_kinds.py, e2e/test_meta_acts.py",
    "file": "integration/engine/test_media.py, e2e/test_media.py",
    "interactive": "e2e/test_contents.py, unit/whatsapp/test_translate.py",
    "system": "integration/engine/test_identity.py, e2e/test_identity.py",
    "change": "integration/engine/test_order_free.py, integration/engine/test_typed.py",
    "status": "unit/whatsapp/test_translate.py, integration/engine/test_order_free.py",
    "echo": "integration/engine/test_typed.py, e2e/test_sequences.py",
    "preference": "integration/engine/test_consent.py",
    "news": "unit/policy/test_account_news.py, e2e/test_meta_acts.py",
    "template": "integration/engine/test_templates.py, e2e/test_templates.py",
    "history": "integration/engine/test_history.py, e2e/test_history.py",
    "agent": "integration/engine/test_meta_agent.py, e2e/test_meta_acts.py",
    "sent": "unit/whatsapp/test_contents.py, e2e/test_contents.py",
    "unknown": "unit/whatsapp/test_hostile.py, fuzz/test_webhooks.py",
}
_BESIDES = {
    "system": "system",
    "edit": "change",
    "revoke": "change",
    "interactive": "interactive",
    "button": "interactive",
    **dict.fromkeys(("image", "video", "audio", "document", "sticker"), "file"),
}
_FIELDS = {
    **dict.fromkeys(templates.KINDS, "template"),
    "history": "history",
    "smb_app_state_sync": "history",
    **dict.fromkeys(("standby", "messaging_handovers", "calls"), "agent"),
    "something_new": "unknown",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what Meta sends or takes, what we make of it, what an agent reads, and which tests prove it."""

    what: str
    received: str
    read: str
    proof: str

    def __str__(self) -> str:
        return f"| `{self.what}` | {self.received} | {self.read} | {_tests(PROVED[self.proof])} |"


def _tests(files: str) -> str:
    return ", ".join(f"`{each}`" for each in files.split(", "))


def _events(change: dict[str, Any]) -> list[Event]:
    return WhatsAppReader().read(dump(an_envelope(change, time=int(AT.timestamp()))))


def _named(event: Event) -> str:
    name = type(event).__name__
    if isinstance(event, Inbound):
        return f"{name}, {'opens' if event.opens_window else 'does not open'} the window"
    return name


def _line(text: object) -> str:
    return " / ".join(str(text).split("\n")).replace("|", "\\|")[:160] or "—"


def _sample(message: dict[str, Any]) -> str:
    kind = str(message["type"])
    inner = message.get(kind)
    sub = inner.get("type") if isinstance(inner, dict) else None
    marks = [name for name in ("referral", "context") if name in message and kind == "text"]
    removed = kind == "reaction" and isinstance(inner, dict) and "emoji" not in inner
    return ".".join([kind, *([str(sub)] if sub else []), *marks, *(["removed"] if removed else [])])


def inbound() -> Iterator[Row]:
    """Every kind of message of a customer (reference 1.1)."""
    for message in MESSAGES:
        (event,) = _events(a_change(a_value(contacts=[a_contact()], messages=[message])))
        kind, text = getattr(event, "kind", str(message["type"])), getattr(event, "text", None)
        read = CHANGED.get(type(event)) or _line(common.content(kind, text, SAY))
        proof = _BESIDES.get(str(message["type"]), "message")
        yield Row(_sample(message), _named(event), read, proof)


def beside() -> Iterator[Row]:
    """Statuses, echoes and preferences (reference 1.2, 1.3, 1.4)."""
    for key, elements, proof in (
        ("statuses", STATUSES, "status"),
        ("message_echoes", ECHOES, "echo"),
        ("user_preferences", PREFERENCES, "preference"),
    ):
        for element in elements:
            (event,) = _events(a_change(a_value(contacts=[a_contact()], **{key: [element]})))
            named = element.get("status") or element.get("type") or element.get("value")
            words = _line(getattr(event, "text", None) or "") if proof == "echo" else "—"
            yield Row(f"{key}.{named}", _named(event), words, proof)


def fields() -> Iterator[Row]:
    """Every field about accounts, numbers, templates and the rest (reference 1.3, 1.4)."""
    for name, values in FIELDS.items():
        for value in values:
            whole = {**a_value(), **value} if name in OF_A_NUMBER else value
            events = _events(a_change(whole, name))
            received = ", ".join(dict.fromkeys(_named(event) for event in events))
            said = [_said(event) for event in events if isinstance(event, AccountEvent)]
            happened = value.get("event") or value.get("decision")
            what = f"{name}.{happened}" if happened else name
            yield Row(what, received, _line(" ".join(filter(None, said))), _FIELDS.get(name, "news"))


def _said(event: AccountEvent) -> str:
    if event.kind in templates.KINDS:
        return "the template's new state; an alert where it matters"
    told = news_of(event.kind, event.event, event.at if event.at != TIME_UNKNOWN else AT, event.payload)
    return " ".join(
        str(news.sentence({"news": each.key, "facts": each.facts, "account": "Sales"}, SAY) or "") for each in told
    )


def outbound() -> Iterator[Row]:
    """What an agent can send beside words, files and templates (reference 3)."""
    for name, content in OUTBOUND.items():
        sent = compose(content)
        inner = sent[sent["type"]]
        sub = f", {inner['type']}" if isinstance(inner, dict) and "type" in inner else ""
        yield Row(name, f"`{sent['type']}`{sub}", "preflight names the field that WhatsApp would refuse", "sent")


def names_tests_that_exist() -> list[str]:
    """Files that prove something and are not there, or hold no test."""
    missing = []
    for name in {each for files in PROVED.values() for each in files.split(", ")}:
        path = TESTS / name
        tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
        if not any(
            isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test_") for n in ast.walk(tree)
        ):
            missing.append(name)
    return missing
