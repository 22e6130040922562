"""What the statuses of a batch say that Meta charges for goes into the ledger, in the batch's own transaction."""

from crm.model.costs import Charge
from crm.policy import pricing
from crm.policy.pricing import RateCards
from crm.services.inbox.batch import Batch


async def enter(batch: Batch, rates: RateCards) -> list[Charge]:
    """Enter it; return what was not there yet, which counts once the transaction is committed."""
    charges = [
        pricing.charge(rates, wamid, message, batch.contacts.rows[message.contact_id])
        for wamid, message in batch.charged
    ]
    return await batch.uow.ledger.add(charges) if charges else []
