"""The bodies Meta posts to a webhook, key for key, and the signature over their bytes.

Pure builders: state in, dictionaries out. What matters most here is what is absent: a person whose phone is hidden has no
`from`, `wa_id`, `recipient_id` or `to` at all, a failed status has no `contacts`, a system message neither.
Reference: section 1 "Webhooks" (1.0 envelope, 1.1 messages, 1.2 statuses, 1.3 coexistence, 1.5 BSUID) and section 2.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sandbox.graph.errors import Json

MESSAGE_FIELDS = frozenset(
    {"messages", "standby", "smb_message_echoes", "smb_app_state_sync", "history", "message_echoes", "user_preferences"}
)


@dataclass(frozen=True, slots=True)
class Update:
    """One change for the webhook. `raw` is a whole body to be posted as it is; `signature` replaces the true one."""

    waba_id: str
    field: str
    value: Json
    raw: bytes | None = None
    signature: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as webhooks show them; `phone` is None when it may not be shown."""

    wa_id: str | None
    bsuid: str
    name: str
    username: str | None = None

    def contact(self) -> Json:
        profile: Json = {"name": self.name} | ({"username": self.username} if self.username else {})
        return {"profile": profile} | phone_key("wa_id", self.wa_id) | {"user_id": self.bsuid}


def phone_key(key: str, wa_id: str | None) -> Json:
    """Return the key with the phone, or nothing at all when the phone may not be shown (1.5)."""
    return {} if wa_id is None else {key: wa_id}


def seconds(moment: datetime) -> str:
    """Write a moment as the string of unix seconds that messages and statuses carry."""
    return str(int(moment.timestamp()))


def head(display_phone: str, phone_number_id: str) -> Json:
    """Return what every messages-type value starts with."""
    digits = display_phone.lstrip("+").replace(" ", "")
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": digits, "phone_number_id": phone_number_id},
    }


def inbound(person: Identity, wamid: str, at: datetime, element: Json) -> Json:
    """Return `contacts` and `messages` for one message of a person (1.1)."""
    message = (
        phone_key("from", person.wa_id)
        | {"from_user_id": person.bsuid, "id": wamid, "timestamp": seconds(at)}
        | element
    )
    return {"contacts": [person.contact()], "messages": [message]}


def system(old: Identity, wamid: str, at: datetime, element: Json) -> Json:
    """Return a system message, which has no contacts (1.1)."""
    message = phone_key("from", old.wa_id) | {"from_user_id": old.bsuid, "id": wamid, "timestamp": seconds(at)}
    return {"messages": [message | {"type": "system", "system": element}]}


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What one status says, beside whom it is about."""

    wamid: str
    status: str
    at: datetime
    to_phone: bool
    phone: str | None
    opaque: str | None = None
    pricing: Json | None = None
    entry_point_until: datetime | None = None
    error: Json | None = None


def status(person: Identity | None, facts: StatusFacts) -> Json:
    """Return `statuses`, and `contacts` unless it failed (1.2; 1.5 "identifier quick table")."""
    shown = facts.phone if facts.to_phone else (person.wa_id if person else None)
    element: Json = {"id": facts.wamid, "status": facts.status, "timestamp": seconds(facts.at)}
    element |= phone_key("recipient_id", shown)
    failed = facts.error is not None
    if person is not None and not (failed and facts.to_phone):
        element["recipient_user_id"] = person.bsuid
    if facts.opaque is not None:
        element["biz_opaque_callback_data"] = facts.opaque
    if facts.entry_point_until is not None:
        element["conversation"] = {
            "id": hashlib.md5(facts.wamid.encode(), usedforsecurity=False).hexdigest(),
            "expiration_timestamp": seconds(facts.entry_point_until),
            "origin": {"type": "referral_conversion"},
        }
    if facts.pricing is not None:
        element["pricing"] = facts.pricing
    if failed:
        return {"statuses": [element | {"errors": [facts.error]}]}
    if person is None:
        return {"statuses": [element]}
    named = Identity(shown, person.bsuid, person.name, person.username if facts.status != "sent" else None)
    return {"contacts": [named.contact()], "statuses": [element]}


def echo(business: str, person: Identity, wamid: str, at: datetime, element: Json) -> Json:
    """Return what the Business app sent, edited or revoked (1.3 `smb_message_echoes`)."""
    message = (
        {"from": business}
        | phone_key("to", person.wa_id)
        | {"to_user_id": person.bsuid, "id": wamid, "timestamp": seconds(at)}
        | element
    )
    return {"contacts": [phone_key("wa_id", person.wa_id) | {"user_id": person.bsuid}], "message_echoes": [message]}


def preference(person: Identity, at: datetime, value: str) -> Json:
    """Return a `user_preferences` value: marketing stopped or resumed (1.4)."""
    wish = {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at.timestamp()),
    }
    who = phone_key("wa_id", person.wa_id) | {"user_id": person.bsuid}
    return {"contacts": [person.contact()], "user_preferences": [who | wish]}


def envelope(updates: Iterable[Update]) -> Json:
    """Put updates into one body: an entry per account, changes of one number and field merged (1.0).

    Account-type fields stand alone and carry `entry.time`.
    """
    entries: list[Json] = []
    merged: dict[tuple[str, str, str], Json] = {}
    for update in updates:
        if update.field not in MESSAGE_FIELDS:
            time = int(update.at.timestamp()) if update.at else 0
            entries.append({"id": update.waba_id, "time": time, "changes": [_change(update)]})
            continue
        kind = next((key for key in ("messages", "statuses") if key in update.value), "")
        number = str(update.value.get("metadata", {}).get("phone_number_id", ""))
        key = (update.waba_id, update.field, f"{number}/{kind}")
        if kind and key in merged:
            _merge(merged[key], update.value, kind)
            continue
        change = _change(update)
        merged[key] = change["value"]
        entry = next((each for each in entries if each["id"] == update.waba_id and "time" not in each), None)
        if entry is None:
            entries.append(entry := {"id": update.waba_id, "changes": []})
        entry["changes"].append(change)
    return {"object": "whatsapp_business_account", "entry": entries}


def _change(update: Update) -> Json:
    value = {key: list(each) if isinstance(each, list) else each for key, each in update.value.items()}
    return {"value": value, "field": update.field}


def _merge(into: Json, value: Json, kind: str) -> None:
    into[kind].extend(value[kind])
    known = into.setdefault("contacts", [])
    known.extend(contact for contact in value.get("contacts", ()) if contact not in known)
    if not known:
        del into["contacts"]


def encode(body: Json) -> bytes:
    """Serialise as Meta does: compact, everything outside ASCII escaped."""
    return json.dumps(body, separators=(",", ":")).encode()


def sign(secret: str, body: bytes) -> str:
    """Return the value of `X-Hub-Signature-256` over the raw bytes (section 2)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
