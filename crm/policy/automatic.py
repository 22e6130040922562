"""Was it a person who wrote on the phone, or the Business app itself?

The app greets newcomers and answers at night by itself; whether Meta reports that as an echo is not confirmed (reference 8), and an echo
does not say who wrote it. So a text counts as automatic only when it gives itself away: it came within seconds of the contact's own
message, and the same text had come just as quickly to two others. Until then it is taken for a person's, as the brief wants. What is
automatic fulfils no step and no card, opens nothing on the brief's assumption, and nobody is told of it.
"""

import hashlib
import unicodedata
from datetime import timedelta

from crm.model.conversations import Conversation
from crm.model.events import Echo

WITHIN = timedelta(seconds=10)
OTHERS = 2
"""So many other contacts must have got the same text as quickly."""


def sign_of(event: Echo, conversation: Conversation) -> str | None:
    """What a suspiciously quick text is recognised by; None for one that a person may well have typed."""
    heard = conversation.last_inbound_at
    if heard is None or not event.text or not timedelta(0) <= event.at - heard <= WITHIN:
        return None
    return text_sign(event.text)


def text_sign(text: str) -> str:
    """The same for texts that differ in capitals, spaces and forms of letters only."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:32]
