"""The checklist of a number, as a plain function: what is vital, what is only amiss, and what nobody could tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm.model.numbers import (
    BusinessFacts,
    Checkup,
    Expected,
    Finding,
    NumberFacts,
    Seen,
    Silence,
    Standing,
    SubscribedApp,
    TokenFacts,
)
from crm.policy import checks
from tests.builders import NOW

NUMBER, WABA, APP, URL = "1065", "2001", "77", "https://crm.example/webhooks/whatsapp"
EXPECTED = Expected(APP, URL)
GOOD_TOKEN = TokenFacts(True, None, None, APP, "SYSTEM_USER", frozenset(checks.SCOPES))
GOOD_NUMBER = NumberFacts(
    NUMBER,
    "+54 9 11 5000-0000",
    "Ventas",
    "GREEN",
    "CONNECTED",
    True,
    "TIER_2K",
    "STANDARD",
    "AVAILABLE",
    URL,
    "APPROVED",
)
ALL_WELL = Seen(
    GOOD_TOKEN,
    BusinessFacts(WABA, "Ventas SA", "9001", "Grupo"),
    frozenset({NUMBER, "1066"}),
    GOOD_NUMBER,
    (SubscribedApp("1", "Other"), SubscribedApp(APP, "Centralita")),
)


def found(expected: Expected = EXPECTED, **changes: Any) -> dict[str, Finding]:
    seen = replace(ALL_WELL, **changes)
    return {each.code: each for each in checks.findings(seen, NUMBER, WABA, expected, NOW)}


def usable(findings: dict[str, Finding]) -> bool:
    return Checkup(NUMBER, WABA, tuple(findings.values())).usable


def test_when_all_is_well_every_point_is_good() -> None:
    findings = found()
    assert {each.standing for each in findings.values()} == {Standing.GOOD}
    assert [*findings] == [
        "token-endless", "scopes-granted", "business-read", "number-read", "in-phone-app", "subscribed", "webhook-ours",
    ]  # fmt: skip
    assert usable(findings)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (replace(GOOD_TOKEN, valid=False, problem="revoked"), "token-refused"),
        (replace(GOOD_TOKEN, expires_at=NOW), "token-refused"),
        (replace(GOOD_TOKEN, app_id="78"), "token-foreign"),
        (TokenFacts(False, None, "did not match", of_other_app=True), "token-foreign"),
        (replace(GOOD_TOKEN, scopes=frozenset({checks.MANAGE})), "scopes-missing"),
        (replace(GOOD_TOKEN, scopes=frozenset()), "scopes-missing"),
        (replace(GOOD_TOKEN, targets={checks.SEND: frozenset({"3003"})}), "token-not-for-account"),
        (replace(GOOD_TOKEN, targets={checks.MANAGE: frozenset()}), "token-not-for-account"),
        (Silence("app-unknown"), "app-unknown"),
        (Silence("invalid-parameter", "no such token"), "not-readable"),
    ],
)
def test_a_token_that_cannot_send_from_this_number_is_vital(token: TokenFacts | Silence, code: str) -> None:
    findings = found(token=token)
    assert findings[code].standing is Standing.BROKEN
    assert not usable(findings)


@pytest.mark.parametrize("targets", [{}, {checks.SEND: frozenset({WABA})}, {checks.SEND: frozenset({NUMBER, "9"})}])
def test_a_token_without_targets_reaches_all_and_one_with_ours_reaches_us(targets: dict[str, frozenset[str]]) -> None:
    assert usable(found(token=replace(GOOD_TOKEN, targets=targets)))


def test_what_ends_soon_or_is_a_persons_works_and_is_amiss() -> None:
    ending = found(token=replace(GOOD_TOKEN, expires_at=NOW + checks.ENDING))
    assert (ending["token-ending"].standing, ending["token-ending"].until) == (Standing.WEAK, NOW + checks.ENDING)
    later = found(token=replace(GOOD_TOKEN, expires_at=NOW + checks.ENDING + timedelta(seconds=1)))
    assert later["token-valid"].standing is Standing.GOOD
    person = found(token=replace(GOOD_TOKEN, kind="USER", expires_at=NOW + timedelta(hours=1)))
    assert person["token-passing"].standing is Standing.WEAK
    assert [usable(each) for each in (ending, later, person)] == [True] * 3


def test_a_number_of_another_account_or_one_that_cannot_be_read_is_vital() -> None:
    for changes, code in (
        ({"members": frozenset({"1066"})}, "number-elsewhere"),
        ({"number": Silence("invalid-parameter", "no such object")}, "not-readable"),
        ({"business": Silence("permission-missing")}, "not-readable"),
    ):
        findings = found(**changes)
        assert findings[code].standing is Standing.BROKEN
        assert not usable(findings)


def test_silence_is_no_fault_and_no_proof() -> None:
    away = Silence("graph-unreachable", refused=False)
    for vital in ("token", "business", "members", "number"):
        findings = found(EXPECTED, **{vital: away})
        assert findings["no-answer"].standing is Standing.UNKNOWN
        assert findings["no-answer"].params == {"about": vital, "problem": "graph-unreachable"}
        assert not usable(findings)
    assert usable(found(apps=away))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (replace(GOOD_NUMBER, status="PENDING"), "number-not-connected"),
        (replace(GOOD_NUMBER, name_status="DECLINED"), "name-not-approved"),
        (replace(GOOD_NUMBER, quality="RED"), "quality-low"),
        (replace(GOOD_NUMBER, can_send="BLOCKED"), "sending-limited"),
        (replace(GOOD_NUMBER, platform="ON_PREMISE"), "not-on-cloud"),
        (replace(GOOD_NUMBER, webhook_url=None), "webhook-unset"),
        (replace(GOOD_NUMBER, webhook_url="https://other.example/hook?secret=1"), "webhook-elsewhere"),
        (replace(GOOD_NUMBER, webhook_url="http://[broken"), "webhook-elsewhere"),
    ],
)
def test_what_is_amiss_with_a_number_does_not_keep_it_out(number: NumberFacts, code: str) -> None:
    findings = found(number=number)
    assert findings[code].standing is Standing.WEAK
    assert usable(findings)


def test_of_a_foreign_address_only_the_host_is_shown() -> None:
    number = replace(GOOD_NUMBER, webhook_url="https://other.example/hook?secret=1")
    assert found(number=number)["webhook-elsewhere"].params == {"host": "other.example", "url": URL}


def test_an_address_may_end_in_a_slash() -> None:
    assert "webhook-ours" in found(number=replace(GOOD_NUMBER, webhook_url=URL + "/"))


def test_without_a_subscription_nothing_would_arrive() -> None:
    assert found(apps=(SubscribedApp("1", "Other"),))["not-subscribed"].standing is Standing.WEAK
    assert found(apps=())["not-subscribed"].standing is Standing.WEAK


def test_without_a_public_address_there_is_nothing_to_compare() -> None:
    findings = found(expected=Expected(APP, ""))
    assert findings["public-url-missing"].standing is Standing.WEAK
    assert "webhook-ours" not in findings


def test_the_pace_to_begin_with_is_metas_own() -> None:
    assert checks.pace(GOOD_NUMBER, coexistence=False) == 20
    assert checks.pace(replace(GOOD_NUMBER, coexistence=False), coexistence=True) == 80
    assert checks.pace(None, coexistence=True) == 20
