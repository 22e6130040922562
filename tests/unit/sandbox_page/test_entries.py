"""Every kind of happening reads in a line, and opens to the bytes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.graph import Exchange, WebhookRecord
from sandbox.page import entries
from sandbox.page.entries import Written
from sandbox.telegram import Call

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def exchange(status: int | None = 200, answer: bytes = b"{}", **body: Any) -> Exchange:
    return Exchange("POST", "/v26.0/1065/messages", {}, json.dumps(body).encode(), status, answer, NOON)


def test_a_send_says_what_left_and_to_whom() -> None:
    call = exchange(type="text", to="+5491155550001")
    assert entries.sort(call) == ("graph", "info")
    assert entries.told(call) == ("POST /v26.0/1065/messages", "200 · text → +5491155550001")


def test_a_template_is_named() -> None:
    told = entries.told(exchange(type="template", to="+54911", template={"name": "aviso"}))
    assert told.summary == "200 · template aviso → +54911"


def test_a_refusal_is_a_warning_with_metas_code() -> None:
    answer = json.dumps({"error": {"code": 131047, "message": "m", "error_data": {"details": "more than 24 hours"}}})
    call = exchange(400, answer.encode(), type="text", to="+54911")
    assert entries.sort(call) == ("graph", "warning")
    assert entries.told(call).summary == "400 · text → +54911 · 131047 more than 24 hours"


def test_a_call_without_an_answer_is_an_error() -> None:
    assert entries.sort(exchange(None, type="text", to="+54911")) == ("graph", "error")


def test_a_webhook_says_its_field_what_is_in_it_and_which_attempt_it_was() -> None:
    value = {
        "messages": [{"from": "54911", "type": "text"}],
        "statuses": [{"status": "failed", "errors": [{"code": 131026}]}],
    }
    body = json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()
    record = WebhookRecord(NOON, body, "sha256=x", 2, None, "ClientConnectorError: refused")
    assert entries.sort(record) == ("webhook", "warning")
    assert entries.told(record) == (
        "messages",
        "ClientConnectorError: refused · attempt 2 · text ← 54911 · failed 131026",
    )
    assert [part.name for part in entries.parts(record)] == ["request", "body", "response"]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"entry": 1}'.replace(b"1", b"[]"), "ñ".encode("latin-1")])
def test_bytes_that_are_no_webhook_read_as_they_are(body: bytes) -> None:
    record = WebhookRecord(NOON, body, "x", 1, 200, None)
    assert entries.told(record).title == "?"
    assert entries.parts(record)[1].name == "body"


def test_polls_that_brought_nothing_are_no_entry() -> None:
    assert not entries.matters(Call("getUpdates", {}, NOON, None, []))
    assert entries.matters(Call("getUpdates", {}, NOON, "409 Conflict", None))
    assert entries.matters(Call("getUpdates", {}, NOON, None, [{"update_id": 1, "message": {}}]))
    assert entries.matters(Call("sendMessage", {"chat_id": 1}, NOON, None, {}))


def test_a_call_of_the_bot_says_where_and_what() -> None:
    call = Call("sendMessage", {"chat_id": 1001, "text": "Hola\nLeo"}, NOON, None, {})
    assert entries.sort(call) == ("telegram", "info")
    assert entries.told(call) == ("sendMessage", "1001 · Hola Leo")


def test_a_decision_says_what_why_and_about_whom() -> None:
    line = Written({"event": "decided", "level": "debug", "what": "held", "why": "window_closed", "contact_id": 7})
    assert entries.sort(line) == ("decision", "info")
    assert entries.told(line) == ("held", "window_closed · contact_id=7")


@pytest.mark.parametrize(("event", "kind"), [("job_done", "job"), ("job_failed", "job"), ("serving", "program")])
def test_other_lines_of_the_log_are_of_jobs_or_of_the_program(event: str, kind: str) -> None:
    line = Written({"event": event, "level": "warning", "job": "blocks"})
    assert entries.sort(line) == (kind, "warning")
    assert entries.told(line) == (event, "job=blocks")


def test_a_long_line_is_cut_and_a_long_part_says_how_much_is_missing() -> None:
    written = Written({"event": "x", "level": "info", "text": "a" * 50_000})
    assert len(entries.told(written).summary) == entries.LONGEST_WORDS
    assert "more" in entries.parts(written)[0].text[-20:]
