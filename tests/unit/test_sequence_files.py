"""Sequences as files: export and import are inverse, and a bad file names its field."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.sequence_files import as_json, parse
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
