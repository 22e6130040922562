"""How many people a portfolio may reach outside their windows in 24 hours, and who has to wait (reference 4, trap 13).

The limit is Meta's, for all numbers of a portfolio together; somebody who was reached within the last 24 hours costs no further place, and
who is inside an open service window none at all. What would exceed it waits until a place is free, for Meta has no code that says so
beyond doubt. While Meta has not told a limit nothing is held up: it is only counted.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.model.limits import Portfolio
from crm.model.records import replace

ROLLING = timedelta(hours=24)
UNLIMITED = {"UNLIMITED", "TIER_UNLIMITED", "-1"}
TOLD_EVERY = timedelta(hours=24)
_TIER = re.compile(r"(?:TIER_)?(\d{1,9})(K|M)?")
_TIMES = {None: 1, "K": 1_000, "M": 1_000_000}
_MOST = 2**31 - 1
_KEYS = ("max_daily_conversations_per_business", "max_daily_conversation_per_business", "current_limit")


def limit_of(value: object) -> tuple[int | None] | None:
    """A limit as Meta writes it: 2000, "2000", "TIER_2K", -1 or "TIER_UNLIMITED" (no limit, `(None,)`); None for what is no limit."""
    text = str(value).strip().upper() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if text in UNLIMITED:
        return (None,)
    found = _TIER.fullmatch(text)
    if found is None or int(found[1]) == 0:
        return None
    return (min(int(found[1]) * _TIMES[found[2]], _MOST),)


def told(payload: Mapping[str, Any]) -> tuple[int | None] | None:
    """The limit in an account webhook (`business_capability_update`, `phone_number_quality_update`), if it names one."""
    return next((found for key in _KEYS if (found := limit_of(payload.get(key))) is not None), None)


def believe(known: Portfolio | None, portfolio: str, most: int | None, at: datetime) -> Portfolio | None:
    """The portfolio after Meta named its limit at `at`; None when newer news are known. Of one second the lower limit counts."""
    if known is None:
        return Portfolio(portfolio, most, at)
    if at < known.said_at or (at == known.said_at and _height(most) >= _height(known.most)):
        return None
    return replace(known, most=most, said_at=at)


def waits_until(places: Sequence[datetime], position: int, now: datetime) -> datetime:
    """When the one at this position of those who wait may be tried: as the `position`th place from the oldest is free again.
    `places` are when the places were taken, from the oldest on; after the last of them it begins anew a day later."""
    if not places:
        return now + ROLLING
    rounds, nth = divmod(position, len(places))
    return max(places[nth] + ROLLING * (rounds + 1), now + timedelta(seconds=1))


def _height(most: int | None) -> float:
    return float("inf") if most is None else most
