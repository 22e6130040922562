"""What Meta's news about an account, a number or a form asks us to do, and how it is told (reference 1.4).

News that hold or free an account, or bar its templates, speak of one aspect of it each: its connection, a ban, a restriction. On each the
newest word counts, by Meta's own time, so webhooks may come late, twice and in any order; at the same second a hold outweighs the
all-clear. News of an aspect that holds nothing (a review, a name) are remembered in the same way, only so that older ones are told to
nobody.

`News.key` names the sentence that people read (`news-<key>` in bot/texts), `facts` fill it. Templates are crm/policy/templates.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from crm.model.accounts import Account, AccountState, Bar, MetaWord, freed
from crm.model.alerts import Severity
from crm.model.records import replace

CONNECTION = {
    "ACCOUNT_DELETED": "account_deleted",
    "ACCOUNT_OFFBOARDED": "offboarded",
    "PARTNER_REMOVED": "disconnected",
    "ACCOUNT_RECONNECTED": None,
}
BANS = {"DISABLE": "banned", "REINSTATE": None}
NO_REPLIES = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
BARS = {"RESTRICTED_BIZ_INITIATED_MESSAGING": Bar.TEMPLATES, "RESTRICTED_UTILITY_TEMPLATES": Bar.UTILITY}
"""Restrictions under which answers inside the window leave as always (reference 1.4)."""
META_HOLDS = frozenset({*filter(None, CONNECTION.values()), "banned", "restricted"})

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = 2**33
INFO, WARNING, CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """One thing to be told. `word` is what was said on an aspect of the account; a word that holds has an alert of its own, which tells
    `key` and `facts` too. `secret` is for admins only."""

    key: str
    severity: Severity = INFO
    facts: Mapping[str, str] = field(default_factory=dict)
    word: MetaWord | None = None
    secret: bool = False


def news_of(kind: str, event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    """What a webhook says, by its field. Never nothing: what is new to this version is told as such."""
    read = _READERS.get(kind)
    told = read(event, at, payload) if read is not None else ()
    return told or (News("other", WARNING, {"field": kind[:64], "event": event[:64]}),)


def believe(account: Account, word: MetaWord, now: datetime) -> Account | None:
    """The account after this word; None when it is no newer than what was said on the same aspect."""
    known = next((each for each in account.meta_words if each.aspect == word.aspect), None)
    if known is not None and _weight(word) <= _weight(known):
        return None
    words = (word, *(each for each in account.meta_words if each.aspect != word.aspect))
    told = replace(account, meta_words=tuple(sorted(words, key=lambda each: each.aspect)))
    of_meta = told.state is AccountState.HELD and told.held_reason in META_HOLDS
    return freed(told, now) if of_meta or told.state is AccountState.ACTIVE else told


def available(account: Account, now: datetime) -> Account:
    """The account after Meta said that its number may send without a limit: bars without an end are over. One with an end keeps it."""
    words = tuple(
        replace(word, at=now, bar=None) if word.bar is not None and word.until is None else word
        for word in account.meta_words
    )
    return account if words == account.meta_words else replace(account, meta_words=words)


def _weight(word: MetaWord) -> tuple[datetime, bool, bool, datetime, str]:
    """The order of two words: by time; of the same second the graver one counts, so that any order ends the same."""
    grave = word.hold is not None or word.bar is not None
    return word.at, grave, word.until is None, word.until or EPOCH, word.hold or ""


# --- account_update ------------------------------------------------------------------------------------------------------------


def _account_update(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    if event in CONNECTION:
        return (_connection(event, at, payload),)
    if event == "DISABLED_UPDATE":
        return _ban(at, payload)
    if event == "ACCOUNT_RESTRICTION":
        return _restrictions(at, payload)
    if event in _PLAIN:
        return (_PLAIN[event],)
    told = _WITH_FACTS.get(event)
    return (told(payload),) if told is not None else ()


def _connection(event: str, at: datetime, payload: Payload) -> News:
    hold = CONNECTION[event]
    reason = _word(payload, "disconnection_info", "reason").lower() or "none"
    key = {None: "reconnected", "offboarded": "offboarded", "account_deleted": "account-deleted"}.get(
        hold, "disconnected"
    )
    facts = {"reason": reason} if key == "disconnected" else {}
    return News(key, INFO if hold is None else CRITICAL, facts, MetaWord("connection", at, hold))


def _ban(at: datetime, payload: Payload) -> tuple[News, ...]:
    state = _word(payload, "ban_info", "waba_ban_state").upper()
    if state in BANS:
        hold = BANS[state]
        return (News("banned" if hold else "reinstated", CRITICAL if hold else INFO, {}, MetaWord("ban", at, hold)),)
    if state == "SCHEDULE_FOR_DISABLE":
        date = _word(payload, "ban_info", "waba_ban_date") or "?"
        return (News("ban-scheduled", CRITICAL, {"date": date[:40]}, MetaWord("ban_plan", at)),)
    return (News("ban-unclear", CRITICAL, {"state": state[:40] or "?"}),)


def _restrictions(at: datetime, payload: Payload) -> tuple[News, ...]:
    listed = payload.get("restriction_info")
    listed = [listed] if isinstance(listed, Mapping) else listed
    known = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    told = []
    for each in known:
        what, until = str(each.get("restriction_type"))[:64], _end(each)
        end = until.isoformat() if until else ""
        if what == NO_REPLIES:
            told.append(News("restricted", CRITICAL, {"until": end}, MetaWord("restriction", at, "restricted", until)))
            continue
        bar = BARS.get(what)
        word = MetaWord(f"restriction:{what}", at, None, until, bar=bar)
        facts = {"what": _RESTRICTED.get(what, "other"), "until": end}
        told.append(News("restricted-in-part", CRITICAL if bar is Bar.TEMPLATES else WARNING, facts, word))
    return tuple(told) or (News("restricted-in-part", WARNING, {"what": "other", "until": ""}),)


_RESTRICTED = {
    "RESTRICTED_ADD_PHONE_NUMBER_ACTION": "numbers",
    "RESTRICTED_BIZ_INITIATED_MESSAGING": "templates",
    "RESTRICTED_UTILITY_TEMPLATES": "utility",
    "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES": "direct_send",
    "RESTRICTED_BUSINESS_INITIATED_CALLING": "calls",
    "RESTRICTED_USER_INITIATED_CALLING": "calls",
    "RESTRICTED_CALLING": "calls",
}


def _end(restriction: Payload) -> datetime | None:
    """When it ends; None when that cannot be read."""
    end = str(restriction.get("expiration"))
    if not (end.isascii() and end.isdigit() and len(end) <= 10 and int(end) <= LAST_SECOND):
        return None
    return EPOCH + timedelta(seconds=int(end))


def _violation(payload: Payload) -> News:
    return News(
        "violation", CRITICAL, {"what": _word(payload, "violation_info", "violation_type").lower()[:40] or "none"}
    )


def _price_tier(payload: Payload) -> News:
    tier = {key: _word(payload, "volume_tier_info", key)[:40] or "?" for key in ("pricing_category", "region", "tier")}
    return News("price-tier", INFO, {**tier, "pricing_category": tier["pricing_category"].lower()})


_PLAIN = {
    "AD_ACCOUNT_LINKED": News("ad-account-linked"),
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": News("authentication-price", WARNING),
    "MM_LITE_TERMS_SIGNED": News("marketing-terms-signed"),
    "PARTNER_ADDED": News("partner-added"),
    "PARTNER_APP_INSTALLED": News("app-installed"),
    "PARTNER_APP_UNINSTALLED": News("app-uninstalled", CRITICAL),
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": News("certification"),
}
_WITH_FACTS = {
    "ACCOUNT_VIOLATION": _violation,
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": lambda p: News(
        "country", WARNING, {"country": _of(p, "country") or "?"}
    ),
    "VOLUME_BASED_PRICING_TIER_UPDATE": _price_tier,
}
ACCOUNT_UPDATES = frozenset({*CONNECTION, "DISABLED_UPDATE", "ACCOUNT_RESTRICTION", *_PLAIN, *_WITH_FACTS})
"""Every event of `account_update` that has an effect of its own."""


# --- the other fields -----------------------------------------------------------------------------------------------------------


def _review(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    severity = {"REJECTED": CRITICAL, "DEFERRED": WARNING}.get(event.upper(), INFO)
    return (News("review", severity, {"decision": event.lower()[:40]}, MetaWord("review", at)),)


def _account_alert(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    info = payload.get("alert_info")
    told = info if isinstance(info, Mapping) else payload
    severity = {"CRITICAL": CRITICAL, "WARNING": WARNING}.get(str(told.get("alert_severity")).upper(), INFO)
    over = str(told.get("alert_status") or "ACTIVE").upper() != "ACTIVE"
    kind = (_of(told, "alert_type") or event).upper()
    facts = {"what": kind.lower()[:64], "over": "yes" if over else "no"}
    return (News("meta-alert", INFO if over else severity, facts, MetaWord(f"alert:{kind[:64]}", at)),)


def _name(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    facts = {"decision": event.lower()[:40], "name": _of(payload, "requested_verified_name")[:80] or "?"}
    return (News("name", WARNING if event.upper() == "REJECTED" else INFO, facts, MetaWord("name", at)),)


def _username(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    facts = {
        "decision": _of(payload, "status").lower()[:40] or event.lower()[:40],
        "username": _of(payload, "username")[:64],
    }
    return (News("username", WARNING if facts["decision"] == "deleted" else INFO, facts, MetaWord("username", at)),)


def _quality(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    what = event.lower()[:40]
    limit = _of(payload, "max_daily_conversations_per_business") or _of(payload, "current_limit")
    severity = WARNING if what in ("flagged", "downgrade") else INFO
    return (News("number-quality", severity, {"what": what, "limit": _limit(limit)}, MetaWord("quality", at)),)


def _capability(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    limit = _of(payload, "max_daily_conversations_per_business") or _of(payload, "max_daily_conversation_per_phone")
    numbers = _of(payload, "max_phone_numbers_per_waba") or _of(payload, "max_phone_numbers_per_business") or "?"
    return (News("capability", INFO, {"limit": _limit(limit), "numbers": numbers[:20]}, MetaWord("capability", at)),)


def _limit(value: str) -> str:
    """Meta's messaging limit as a number, from `TIER_2K`, `TIER_UNLIMITED`, 2000 or -1; `none` when it is not told (reference 1.4)."""
    word = value.upper().removeprefix("TIER_")
    if word in ("UNLIMITED", "-1"):
        return "unlimited"
    word = f"{word[:-1]}000" if word.endswith("K") and word[:-1].isdigit() else word
    return word if word.isdigit() and len(word) < 12 else "none"


