"""Turns one webhook into events, element by element.

Meta batches up to 1,000 updates in one POST and mixes kinds, so every entry, change and element is read on its own:
what is hostile becomes Broken and what is new becomes Unknown, and neither takes its neighbours along. The field name
decides, and where Meta's own examples contradict themselves the keys do (reference 1.4). Times are Meta's; nothing here
knows what is true already.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.whatsapp import beside, history
from bot.whatsapp.attachments import MEDIA_KINDS, attachment_of, without_url
from bot.whatsapp.readable import OPENS_WINDOW, WITH_CONTENT, error_detail, errors_of, notes_of, tapped, text_of
from bot.whatsapp.wire import (
    EchoMessage,
    Malformed,
    Message,
    Original,
    People,
    Preference,
    Status,
    bounded,
    identifier,
    moment,
    moment_or_none,
    objects,
    parse,
    phone,
    scoped_id,
    section,
    string,
    validated,
    whole,
)
from crm.errors import Unreadable
from crm.model.contacts import Person
from crm.model.events import (
    TIME_UNKNOWN,
    AccountEvent,
    Broken,
    Echo,
    Edited,
    Event,
    Inbound,
    MarketingPreference,
    Revoked,
    StatusUpdate,
    Unknown,
)
from crm.model.messages import DeliveryStatus
from crm.model.records import replace

MAX_ELEMENTS = 20_000  # Meta sends at most 1,000 updates in one POST; more than this is no batch but an attack

_Object = dict[str, Any]
_Read = Callable[[Any, str], None]

# Fields whose messages, statuses and echoes mean what they say. Others carry the same keys with another meaning:
# `history` has old messages, `standby` those that Meta's own agent answers.
_TALK = frozenset({"messages", "smb_message_echoes", "message_echoes", "user_preferences"})

_ACCOUNT = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "business_capability_update",
        "business_username_update",
        "flows",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
    }
)

KEPT = frozenset(
    {
        "automatic_events",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
    }
)
"""Fields that are known and have no effect here: groups, and what Meta believes of an ad."""

# The lists that Meta's own agent's conversations bring.
_BESIDE = frozenset({"messages", "message_echoes", "statuses"})

# What a template webhook really is, whatever its field claims.
_TEMPLATE_KEYS = {
    "new_quality_score": "message_template_quality_update",
    "new_category": "template_category_update",
    "message_template_element": "message_template_components_update",
}

_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.PLAYED,
    "failed": DeliveryStatus.FAILED,
}

_PREFERENCES = {"stop": True, "resume": False, "signup": False}

# System messages that give a person other names; the last is the older name of the first.
_RENAMINGS = frozenset({"user_changed_number", "user_changed_user_id", "customer_changed_number"})


class WhatsAppReader:
    """The Reader port for the WhatsApp Cloud API."""

    def read(self, body: bytes) -> list[Event]:
        """Return one event per element, in the webhook's order. Raises Unreadable for what is no WhatsApp webhook."""
        reading = _Reading(len(body))
        reading.document(parse(body))
        return reading.events

    def past(self, phone_number_id: str, content: str) -> list[Event]:
        """Read a slice of a history webhook."""
        return history.past(phone_number_id, content)

    def writer(self, payload: Mapping[str, Any]) -> Person | None:
        """Return whom a kept message names as its author."""
        wa_id, bsuid = phone(payload.get("from")), scoped_id(payload.get("from_user_id"))
        return Person(wa_id, bsuid) if wa_id or bsuid else None


@dataclass(frozen=True, slots=True)
class _Change:
    """What the elements of one change have in common."""

    people: People
    phone_number_id: str | None
    size: int

    @property
    def number(self) -> str:
        if self.phone_number_id is None:
            raise Malformed("metadata.phone_number_id: missing")
        return self.phone_number_id


