"""Sequences as files, TOML or JSON: read with errors that name the field, written so that reading gives the same again.

[[sequence]]
key = "bienvenida"
name = "Bienvenida"
trigger = "first_message"        # or "manual"

[[sequence.steps]]
delay_hours = 2
text = "Hola {name}, ¿en qué te ayudo?"
template = { name = "seguimiento", language = "es", parameters = ["{name}"] }     # proposed when the window is closed
"""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crm.errors import Refused
from crm.model.messages import TemplateRef
from crm.model.sequences import Sequence, SequenceState, Step, Trigger

MAX_FILE = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Template(_Strict):
    name: str = Field(min_length=1, max_length=512)
    language: str = Field(min_length=2, max_length=15)
    parameters: tuple[str, ...] = Field((), max_length=20)


class _Step(_Strict):
    delay_hours: float = Field(ge=0, le=24 * 365)
    text: str = Field(min_length=1, max_length=4096)
    template: _Template | None = None


class _Sequence(_Strict):
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str = Field(min_length=1, max_length=64)
    state: SequenceState = SequenceState.ACTIVE
    trigger: Trigger = Trigger.MANUAL
    steps: tuple[_Step, ...] = Field(min_length=1, max_length=50)


class _File(_Strict):
    sequence: tuple[_Sequence, ...] = Field(min_length=1, max_length=500)

    @field_validator("sequence")
    @classmethod
    def _keys_are_unique(cls, value: tuple[_Sequence, ...]) -> tuple[_Sequence, ...]:
        keys = [each.key for each in value]
        if len(set(keys)) != len(keys):
            raise ValueError("two sequences have the same key")
        return value


def parse(content: bytes, *, json_format: bool) -> list[Sequence]:
    """Read a file. Raises Refused `sequence-file-invalid` with `field` and `problem`."""
    if len(content) > MAX_FILE:
        raise Refused("sequence-file-invalid", field="file", problem=f"is larger than {MAX_FILE} bytes")
    try:
        text = content.decode("utf-8")
        data: Any = json.loads(text) if json_format else tomllib.loads(text)
        file = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise Refused("sequence-file-invalid", field=where, problem=first["msg"]) from None
    except (ValueError, RecursionError) as error:
        raise Refused("sequence-file-invalid", field="file", problem=str(error)[:200]) from None
    return [_plan(each) for each in file.sequence]


def as_json(plans: list[Sequence]) -> str:
    """Write sequences so that `parse` gives them back."""
    return json.dumps({"sequence": [_as_data(plan) for plan in plans]}, ensure_ascii=False, indent=2)


def _plan(data: _Sequence) -> Sequence:
    steps = tuple(
        Step(
            timedelta(hours=step.delay_hours),
            step.text,
            TemplateRef(step.template.name, step.template.language, step.template.parameters)
            if step.template
            else None,
        )
        for step in data.steps
    )
    return Sequence(0, data.key, data.name, data.state, data.trigger, None, steps, 0, datetime.fromtimestamp(0, UTC))


def _as_data(plan: Sequence) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for step in plan.steps:
        data: dict[str, Any] = {"delay_hours": step.delay / timedelta(hours=1), "text": step.text}
        if step.template:
            ref = step.template
            data["template"] = {"name": ref.name, "language": ref.language, "parameters": list(ref.parameters)}
        steps.append(data)
    return {
        "key": plan.key,
        "name": plan.name,
        "state": plan.state.value,
        "trigger": plan.trigger.value,
        "steps": steps,
    }
