"""How each kind of happening reads in the journal: a title and a summary for the line, every byte for whoever opens it.

Technical words and codes only, as they stand on the wire and in the log; they are the same in every language.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.graph import Exchange, WebhookRecord
from sandbox.telegram import Call

LONGEST_PART, LONGEST_WORDS = 20_000, 120
JOBS = frozenset({"job_done", "job_failed"})
FRAME = frozenset({"event", "level", "timestamp", "what", "why", "logger"})


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the program's own log."""

    line: Mapping[str, Any]


Source = Exchange | WebhookRecord | Call | Written


class Told(NamedTuple):
    """The words of a line."""

    title: str
    summary: str


class Part(NamedTuple):
    """One thing to read in an opened line."""

    name: str
    text: str


def matters(source: Source) -> bool:
    """Leave out the polls that brought nothing."""
    return not (isinstance(source, Call) and source.method == "getUpdates" and not source.answer and not source.error)


def sort(source: Source) -> tuple[str, str]:
    """Return kind and level; cheap, because it is asked for everything that happens."""
    match source:
        case Exchange():
            return "graph", "error" if source.status is None else "warning" if source.refused else "info"
        case WebhookRecord():
            return "webhook", "info" if source.status == 200 else "warning"
        case Call():
            return "telegram", "warning" if source.error else "info"
        case Written():
            event, level = source.line.get("event"), str(source.line.get("level", "info"))
            shown = level if level in ("warning", "error") else "error" if level == "critical" else "info"
            return "decision" if event == "decided" else "job" if event in JOBS else "program", shown


def told(source: Source) -> Told:
    """Return what the line says."""
    match source:
        case Exchange():
            return _exchange(source)
        case WebhookRecord():
            return _webhook(source)
        case Call():
            return _call(source)
        case Written():
            return _written(source)


def parts(source: Source) -> list[Part]:
    """Return everything there is to read."""
    match source:
        case Exchange():
            head = {"method": source.method, "path": source.path, "query": dict(source.query)}
            request = _as_json(head) if not source.request else f"{_as_json(head)}\n\n{_pretty(source.request)}"
            answer = f"{source.status or 'no answer'}\n\n{_pretty(source.answer)}".strip()
            return [Part("request", request), Part("response", answer)]
        case WebhookRecord():
            posted = f"attempt {source.attempt}\nX-Hub-Signature-256: {source.signature}"
            heard = str(source.status) if source.status is not None else str(source.error)
            return [Part("request", posted), Part("body", _pretty(source.body)), Part("response", heard)]
        case Call():
            answer = source.error if source.error is not None else _as_json(source.answer)
            return [Part("request", f"{source.method}\n\n{_as_json(source.params)}"), Part("response", answer)]
        case Written():
            return [Part("line", _as_json(dict(source.line)))]


def _exchange(call: Exchange) -> Told:
    said = [str(call.status or "no answer")]
    if call.path.endswith("/messages"):
        asked = _parsed(call.request)
        said.append(" ".join(filter(None, (_kind(asked), "→", str(asked.get("to") or asked.get("recipient") or "")))))
    if call.refused and (error := _parsed(call.answer).get("error")):
        said.append(f"{error.get('code')} {error.get('error_data', {}).get('details') or error.get('message')}")
    return Told(f"{call.method} {call.path}", _short(said))


def _kind(asked: Mapping[str, Any]) -> str:
    if "status" in asked:
        return str(asked["status"])
    kind = str(asked.get("type", ""))
    template = asked.get("template")
    return f"{kind} {template.get('name')}" if isinstance(template, dict) else kind


def _webhook(record: WebhookRecord) -> Told:
    changes = [change for entry in _parsed(record.body).get("entry", ()) for change in entry.get("changes", ())]
    said = [str(record.status) if record.status is not None else str(record.error), *_changes(changes)]
    if record.attempt > 1:
        said.insert(1, f"attempt {record.attempt}")
    fields = ", ".join(dict.fromkeys(str(change.get("field")) for change in changes)) or "?"
    return Told(fields, _short(said))


def _changes(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the changes are about, a word or two each."""
    said = []
    for change in changes:
        value = change.get("value") or {}
        said += [
            f"{each.get('type')} ← {each.get('from') or each.get('from_user_id')}" for each in _of(value, "messages")
        ]
        said += [
            f"{each.get('type')} → {each.get('to') or each.get('to_user_id')}" for each in _of(value, "message_echoes")
        ]
        for each in _of(value, "statuses"):
            codes = [str(error.get("code")) for error in each.get("errors", ())]
            said.append(" ".join([str(each.get("status")), *codes]))
        said += [f"{each.get('category')} {each.get('value')}" for each in _of(value, "user_preferences")]
    return said


def _of(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = value.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _call(call: Call) -> Told:
    said: list[str] = [call.error] if call.error is not None else []
    if call.method == "getUpdates" and isinstance(call.answer, list):
        said += [next((key for key in update if key != "update_id"), "") for update in call.answer]
    else:
        where = call.params.get("chat_id")
        said += [str(where)] if where is not None else []
        said += [str(call.params[key]) for key in ("text", "caption") if call.params.get(key)]
    return Told(call.method, _short(said))


def _written(source: Written) -> Told:
    line = source.line
    event = str(line.get("event", ""))
    facts = [f"{key}={value}" for key, value in line.items() if key not in FRAME and value is not None]
    if event == "decided":
        why = [str(line["why"])] if line.get("why") else []
        return Told(str(line.get("what", "")), _short([*why, *facts]))
    return Told(event, _short(facts))


def _short(said: Iterable[str]) -> str:
    words = " · ".join(" ".join(each.split()) for each in said if each)
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pretty(raw: bytes) -> str:
    """Return JSON with indents, anything else as it is."""
    try:
        return _as_json(json.loads(raw))
    except (ValueError, RecursionError):
        return _cut(raw.decode(errors="replace"))


def _as_json(value: object) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, indent=2, default=repr))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]}\n… {len(text) - LONGEST_PART} more"
