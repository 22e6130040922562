"""Meta's news about an account or a number as one plain sentence: what happened, what the program did, what to do.

Each key is a text `news-<key>`; here stands with what each is filled, so that a test can hold the three languages, the policy that
makes the news (crm/policy/account_events.py) and this table against one another.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.texts import Html, Say, clip

FACTS: dict[str, tuple[str, ...]] = {
    "account-deleted": (),
    "ad-account-linked": (),
    "app-installed": (),
    "app-uninstalled": (),
    "authentication-price": (),
    "ban-scheduled": ("date",),
    "ban-unclear": ("state",),
    "banned": (),
    "capability": ("limit", "numbers"),
    "certification": (),
    "country": ("country",),
    "disconnected": ("reason",),
    "form-state": ("state",),
    "form-trouble": ("over",),
    "marketing-terms-signed": (),
    "meta-alert": ("over", "what"),
    "name": ("decision", "name"),
    "number-error": ("code", "error"),
    "number-quality": ("limit", "what"),
    "offboarded": (),
    "other": ("event", "field"),
    "partner-added": (),
    "payments": ("configuration", "state"),
    "price-tier": ("pricing_category", "region", "tier"),
    "reconnected": (),
    "reinstated": (),
    "restricted": ("until",),
    "restricted-in-part": ("until", "what"),
    "review": ("decision",),
    "security": ("what",),
    "settings": (),
    "solution": ("state",),
    "username": ("decision", "username"),
    "violation": ("what",),
}
"""Every sentence there is, and what fills it beside the account."""

LONGEST = 80


def sentence(params: Mapping[str, Any], say: Say) -> Html | None:
    """What an alert's news say; None when it carries none that this version knows."""
    key, facts = params.get("news"), params.get("facts")
    if not isinstance(key, str) or key not in FACTS or not isinstance(facts, Mapping):
        return None
    filled = {name: _fact(name, facts.get(name), say) for name in FACTS[key]}
    return say(f"news-{key}", account=clip(str(params.get("account", "?")), LONGEST), **filled)


def _fact(name: str, value: Any, say: Say) -> str:
    text = clip(" ".join(str(value).split()), LONGEST) if isinstance(value, str | int) else ""
    if name == "until":
        return _moment(text, say)
    if name == "error":
        return say.plain(f"error-{text}") if say.knows(f"error-{text}") else say.plain("error-unknown-error")
    return text or "none"


def _moment(iso: str, say: Say) -> str:
    try:
        return say.moment(datetime.fromisoformat(iso)) if iso else "none"
    except ValueError:
        return "none"
