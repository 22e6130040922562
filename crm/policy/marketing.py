"""When may marketing be sent to a person again whom Meta spared it (131049), and to whom it never goes.

Meta limits how much marketing a person gets from all businesses together and tells only by refusing; it asks to wait at least a day, and
longer each time (reference 4, 4.1). So it is 1, 2, 4, 8 … days from the last refusal, 30 at most. Numbers of the United States get no
marketing templates at all since April 2025. Nothing of this concerns other categories.
"""

from datetime import datetime, timedelta

from crm.model.contacts import Contact
from crm.model.records import replace
from crm.policy.pricing import region

LONGEST = timedelta(days=30)
FORGOTTEN = 2 * LONGEST
"""So long after a refusal the next one is a first one again."""


def not_before(contact: Contact) -> datetime | None:
    """Until when Meta's refusals keep marketing from this person."""
    if contact.marketing_refused_at is None or contact.marketing_refusals < 1:
        return None
    return contact.marketing_refused_at + min(timedelta(days=2 ** min(contact.marketing_refusals - 1, 5)), LONGEST)


def refused(contact: Contact, at: datetime) -> Contact:
    """The contact after one more refusal, which Meta dated `at`; they may be heard in any order."""
    last = contact.marketing_refused_at
    if last is None or at - last > FORGOTTEN:
        return replace(contact, marketing_refused_at=at, marketing_refusals=1)
    if last - at > FORGOTTEN:
        return contact
    return replace(contact, marketing_refused_at=max(last, at), marketing_refusals=contact.marketing_refusals + 1)


def never(contact: Contact) -> bool:
    """Whether Meta delivers no marketing to this person's country."""
    return region(contact) == "US"
