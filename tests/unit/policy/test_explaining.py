"""The chain of facts and rules: it says what the rules themselves decide, and what comes next."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import bot.texts
from bot.texts import LANGUAGES
from crm.model.accounts import AccountState
from crm.model.answers import Walk
from crm.model.conversations import BlockState
from crm.model.explanations import Link, Part
from crm.model.messages import DeliveryStatus, Direction, Source
from crm.model.outbox import OutboxState
from crm.model.pending import PendingReason
from crm.model.sequences import EnrollmentState
from crm.policy import explaining
from crm.policy.explaining import of_conversation, of_message
from tests import fluent
from tests.builders import DAY, HOUR, NOW, a_message
from tests.unit.chains import (
    ACCOUNT,
    CLOSED,
    ITEM,
    LEO,
    MESSY,
    NIGHTLY,
    OPEN,
    PAUSED,
    PLAN,
    QUEUED,
    SENT,
    WALK,
    known,
    sent,
)


def codes(links: list[Link], part: Part | None = None) -> list[str]:
    return [link.code for link in links if part in (None, link.part)]


def the(links: list[Link], code: str) -> Link:
    (found,) = [link for link in links if link.code == code]
    return found


def test_an_open_window_says_why_it_is_open_and_until_when() -> None:
    links = of_conversation(known(), NOW)
    assert codes(links) == ["wrote", "may-write", "nothing"]
    assert the(links, "may-write").facts == {"basis": "customer_message", "until": NOW + 22 * HOUR}


def test_a_closed_window_leads_to_a_person() -> None:
    links = of_conversation(known(conversation=replace(CLOSED, last_manual_at=None)), NOW)
    assert the(links, "must-ask").facts == {"since": NOW - 6 * HOUR}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"contact": replace(LEO, opted_out=True, consent_at=NOW)}, "opted-out"),
        ({"conversation": replace(OPEN, block_state=BlockState.CONFIRMED)}, "blocked"),
        ({"account": replace(ACCOUNT, state=AccountState.REMOVED)}, "account-removed"),
    ],
)
def test_a_refusal_is_told_by_the_rules_own_code(changes: dict[str, object], why: str) -> None:
    assert the(of_conversation(known(**changes), NOW), "may-not").why == why


def test_the_next_step_is_where_the_planner_places_it() -> None:
    step = the(of_conversation(known(walks=(Walk(WALK, PLAN),)), NOW), "step")
    assert step.facts == {
        "sequence": "Bienvenida",
        "step": 2,
        "steps": 3,
        "at": NOW + 22 * HOUR,
        "how": "on_time",
        "basis": "window",
    }
    unassumed = replace(ACCOUNT, assumptions=frozenset())
    closed = the(of_conversation(known(account=unassumed, walks=(Walk(WALK, PLAN),)), NOW), "step")
    assert closed.facts["basis"] == "agent"
    pulled = the(of_conversation(known(account=unassumed, walks=(Walk(WALK, NIGHTLY),)), NOW), "step")
    assert (pulled.facts["how"], pulled.facts["basis"]) == ("pulled_forward", "window")
    late = replace(WALK, position=2, next_due_at=NOW + 3 * DAY)
    assert the(of_conversation(known(walks=(Walk(late, PLAN),)), NOW), "step").facts["basis"] == "template"


def test_a_walk_that_asked_last_waits_for_the_answer() -> None:
    asks = replace(WALK, position=3, next_due_at=NOW + DAY)
    assert the(of_conversation(known(walks=(Walk(asks, PLAN),)), NOW), "awaits").facts["until"] == NOW + DAY


def test_a_walk_that_stands_is_a_fact_and_not_ahead() -> None:
    links = of_conversation(known(walks=(Walk(PAUSED, PLAN),)), NOW)
    assert codes(links, Part.NEXT) == ["nothing"]
    assert the(links, "walk").facts["reason"] == "customer_replied"


def test_trouble_upon_trouble_is_told_whole() -> None:
    links = of_conversation(MESSY, NOW)
    facts = ["account", "by-meta", "wrote", "typed", "refuted", "marketing-stopped", "block", "last-failed", "walk"]
    assert codes(links, Part.FACT) == facts
    assert codes(links, Part.RULE) == ["must-ask"]
    assert codes(links, Part.NEXT) == ["stopped", "unproven", "card", "step"]


def test_what_waits_says_for_what() -> None:
    queued = the(of_conversation(known(unsettled=(QUEUED,)), NOW), "queued")
    assert (queued.why, queued.facts["message"]) == ("portfolio-limit", "k60m")
    many = tuple(replace(QUEUED, id=QUEUED.id + n) for n in range(explaining.MOST + 3))
    assert the(of_conversation(known(unsettled=many), NOW), "more-queued").facts == {"count": 3}


def test_a_message_tells_who_wanted_it_what_let_it_leave_and_how_far_it_got() -> None:
    links = of_message(sent(), NOW)
    assert codes(links) == [
        "message-out",
        "message-basis",
        "message-charged",
        "message-accepted",
        "message-sent",
        "message-on-its-way",
    ]
    assert the(links, "message-on-its-way").facts["long"] is False
    old = of_message(sent(), NOW + 2 * DAY)
    assert the(old, "message-on-its-way").facts["long"] is True


@pytest.mark.parametrize("state", [OutboxState.CANCELLED, OutboxState.FAILED, OutboxState.HELD])
def test_a_message_that_did_not_leave_says_why(state: OutboxState) -> None:
    links = of_message(sent(item=replace(ITEM, state=state, error="order", error_code=131049)), NOW)
    told = the(links, f"message-{state.value}")
    assert (told.why, told.facts) == ("order", {"meta": 131049})


def test_what_did_not_leave_through_here_is_told_so() -> None:
    typed = replace(SENT, source=Source.MANUAL, imported=True)
    assert codes(of_message(sent(message=typed, item=None), NOW))[:2] == ["message-beside", "message-imported"]
    theirs = a_message(of=OPEN, edited_at=NOW, revoked_at=NOW)
    assert theirs.direction is Direction.IN
    found = codes(of_message(sent(message=theirs, item=None), NOW))
    assert found == ["message-in", "message-edited", "message-revoked"]


def test_a_queued_message_behind_another_says_so() -> None:
    behind = replace(ITEM, state=OutboxState.QUEUED, after_id=940916)
    waiting = replace(SENT, status=DeliveryStatus.QUEUED)
    assert codes(of_message(sent(message=waiting, item=behind), NOW))[-2:] == ["queued", "message-after"]


def texts(language: str) -> frozenset[str]:
    return frozenset(fluent.messages(Path(bot.texts.__file__).with_name(f"{language}.ftl")))


# --- every link has its sentence -------------------------------------------------------------------------------------------------


def written() -> Iterator[str]:
    """The codes of the links that the policy can make, read from its source."""
    place = {"_fact": 0, "_rule": 0, "_next": 0, "Link": 1}
    for call in ast.walk(ast.parse(Path(explaining.__file__).read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in place:
            code = call.args[place[call.func.id]]
            if isinstance(code, ast.Constant):
                yield str(code.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_has_a_sentence(language: str) -> None:
    known_texts = texts(language)
    states = {
        f"message-{each}" for each in ("cancelled", "failed", "held", "accepted", "sent", "delivered", "read", "played")
    }
    codes_written = {*written(), *states}
    others = {"title", "title-message", "ask", *(f"part-{part.value}" for part in Part)}
    told = {
        key.removeprefix("why-") for key in known_texts if key.startswith("why-") and not key.startswith("why-because-")
    }
    assert told == codes_written | others


def test_every_reason_of_a_card_has_a_sentence() -> None:
    for reason in PendingReason:
        assert f"why-because-{reason.value.replace('_', '-')}" in texts("es")


def test_states_of_walks_are_all_told() -> None:
    for state in EnrollmentState:
        links = of_conversation(known(walks=(Walk(replace(WALK, state=state), PLAN),)), NOW)
        assert ("step" in codes(links)) is (state is EnrollmentState.ACTIVE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cards_line_knows_every_reason(language: str) -> None:
    line = Path(bot.texts.__file__).with_name(f"{language}.ftl").read_text("utf-8").partition("why-card =")[2]
    for reason in PendingReason:
        assert f"[{reason.value}]" in line.partition("\nwhy-")[0]