def _security(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    severity = CRITICAL if event.upper() == "PIN_RESET_REQUEST" else WARNING
    return (News("security", severity, {"what": event.lower()[:40]}, MetaWord("security", at), secret=True),)


def _payments(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    state = " ".join(_of(payload, "status").lower().split()).replace(" ", "_")[:40] or "none"
    facts = {"configuration": _of(payload, "configuration_name")[:64] or "?", "state": state}
    return (News("payments", INFO if state == "active" else WARNING, facts),)


def _solution(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    state = _of(payload, "solution_status").lower()[:40] or event.lower()[:40]
    severity = WARNING if state in ("deactivated", "pending_deactivation", "rejected") else INFO
    return (News("solution", severity, {"state": state}),)


def _settings(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    return (News("settings", INFO, {}, MetaWord("settings", at)),)


def _flows(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    if event.upper() == "FLOW_STATUS_CHANGE":
        state = _of(payload, "new_status").lower()[:40] or "none"
        return (News("form-state", WARNING if state in ("blocked", "throttled") else INFO, {"state": state}),)
    over = _of(payload, "alert_state").upper() == "DEACTIVATED"
    return (News("form-trouble", INFO if over else WARNING, {"over": "yes" if over else "no"}),)


def _number_error(event: str, at: datetime, payload: Payload) -> tuple[News, ...]:
    return (News("number-error", WARNING, {"code": event[:20]}),)


_READERS = {
    "account_update": _account_update,
    "account_review_update": _review,
    "account_alerts": _account_alert,
    "account_settings_update": _settings,
    "phone_number_name_update": _name,
    "phone_number_quality_update": _quality,
    "business_capability_update": _capability,
    "business_username_update": _username,
    "security": _security,
    "payment_configuration_update": _payments,
    "partner_solutions": _solution,
    "flows": _flows,
    "errors": _number_error,
}
FIELDS = frozenset(_READERS)
"""Every kind of news that has an effect or a sentence of its own."""


def _of(payload: Payload, key: str) -> str:
    """A text or a number as text; nothing for anything else."""
    value = payload.get(key)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _word(payload: Payload, section: str, key: str) -> str:
    inner = payload.get(section)
    return _of(inner, key) if isinstance(inner, Mapping) else ""
