"""What the Graph API answers, as far as we read it.

Like the webhooks, answers are read tolerantly: what we do not know is ignored, one template that cannot be read leaves
the others alone, and an answer without what we asked for is an unreadable one. Shapes: reference 3 (sending), 4
(health), 6 (tokens).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import Field

from bot.whatsapp.attachments import digest, media_type
from bot.whatsapp.errors import scrubbed
from bot.whatsapp.wire import (
    Id,
    Malformed,
    Wire,
    clean,
    items,
    moment_or_none,
    objects,
    section,
    string,
    validated,
    whole,
)
from crm.model.limits import Usage
from crm.model.numbers import BusinessFacts, NumberFacts, SubscribedApp, TokenFacts
from crm.model.outbox import Accepted

OTHER_APP = 100
"""What `debug_token` says in its `data.error` of a token that another app made."""
MOST_AILMENTS = 5
_HELD = frozenset({"held_for_quality_assessment", "paused"})


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Where a file can be fetched for five minutes, and what Meta says of it (reference 7)."""

    url: str
    mime_type: str
    sha256: str | None
    size: int | None


class _SentMessage(Wire):
    id: Id
    message_status: str | None = None


class _Sent(Wire):
    messages: list[_SentMessage] = Field(min_length=1)


class _Renewed(Wire):
    access_token: str = Field(min_length=1, max_length=4_000)


class _Media(Wire):
    url: str = Field(min_length=1, max_length=8_000)


def json_object(body: bytes) -> dict[str, Any]:
    """Return the answer's JSON object, or raise Malformed."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Malformed("answer: not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("answer: not a JSON object")
    return value


def accepted(answer: dict[str, Any]) -> Accepted:
    """Read the answer to a send: 200 means taken, never delivered."""
    first = validated(_Sent, answer).messages[0]
    return Accepted(clean(first.id), held_for_quality=first.message_status in _HELD)


def token_facts(answer: dict[str, Any]) -> TokenFacts:
    """Read `debug_token`. Zero means never; the nearer of the two dates is the deadline (reference 6)."""
    data = answer.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("is_valid"), bool):
        raise Malformed("data.is_valid: missing")
    dates = (moment_or_none(data.get(key) or None) for key in ("expires_at", "data_access_expires_at"))
    error = section(data, "error")
    said = string(error.get("message"), 300)
    return TokenFacts(
        data["is_valid"],
        min(filter(None, dates), default=None),
        scrubbed(said) if said else None,
        string(data.get("app_id"), 64) or None,
        (string(data.get("type"), 40) or "").upper() or None,
        frozenset(filter(None, (string(each, 100) for each in items(data, "scopes")))),
        dict(filter(None, map(_limit, objects(data, "granular_scopes")))),
        of_other_app=whole(error.get("code")) == OTHER_APP,
    )


def _limit(granted: dict[str, Any]) -> tuple[str, frozenset[str]] | None:
    """A scope and the only assets that it reaches; None when it reaches all, as it does without a list of targets."""
    scope = string(granted.get("scope"), 100)
    if not scope or not isinstance(granted.get("target_ids"), list):
        return None
    return scope, frozenset(filter(None, (string(each, 64) for each in items(granted, "target_ids"))))


def uploaded(answer: dict[str, Any]) -> str:
    """Read the answer to an upload: Meta's id of the file."""
    found = string(answer.get("id"), 256)
    if not found:
        raise Malformed("id: missing")
    return found


def media_facts(answer: dict[str, Any]) -> MediaFacts:
    """Read the answer to `GET /{media_id}`; Meta writes the size as a text."""
    return MediaFacts(
        validated(_Media, answer).url,
        media_type(answer.get("mime_type")),
        digest(answer.get("sha256")),
        whole(answer.get("file_size")),
    )


def renewed_token(answer: dict[str, Any]) -> str:
    """Read the answer to `fb_exchange_token`."""
    return validated(_Renewed, answer).access_token


