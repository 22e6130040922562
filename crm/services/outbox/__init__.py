"""The outbox: what must leave is claimed with a lease, handed to Meta outside any transaction, and settled.

The decision to send is taken again at the claim, on fresh facts. A worker that dies between claim and settlement leaves items whose
lease runs out; these may have left, so they become `unknown` and wait for a status or an echo, and in the end for a person. Nothing
here ever sends the same item twice on a guess.
"""

from crm.services.outbox.claims import Ticket
from crm.services.outbox.service import LEASE, Claim, Due, OutboxService, Sent
from crm.services.outbox.uploads import FileTools

__all__ = ["LEASE", "Claim", "Due", "FileTools", "OutboxService", "Sent", "Ticket"]
