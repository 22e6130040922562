"""Sequences as files: export and import are inverse, and a bad file names its field."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sequence_files import as_json, parse, schema
from crm.errors import Refused

GOOD = b"""
[[sequence]]
key = "bienvenida"
name = "Bienvenida"
trigger = "first_message"
[[sequence.steps]]
delay_hours = 2
text = "Hola {name}"
template = { name = "seguimiento", language = "es", parameters = ["{name}"] }
"""
STEP: dict[str, Any] = {"delay_hours": 1, "text": "Hola"}
PLAN: dict[str, Any] = {"key": "a", "name": "A", "steps": [STEP]}


def test_what_is_exported_is_imported_the_same() -> None:
    plans = parse(GOOD, json_format=False)
    again = parse(as_json(plans).encode(), json_format=True)
    assert [replace(p, version=0) for p in again] == plans


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "file"),
        ({}, "sequence"),
        ({"sequence": []}, "sequence"),
        ({"sequence": [{**PLAN, "key": "Con Espacios"}]}, "sequence.0.key"),
        ({"sequence": [{**PLAN, "name": ""}]}, "sequence.0.name"),
        ({"sequence": [{**PLAN, "steps": []}]}, "sequence.0.steps"),
        ({"sequence": [{**PLAN, "trigger": "moon"}]}, "sequence.0.trigger"),
        ({"sequence": [{**PLAN, "colour": "red"}]}, "sequence.0.colour"),
        ({"sequence": [{**PLAN, "steps": [{**STEP, "delay_hours": -1}]}]}, "sequence.0.steps.0.delay_hours"),
        ({"sequence": [{**PLAN, "steps": [{**STEP, "delay_hours": 1e9}]}]}, "sequence.0.steps.0.delay_hours"),
        ({"sequence": [{**PLAN, "steps": [{**STEP, "text": "x" * 5000}]}]}, "sequence.0.steps.0.text"),
        (
            {"sequence": [{**PLAN, "steps": [{**STEP, "template": {"name": "t"}}]}]},
            "sequence.0.steps.0.template.language",
        ),
        ({"sequence": [PLAN, PLAN]}, "sequence"),
    ],
)
def test_a_bad_file_names_its_field(data: object, field: str) -> None:
    with pytest.raises(Refused) as problem:
        parse(json.dumps(data).encode(), json_format=True)
    assert problem.value.params["field"] == field


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[[sequence", b"", b"[" * 200_000, b"x" * 2_000_000])
def test_a_file_that_cannot_be_read_says_so(content: bytes) -> None:
    for json_format in (True, False):
        with pytest.raises(Refused, match="sequence-file-invalid"):
            parse(content, json_format=json_format)


DEEP = b"""
[[sequence]]
key = "oferta"
name = "Oferta"
state = "draft"
trigger = "keyword"
keywords = ["precio", "lista de precios"]
hours = { from = "09:00", to = "20:30", weekdays = [1, 2, 3] }
tolerance_hours = 3.5
on_reply = "exit"
exit_tags = ["comprado"]
again_after_hours = 720

[[sequence.steps]]
delay_hours = 0
text = "Hola {name|amigo}"
buttons = ["Si", "No"]
branches = [ { on = ["Si"], to = "va" }, { on = ["No"], to = "end" } ]
variants = [ { name = "a", weight = 2, text = "Hola A" }, { name = "b", text = "Hola B" } ]

[[sequence.steps]]
label = "va"
delay_hours = 1.25
text = "Va"
file = { kind = "document", key = "%s", mime_type = "application/pdf", name = "lista.pdf", size = 12 }
when = [ { tag = "vip", not = true }, { field = "ciudad", is = "Rosario" }, { replied = false }, { window = true } ]
""" % (b"ab" * 32)


def test_a_deep_plan_survives_export_and_import() -> None:
    plans = parse(DEEP, json_format=False)
    assert parse(as_json(plans).encode(), json_format=True) == plans
    (plan,) = plans
    assert plan.rules.hours is not None
    assert (plan.rules.tolerance, plan.rules.hours.end.minute) == (timedelta(hours=3.5), 30)
    assert [condition.negated for condition in plan.steps[1].conditions] == [True, False, True, False]


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        (b"delay_hours = 1.25", b"delay_hours = -1", "sequence.0.steps.1.delay_hours", 23),
        (b'to = "va" }', b'to = "nadie" }', "sequence.0", 2),
        (b'from = "09:00"', b'from = "21:00"', "sequence.0.hours", 8),
        (b'on_reply = "exit"', b'on_reply = "jump"', "sequence.0.on_reply", 10),
        (b'keywords = ["precio", "lista de precios"]', b"", "sequence.0", 2),
        (b'{ tag = "vip", not = true }', b'{ tag = "vip", field = "x" }', "sequence.0.steps.1.when.0", 26),
        (b'buttons = ["Si", "No"]', b'buttons = ["Si", "Si"]', "sequence.0.steps.0", 14),
    ],
)
def test_an_error_in_a_toml_file_names_field_and_line(old: bytes, new: bytes, field: str, line: int) -> None:
    with pytest.raises(Refused) as problem:
        parse(DEEP.replace(old, new), json_format=False)
    assert (problem.value.params["field"], problem.value.params["line"]) == (field, line)


def test_the_published_schema_is_the_one_that_is_checked() -> None:
    published = Path(__file__).parents[2] / "docs" / "sequence.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema()
