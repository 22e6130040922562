"""How much of Meta's allowance of calls is used, and what that asks of sends: less from 80 per cent on, nothing from 95 on (reference 4).

Meta says it in headers of its answers, before it refuses: `X-App-Usage` speaks of the whole app, `X-Business-Use-Case-Usage` of one
business account. The allowance is of a sliding hour, so a word is believed for a few minutes only; whoever goes on slowly hears the next
one. What cannot be meant is ignored: no header may silence a number for longer than an hour.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crm.model.accounts import Account
from crm.model.limits import Limits, Usage
from crm.model.records import replace
from crm.policy import limits

SLOWER, STOP, ABSURD = 80, 95, 1_000
LEAST = 0.1
"""The part of its rate that a number keeps just below the stop."""
BELIEVED = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
STEP = 3
"""A word that differs by fewer points from one of the last minute is not written down again."""
APP, BUSINESS = "app-limit", "account-limit"


def share(known: Limits, now: datetime) -> float:
    """The part of its rate that an account may use now, falling in a line from 80 per cent on."""
    if known.used is None or known.used_at is None or now - known.used_at >= BELIEVED:
        return 1.0
    left = (STOP - min(known.used, STOP)) / (STOP - SLOWER)
    return min(1.0, LEAST + (1 - LEAST) * left)


def together(heard: Iterable[tuple[int, Usage | None]]) -> dict[int, Usage]:
    """The highest of each account's words, where one asks for less."""
    highest: dict[int, Usage] = {}
    for account_id, each in heard:
        if each is None or max(_meant(each.app), _meant(each.business)) < SLOWER:
            continue
        known = highest.get(account_id, Usage())
        busier = max(known, each, key=lambda word: (_meant(word.business), word.regain_minutes))
        highest[account_id] = replace(busier, app=max(known.app, each.app, key=_meant))
    return highest


def heeded(accounts: Iterable[Account], heard: Mapping[int, Usage], now: datetime) -> list[Account]:
    """The accounts that change by what the answers to these accounts' sends said: all by the app's share, those of the same business
    account by its own."""
    everybody = list(accounts)
    business_of = {account.id: account.waba_id for account in everybody}
    app = max((_meant(each.app) for each in heard.values()), default=0)
    of_business: dict[str, Usage] = {}
    for account_id, each in heard.items():
        waba_id = business_of.get(account_id)
        if waba_id is not None and _meant(each.business) >= _meant(of_business.get(waba_id, Usage()).business):
            of_business[waba_id] = each
    after = [(each, _told(each, app, of_business.get(each.waba_id), now)) for each in everybody]
    return [changed for before, changed in after if changed is not before]


def _told(account: Account, app: int, business: Usage | None, now: datetime) -> Account:
    own = _meant(business.business) if business is not None else 0
    known, used = account.limits, max(app, own)
    if used >= STOP:
        wait = _pause(business) if business is not None and own >= app else PAUSE
        rested = limits.rested(known, BUSINESS if own >= app else APP, wait, now)
        return account if rested is known else replace(account, limits=replace(rested, used=used, used_at=now))
    if used < SLOWER:
        return account
    fresh = known.used_at is not None and now - known.used_at < timedelta(minutes=1)
    if fresh and known.used is not None and abs(known.used - used) < STEP:
        return account
    return replace(account, limits=replace(known, used=used, used_at=now))


def _meant(per_cent: int) -> int:
    return per_cent if 0 <= per_cent <= ABSURD else 0


def _pause(usage: Usage) -> timedelta:
    """Until Meta lets us on again, by its own word; a short while when it says nothing that can be meant."""
    told = timedelta(minutes=usage.regain_minutes) if 0 < usage.regain_minutes < 24 * 60 else PAUSE
    return min(told, limits.LONGEST_REST)
