"""The inbox: from stored webhooks to state, each applied exactly once, in whatever order they come.

Webhooks are claimed in batches, read by the WhatsApp border and applied in one transaction. When a batch cannot be applied, each of its
webhooks is tried alone; when one of those cannot, each of its events is, so that one hostile element never holds back its neighbours.
What fails is tried again with growing pauses, and in the end kept as dead, named, for a person to look at and retry.
"""

from crm.services.inbox.importer import Importer
from crm.services.inbox.service import BATCH, Inbox, InboxRules

__all__ = ["BATCH", "Importer", "Inbox", "InboxRules"]
