"""What the rules decided is told when somebody listens, with its reason; otherwise nothing is written."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from crm import decisions
from crm.decisions import What, decided
from crm.model.accounts import AccountState, Assumption
from crm.model.conversations import BlockState
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.model.sequences import EnrollmentState, Reason
from tests.builders import NOW, a_contact, a_conversation, a_pending, an_account, an_enrollment

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@contextmanager
def listening(level: int) -> Iterator[None]:
    before = decisions.HEARD.level
    decisions.HEARD.setLevel(level)
    try:
        yield
    finally:
        decisions.HEARD.setLevel(before)


def told(tell: Callable[[], None], level: int = logging.DEBUG) -> list[tuple[str, str | None]]:
    """What this tells, and why."""
    with listening(level), capture_logs() as lines:
        tell()
    assert all(line["event"] == "decided" and line["log_level"] == "debug" for line in lines)
    return [(line["what"], line["why"]) for line in lines]


def test_nothing_is_written_when_nobody_listens() -> None:
    walk = an_enrollment()
    assert told(lambda: decided(What.SEND_HELD, "window_closed", contact_id=1), logging.INFO) == []
    assert told(lambda: decisions.walk(None, walk), logging.INFO) == []
    assert told(lambda: decided(What.SEND_HELD, "window_closed", contact_id=1)) == [("send_held", "window_closed")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"position": 1}, []),
        (
            {"state": EnrollmentState.PAUSED, "reason": Reason.CUSTOMER_REPLIED},
            [("enrollment_paused", "customer_replied")],
        ),
        ({"state": EnrollmentState.COMPLETED, "reason": Reason.FINISHED}, [("enrollment_ended", "finished")]),
        ({"state": EnrollmentState.EXITED, "reason": Reason.OPTED_OUT}, [("enrollment_ended", "opted_out")]),
    ],
)
def test_a_walk_is_told_when_its_state_changes(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    walk = an_enrollment()
    assert told(lambda: decisions.walk(walk, replace(walk, **change))) == expected


def test_a_walk_that_begins_is_told_from_one_that_goes_on() -> None:
    walk = an_enrollment()
    paused = replace(walk, state=EnrollmentState.PAUSED, reason=Reason.AGENT)
    assert told(lambda: decisions.walk(None, walk)) == [("enrollment_begun", "manual")]
    assert told(lambda: decisions.walk(paused, walk)) == [("enrollment_resumed", None)]


def test_a_window_opens_once_and_not_with_every_message_in_it() -> None:
    talk = a_conversation(last_inbound_at=NOW - 2 * DAY)
    wrote, again = replace(talk, last_inbound_at=NOW), replace(talk, last_inbound_at=NOW + HOUR)
    came = replace(wrote, ad_entry_at=NOW)
    typed = replace(talk, last_manual_at=NOW)
    assert told(lambda: decisions.conversation(talk, wrote)) == [("window_opened", "customer_message")]
    assert told(lambda: decisions.conversation(wrote, again)) == []
    assert told(lambda: decisions.conversation(talk, came)) == [("window_opened", "ad_entry")]
    assert told(lambda: decisions.conversation(talk, typed)) == [("window_opened", "manual_send")]
    assert told(lambda: decisions.conversation(wrote, replace(wrote, window_refuted_at=NOW))) == [
        ("window_closed", "refuted_by_meta")
    ]


def test_a_suspicion_is_told_as_it_comes_and_as_it_goes() -> None:
    talk = a_conversation()
    probable = replace(talk, block_state=BlockState.PROBABLE)
    assert told(lambda: decisions.conversation(talk, probable)) == [("suspicion_raised", "probable")]
    assert told(lambda: decisions.conversation(probable, talk)) == [("suspicion_cleared", "probable")]


def test_a_hold_is_told_with_its_reason_both_ways() -> None:
    account = an_account()
    held = replace(account, state=AccountState.HELD, held_reason="token")
    paused = replace(account, state=AccountState.PAUSED)
    assert told(lambda: decisions.account(account, held)) == [("account_held", "token")]
    assert told(lambda: decisions.account(held, held)) == []
    assert told(lambda: decisions.account(held, account)) == [("account_resumed", "token")]
    assert told(lambda: decisions.account(account, paused)) == [("account_held", "paused")]
    assert told(lambda: decisions.account(paused, account)) == [("account_resumed", "paused")]


def test_an_assumption_that_meta_refuted_is_named() -> None:
    account = an_account()
    left = replace(account, assumptions=account.assumptions - {Assumption.MANUAL_SEND})
    assert told(lambda: decisions.account(account, left)) == [("assumption_off", "manual_send")]


def test_what_a_contact_wants_to_hear_no_more_is_told() -> None:
    contact = a_contact()
    stopped = replace(contact, opted_out=True, marketing_opted_out=True)
    assert told(lambda: decisions.contact(contact, stopped)) == [
        ("opted_out", "customer"),
        ("marketing_stopped", "customer"),
    ]
    assert told(lambda: decisions.contact(stopped, replace(stopped, marketing_opted_out=False))) == [
        ("marketing_resumed", "customer")
    ]


def test_a_card_is_told_when_it_waits_and_when_it_waits_no_more() -> None:
    card = a_pending()
    closed = card.closed(PendingState.SKIPPED, NOW)
    assert told(lambda: decisions.card(None, card)) == [("card_opened", card.reason.value)]
    assert told(lambda: decisions.card(card, card)) == []
    assert told(lambda: decisions.card(card, closed)) == [("card_closed", "skipped")]
    assert told(lambda: decisions.card(closed, closed)) == []
