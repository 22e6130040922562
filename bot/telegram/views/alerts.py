"""Alerts: each kind in its own words, the list of the open ones, and the push."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views import news
from bot.telegram.views.accounts import new_token
from bot.telegram.views.common import back, category, discreet, one_line, reason, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.alerts import Alert, AlertKind, Severity
from crm.model.answers import AlertPage
from crm.policy.permissions import Capability, may

ICONS = {Severity.INFO.value: "⚪", Severity.WARNING.value: "🟡", Severity.CRITICAL.value: "🔴"}
LONGEST_DETAIL = 240

FILLED_WITH: dict[AlertKind, tuple[str, ...]] = {
    AlertKind.PROBABLE_BLOCK: ("contact", "probability", "messages"),
    AlertKind.CONFIRMED_BLOCK: ("contact", "probability", "messages"),
    AlertKind.TOKEN_EXPIRING: ("account", "days"),
    AlertKind.TOKEN_FAILED: ("account", "problem"),
    AlertKind.ACCOUNT_HELD: ("account", "reason", "problem"),
    AlertKind.ACCOUNT_LIMITED: ("account", "problem"),
    AlertKind.ACCOUNT_SLOWED: ("account", "code"),
    AlertKind.PORTFOLIO_LIMIT: ("account", "most", "waiting", "until"),
    AlertKind.BUDGET: ("scope", "account", "percent", "used", "limit"),
    AlertKind.APP_SENDS: ("account", "count", "most"),
    AlertKind.ACCOUNT_EVENT: ("account",),
    AlertKind.WEBHOOK_DEAD: ("webhook_id", "error"),
    AlertKind.OUTSIDE_WINDOW: ("contact", "account", "sequence"),
    AlertKind.ASSUMPTION_OFF: ("account", "assumption"),
    AlertKind.SEND_FAILED: ("contact", "code", "why"),
    AlertKind.UNKNOWN_OUTCOME: ("contact",),
    AlertKind.JOB_FAILED: ("job", "error"),
    AlertKind.AGENT_UNREACHABLE: ("agent",),
    AlertKind.MEDIA_STORE: ("problem",),
    AlertKind.BACKUP_FAILED: ("problem",),
    AlertKind.BACKUP_OLD: ("hours",),
    AlertKind.RESTORED: ("made_at", "sends", "cards", "walks", "webhooks", "accounts"),
    AlertKind.TEMPLATE: (
        "template",
        "language",
        "trouble",
        "category",
        "next_category",
        "reason",
        "until",
        "starts",
        "waiting",
    ),
}
"""What each kind's text is filled with; what an alert lacks is shown as a question mark."""

_COUNTED = {"probability", "messages", "days", "most", "waiting", "count", "percent", "hours"}
_COUNTED |= {"sends", "cards", "walks", "webhooks", "accounts"}
_MOMENTS, _CATEGORIES = {"until", "starts", "made_at"}, {"category", "next_category"}


def words(kind: str, params: Mapping[str, Any], agent: Agent, say: Say) -> Html:
    """What an alert says. `webhook_dead` and the like become the key `alert-webhook-dead`."""
    try:
        known = AlertKind(kind)
    except ValueError:
        return say("alert-unknown", kind=clip(kind, LONGEST_DETAIL))
    if known in (AlertKind.ACCOUNT_EVENT, AlertKind.ACCOUNT_HELD) and (told := news.sentence(params, say)) is not None:
        return told
    if known is AlertKind.TEMPLATE:
        params = {**params, "reason": reason(params.get("reason"), say)}
    if known is AlertKind.BACKUP_FAILED:
        params = {"problem": _why({"error": params.get("problem")}, say)}
    if known is AlertKind.SEND_FAILED:
        params = {**params, "why": _why(params, say)}
    if known is AlertKind.BUDGET:
        money = {"used": _money(params, "used", say), "limit": _money(params, "most", say)}
        params = {**params, **money, "scope": "all" if params.get("account") is None else "one"}
    filled = {name: _filling(name, params.get(name), agent, say) for name in FILLED_WITH[known]}
    if known is AlertKind.OUTSIDE_WINDOW and params.get("sequence") is None:
        del filled["sequence"]
        return say("alert-outside-window-reply", **filled)
    return say(f"alert-{known.value.replace('_', '-')}", **filled)


def push(alert_id: int, params: Mapping[str, Any], agent: Agent, say: Say) -> Screen:
    """An alert that was raised just now."""
    kind, severity = str(params.get("kind", "")), str(params.get("severity", ""))
    acts = _acts(kind, params, agent, say)
    seen = (
        Button(say.plain("button-acknowledge"), Act("ak", alert_id, 0), "primary")
        if may(agent, Capability.ALERTS)
        else None
    )
    return Screen(
        lines(say("alert-push", icon=ICONS.get(severity, "⚪"), severity=severity), words(kind, params, agent, say)),
        rows(*acts, [seen, Button(say.plain("button-all-alerts"), go("al"))]),
        {"alert": alert_id},
    )


