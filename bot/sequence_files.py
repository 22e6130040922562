"""Sequences as files, TOML or JSON: read with errors that name the field, written so that reading gives the same again.

[[sequence]]
key = "bienvenida"
name = "Bienvenida"
trigger = "first_message"        # or "manual"

[[sequence.steps]]
delay_hours = 2
text = "Hola {name}, ¿en qué te ayudo?"
template = { name = "seguimiento", language = "es", parameters = ["{name}"] }     # proposed when the window is closed

A template with named variables has `parameters = { nombre = "{name}" }`; `header` fills the variable of its header, `buttons` gives its
buttons what they want: `[{ index = 0, kind = "url", value = "abc" }, { index = 1, kind = "quick_reply", value = "BAJA" }]`.
"""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crm.errors import Refused
from crm.model.messages import ButtonValue, TemplateRef
from crm.model.sequences import Sequence, SequenceState, Step, Trigger

MAX_FILE = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Value = Annotated[str, Field(max_length=1024)]
_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,100}$")]


class _Button(_Strict):
    index: int = Field(ge=0, le=9)
    kind: Literal["url", "copy_code", "quick_reply"]
    value: str = Field(min_length=1, max_length=2000)


class _Template(_Strict):
    name: str = Field(min_length=1, max_length=512)
    language: str = Field(min_length=2, max_length=15)
    parameters: tuple[_Value, ...] | dict[_Name, _Value] = Field((), max_length=20)
    header: str | None = Field(None, min_length=1, max_length=60)
    header_name: _Name | None = None
    buttons: tuple[_Button, ...] = Field((), max_length=10)


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
            _ref(step.template) if step.template else None,
        )
        for step in data.steps
    )
    return Sequence(0, data.key, data.name, data.state, data.trigger, None, steps, 0, datetime.fromtimestamp(0, UTC))


def _ref(given: _Template) -> TemplateRef:
    named = given.parameters if isinstance(given.parameters, dict) else {}
    return TemplateRef(
        given.name,
        given.language,
        tuple(named.values()) if isinstance(given.parameters, dict) else given.parameters,
        tuple(named),
        given.header,
        None,
        tuple(ButtonValue(each.index, each.kind, each.value) for each in given.buttons),
        given.header_name,
    )


def _ref_data(ref: TemplateRef) -> dict[str, Any]:
    values = dict(zip(ref.names, ref.parameters, strict=True)) if ref.names else list(ref.parameters)
    data: dict[str, Any] = {"name": ref.name, "language": ref.language, "parameters": values}
    if ref.buttons:
        data["buttons"] = [{"index": each.index, "kind": each.kind, "value": each.value} for each in ref.buttons]
    more = {"header": ref.header, "header_name": ref.header_name}
    return data | {key: value for key, value in more.items() if value is not None}


def _as_data(plan: Sequence) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for step in plan.steps:
        data: dict[str, Any] = {"delay_hours": step.delay / timedelta(hours=1), "text": step.text}
        if step.template:
            data["template"] = _ref_data(step.template)
        steps.append(data)
    return {
        "key": plan.key,
        "name": plan.name,
        "state": plan.state.value,
        "trigger": plan.trigger.value,
        "steps": steps,
    }
