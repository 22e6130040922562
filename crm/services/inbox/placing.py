"""At the end of a batch the next steps of the walks it touched are placed: in the contact's hours, and inside the window if possible."""

from crm.policy import planner
from crm.services.inbox.batch import Batch


def place_walks(batch: Batch, zone: str) -> None:
    """Place them by all that the batch has learnt, so that the order of its webhooks does not matter."""
    for walk in [*batch.walks.new, *batch.walks.changed]:
        plan = batch.plans.of(walk)
        if plan is None or not (plan.rules.hours or plan.rules.tolerance):
            continue
        conversation = batch.conversations.rows[walk.conversation_id]
        subject = planner.Subject(
            batch.contacts.rows[walk.contact_id], conversation, batch.accounts.rows[walk.account_id], zone
        )
        batch.walks.put(walk.id, planner.planned(walk, plan, subject, batch.now))