class _Reading:
    """One webhook while it is read: its events so far, and the isolation of each element from its neighbours."""

    __slots__ = ("events", "size")

    def __init__(self, size: int) -> None:
        self.events: list[Event] = []
        self.size = size

    def document(self, document: _Object) -> None:
        if "entry" in document:
            if document.get("object", "whatsapp_business_account") != "whatsapp_business_account":
                raise Unreadable("unreadable-webhook", reason="not about a WhatsApp Business Account")
            self._each(document, "entry", "", "entry", self._entry)
        elif "field" in document and "value" in document:  # a change without its envelope, as some test buttons send it
            self._guarded(lambda raw, at: self._change(raw, at, {}), document, "", "change")
        elif "history" in document:  # Meta's example of a declined history has no envelope (reference 1.3)
            self._guarded(self._history, document, "", "history")
        else:
            raise Unreadable("unreadable-webhook", reason="no entry")

    def _entry(self, entry: Any, at: str) -> None:
        if not isinstance(entry, dict):
            raise Malformed("not an object")
        if "changes" in entry:
            self._each(entry, "changes", f"{at}.", "change", lambda raw, at: self._change(raw, at, entry))
        else:
            self.events.append(Unknown(at, "entry", bounded(entry, self.size)))

    def _change(self, change: Any, at: str, entry: _Object) -> None:
        if not isinstance(change, dict):
            raise Malformed("not an object")
        value, field = change.get("value"), change.get("field")
        if field is not None and not isinstance(field, str):
            raise Malformed("field: not a text")
        if field == "history" or (field is None and isinstance(value, dict) and "history" in value):
            self._history(value, at)
            return
        if field == "smb_app_state_sync" and isinstance(value, dict) and "state_sync" in value:
            self._elements(value, "state_sync", at)
            return
        if field == "standby":
            self._standby(value, at, entry)
            return
        if field == "messaging_handovers":
            self.events.append(beside.handover(value, at, entry.get("time")))
            return
        if field == "calls" and isinstance(value, dict) and "calls" in value:
            self._elements(value, "calls", at)
            return
        if field and field not in _TALK and field not in _ACCOUNT:
            self.events.append(Unknown(at, field[:64], value, expected=field in KEPT))
            return
        if not isinstance(value, dict):
            raise Malformed("value: not an object")
        lists = [key for key in _LISTS if key in value and key != "calls"]
        for key in lists:
            self._elements(value, key, at)
        if not lists:
            self.events.append(_without_lists(value, at, entry, field, self.size))

    def _standby(self, value: Any, at: str, entry: _Object) -> None:
        """What Meta's own agent answers: the same elements, of which we are told and not asked."""
        if not isinstance(value, dict):
            raise Malformed("value: not an object")
        first, flat = len(self.events), beside.flattened(value, entry.get("time"))
        for key in (key for key in _LISTS if key in flat and key in _BESIDE):
            self._elements(flat, key, at)
        if len(self.events) == first:
            self.events.append(Unknown(at, "standby", value))
        for index, event in enumerate(self.events[first:], first):
            if isinstance(event, Inbound):
                self.events[index] = replace(event, standby=True)
            elif isinstance(event, Echo):
                self.events[index] = replace(event, by_meta=True)

    def _history(self, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise Malformed("value: not an object")
        self.events.extend(history.chunks(value, at))

    def _elements(self, value: _Object, key: str, at: str) -> None:
        kind, read = _LISTS[key]
        number = identifier(section(value, "metadata").get("phone_number_id"))
        common = _Change(People(value.get("contacts")), number, self.size)
        prefix = f"{at}.value." if at else "value."
        self._each(value, key, prefix, kind, lambda raw, at: self.events.append(read(raw, at, common)))

    def _each(self, holder: _Object, key: str, prefix: str, kind: str, read: _Read) -> None:
        elements = holder[key]
        if elements is None:
            return
        if not isinstance(elements, list):
            self.events.append(Broken(f"{prefix}{key}", kind, "not a list", bounded(elements, self.size)))
            return
        for index, raw in enumerate(elements):
            if len(self.events) >= MAX_ELEMENTS:
                self._cut()
                return
            self._guarded(read, raw, f"{prefix}{key}[{index}]", kind)

    def _guarded(self, read: _Read, raw: Any, at: str, kind: str) -> None:
        """Read one element; what goes wrong stays with it.

        The last net is for our own mistakes: no neighbour is lost.
        """
        try:
            read(raw, at)
        except Malformed as problem:
            self.events.append(Broken(at, kind, str(problem), bounded(raw, self.size)))
        except Exception as problem:
            self.events.append(Broken(at, kind, f"unforeseen {type(problem).__name__}", bounded(raw, self.size)))

    def _cut(self) -> None:
        """Say once, as the last event, that the rest was left unread."""
        if len(self.events) == MAX_ELEMENTS:
            self.events.append(Broken("", "webhook", f"more than {MAX_ELEMENTS} elements", {"size": self.size}))


def _without_lists(value: _Object, at: str, entry: _Object, field: str | None, size: int) -> Event:
    """A change that brings no messages: about an account or a template, an error of the number, or something new."""
    if kind := _account_kind(field, value):
        return _account(value, at, entry, kind, size)
    if value.get("errors"):
        return _account(value, at, entry, "errors", size)
    return Unknown(at, field or "unknown", value)


# --- messages ---------------------------------------------------------------------------------------------------------


def _message(raw: Any, at: str, common: _Change) -> Event:
    head = validated(Message, raw)
    if raw.get("group_id"):
        return Unknown(at, "group_message", bounded(raw, common.size), expected=True)
    kind, when = _kind(head.type, raw), moment(head.timestamp)
    if kind in _CHANGES_OF_MESSAGES:
        return _CHANGES_OF_MESSAGES[kind](raw, at, common)
    person = _sender(raw, head, common)
    referral = section(raw, "referral")
    return Inbound(
        position=at,
        phone_number_id=common.number,
        person=person,
        wamid=head.id,
        at=when,
        kind=kind,
        text=text_of(kind, raw),
        payload=bounded(without_url(kind, raw), common.size),
        opens_window=kind in OPENS_WINDOW,
        context_wamid=_points_at(raw, kind),
        from_ad=bool(referral),
        ad=(identifier(referral.get("source_id")) or "") if referral else None,
        attachment=attachment_of(kind, raw),
        payload_word=tapped(kind, raw),
        notes=notes_of(raw),
        became=_became(raw, kind, person),
    )


def _sender(raw: _Object, head: Message, common: _Change) -> Person:
    """Name who wrote.

    A system message tells of a change of identity and is about the person as known until now (reference 1.1).
    """
    system = section(raw, "system") if head.type == "system" else {}
    wa_id, bsuid = head.phone, system.get("previous_user_id") or head.user_id
    if wa_id is None and bsuid is None:
        wa_id, bsuid = system.get("wa_id"), system.get("user_id")
    parent = system.get("previous_parent_user_id") or head.parent_id
    return _with_own_phone(raw, head, common.people.person(wa_id, bsuid, parent))


def _with_own_phone(raw: _Object, head: Message, person: Person) -> Person:
    """A person who was asked for their number and shared it has named it (reference 1.5, contact_request)."""
    shared = objects(raw, "contacts") if head.type == "contacts" else []
    asked_for = len(shared) == 1 and shared[0].get("origin") == "contact_request"
    numbers = (
        {wa_id for each in objects(shared[0], "phones") if (wa_id := phone(each.get("wa_id")))} if asked_for else set()
    )
    if person.wa_id is not None or len(numbers) != 1:
        return person
    return Person(numbers.pop(), person.bsuid, person.name, person.username, person.parent)


def _became(raw: _Object, kind: str, person: Person) -> Person | None:
    """The names that a person has from now on, where a system message tells of new ones."""
    system = section(raw, "system") if kind == "system" else {}
    if string(system.get("type"), 64) not in _RENAMINGS:
        return None
    wa_id, bsuid = phone(system.get("wa_id") or system.get("new_wa_id")), scoped_id(system.get("user_id"))
    became = Person(
        wa_id if wa_id != person.wa_id else None,
        bsuid if bsuid != person.bsuid else None,
        parent=scoped_id(system.get("parent_user_id")),
    )
    return became if became.wa_id or became.bsuid else None


def _points_at(raw: _Object, kind: str) -> str | None:
    """Return the wamid this one answers or reacts to."""
    if kind == "reaction":
        return identifier(section(raw, "reaction").get("message_id"))
    return identifier(section(raw, "context").get("id"))


def _kind(named: str | None, raw: _Object) -> str:
    """Return Meta's type, or the type whose content is there.

    A type without its content was seen with `interactive`, and a file that Meta itself could not keep comes with an
    error (131052) in its place (reference 1.1, 4.1). An answer to "may we call you?" hides in `interactive`.
    """
    kind = named or next((known for known in _KINDS if isinstance(raw.get(known), dict | list)), "unknown")
    if kind in WITH_CONTENT and (raw.get(kind) is None or (errors_of(raw) and not _is_whole(kind, raw))):
        return "unsupported"
    if kind == "interactive" and section(raw, "interactive").get("type") == "call_permission_reply":
        return "call_permission"
    return kind


def _is_whole(kind: str, raw: _Object) -> bool:
    """Whether there is something to show in spite of an error: words, or a file that can be fetched."""
    content = section(raw, kind)
    return kind not in MEDIA_KINDS or bool(content.get("id") or content.get("url"))


def _edit(raw: Any, at: str, common: _Change) -> Event:
    head, edit = validated(Message, raw), section(raw, "edit")
    original = validated(Original, edit).original_message_id
    message = edit.get("message")
    if not isinstance(message, dict):
        raise Malformed("edit.message: not an object")
    kind = _kind(string(message.get("type"), 64), message)
    return Edited(at, common.number, original, moment(head.timestamp), text_of(kind, message))


def _revoke(raw: Any, at: str, common: _Change) -> Event:
    head = validated(Message, raw)
    original = validated(Original, section(raw, "revoke")).original_message_id
    return Revoked(at, common.number, original, moment(head.timestamp))


_CHANGES_OF_MESSAGES: dict[str, Callable[[Any, str, _Change], Event]] = {"edit": _edit, "revoke": _revoke}
_KINDS = (*_CHANGES_OF_MESSAGES, *sorted(WITH_CONTENT), "system")


def _echo(raw: Any, at: str, common: _Change) -> Event:
    head = validated(EchoMessage, raw)
    if raw.get("group_id"):
        return Unknown(at, "group_message", bounded(raw, common.size), expected=True)
    kind, when = _kind(head.type, raw), moment(head.timestamp)
    if kind in _CHANGES_OF_MESSAGES:
        return _CHANGES_OF_MESSAGES[kind](raw, at, common)
    person = common.people.person(head.phone, head.user_id, head.parent_id)
    return Echo(
        at,
        common.number,
        person,
        head.id,
        when,
        kind,
        text_of(kind, raw),
        bounded(without_url(kind, raw), common.size),
        attachment_of(kind, raw),
    )


# --- statuses and preferences -----------------------------------------------------------------------------------------


def _status(raw: Any, at: str, common: _Change) -> Event:
    head = validated(Status, raw)
    status = _STATUSES.get(head.status.lower())
    if raw.get("recipient_type") == "group":
        return Unknown(at, "group_status", bounded(raw, common.size), expected=True)
    if status is None:
        return Unknown(at, f"status:{head.status}", bounded(raw, common.size))
    pricing, errors = section(raw, "pricing"), errors_of(raw)
    error = errors[0] if errors else {}
    return StatusUpdate(
        position=at,
        phone_number_id=common.number,
        wamid=head.id,
        status=status,
        at=moment(head.timestamp),
        opaque=string(raw.get("biz_opaque_callback_data"), 512),
        error_code=whole(error.get("code")),
        error_detail=error_detail(error),
        pricing_category=_category(pricing.get("category")),
        pricing_type=string(pricing.get("type"), 64),
        free_entry_until=_free_entry_until(section(raw, "conversation")),
    )


def _category(value: Any) -> str | None:
    """Meta writes `authentication-international` here and with an underscore there (reference 1.2)."""
    text = string(value, 64)
    return text.replace("-", "_") if text else None


def _free_entry_until(conversation: _Object) -> datetime | None:
    if section(conversation, "origin").get("type") != "referral_conversion":
        return None
    return moment_or_none(conversation.get("expiration_timestamp"))


def _preference(raw: Any, at: str, common: _Change) -> Event:
    head = validated(Preference, raw)
    stopped = _PREFERENCES.get(head.value.lower())
    if stopped is None or raw.get("category", "marketing_messages") != "marketing_messages":
        return Unknown(at, "user_preferences", bounded(raw, common.size))
    person = common.people.person(head.phone, head.user_id, head.parent_id)
    return MarketingPreference(at, common.number, person, moment(head.timestamp), stopped)


def _book_entry(raw: Any, at: str, common: _Change) -> Event:
    return history.book_entry(raw, at, common.number)


def _call(raw: Any, at: str, common: _Change) -> Event:
    return beside.call(raw, at, common.people, common.number)


_LISTS: dict[str, tuple[str, Callable[[Any, str, _Change], Event]]] = {
    "messages": ("message", _message),
    "statuses": ("status", _status),
    "message_echoes": ("echo", _echo),
    "smb_message_echoes": ("echo", _echo),
    "user_preferences": ("preference", _preference),
    "calls": ("call", _call),
    "state_sync": ("book_entry", _book_entry),
}


# --- accounts, numbers, templates -------------------------------------------------------------------------------------


def _account_kind(field: str | None, value: _Object) -> str | None:
    if "message_template_id" in value or "message_template_name" in value:
        for key, kind in _TEMPLATE_KEYS.items():
            if key in value:
                return kind
    return field if field in _ACCOUNT else None


def _account(value: _Object, at: str, entry: _Object, kind: str, size: int) -> Event:
    shown = value.get("display_phone_number") or section(value, "metadata").get("display_phone_number")
    return AccountEvent(
        position=at,
        waba_id=identifier(entry.get("id")) or "",
        display_phone=phone(shown),
        at=moment_or_none(entry.get("time")) or TIME_UNKNOWN,
        kind=kind,
        event=_what_happened(kind, value),
        payload=_with_one_spelling(bounded(value, size)),
    )


def _what_happened(kind: str, value: _Object) -> str:
    """Meta's one word for it; where it has none, the kind itself."""
    if kind == "template_category_update":  # the impending form names the category to come as the correct one
        return "IMPENDING" if "correct_category" in value else "CHANGED"
    if kind == "errors":
        return next((code for each in errors_of(value) if (code := string(each.get("code"), 64))), "errors")
    candidates = (value.get(key) for key in ("event", "decision", "new_quality_score", "status", "solution_status"))
    alert = section(value, "alert_info").get("alert_type") or value.get("alert_type")
    return next(filter(None, (string(each, 64) for each in (*candidates, alert))), kind)


def _with_one_spelling(value: _Object) -> _Object:
    """Languages come as `en-US` and as `en_US`; we write the underscore (reference 1.4)."""
    language = value.get("message_template_language")
    if not isinstance(language, str):
        return value
    return {**value, "message_template_language": language.replace("-", "_")}
