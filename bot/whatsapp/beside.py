"""What comes beside the talk: what Meta's own agent does on a number (`standby`, `messaging_handovers`), and calls (`calls`).

Shapes: what Meta documents of them is thin (reference 0.10, 1.4), so keys decide and every part may be missing. `standby` carries the
same lists as `messages` in an object of its own or, as the simulated WhatsApp sends them, beside the metadata; its echoes hold the
message one level deeper. A call is a message of the contact's with the call's id; how it ended changes that message.
"""

from datetime import datetime
from typing import Any

from bot.whatsapp.wire import Malformed, People, identifier, moment, section, string, whole
from crm.model.conversations import META_AGENT, OURS
from crm.model.events import Control, Edited, Event, Inbound, Unknown

_Object = dict[str, Any]

_ROLES = (
    ("new_owner_role", False),
    ("new_owner_app_role", False),
    ("previous_owner_app_role", True),
    ("previous_owner_role", True),
)
"""Where the owners are named, and whether the other one is meant."""
_THEIRS = ("ai_agent", "meta_business_agent", "business_agent")


def flattened(value: _Object, sent_at: Any) -> _Object:
    """A `standby` value with its lists where those of `messages` are, and its echoes without their inner level."""
    lists = {**value, **section(value, "standby")}
    echoes = lists.get("message_echoes")
    if isinstance(echoes, list):
        lists["message_echoes"] = [_flat(each, value.get("timestamp") or sent_at) for each in echoes]
    return lists


def _flat(echo: Any, sent_at: Any) -> Any:
    inner = section(echo, "message")
    if not isinstance(echo, dict):
        return echo
    flat = {**inner, **{key: part for key, part in echo.items() if key != "message"}}
    flat.setdefault("to", inner.get("recipient") or echo.get("recipient"))
    if flat.get("timestamp") is None and sent_at is not None:
        flat["timestamp"] = sent_at
    return flat


def handover(value: Any, at: str, sent_at: Any) -> Event:
    """Who has the conversation from now on."""
    if not isinstance(value, dict):
        raise Malformed("value: not an object")
    passed = section(value, "control_passed") or section(value, "control_taken")
    holder = _holder(passed)
    number = section(value, "recipient").get("phone_number_id") or section(value, "metadata").get("phone_number_id")
    phone_number_id = identifier(number)
    if holder is None or phone_number_id is None:
        return Unknown(at, "messaging_handovers", value)
    sender = section(value, "sender")
    person = People(value.get("contacts")).person(
        sender.get("phone_number") or sender.get("wa_id"), sender.get("user_id")
    )
    seconds = value.get("timestamp") or sent_at
    if not isinstance(seconds, int | str):
        raise Malformed("timestamp: missing")
    return Control(at, phone_number_id, person, _moment(seconds), holder)


def _holder(passed: _Object) -> str | None:
    """The new owner where it is named; else whoever the previous one was not."""
    for key, otherwise in _ROLES:
        if role := string(passed.get(key), 64):
            theirs = role.lower() in _THEIRS
            return META_AGENT if theirs != otherwise else OURS
    return None


def call(raw: Any, at: str, people: People, phone_number_id: str) -> Event:
    """A contact calls, or such a call ended. What we do not do ourselves (calling, its steps) is kept only."""
    if not isinstance(raw, dict):
        raise Malformed("not an object")
    call_id, word = identifier(raw.get("id")), (string(raw.get("event"), 64) or "").lower()
    if call_id is None:
        raise Malformed("id: missing")
    if (string(raw.get("direction"), 64) or "USER_INITIATED").upper() != "USER_INITIATED":
        return Unknown(at, "call_of_ours", raw, expected=True)
    when = _moment(raw.get("timestamp"))
    if word == "connect":
        person = people.person(raw.get("from"), raw.get("from_user_id"))
        kept = {key: part for key, part in raw.items() if key != "session"}
        return Inbound(at, phone_number_id, person, call_id, when, "call", None, kept, opens_window=True)
    if word == "terminate":
        status = raw.get("status")
        words = status if isinstance(status, list) else [status]
        spoken = any(string(each, 32) == "COMPLETED" for each in words)
        return Edited(
            at, phone_number_id, call_id, when, f"completed {whole(raw.get('duration')) or 0}" if spoken else "missed"
        )
    return Unknown(at, f"call:{word}"[:64], raw)


def _moment(seconds: Any) -> datetime:
    """Seconds, as number or text; some of these come in milliseconds."""
    if isinstance(seconds, str) and not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 13):
        raise Malformed("timestamp: no number")
    if not isinstance(seconds, int | str) or isinstance(seconds, bool) or int(seconds) < 0:
        raise Malformed("timestamp: missing")
    number = int(seconds)
    return moment(number // 1000 if number > 100_000_000_000 else number)
