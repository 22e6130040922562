"""`/costos`: what arrived cost."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, back, category, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.answers import CostForecast, Costs
from crm.model.costs import Part, Spending, Total

SPANS: Mapping[str, int | None] = {"today": 1, "week": 7, "month": None}
"""What can be looked at, in days; None is the month."""
SPAN_LABELS = {"today": "button-today", "week": "button-week", "month": "button-month"}
PARTS = {
    Part.CATEGORY: "button-by-category",
    Part.ACCOUNT: "button-by-account",
    Part.SEQUENCE: "button-by-sequence",
    Part.MARKET: "button-by-market",
}
SHOWN = 20
AHEAD = {"d7": 7, "d30": 30}
LOOKED_AT = 2_000
"""Walks of each sequence that a screen looks at."""
CENT = Decimal("0.01")


def costs(found: Costs, span: str, say: Say) -> Screen:
    """One period, by one part, the dearest first."""
    dearest = sorted(found.totals, key=lambda total: (-total.amount, total.key or ""))[:SHOWN]
    unpriced = sum(each.unpriced for each in found.whole)
    text = lines(
        say("costs-title", period=span),
        *(_whole(each, say) for each in found.whole),
        None if found.whole else say("costs-nothing"),
        None if span == "today" else say("costs-yesterday", amount=money(found.yesterday, say)),
        *(_budget(each, say) for each in found.budgets),
        "" if dearest else None,
        *(_line(each, found, say) for each in dearest),
        say("costs-unpriced", count=unpriced) if unpriced else None,
        "",
        say("costs-source"),
    )
    return Screen(
        text,
        rows(
            [_choice(SPAN_LABELS[each], each == span, say, each, found.part.value) for each in SPANS],
            [_part(part, found, span, say) for part in (Part.CATEGORY, Part.ACCOUNT)],
            [_part(part, found, span, say) for part in (Part.SEQUENCE, Part.MARKET)],
            [Button(say.plain("button-forecast"), go("cf", "d7"))],
            [back(say), refresh("co", span, found.part.value)],
        ),
    )


def forecast(found: CostForecast, days: int, say: Say) -> Screen:
    """What the next days would cost."""
    text = lines(
        say("costs-ahead-title", days=days),
        *(
            say(
                "costs-ahead",
                kind=each.key or "",
                messages=each.messages,
                amount=_amount(each, say),
                unpriced=each.unpriced,
            )
            for each in found.totals
        ),
        None if found.totals else say("costs-ahead-nothing"),
        say("costs-ahead-more") if found.more else None,
        "",
        say("costs-ahead-what"),
    )
    choices = [
        Button(say.plain("button-days", days=count) + (" ✓" if count == days else ""), go("cf", key))
        for key, count in AHEAD.items()
    ]
    return Screen(text, rows(choices, [Button(say.plain("button-costs"), go("co")), back(say)]))


def money(totals: Iterable[Total], say: Say) -> str:
    """Amounts of several currencies side by side; of a unit and more no further than hundredths."""
    return " + ".join(_amount(each, say) for each in totals) or "—"


def _amount(total: Total, say: Say) -> str:
    return say.money(total.amount.quantize(CENT) if total.amount >= 1 else total.amount, total.currency)


def _whole(total: Total, say: Say) -> Html:
    return say("costs-whole", amount=_amount(total, say), messages=total.messages)


def _budget(spending: Spending, say: Say) -> Html:
    return say(
        "costs-budget",
        account=clip(spending.name or "", NAME),
        scope="all" if spending.account_id is None else "one",
        used=say.money(spending.used, spending.currency),
        limit=say.money(spending.limit, spending.currency),
        percent=spending.percent,
    )


def _line(total: Total, found: Costs, say: Say) -> Html:
    told = {"name": _name(total.key, found, say), "messages": total.messages, "amount": _amount(total, say)}
    return say("costs-line-free", free=total.free, **told) if total.free else say("costs-line", **told)


def _name(key: str | None, found: Costs, say: Say) -> str:
    if key is None:
        return say.plain("costs-of-none")
    if found.part is Part.CATEGORY:
        return category(key, say)
    if found.part is Part.MARKET:
        return say.market(key)
    return clip(found.names.get(key, key), NAME)


def _part(part: Part, found: Costs, span: str, say: Say) -> Button:
    return _choice(PARTS[part], part is found.part, say, span, part.value)


def _choice(label: str, chosen: bool, say: Say, span: str, part: str) -> Button:
    return Button(say.plain(label) + (" ✓" if chosen else ""), go("co", span, part))
