"""What Meta's error codes mean for us: one table, read for answers and for failed statuses alike.

Each code has a name of ours, a fate and a scope; the scope matters most, for holding a whole number because of one
contact burns the queue, and the other way round gets the number banned (reference 4.1 and trap 11). The same code says
different things at different times: 131000 as an answer leaves open whether the message left, 131000 in a failed status
proves that it did not arrive.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import orjson

from bot.whatsapp.readable import error_detail
from bot.whatsapp.wire import whole
from crm.errors import AccountSuspended, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain

_SECONDS, _MINUTES, _HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_SECRETS = re.compile(r"EAA\w{8,}|\d{6,}\|[\w-]{8,}|(?i:bearer)\s+\S+|[0-9a-f]{64}")


class Fate(Enum):
    """What becomes of the message.

    FLAKY: Meta's own trouble, so an answer proves nothing and a failed status allows a retry.
    """

    LATER = auto()
    NEVER = auto()
    FLAKY = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """A row of the table. `wait` is the first pause of LATER and FLAKY, `reason` why STOP stops the account."""

    code: str
    fate: Fate
    scope: Scope = Scope.MESSAGE
    wait: timedelta = _MINUTES
    reason: str = ""

    def failure(self, meta_code: int | None, detail: str, *, definite: bool) -> SendFailed:
        """Build the SendFailed this means; `definite` when it is certain that the message did not leave."""
        text = scrubbed(detail)
        if self.fate is Fate.STOP:
            return AccountSuspended(self.code, reason=self.reason, meta_code=meta_code, detail=text)
        if self.fate is Fate.NEVER:
            return SendRejected(self.code, scope=self.scope, meta_code=meta_code, detail=text)
        if self.fate is Fate.FLAKY and not definite:
            return SendUncertain(self.code, meta_code=meta_code, detail=text)
        return SendPostponed(self.code, scope=self.scope, wait=self.wait, meta_code=meta_code, detail=text)


def _later(code: str, scope: Scope, wait: timedelta) -> Meaning:
    return Meaning(code, Fate.LATER, scope, wait)


def _never(code: str, scope: Scope = Scope.MESSAGE) -> Meaning:
    return Meaning(code, Fate.NEVER, scope)


def _flaky(code: str, wait: timedelta) -> Meaning:
    return Meaning(code, Fate.FLAKY, Scope.MESSAGE, wait)


def _stop(code: str, reason: str) -> Meaning:
    return Meaning(code, Fate.STOP, Scope.ACCOUNT, reason=reason)


def _all(codes: Iterable[int], meaning: Meaning) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


TABLE: dict[int, Meaning] = {
    # the token and what it may do
    0: _stop("token-invalid", "token"),
    190: _stop("token-invalid", "token"),
    3: _stop("permission-missing", "permission"),
    10: _stop("permission-missing", "permission"),
    **_all(range(200, 300), _stop("permission-missing", "permission")),
    131005: _stop("permission-missing", "permission"),
    # the account or the number
    33: _stop("number-gone", "configuration"),
    803: _stop("number-gone", "configuration"),
    368: _stop("policy-violation", "policy"),
    131031: _stop("account-locked", "locked"),
    131037: _stop("display-name-missing", "registration"),
    131042: _stop("payment", "payment"),
    131045: _stop("number-not-registered", "registration"),
    **_all((133000, 133005, 133006, 133008, 133009, 133010, 133016), _stop("number-not-registered", "registration")),
    # too fast, at the scope that must wait
    4: _later("app-limit", Scope.APP, 5 * _MINUTES),
    **_all((17, 32, 341, 613), _later("app-limit", Scope.APP, 5 * _MINUTES)),
    **_all((80007, 80008), _later("account-limit", Scope.ACCOUNT, 5 * _MINUTES)),
    130429: _later("rate-limit", Scope.NUMBER, 5 * _SECONDS),
    131048: _later("spam-limit", Scope.NUMBER, 6 * _HOURS),
    131056: _later("pair-limit", Scope.PAIR, 6 * _SECONDS),
    131057: _later("number-in-maintenance", Scope.NUMBER, 2 * _MINUTES),
    133015: _later("number-in-maintenance", Scope.NUMBER, 5 * _MINUTES),
    2494100: _later("number-in-maintenance", Scope.NUMBER, 5 * _MINUTES),
    # Meta's own trouble
    1: _flaky("meta-unknown", _MINUTES),
    2: _flaky("meta-unavailable", 5 * _MINUTES),
    131000: _flaky("meta-unknown", _MINUTES),
    131016: _flaky("meta-unavailable", _MINUTES),
    133004: _flaky("meta-unavailable", 5 * _MINUTES),
    # the contact
    130403: _never("blocked-by-us", Scope.CONTACT),
    130472: _never("experiment", Scope.CONTACT),
    130497: _never("country-restricted", Scope.CONTACT),
    131030: _never("recipient-not-allowed", Scope.CONTACT),
    131047: _never("window-closed", Scope.CONTACT),
    131049: _later("marketing-capped", Scope.CONTACT, 24 * _HOURS),
    131050: _never("marketing-stopped", Scope.CONTACT),
    137000: _never("identity-changed", Scope.CONTACT),
    # the template
    132000: _never("template-parameters", Scope.TEMPLATE),
    132001: _never("template-missing", Scope.TEMPLATE),
    132005: _never("template-text-too-long"),
    132007: _never("template-policy", Scope.TEMPLATE),
    132008: _never("template-parameters", Scope.TEMPLATE),
    132012: _never("template-parameters", Scope.TEMPLATE),
    132015: _never("template-paused", Scope.TEMPLATE),
    132016: _never("template-disabled", Scope.TEMPLATE),
    132018: _never("template-parameters", Scope.TEMPLATE),
    132068: _never("flow-blocked", Scope.TEMPLATE),
    132069: _later("flow-limit", Scope.TEMPLATE, _HOURS),
    131055: _never("marketing-api-only", Scope.TEMPLATE),
    131063: _never("marketing-api-only", Scope.TEMPLATE),
    131064: _never("template-limit", Scope.TEMPLATE),
    134100: _never("marketing-only", Scope.TEMPLATE),
    134101: _later("template-syncing", Scope.TEMPLATE, 10 * _MINUTES),
    134102: _later("template-unavailable", Scope.TEMPLATE, 10 * _MINUTES),
    134103: _never("marketing-only", Scope.TEMPLATE),
    # this message
    100: _never("invalid-parameter"),
    131008: _never("invalid-parameter"),
    131009: _never("invalid-parameter"),
    131021: _never("recipient-is-sender"),
    131026: _never("undeliverable"),
    131051: _never("unsupported-type"),
    131052: _never("media-unavailable"),
    131053: _never("media-refused"),
    131059: _never("invalid-cursor"),
    131060: _never("message-unavailable"),
    131062: _never("phone-required"),
    134011: _never("payments-terms"),
    135000: _never("invalid-parameter"),
    136024: _never("already-verified"),
    # what we never ask for
    **_all((131020, 131041, *range(131201, 131216)), _never("groups")),
    **_all((131044, *range(138000, 138019)), _never("calling")),
    **_all(range(139000, 139005), _never("flow-invalid")),
    **_all(range(139100, 139104), _never("block-list")),
    **_all(range(147001, 147006), _never("usernames")),
    **_all((1752041, *range(2388000, 2389000)), _never("management-refused")),
    2593107: _never("sync-asked-before"),
    2593108: _never("sync-too-late"),
    2593109: _never("sync-declined"),
}

UNKNOWN = _never("unknown-error")
UNKNOWN_FLAKY = _flaky("meta-unknown", _MINUTES)


def classify(code: int | None, detail: str = "") -> SendFailed:
    """Say what the error of a failed status means. Such a message did not arrive, whatever the code."""
    return TABLE.get(-1 if code is None else code, UNKNOWN).failure(code, detail, definite=True)


def from_answer(status: int, body: bytes, secrets: Iterable[str] = ()) -> SendFailed:
    """Say what an answer other than success means. A code of the table wins over HTTP, which Meta does not keep to.

    What Meta says is kept without `secrets`, should it quote one.
    """
    error = _error(body)
    code = whole(error.get("code"))
    if code is None:
        return _without_code(status)
    meaning = TABLE.get(code)
    if meaning is None:
        shaky = status >= 500 or error.get("is_transient") is True
        meaning = UNKNOWN_FLAKY if shaky else UNKNOWN
    detail = error_detail(error) or ""
    for secret in filter(None, secrets):
        detail = detail.replace(secret, "***")
    return meaning.failure(code, detail, definite=False)


def _without_code(status: int) -> SendFailed:
    """No error of Meta's: something between us answered. A 4xx took nothing, a 5xx or a 408 may have passed it on."""
    detail = f"HTTP {status} without an error code"
    if status >= 500 or status == 408 or 200 <= status < 300:
        return SendUncertain("unreadable-answer", detail=detail)
    wait = 10 * _SECONDS if status == 429 else _MINUTES
    return SendPostponed("unreadable-answer", scope=Scope.NUMBER, wait=wait, detail=detail)


def _error(body: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, dict) else {}


def scrubbed(text: str) -> str:
    """Return the text without anything that looks like a token or a proof, for Meta quotes them in its complaints."""
    return _SECRETS.sub("***", text)[:500]