def acknowledged(alert: Alert, agent: Agent, say: Say) -> Screen:
    """The push, after somebody saw to it."""
    return Screen(
        lines(
            say("alert-acknowledged", mine="yes" if alert.acknowledged_by == agent.id else "no"),
            words(alert.kind.value, alert.params, agent, say),
        ),
        rows(
            *_acts(alert.kind.value, alert.params, agent, say),
            [Button(say.plain("button-all-alerts"), go("al"))],
        ),
        {"alert": alert.id},
    )


def page(page: AlertPage, agent: Agent, say: Say, after: int | None = None) -> Screen:
    """`/alertas`, one page."""
    if not page.alerts:
        empty = say("alerts-empty") if after is None else say("alerts-no-more")
        return Screen(lines(say("alerts-title"), empty), rows([back(say), refresh("al")]))
    shown = list(enumerate(page.alerts, start=1))
    text = lines(
        say("alerts-title"),
        say("alerts-what"),
        *(line for number, alert in shown for line in _item(number, alert, agent, say)),
    )
    seen = (
        [Button(f"👀 {number}", Act("ak", alert.id, 0)) for number, alert in shown]
        if may(agent, Capability.ALERTS)
        else []
    )
    mend = [
        button for number, alert in shown for button in _mend(alert.kind.value, alert.params, agent, say, f" {number}")
    ]
    first = Button(say.plain("button-first"), go("al")) if after else None
    more = Button(say.plain("button-more"), go("al", page.next_after)) if page.next_after else None
    here = refresh("al", *([after] if after else []))
    return Screen(text, rows(*in_rows(seen, 4), *in_rows(mend, 1), [first, more], [back(say), here]))


def _item(number: int, alert: Alert, agent: Agent, say: Say) -> list[Html]:
    icon = ICONS[alert.severity.value]
    return [
        Html(""),
        say("alerts-line", number=number, icon=icon, count=alert.count, ago=say.ago(alert.last_at)),
        words(alert.kind.value, alert.params, agent, say),
    ]


def _acts(kind: str, params: Mapping[str, Any], agent: Agent, say: Say) -> list[Sequence[Button]]:
    """The ways from an alert to what it is about, in rows."""
    found: list[Button] = []
    contact_id, conversation_id = _id(params, "contact_id"), _id(params, "conversation_id")
    pending_id = _id(params, "pending_id")
    if contact_id is not None:
        found.append(Button(say.plain("button-contact"), go("c", contact_id)))
    if pending_id is not None:
        found.append(Button(say.plain("button-see-pending"), go("qi", pending_id)))
    blocked = kind in (AlertKind.PROBABLE_BLOCK.value, AlertKind.CONFIRMED_BLOCK.value)
    if blocked and contact_id is not None and conversation_id is not None and may(agent, Capability.REACTIVATE):
        found.append(Button(say.plain("button-reactivate"), go("ra", conversation_id, contact_id)))
    if kind == AlertKind.OUTSIDE_WINDOW.value:
        found.append(Button(say.plain("button-to-queue"), go("q")))
    return [*in_rows(_mend(kind, params, agent, say), 1), *in_rows(found, 2)]


def _mend(kind: str, params: Mapping[str, Any], agent: Agent, say: Say, suffix: str = "") -> list[Button]:
    """The one button that mends it: an assumption is switched on again, a token replaced."""
    account_id, assumption = _id(params, "account_id"), params.get("assumption")
    if account_id is None or not may(agent, Capability.ACCOUNTS):
        return []
    if kind in (AlertKind.TOKEN_EXPIRING.value, AlertKind.TOKEN_FAILED.value):
        return [new_token(account_id, say, suffix)]
    if kind != AlertKind.ASSUMPTION_OFF.value:
        return []
    return [Button(say.plain("button-believe-again") + suffix, Act("be", account_id, 0, str(assumption)))]


def _why(params: Mapping[str, Any], say: Say) -> str:
    """Why a message does not leave and what to do, in our words for Meta's code; with Meta's own where we have none."""
    error, detail = params.get("error"), str(params.get("detail") or "").strip()
    key = f"error-{error}"
    if error != "unknown-error" and say.knows(key):
        return say.plain(key).rstrip(".")
    words = say.plain("error-unknown-error")
    return f"{words} “{detail}”" if detail else words.rstrip(".")


def _money(params: Mapping[str, Any], name: str, say: Say) -> str:
    try:
        return say.money(Decimal(str(params.get(name))), str(params.get("currency")))
    except ArithmeticError:
        return "?"


def _moment(iso: Any, say: Say) -> str:
    """A time as the agent reads it; `none` when there is none."""
    try:
        return say.moment(datetime.fromisoformat(iso)) if isinstance(iso, str) and iso else "none"
    except ValueError:
        return "none"


def _id(params: Mapping[str, Any], name: str) -> int | None:
    value = params.get(name)
    return value if isinstance(value, int) and value >= 0 else None


def _filling(name: str, value: Any, agent: Agent, say: Say) -> Any:
    if name in _MOMENTS:
        return _moment(value, say)
    if name in _CATEGORIES and isinstance(value, str):
        return category(value, say)
    if value is None:
        return 0 if name in _COUNTED else "?"
    if name in _COUNTED and isinstance(value, int):
        return value
    return discreet(clip(one_line(str(value)), LONGEST_DETAIL), agent)
