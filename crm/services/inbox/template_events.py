"""Meta tells something about a template: keep it, tell admins, and offer again what waited for it.

A template that no list has told of yet is kept by its name, so that the order in which news and lists come makes no difference; the
list is fetched soon after.
"""

from datetime import datetime

from crm.model.events import AccountEvent
from crm.model.messages import TemplateRef
from crm.policy import templates
from crm.services.inbox.batch import Batch, template_key


def apply(batch: Batch, event: AccountEvent) -> None:
    """Apply one template webhook; old news change nothing and are told to nobody."""
    key = template_key(event)
    if key is None or not batch.account_event_targets(event):
        batch.set_aside(event.position, event.kind, "unknown", "no such template here", dict(event.payload))
        return
    known = batch.templates.get(key) or templates.heard_of(batch.uow.ids.next(), *key, batch.now)
    learnt = templates.told(known, event.kind, event.event, event.at, event.payload, batch.now)
    batch.templates[key] = learnt.template if learnt is not None else known
    if learnt is not None:
        batch.template_news.append(learnt)


def refused(batch: Batch, waba_id: str, wanted: TemplateRef, code: int, at: datetime) -> None:
    """Meta gave a message up because of its template."""
    key = (waba_id, wanted.name, wanted.language)
    known = batch.templates.get(key) or templates.heard_of(batch.uow.ids.next(), *key, batch.now)
    learnt = templates.refused(known, code, at, batch.now)
    batch.templates[key] = learnt.template
    batch.template_news.append(learnt)