def next_cursor(answer: dict[str, Any]) -> str | None:
    """Return where the next page starts; None on the last one."""
    paging = section(answer, "paging")
    return string(section(paging, "cursors").get("after"), 2_000) if paging.get("next") else None


def number_facts(phone_number_id: str, answer: dict[str, Any]) -> NumberFacts:
    """Read a phone number with its state and its limits."""

    def word(key: str) -> str:
        return string(answer.get(key), 200) or ""

    return NumberFacts(
        phone_number_id=phone_number_id,
        display_phone=word("display_phone_number"),
        verified_name=word("verified_name"),
        quality=word("quality_rating"),
        status=word("status"),
        coexistence=answer.get("is_on_biz_app") is True,
        messaging_limit=word("whatsapp_business_manager_messaging_limit"),
        throughput=string(section(answer, "throughput").get("level"), 40) or "",
        can_send=string(section(answer, "health_status").get("can_send_message"), 40) or "",
        webhook_url=_webhook_url(section(answer, "webhook_configuration")),
        name_status=word("name_status"),
        platform=word("platform_type"),
        ailments=_ailments(section(answer, "health_status")),
    )


def _ailments(health: dict[str, Any]) -> tuple[str, ...]:
    """What keeps a number, or what it belongs to, from sending: Meta's reason and what it proposes."""
    errors = (error for entity in objects(health, "entities") for error in objects(entity, "errors"))
    said = (
        " ".join(filter(None, (string(each.get(key), 300) for key in ("error_description", "possible_solution"))))
        for each in errors
    )
    return tuple(scrubbed(clean(each)) for each in dict.fromkeys(said) if each)[:MOST_AILMENTS]


def _webhook_url(configuration: dict[str, Any]) -> str | None:
    """Return where this number's webhooks go: its own address beats the account's, that beats the app's."""
    places = ("phone_number", "whatsapp_business_account", "application")
    return next(filter(None, (string(configuration.get(place), 500) for place in places)), None)


def business_facts(waba_id: str, answer: dict[str, Any]) -> BusinessFacts:
    """Read a business account with the portfolio that owns it."""
    owner = section(answer, "owner_business_info")
    portfolio = string(owner.get("id"), 64) or None
    return BusinessFacts(
        waba_id, string(answer.get("name"), 200) or "", portfolio, string(owner.get("name"), 200) or None
    )


def ids(answer: dict[str, Any]) -> list[str]:
    """Read the ids of one page of a list."""
    return [found for found in (string(each.get("id"), 64) for each in objects(answer, "data")) if found]


def succeeded(answer: dict[str, Any]) -> None:
    """Read the answer to a change that has nothing else to say."""
    if answer.get("success") not in (True, "true"):
        raise Malformed("success: missing")


def subscribed_apps(answer: dict[str, Any]) -> list[SubscribedApp]:
    """Read the apps that are subscribed to a business account."""
    found = [section(each, "whatsapp_business_api_data") for each in objects(answer, "data")]
    named = ((string(app.get("id"), 64), string(app.get("name"), 200)) for app in found)
    return [SubscribedApp(app_id, name or "") for app_id, name in named if app_id]


def usage(headers: Mapping[str, str]) -> Usage | None:
    """Read how much of the limits is used; None when the answer does not say."""
    app, business = headers.get("X-App-Usage"), headers.get("X-Business-Use-Case-Usage")
    if app is None and business is None:
        return None
    groups = _json(business)
    limits = [each for group in groups for each in objects(groups, group)]
    waits = (whole(each.get("estimated_time_to_regain_access")) or 0 for each in limits)
    return Usage(_highest([_json(app)]), _highest(limits), max(waits, default=0))


def _json(text: str | None) -> dict[str, Any]:
    try:
        value = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _highest(limits: list[dict[str, Any]]) -> int:
    keys = ("call_count", "total_cputime", "total_time")
    return max((whole(each.get(key)) or 0 for each in limits for key in keys), default=0)
