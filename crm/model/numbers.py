"""What Meta says of a number of ours: of the token that opens it, of the business account it belongs to, of itself.

Each is a plain fact, and `Silence` stands where Meta did not answer or refused to. What follows from them is `crm/policy/checks.py`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What Meta says of a token. `expires_at` None means never. `targets` names, by scope, the assets it is limited to; a scope that is
    not in there reaches all of the owner's (reference 6)."""

    valid: bool
    expires_at: datetime | None
    problem: str | None = None
    app_id: str | None = None
    kind: str | None = None
    scopes: frozenset[str] = frozenset()
    targets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    of_other_app: bool = False


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """A phone number, in Meta's own words (reference 4 and 8); an empty text where Meta said nothing. `ailments` is what keeps it from
    sending freely, each with what Meta proposes."""

    phone_number_id: str
    display_phone: str
    verified_name: str
    quality: str
    status: str
    coexistence: bool
    messaging_limit: str
    throughput: str
    can_send: str
    webhook_url: str | None
    name_status: str = ""
    platform: str = ""
    ailments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """A business account and the portfolio that owns it."""

    waba_id: str
    name: str
    portfolio_id: str | None = None
    portfolio_name: str | None = None


@dataclass(frozen=True, slots=True)
class SubscribedApp:
    """An app that receives the webhooks of a business account; without one of ours nothing arrives (reference 1.0)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Silence:
    """No fact: Meta refused (`refused`), or could not be reached. `code` is our name of the failure, `detail` Meta's words."""

    code: str
    detail: str = ""
    refused: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was asked about one number; `members` are the numbers of its business account."""

    token: TokenFacts | Silence
    business: BusinessFacts | Silence
    members: frozenset[str] | Silence
    number: NumberFacts | Silence
    apps: tuple[SubscribedApp, ...] | Silence


@dataclass(frozen=True, slots=True)
class Expected:
    """What the settings say: our app, and where Meta's webhooks should go (empty without a public address)."""

    app_id: str
    webhook_url: str


class Standing(StrEnum):
    """How one point of the checklist stands: good; weak, it works but something is amiss; broken; not known, for nobody answered."""

    GOOD = "good"
    WEAK = "weak"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the checklist. `code` names its sentence, which `params` and `until` fill in. Nothing can be sent while a `vital` one is
    not good."""

    code: str
    standing: Standing
    params: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Checkup:
    """One number examined: the checklist, and the facts worth keeping, true as of `asked_at`. `account_id` None: it is not ours yet."""

    phone_number_id: str
    waba_id: str
    findings: tuple[Finding, ...]
    token: TokenFacts | None = None
    number: NumberFacts | None = None
    business: BusinessFacts | None = None
    account_id: int | None = None
    name: str = ""
    asked_at: datetime | None = None

    @property
    def usable(self) -> bool:
        """The token works for this number, as far as Meta can say."""
        return not any(each.vital and each.standing in (Standing.BROKEN, Standing.UNKNOWN) for each in self.findings)

    @property
    def problems(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.standing is not Standing.GOOD)

    def has(self, code: str) -> bool:
        return any(each.code == code for each in self.findings)
