"""What Meta's error codes mean (reference 4.1): fate and scope of each."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from bot.whatsapp.errors import TABLE, Fate, classify, from_answer, scrubbed
from crm.errors import AccountSuspended, Scope, SendFailed, SendPostponed, SendRejected, SendUncertain

LATER = [
    (4, "app-limit", Scope.APP, timedelta(minutes=5)),
    (80007, "account-limit", Scope.ACCOUNT, timedelta(minutes=5)),
    (130429, "rate-limit", Scope.NUMBER, timedelta(seconds=5)),
    (131048, "spam-limit", Scope.NUMBER, timedelta(hours=6)),
    (131057, "number-in-maintenance", Scope.NUMBER, timedelta(minutes=2)),
    (133015, "number-in-maintenance", Scope.NUMBER, timedelta(minutes=5)),
    (131056, "pair-limit", Scope.PAIR, timedelta(seconds=6)),
    (131049, "marketing-capped", Scope.CONTACT, timedelta(hours=24)),
    (132069, "flow-limit", Scope.TEMPLATE, timedelta(hours=1)),
    (134101, "template-syncing", Scope.TEMPLATE, timedelta(minutes=10)),
]
NEVER = [
    (100, "invalid-parameter", Scope.MESSAGE),
    (131008, "invalid-parameter", Scope.MESSAGE),
    (131009, "invalid-parameter", Scope.MESSAGE),
    (131021, "recipient-is-sender", Scope.MESSAGE),
    (131026, "undeliverable", Scope.MESSAGE),
    (131051, "unsupported-type", Scope.MESSAGE),
    (131053, "media-refused", Scope.MESSAGE),
    (131062, "phone-required", Scope.MESSAGE),
    (132012, "template-parameters", Scope.TEMPLATE),
    (135000, "invalid-parameter", Scope.MESSAGE),
    (138007, "calling", Scope.MESSAGE),
    (130403, "blocked-by-us", Scope.CONTACT),
    (130472, "experiment", Scope.CONTACT),
    (130497, "country-restricted", Scope.CONTACT),
    (131030, "recipient-not-allowed", Scope.CONTACT),
    (131047, "window-closed", Scope.CONTACT),
    (131050, "marketing-stopped", Scope.CONTACT),
    (137000, "identity-changed", Scope.CONTACT),
    (131063, "marketing-api-only", Scope.TEMPLATE),
    (132000, "template-parameters", Scope.TEMPLATE),
    (132001, "template-missing", Scope.TEMPLATE),
    (132007, "template-policy", Scope.TEMPLATE),
    (132015, "template-paused", Scope.TEMPLATE),
    (132016, "template-disabled", Scope.TEMPLATE),
]
STOP = [
    (0, "token-invalid", "token"),
    (190, "token-invalid", "token"),
    (3, "permission-missing", "permission"),
    (10, "permission-missing", "permission"),
    (200, "permission-missing", "permission"),
    (299, "permission-missing", "permission"),
    (131005, "permission-missing", "permission"),
    (33, "number-gone", "configuration"),
    (803, "number-gone", "configuration"),
    (368, "policy-violation", "policy"),
    (131031, "account-locked", "locked"),
    (131037, "display-name-missing", "registration"),
    (131042, "payment", "payment"),
    (131045, "number-not-registered", "registration"),
    (133010, "number-not-registered", "registration"),
]
FLAKY = [1, 2, 131000, 131016, 133004]


def answer(code: Any, **more: Any) -> bytes:
    return orjson.dumps({"error": {"message": f"(#{code}) Oops", "type": "OAuthException", "code": code, **more}})


@pytest.mark.parametrize(("code", "name", "scope", "wait"), LATER)
def test_these_leave_later_at_their_scope(code: int, name: str, scope: Scope, wait: timedelta) -> None:
    for failure in (from_answer(400, answer(code)), classify(code)):
        assert isinstance(failure, SendPostponed)
        assert (failure.code, failure.scope, failure.wait, failure.meta_code) == (name, scope, wait, code)


@pytest.mark.parametrize(("code", "name", "scope"), NEVER)
def test_these_never_leave(code: int, name: str, scope: Scope) -> None:
    for failure in (from_answer(400, answer(code)), classify(code)):
        assert isinstance(failure, SendRejected)
        assert (failure.code, failure.scope, failure.meta_code) == (name, scope, code)


@pytest.mark.parametrize(("code", "name", "reason"), STOP)
def test_these_stop_the_account(code: int, name: str, reason: str) -> None:
    for failure in (from_answer(401, answer(code)), classify(code)):
        assert isinstance(failure, AccountSuspended)
        assert (failure.code, failure.reason, failure.meta_code) == (name, reason, code)


@pytest.mark.parametrize("code", FLAKY)
def test_metas_own_trouble_is_uncertain_as_an_answer_and_a_retry_as_a_status(code: int) -> None:
    """A failed status proves that the message did not arrive; a 500 proves nothing."""
    assert isinstance(from_answer(500, answer(code)), SendUncertain)
    failure = classify(code)
    assert isinstance(failure, SendPostponed)
    assert failure.scope is Scope.MESSAGE


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_known_code_wins_over_http(status: int) -> None:
    assert from_answer(status, answer(131056)).code == "pair-limit"
    assert from_answer(status, answer(131026)).code == "undeliverable"


@pytest.mark.parametrize(
    ("status", "more", "kind"),
    [
        (400, {}, SendRejected),
        (400, {"is_transient": False}, SendRejected),
        (400, {"is_transient": True}, SendUncertain),
        (500, {}, SendUncertain),
        (503, {"is_transient": False}, SendUncertain),
    ],
)
def test_a_code_nobody_knows_is_judged_by_http_and_metas_hint(status: int, more: Any, kind: type[SendFailed]) -> None:
    failure = from_answer(status, answer(999_999, **more))
    assert type(failure) is kind
    assert failure.meta_code == 999_999


def test_a_failed_status_with_a_code_nobody_knows_is_final() -> None:
    for code in (999_999, None):
        failure = classify(code, "what Meta said")
        assert isinstance(failure, SendRejected)
        assert (failure.code, failure.detail) == ("unknown-error", "what Meta said")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error":"no"}', b'{"error":{"code":"x"}}', b'{"error":{}}'])
@pytest.mark.parametrize(
    ("status", "kind"), [(302, SendPostponed), (400, SendPostponed), (404, SendPostponed), (429, SendPostponed),
                         (408, SendUncertain), (500, SendUncertain), (502, SendUncertain), (504, SendUncertain)]
)  # fmt: skip
def test_an_answer_that_is_not_metas_took_nothing_unless_it_may_have(
    status: int, kind: type[SendFailed], body: bytes
) -> None:
    failure = from_answer(status, body)
    assert type(failure) is kind
    assert failure.meta_code is None


def test_a_code_may_be_text_and_details_may_be_text() -> None:
    failure = from_answer(400, answer("131026", error_data="It is not on WhatsApp"))
    assert (failure.code, failure.meta_code, failure.detail) == ("undeliverable", 131026, "It is not on WhatsApp")


@pytest.mark.parametrize(
    "said",
    [
        "Malformed access token EAAGm0PX4ZCpsBAKZC",
        "Error validating 123456789|a1B2-c3D4_e5F6g7",
        "Bad header Bearer abcdef",
        f"Invalid appsecret_proof {'0af1' * 16}",
    ],
)
def test_what_meta_says_is_kept_without_tokens_and_proofs(said: str) -> None:
    secret = said.rsplit(" ", 1)[-1]
    assert secret not in from_answer(401, answer(190, error_data={"details": said})).detail
    assert "***" in scrubbed(said)


def test_a_known_secret_is_removed_whatever_it_looks_like() -> None:
    failure = from_answer(401, answer(190, error_data={"details": "not a token: plain-token"}), ["plain-token", ""])
    assert failure.detail == "not a token: ***"


def test_details_are_bounded() -> None:
    assert len(from_answer(400, answer(100, error_data={"details": "x" * 10_000})).detail) <= 500


def test_codes_are_named_in_kebab_case_and_every_stop_says_why() -> None:
    for meaning in TABLE.values():
        assert meaning.code == meaning.code.lower().replace("_", "-")
        assert bool(meaning.reason) is (meaning.fate is Fate.STOP)
