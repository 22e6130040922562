"""Words of a step, conditions, variants, branches: the pure rules of a walk."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from crm.model.messages import Delivery, DeliveryStatus
from crm.model.pending import PendingState
from crm.model.records import replace
from crm.model.sequences import (
    Branch,
    Condition,
    Enrollment,
    EnrollmentState,
    OnReply,
    Reason,
    Rules,
    Sequence,
    SequenceState,
    Step,
    Subject,
    Trigger,
    Variant,
)
from crm.policy import sequences
from tests.builders import NOW, a_contact, a_conversation, a_message, a_pending, an_account

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ASKING = (
    Step(HOUR, "¿Te interesa?", branches=(Branch(("Sí", "claro"), "offer"), Branch(("No",), "end"))),
    Step(HOUR, "¿Sigues ahí?"),
    Step(2 * HOUR, "Aquí va la oferta", label="offer"),
)


def plan_of(*steps: Step, trigger: Trigger = Trigger.MANUAL, **rules: object) -> Sequence:
    return Sequence(1, "p", "P", SequenceState.ACTIVE, trigger, None, steps, 1, NOW, Rules(**rules))  # type: ignore[arg-type]


def walk_of(plan: Sequence, number: int = 7) -> Enrollment:
    conversation = a_conversation(contact=a_contact(), account=an_account())
    return sequences.start(number, plan, conversation, at=NOW, trigger=plan.trigger)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Hola {name}, ¿qué tal?", "Ana María Ruiz", "Hola Ana, ¿qué tal?"),
        ("Hola {name}, ¿qué tal?", None, "Hola, ¿qué tal?"),
        ("Hola {name|amigo}", None, "Hola amigo"),
        ("{name}", None, ""),
        ("Enviamos a {ciudad|tu ciudad} hoy", "Ana", "Enviamos a Rosario hoy"),
        ("Tu {color} preferido", "Ana", "Tu preferido"),
        ("Llaves {} y {Otra Cosa} quedan", "Ana", "Llaves {} y {Otra Cosa} quedan"),
    ],
)
def test_words_are_filled_with_fallbacks(text: str, name: str | None, expected: str) -> None:
    assert sequences.render(text, a_contact(name=name, fields={"ciudad": "Rosario"})) == expected


def test_variants_share_all_walks_by_their_weights_and_stay_the_same_for_each() -> None:
    step = Step(HOUR, "x", variants=(Variant("a", 3, "A"), Variant("b", 1, "B")))
    plan = plan_of(step)
    drawn = Counter(sequences.wording(step, walk_of(plan, number)) for number in range(4_000))
    assert 2_800 < drawn["A"] < 3_200
    assert drawn["A"] + drawn["B"] == 4_000
    assert len({sequences.wording(step, walk_of(plan, 9)) for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition(Subject.TAG, "vip"), True),
        (Condition(Subject.TAG, "vip", negated=True), False),
        (Condition(Subject.TAG, "otro"), False),
        (Condition(Subject.FIELD, "ciudad", "ROSARIO "), True),
        (Condition(Subject.FIELD, "ciudad", "Lima"), False),
        (Condition(Subject.FIELD, "ciudad"), True),
        (Condition(Subject.FIELD, "edad"), False),
        (Condition(Subject.REPLIED), True),
        (Condition(Subject.WINDOW, negated=True), True),
    ],
)
def test_conditions_look_at_tags_fields_replies_and_the_window(condition: Condition, expected: bool) -> None:
    contact = a_contact(tags=frozenset({"vip"}), fields={"ciudad": "Rosario"})
    assert sequences.holds(condition, contact, replied=True, window_open=False) is expected


def test_an_answer_leads_to_its_branch_and_no_other_word_does() -> None:
    plan = plan_of(*ASKING)
    asked = sequences.advance(walk_of(plan), plan, NOW + HOUR)
    at = NOW + 2 * HOUR
    led = sequences.answered(asked, plan, sequences.folded("  ¡CLARO! "), at, at, NOW)
    assert led is not None
    assert (led.position, led.state, led.next_due_at) == (2, EnrollmentState.ACTIVE, at + 2 * HOUR)
    assert sequences.answered(asked, plan, "claro que no", at, at, NOW) is None
    ended = sequences.answered(asked, plan, "no", at, at, NOW)
    assert ended is not None
    assert (ended.position, ended.next_due_at) == (3, at + sequences.ENDING)
    assert sequences.replied(ended, plan, at + MINUTE) == ended, "it is over: there is nothing to pause"
    assert (sequences.finished(ended).state, sequences.finished(ended).reason) == (
        EnrollmentState.COMPLETED,
        Reason.FINISHED,
    )
    assert sequences.answered(walk_of(plan), plan, "claro", at, at, NOW) is None, "nothing was asked yet"


def test_what_was_written_before_the_question_left_answers_nothing() -> None:
    plan = plan_of(*ASKING)
    asked, left = sequences.advance(walk_of(plan), plan, NOW + HOUR), NOW + 2 * HOUR
    assert sequences.answered(asked, plan, "claro", left - MINUTE, left - MINUTE, left) is None
    assert sequences.answered(asked, plan, "claro", left, left, None) is None, "it has not left"
    assert sequences.answered(asked, plan, "claro", left, left, left) is not None


def test_a_step_called_back_leaves_the_walk_awaiting_what_it_awaited_before() -> None:
    asks = Step(HOUR, "¿Otra?", label="offer", branches=(Branch(("Sí",), "end"),))
    plan = plan_of(ASKING[0], asks, Step(HOUR, "Fin"))
    asked = sequences.advance(walk_of(plan), plan, NOW + HOUR)
    further = sequences.advance(asked, plan, NOW + 2 * HOUR)
    back = sequences.called_back(further, plan, 1, NOW + 3 * HOUR)
    assert (back.position, back.asked, back.branched_at) == (1, 0, None)
    at = NOW + 90 * MINUTE
    led = sequences.answered(asked, plan, "claro", at, at, NOW)
    assert led is not None
    again = sequences.called_back(sequences.advance(led, plan, NOW + 3 * HOUR), plan, 1, NOW + 4 * HOUR)
    assert (again.position, again.asked, again.branched_at) == (1, 0, at)
    assert sequences.called_back(again, plan, 0, NOW + 5 * HOUR).asked is None


def test_a_question_asked_by_hand_awaits_its_answer() -> None:
    plan = plan_of(*ASKING)
    asked = sequences.fulfilled(walk_of(plan), plan, 0, NOW + MINUTE)
    assert (asked.position, asked.asked) == (1, 0)
    at = NOW + 2 * MINUTE
    led = sequences.answered(asked, plan, "claro", at, at, NOW + MINUTE)
    assert led is not None
    assert led.position == 2


def test_when_a_question_left_is_told_by_the_newest_word_about_it() -> None:
    plan = plan_of(*ASKING)
    walk = sequences.advance(walk_of(plan), plan, NOW + HOUR)
    of: dict[str, Any] = {"enrollment_id": walk.id, "step": 0}
    sent = a_message(created_at=NOW, status=DeliveryStatus.SENT, delivery=Delivery(accepted_at=NOW + MINUTE), **of)
    failed = a_message(created_at=NOW + HOUR, status=DeliveryStatus.FAILED, delivery=Delivery(failed_at=NOW), **of)
    gone = a_message(created_at=NOW + 2 * HOUR, status=DeliveryStatus.CANCELLED, **of)
    card = a_pending(added_at=NOW + 3 * HOUR, **of)
    assert sequences.asked_at(walk, [], []) is None
    assert sequences.asked_at(walk, [gone, sent], []) == NOW + MINUTE
    assert sequences.asked_at(walk, [sent, failed], []) is None
    assert sequences.asked_at(walk, [sent], [card]) is None
    assert sequences.asked_at(walk, [sent], [card.closed(PendingState.BY_HAND, NOW + 4 * HOUR)]) == NOW + 4 * HOUR
    assert sequences.asked_at(walk, [sent], [card.closed(PendingState.SKIPPED, NOW + 4 * HOUR)]) is None
    assert sequences.asked_at(walk, [sent], [card.closed(PendingState.RELEASED, NOW + 4 * HOUR)]) == NOW + MINUTE
    assert sequences.asked_at(replace(walk, asked=None), [sent], []) is None


@pytest.mark.parametrize(
    "words", [("sí", "hola"), ("hola", "sí"), ("sí", "no"), ("hola", "sí", "chau"), ("sí", "a", "b")]
)
def test_answers_and_replies_end_the_same_in_any_order(words: tuple[str, ...]) -> None:
    plan = plan_of(*ASKING)
    asked = sequences.advance(walk_of(plan), plan, NOW + HOUR)
    heard = [(NOW + HOUR + (n + 1) * MINUTE, word) for n, word in enumerate(words)]
    ends = set()
    for order in permutations(heard):
        walk, latest = asked, None
        for at, word in order:
            latest = at if latest is None else max(latest, at)
            led = sequences.answered(walk, plan, word, at, latest, NOW)
            walk = led if led is not None else sequences.replied(walk, plan, at)
        ends.add(replace(walk, remaining=None))
    assert len(ends) == 1, ends


def test_the_last_step_waits_for_its_answer_and_then_the_walk_is_over() -> None:
    plan = plan_of(Step(HOUR, "¿Sí o no?", branches=(Branch(("sí",), "end"),)))
    asked = sequences.advance(walk_of(plan), plan, NOW + HOUR)
    assert (asked.state, asked.next_due_at) == (EnrollmentState.ACTIVE, NOW + HOUR + sequences.PATIENCE)
    assert sequences.finished(asked).state is EnrollmentState.COMPLETED


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (OnReply.PAUSE, EnrollmentState.PAUSED),
        (OnReply.EXIT, EnrollmentState.EXITED),
        (OnReply.CONTINUE, EnrollmentState.ACTIVE),
    ],
)
def test_a_plan_says_what_a_reply_does(rule: OnReply, state: EnrollmentState) -> None:
    plan = plan_of(Step(HOUR, "Hola"), on_reply=rule)
    assert sequences.replied(walk_of(plan), plan, NOW + MINUTE).state is state


def test_a_walk_moves_over_to_the_step_of_the_same_label() -> None:
    old = plan_of(Step(HOUR, "a"), Step(HOUR, "b", label="x"))
    new = replace(plan_of(Step(HOUR, "0"), Step(HOUR, "a"), Step(HOUR, "b", label="x")), version=2)
    walk = sequences.advance(walk_of(old), old, NOW + HOUR)
    moved = sequences.moved_over(walk, old, new)
    assert (moved.position, moved.version) == (2, 2)
    assert sequences.moved_over(walk, plan_of(Step(HOUR, "a"), Step(HOUR, "b")), new).position == 1
    assert (
        sequences.moved_over(walk, old, replace(plan_of(Step(HOUR, "a")), version=2)).state is EnrollmentState.COMPLETED
    )


@pytest.mark.parametrize(
    ("trigger", "rules", "words", "ad", "begins"),
    [
        (Trigger.KEYWORD, {"keywords": ("precio",)}, "¿Me pasas el PRECIO, por favor?", None, True),
        (Trigger.KEYWORD, {"keywords": ("precio",)}, "precioso", None, False),
        (Trigger.KEYWORD, {"keywords": ("lista de precios",)}, "quiero la lista de precios", None, True),
        (Trigger.AD, {}, "hola", "120", True),
        (Trigger.AD, {"ads": ("120",)}, "hola", "121", False),
        (Trigger.AD, {}, "hola", None, False),
        (Trigger.MANUAL, {}, "hola", "120", False),
    ],
)
def test_words_and_ads_begin_a_plan(
    trigger: Trigger, rules: dict[str, object], words: str, ad: str | None, begins: bool
) -> None:
    plan = plan_of(Step(HOUR, "x"), trigger=trigger, **rules)
    assert sequences.entered(plan, sequences.folded(words), ad) is begins


def test_a_plan_is_walked_again_only_after_its_rest() -> None:
    never, daily = plan_of(Step(HOUR, "x")), plan_of(Step(HOUR, "x"), again_after=24 * HOUR)
    assert sequences.may_begin(never, None, NOW)
    assert not sequences.may_begin(never, NOW - 400 * HOUR, NOW)
    assert not sequences.may_begin(daily, NOW - 23 * HOUR, NOW)
    assert sequences.may_begin(daily, NOW - 24 * HOUR, NOW)
