"""When marketing may go to somebody again whom Meta spared it, and to whom it never goes; other messages are not concerned."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.model.contacts import Contact
from crm.model.messages import TemplateRef
from crm.model.outbox import Origin
from crm.model.windows import Basis
from crm.policy import marketing, sending
from tests.builders import DAY, NOW, a_contact, a_conversation, an_account


def decide(contact: Contact, *, template: bool = True, is_marketing: bool = True, now: datetime = NOW) -> Any:
    facts = sending.SendFacts(
        contact,
        a_conversation(last_inbound_at=now),
        an_account(),
        Origin.SEQUENCE,
        TemplateRef("promo", "es") if template else None,
        marketing=template and is_marketing,
    )
    return sending.decide(facts, now)


def refused(*moments: datetime) -> Contact:
    contact = a_contact()
    for at in moments:
        contact = marketing.refused(contact, at)
    return contact


def test_each_refusal_in_a_row_doubles_the_days_up_to_thirty() -> None:
    contact, at, days = a_contact(), NOW, []
    for _ in range(8):
        contact = marketing.refused(contact, at)
        until = marketing.not_before(contact)
        assert until is not None
        days.append((until - at) // DAY)
        at = until
    assert days == [1, 2, 4, 8, 16, 30, 30, 30]


def test_refusals_are_heard_in_any_order() -> None:
    moments = [NOW, NOW + DAY, NOW + 3 * DAY]
    ends = {marketing.not_before(refused(*order)) for order in itertools.permutations(moments)}
    assert ends == {NOW + 7 * DAY}


def test_after_two_quiet_months_a_refusal_is_a_first_one_again() -> None:
    assert marketing.not_before(refused(NOW - 90 * DAY, NOW - 89 * DAY, NOW)) == NOW + DAY
    assert marketing.not_before(refused(NOW, NOW - 90 * DAY)) == NOW + DAY


def test_only_marketing_waits() -> None:
    spared = refused(NOW - timedelta(hours=1))
    assert decide(spared) == sending.Wait("marketing-capped", NOW + timedelta(hours=23))
    assert decide(spared, is_marketing=False) == sending.Send(Basis.TEMPLATE)
    assert decide(spared, template=False) == sending.Send(Basis.CUSTOMER_MESSAGE)
    assert decide(spared, now=NOW + timedelta(hours=23)) == sending.Send(Basis.TEMPLATE)


@pytest.mark.parametrize(
    ("wa_id", "bsuid", "never"),
    [
        ("16505551234", None, True),  # California
        ("14165551234", None, False),  # Toronto: +1 as well
        ("17875551234", None, False),  # Puerto Rico has a market of its own
        ("5491155550099", None, False),
        (None, "US.134912086553027419", True),
        (None, "AR.134912086553027419", False),
    ],
)
def test_marketing_never_goes_to_the_united_states(wa_id: str | None, bsuid: str | None, never: bool) -> None:
    contact = a_contact(wa_id=wa_id, bsuid=bsuid)
    assert (decide(contact) == sending.Refuse("marketing-us")) is never
    assert decide(contact, is_marketing=False) == sending.Send(Basis.TEMPLATE)


def test_the_persons_own_word_comes_first() -> None:
    assert decide(a_contact(marketing_opted_out=True)) == sending.Refuse("marketing-stopped")
    assert decide(a_contact(marketing_opted_out=True), is_marketing=False) == sending.Send(Basis.TEMPLATE)
