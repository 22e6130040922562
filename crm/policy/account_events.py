"""What Meta's news about an account, a number or a template asks us to do (reference 1.4).

News that hold or free an account speak of one aspect of it each: its connection, a ban, a restriction. On each the newest word counts,
by Meta's own time, so webhooks may come late, twice and in any order; at the same second a hold outweighs the all-clear.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crm.model.accounts import Account, AccountState, MetaWord, freed
from crm.model.alerts import Severity
from crm.model.records import replace

CONNECTION = {
    "ACCOUNT_DELETED": "account_deleted",
    "ACCOUNT_OFFBOARDED": "offboarded",
    "PARTNER_REMOVED": "disconnected",
    "ACCOUNT_RECONNECTED": None,
}
BANS = {"DISABLE": "banned", "REINSTATE": None}
RESTRICTIONS = {"RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "RESTRICTED_BIZ_INITIATED_MESSAGING"}
META_HOLDS = frozenset({*filter(None, CONNECTION.values()), "banned", "restricted"})

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = 2**33


@dataclass(frozen=True, slots=True)
class Effect:
    """`word` is what was said on an aspect of the account; `severity` None tells nobody (a hold has an alert of its own)."""

    word: MetaWord | None = None
    severity: Severity | None = Severity.INFO


def effect(kind: str, event: str, at: datetime, payload: Mapping[str, Any]) -> Effect:
    """Decide by the webhook's field and what it says."""
    if kind != "account_update":
        return Effect(severity=Severity.WARNING if kind in ("security", "account_alerts") else Severity.INFO)
    if event in CONNECTION:
        return _on("connection", at, CONNECTION[event])
    if event == "DISABLED_UPDATE":
        ban = payload.get("ban_info")
        state = ban.get("waba_ban_state") if isinstance(ban, Mapping) else None
        if not isinstance(state, str) or state not in BANS:
            return Effect(severity=Severity.CRITICAL)
        return _on("ban", at, BANS[state])
    if event == "ACCOUNT_RESTRICTION":
        listed = payload.get("restriction_info")
        ours = [r for r in listed if _holds_messages(r)] if isinstance(listed, list) else []
        return _on("restriction", at, "restricted", _end(ours)) if ours else Effect(severity=Severity.WARNING)
    return Effect(severity=Severity.WARNING)


def believe(account: Account, word: MetaWord, now: datetime) -> Account | None:
    """The account after this word; None when it is no newer than what was said on the same aspect."""
    known = next((each for each in account.meta_words if each.aspect == word.aspect), None)
    if known is not None and _weight(word) <= _weight(known):
        return None
    words = (word, *(each for each in account.meta_words if each.aspect != word.aspect))
    told = replace(account, meta_words=tuple(sorted(words, key=lambda each: each.aspect)))
    of_meta = told.state is AccountState.HELD and told.held_reason in META_HOLDS
    return freed(told, now) if of_meta or told.state is AccountState.ACTIVE else told


def _on(aspect: str, at: datetime, hold: str | None, until: datetime | None = None) -> Effect:
    return Effect(MetaWord(aspect, at, hold, until), None if hold else Severity.INFO)


def _weight(word: MetaWord) -> tuple[datetime, bool, bool, datetime, str]:
    """The order of two words: by time; of the same second the graver one counts, so that any order ends the same."""
    return word.at, word.hold is not None, word.until is None, word.until or EPOCH, word.hold or ""


def _holds_messages(restriction: object) -> bool:
    return isinstance(restriction, Mapping) and str(restriction.get("restriction_type")) in RESTRICTIONS


def _end(restrictions: Iterable[Mapping[str, Any]]) -> datetime | None:
    """When the last of them ends; None when one has no end that can be read."""
    ends = [str(each.get("expiration")) for each in restrictions]
    if not all(end.isascii() and end.isdigit() and len(end) <= 10 and int(end) <= LAST_SECOND for end in ends):
        return None
    return EPOCH + timedelta(seconds=max(map(int, ends)))
