"""What follows from news about a template, whoever brought them (the job's list, a webhook, a refused send): admins are told once, and
what waits because of it is offered again, never sent by surprise. Works inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm import effects
from crm.effects import Alarm
from crm.model.alerts import AlertKind
from crm.policy.templates import HELD, Learnt
from crm.ports import UnitOfWork

MOST_OFFERED = 200
"""So many cards are drawn again at most; the others show that the template works when somebody looks at them."""


def alarm(learnt: Learnt, waiting: int = 0) -> Alarm | None:
    """The alert about a template: one for each kind of trouble, however many messages it concerns."""
    template, trouble = learnt.template, learnt.trouble
    if trouble is None:
        return None
    params: dict[str, Any] = {
        "template": template.name,
        "language": template.language,
        "template_id": template.id,
        "trouble": trouble.value,
        "category": template.category,
        "next_category": template.next_category or "",
        "reason": template.reason or (str(template.refusal) if template.refusal else ""),
        "until": template.paused_until.isoformat() if template.paused_until else "",
        "starts": template.next_category_at.isoformat() if template.next_category_at else "",
        "waiting": waiting,
    }
    key = f"template:{template.id}:{trouble.value}"
    return Alarm(AlertKind.TEMPLATE, trouble.severity, key, params, admins_only=True)


async def tell(uow: UnitOfWork, news: Sequence[Learnt], now: datetime) -> None:
    """Raise the alerts, and draw again the cards of those that can be used once more."""
    alarms: list[Alarm] = []
    for learnt in news:
        waiting = await _offer(uow, learnt, now) if learnt.again else 0
        told = alarm(learnt, waiting)
        if told is not None:
            alarms.append(told)
    await effects.raise_alerts(uow, alarms, now)


async def _offer(uow: UnitOfWork, learnt: Learnt, now: datetime) -> int:
    """Draw again the cards that wait for this template; return how many there are."""
    template = learnt.template
    cards = await uow.pending.waiting_for(template.waba_id, template.name, template.language, HELD, MOST_OFFERED)
    await uow.notices.add(effects.redraw(uow, [card.id for card in cards], now))
    return len(cards)
