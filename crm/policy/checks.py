"""The checklist of a number: from what Meta says of its token, its business account and itself to what stands well and what is missing.

Hard points (`vital`) are those without which nothing can be sent: a token of ours that may send from this very number. The others let
something through the fingers: webhooks that go elsewhere, a name that is not approved, a low quality.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crm.model.numbers import Expected, Finding, NumberFacts, Seen, Silence, Standing, TokenFacts

SEND, MANAGE = "whatsapp_business_messaging", "whatsapp_business_management"
SCOPES = (SEND, MANAGE)
ENDING = timedelta(days=7)
PASSING_KINDS = frozenset({"USER"})
"""Tokens of a person end within hours; those of a system user live (reference 6)."""
APPROVED_NAMES = frozenset({"APPROVED", "AVAILABLE_WITHOUT_REVIEW"})
LOW = frozenset({"RED", "YELLOW"})
IN_APP_PER_SECOND, CLOUD_PER_SECOND = 20, 80
"""Meta's own limits of a number, all kinds of messages, in coexistence and without (reference 4)."""

WITHOUT_TOKEN = (Finding("token-missing", Standing.BROKEN, vital=True),)
"""The checklist of a number that has no token: there is nobody to ask."""


def findings(seen: Seen, phone_number_id: str, waba_id: str, expected: Expected, now: datetime) -> tuple[Finding, ...]:
    """The whole checklist of one number, in the order in which one would repair it."""
    return (
        *_of_token(seen.token, phone_number_id, waba_id, expected, now),
        *_of_business(seen, phone_number_id, waba_id),
        *_of_number(seen.number),
        *_of_webhooks(seen, expected),
    )


def pace(number: NumberFacts | None, *, coexistence: bool) -> int:
    """How many messages a second Meta takes from a number to begin with."""
    in_app = number.coexistence if number is not None else coexistence
    return IN_APP_PER_SECOND if in_app else CLOUD_PER_SECOND


def _of_token(
    token: TokenFacts | Silence, phone_number_id: str, waba_id: str, expected: Expected, now: datetime
) -> Iterator[Finding]:
    if isinstance(token, Silence):
        yield _silent(token, "token", vital=True)
        return
    if token.of_other_app or (token.app_id is not None and token.app_id != expected.app_id):
        yield _broken("token-foreign", app=expected.app_id)
        return
    if not token.valid or (token.expires_at is not None and token.expires_at <= now):
        yield _broken("token-refused", problem=token.problem or "expired")
        return
    if token.kind in PASSING_KINDS:
        yield _weak("token-passing")
    elif token.expires_at is not None and token.expires_at - now <= ENDING:
        yield Finding("token-ending", Standing.WEAK, until=token.expires_at)
    elif token.expires_at is not None:
        yield Finding("token-valid", Standing.GOOD, until=token.expires_at, vital=True)
    else:
        yield Finding("token-endless", Standing.GOOD, vital=True)
    lacking = [scope for scope in SCOPES if scope not in token.scopes]
    beyond = [scope for scope in SCOPES if not _reaches(token, scope, phone_number_id, waba_id)]
    if lacking:
        yield _broken("scopes-missing", scopes=", ".join(lacking))
    elif beyond:
        yield _broken("token-not-for-account", waba=waba_id)
    else:
        yield Finding("scopes-granted", Standing.GOOD, vital=True)


def _reaches(token: TokenFacts, scope: str, phone_number_id: str, waba_id: str) -> bool:
    limited_to = token.targets.get(scope)
    return limited_to is None or bool(limited_to & {phone_number_id, waba_id})


def _of_business(seen: Seen, phone_number_id: str, waba_id: str) -> Iterator[Finding]:
    if isinstance(seen.business, Silence):
        yield _silent(seen.business, "business", vital=True)
        return
    if seen.business.portfolio_id is None:
        yield _weak("portfolio-unknown", business=seen.business.name or waba_id)
    else:
        owner = seen.business.portfolio_name or seen.business.portfolio_id
        yield _good("business-read", business=seen.business.name or waba_id, portfolio=owner)
    if isinstance(seen.members, Silence):
        yield _silent(seen.members, "members", vital=True)
    elif phone_number_id not in seen.members:
        yield _broken("number-elsewhere", number=phone_number_id, waba=waba_id)


def _of_number(number: NumberFacts | Silence) -> Iterator[Finding]:
    if isinstance(number, Silence):
        yield _silent(number, "number", vital=True)
        return
    yield _good("number-read", phone=number.display_phone, name=number.verified_name or "—")
    if number.status not in ("", "CONNECTED"):
        yield _weak("number-not-connected", status=number.status)
    if number.name_status not in ("", *APPROVED_NAMES):
        yield _weak("name-not-approved", status=number.name_status)
    if number.quality in LOW:
        yield _weak("quality-low", quality=number.quality)
    if number.can_send not in ("", "AVAILABLE"):
        yield _weak("sending-limited", state=number.can_send)
    if number.platform not in ("", "CLOUD_API"):
        yield _weak("not-on-cloud", platform=number.platform)
    elif number.coexistence:
        yield _good("in-phone-app")


def _of_webhooks(seen: Seen, expected: Expected) -> Iterator[Finding]:
    if isinstance(seen.apps, Silence):
        yield _silent(seen.apps, "apps")
    elif any(app.id == expected.app_id for app in seen.apps):
        yield _good("subscribed")
    else:
        yield _weak("not-subscribed")
    if not expected.webhook_url:
        yield _weak("public-url-missing")
    elif isinstance(seen.number, Silence):
        return
    elif seen.number.webhook_url is None:
        yield _weak("webhook-unset", url=expected.webhook_url)
    elif seen.number.webhook_url.rstrip("/") != expected.webhook_url.rstrip("/"):
        yield _weak("webhook-elsewhere", host=_host(seen.number.webhook_url), url=expected.webhook_url)
    else:
        yield _good("webhook-ours")


def _host(url: str) -> str:
    """Only the host is shown: what follows may hold a secret of somebody else's."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _silent(silence: Silence, about: str, *, vital: bool = False) -> Finding:
    """Meta's refusal is a fault of ours, its silence is not."""
    if silence.code == "app-unknown":
        return Finding("app-unknown", Standing.BROKEN, vital=vital)
    problem = silence.detail or silence.code
    if not silence.refused:
        return Finding("no-answer", Standing.UNKNOWN, {"about": about, "problem": problem}, vital=vital)
    standing = Standing.BROKEN if vital else Standing.WEAK
    return Finding("not-readable", standing, {"about": about, "problem": problem}, vital=vital)


def _good(code: str, **params: str) -> Finding:
    return Finding(code, Standing.GOOD, params)


def _weak(code: str, **params: str) -> Finding:
    return Finding(code, Standing.WEAK, params)


def _broken(code: str, **params: str) -> Finding:
    return Finding(code, Standing.BROKEN, params, vital=True)
