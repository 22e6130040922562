"""What messages that are planned would cost, if nobody replies, nothing changes and agents approve what waits for them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from crm.model.costs import Category, Quote, Total
from crm.model.messages import TemplateRef
from crm.model.sequences import Enrollment, Sequence
from crm.policy import planner, pricing
from crm.policy.pricing import RateCards


class Kind(StrEnum):
    """`queued`: templates that leave by themselves; `template`: steps outside the window, whose template an agent must approve; `reply`:
    steps inside it, which cost once Meta's monthly quota is used; `undecided`: steps outside it that name no template."""

    QUEUED = "queued"
    TEMPLATE = "template"
    REPLY = "reply"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Expected:
    """One message; `quote` is None where nobody knows yet as what it leaves, or by which category."""

    kind: Kind
    quote: Quote | None


Categories = Callable[[TemplateRef, datetime], Category | None]


def of_walk(
    walk: Enrollment,
    plan: Sequence,
    subject: planner.Subject,
    cards: RateCards,
    categories: Categories,
    now: datetime,
    until: datetime,
) -> Iterator[Expected]:
    """The steps of a walk that fall before `until`, each at the prices of its day."""
    for step in planner.forecast(walk, plan, subject, now):
        at, template = step.place.at, plan.steps[step.position].template
        if at >= until:
            return
        category = Category.SERVICE if step.place.open else categories(template, at) if template else None
        quote = pricing.quote(cards, subject.contact, subject.conversation, category, at) if category else None
        if step.place.open:
            yield Expected(Kind.REPLY, quote)
        else:
            yield Expected(Kind.UNDECIDED if template is None else Kind.TEMPLATE, quote)


def totals(expected: Iterable[Expected], currency: str) -> list[Total]:
    """By kind and currency, in the order of the kinds; what has no price is counted in `currency`."""
    found: dict[tuple[Kind, str], Total] = {}
    for each in expected:
        amount = each.quote.amount if each.quote is not None else None
        key = each.kind, each.quote.currency if each.quote is not None else currency
        known = found.get(key, Total(each.kind.value, key[1], Decimal(0), 0, 0, 0))
        found[key] = Total(
            known.key,
            known.currency,
            known.amount + (amount or 0),
            known.messages + 1,
            known.free + (amount == 0),
            known.unpriced + (amount is None),
        )
    return sorted(found.values(), key=lambda total: (list(Kind).index(Kind(total.key or "")), total.currency))
