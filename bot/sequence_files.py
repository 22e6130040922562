"""Sequences as files, TOML or JSON: read with errors that name the field and, in TOML, its line; written so that reading gives the same
again. docs/sequence.schema.json is the same shape for editors and other programs.

[[sequence]]
key = "bienvenida"
name = "Bienvenida"
trigger = "first_message"        # manual, first_message, keyword, ad, tag, import
hours = { from = "09:00", to = "20:00", weekdays = [1, 2, 3, 4, 5] }     # the contact's local time; 1 is Monday
tolerance_hours = 3              # so much earlier, if that reaches the open window

[[sequence.steps]]
delay_hours = 2
text = "Hola {name}, ¿quieres ver el catálogo?"
buttons = ["Sí", "No"]
branches = [ { on = ["Sí"], to = "catalogo" }, { on = ["No"], to = "end" } ]
template = { name = "seguimiento", language = "es", parameters = ["{name}"] }     # proposed when the window is closed

[[sequence.steps]]
label = "catalogo"
delay_hours = 0
text = "Aquí va, {name|amigo}"
when = [ { tag = "vip", not = true }, { field = "ciudad", is = "Rosario" } ]
"""

import json
import re
import tomllib
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from crm.errors import Refused
from crm.model.media import KeptFile, MediaKind
from crm.model.messages import TemplateRef
from crm.model.sequences import (
    END,
    EVERY_DAY,
    Branch,
    Condition,
    Hours,
    OnReply,
    Rules,
    Sequence,
    SequenceState,
    Step,
    Subject,
    Trigger,
    Variant,
)

MAX_FILE = 1_000_000
HOUR = timedelta(hours=1)

Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Annotated[int, Field(ge=1, le=7)]
Span = Annotated[float, Field(ge=0, le=24 * 365)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Template(_Strict):
    name: str = Field(min_length=1, max_length=512)
    language: str = Field(min_length=2, max_length=15)
    parameters: tuple[str, ...] = Field((), max_length=20)
    names: tuple[str, ...] = Field((), max_length=20)
    header: str | None = None
    header_name: str | None = None


class _File(_Strict):
    """A file that was kept before (`centralita sequences keep`)."""

    kind: MediaKind
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    mime_type: str = Field(max_length=100)
    name: str | None = Field(None, max_length=240)
    size: int = Field(ge=1)


class _Branch(_Strict):
    on: tuple[Annotated[str, StringConstraints(min_length=1, max_length=60)], ...] = Field(min_length=1, max_length=20)
    to: Label


class _Variant(_Strict):
    name: Label
    weight: int = Field(1, ge=1, le=1000)
    text: Words


class _Condition(_Strict):
    """Exactly one of the four; `not` turns it round."""

    tag: Tag | None = None
    field: Label | None = None
    is_: str | None = Field(None, alias="is", max_length=200)
    replied: bool | None = None
    window: bool | None = None
    not_: bool = Field(False, alias="not")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.tag, self.field, self.replied, self.window)) != 1:
            raise ValueError("name exactly one of tag, field, replied, window")
        if self.is_ is not None and self.field is None:
            raise ValueError("`is` goes with `field`")
        return self


class _Step(_Strict):
    delay_hours: Span
    text: Words
    template: _Template | None = None
    label: Label | None = None
    buttons: tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)], ...] = Field(
        (), max_length=3
    )
    file: _File | None = None
    when: tuple[_Condition, ...] = Field((), max_length=10)
    branches: tuple[_Branch, ...] = Field((), max_length=20)
    variants: tuple[_Variant, ...] = Field((), max_length=10)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.buttons and self.file:
            raise ValueError("a step has either buttons or a file")
        if self.buttons and max(len(self.text), *(len(each.text) for each in self.variants), 0) > 1024:
            raise ValueError("words with buttons have at most 1024 characters")
        if len(set(self.buttons)) != len(self.buttons):
            raise ValueError("two buttons have the same title")
        return self


class _Hours(_Strict):
    from_: Clock = Field(alias="from")
    to: Clock
    weekdays: tuple[Day, ...] = Field(tuple(sorted(EVERY_DAY)), min_length=1, max_length=7)

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.from_ >= self.to:
            raise ValueError("`from` must be earlier than `to`")
        return self


class _Sequence(_Strict):
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str = Field(min_length=1, max_length=64)
    state: SequenceState = SequenceState.ACTIVE
    trigger: Trigger = Trigger.MANUAL
    hours: _Hours | None = None
    tolerance_hours: Annotated[float, Field(ge=0, le=72)] = 0
    on_reply: OnReply = OnReply.PAUSE
    exit_tags: tuple[Tag, ...] = Field((), max_length=20)
    keywords: tuple[Annotated[str, StringConstraints(min_length=2, max_length=60)], ...] = Field((), max_length=50)
    ads: tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...] = Field((), max_length=50)
    tag: Tag | None = None
    again_after_hours: Span | None = None
    steps: tuple[_Step, ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        labels = [step.label for step in self.steps if step.label]
        if len(set(labels)) != len(labels) or END in labels:
            raise ValueError(f"labels must differ from each other and from {END}")
        for step in self.steps:
            for branch in step.branches:
                if branch.to not in {*labels, END}:
                    raise ValueError(f"a branch leads to {branch.to}, which no step is labelled")
        if (self.trigger is Trigger.KEYWORD) != bool(self.keywords):
            raise ValueError("keywords go with the trigger keyword")
        if (self.trigger is Trigger.TAG) != (self.tag is not None):
            raise ValueError("a tag goes with the trigger tag")
        if self.ads and self.trigger is not Trigger.AD:
            raise ValueError("ads go with the trigger ad")
        return self


class _Sequences(_Strict):
    sequence: tuple[_Sequence, ...] = Field(min_length=1, max_length=500)

    @field_validator("sequence")
    @classmethod
    def _keys_are_unique(cls, value: tuple[_Sequence, ...]) -> tuple[_Sequence, ...]:
        keys = [each.key for each in value]
        if len(set(keys)) != len(keys):
            raise ValueError("two sequences have the same key")
        return value


def schema() -> dict[str, Any]:
    """The JSON Schema of a file."""
    described = _Sequences.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described, "title": "Centralita sequences"}


def parse(content: bytes, *, json_format: bool) -> list[Sequence]:
    """Read a file. Raises Refused `sequence-file-invalid` with `field` (with its line, in TOML) and `problem`."""
    if len(content) > MAX_FILE:
        raise Refused("sequence-file-invalid", field="file", problem=f"is larger than {MAX_FILE} bytes")
    text = ""
    try:
        text = content.decode("utf-8")
        data: Any = json.loads(text) if json_format else tomllib.loads(text)
        file = _Sequences.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        line = None if json_format else _line(text, first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        at = {} if line is None else {"line": line}
        raise Refused(
            "sequence-file-invalid", field=where, problem=problem if line is None else f"{problem} (line {line})", **at
        ) from None
    except (ValueError, RecursionError) as error:
        raise Refused("sequence-file-invalid", field="file", problem=str(error)[:200]) from None
    return [_plan(each) for each in file.sequence]


def as_json(plans: list[Sequence]) -> str:
    """Write sequences so that `parse` gives them back."""
    written = _Sequences(sequence=tuple(_written(plan) for plan in plans)).model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
    return json.dumps(written, ensure_ascii=False, indent=2)


def _line(text: str, loc: tuple[int | str, ...]) -> int | None:
    """The line of a TOML file on which what `loc` names is written, as near as its headers and keys tell; None if they do not."""
    lines, number = text.splitlines(), 0
    headers = {"sequence": r"\[\[\s*sequence\s*\]\]", "steps": r"\[\[\s*sequence\s*\.\s*steps\s*\]\]"}
    found: int | None = None
    parts = list(loc)
    while len(parts) >= 2 and parts[0] in headers and isinstance(parts[1], int):
        begun = [n for n, line in enumerate(lines[number:], number) if re.match(rf"\s*{headers[str(parts[0])]}", line)]
        if parts[1] >= len(begun):
            return found
        number = begun[parts[1]] + 1
        found = number
        parts = parts[2:]
    if parts and isinstance(parts[0], str):
        for n, line in enumerate(lines[number:], number + 1):
            if line.lstrip().startswith("[["):
                break
            if re.match(rf"\s*{re.escape(parts[0])}\s*=", line):
                return n
    return found


def _plan(data: _Sequence) -> Sequence:
    rules = Rules(
        hours=None
        if data.hours is None
        else Hours(
            time.fromisoformat(data.hours.from_), time.fromisoformat(data.hours.to), frozenset(data.hours.weekdays)
        ),
        tolerance=data.tolerance_hours * HOUR,
        on_reply=data.on_reply,
        exit_tags=frozenset(data.exit_tags),
        keywords=data.keywords,
        ads=data.ads,
        entry_tag=data.tag,
        again_after=None if data.again_after_hours is None else data.again_after_hours * HOUR,
    )
    steps = tuple(map(_step, data.steps))
    return Sequence(
        0, data.key, data.name, data.state, data.trigger, None, steps, 0, datetime.fromtimestamp(0, UTC), rules
    )


def _step(data: _Step) -> Step:
    ref = data.template
    template = (
        TemplateRef(ref.name, ref.language, ref.parameters, ref.names, header=ref.header, header_name=ref.header_name)
        if ref
        else None
    )
    file = data.file
    kept = KeptFile(file.kind, file.key, file.mime_type, file.name, file.size) if file else None
    return Step(
        data.delay_hours * HOUR,
        data.text,
        template,
        data.label,
        data.buttons,
        kept,
        tuple(map(_condition, data.when)),
        tuple(Branch(branch.on, branch.to) for branch in data.branches),
        tuple(Variant(each.name, each.weight, each.text) for each in data.variants),
    )


def _condition(data: _Condition) -> Condition:
    if data.tag is not None:
        return Condition(Subject.TAG, data.tag, None, data.not_)
    if data.field is not None:
        return Condition(Subject.FIELD, data.field, data.is_, data.not_)
    if data.replied is not None:
        return Condition(Subject.REPLIED, negated=data.not_ is data.replied)
    return Condition(Subject.WINDOW, negated=data.not_ is data.window)


def _written(plan: Sequence) -> _Sequence:
    rules = plan.rules
    days = tuple(sorted(rules.hours.weekdays)) if rules.hours else ()
    return _Sequence(
        key=plan.key,
        name=plan.name,
        state=plan.state,
        trigger=plan.trigger,
        hours=_Hours(from_=f"{rules.hours.start:%H:%M}", to=f"{rules.hours.end:%H:%M}", weekdays=days)
        if rules.hours
        else None,
        tolerance_hours=rules.tolerance / HOUR,
        on_reply=rules.on_reply,
        exit_tags=tuple(sorted(rules.exit_tags)),
        keywords=rules.keywords,
        ads=rules.ads,
        tag=rules.entry_tag,
        again_after_hours=None if rules.again_after is None else rules.again_after / HOUR,
        steps=tuple(map(_written_step, plan.steps)),
    )


def _written_step(step: Step) -> _Step:
    ref, file = step.template, step.file
    return _Step(
        delay_hours=step.delay / HOUR,
        text=step.text,
        template=_Template(
            name=ref.name,
            language=ref.language,
            parameters=ref.parameters,
            names=ref.names,
            header=ref.header,
            header_name=ref.header_name,
        )
        if ref
        else None,
        label=step.label,
        buttons=step.buttons,
        file=_File(kind=file.kind, key=file.key, mime_type=file.mime_type, name=file.name, size=file.size)
        if file
        else None,
        when=tuple(map(_written_condition, step.conditions)),
        branches=tuple(_Branch(on=branch.answers, to=branch.to) for branch in step.branches),
        variants=tuple(_Variant(name=each.name, weight=each.weight, text=each.text) for each in step.variants),
    )


def _written_condition(condition: Condition) -> _Condition:
    match condition.subject:
        case Subject.TAG:
            return _Condition(tag=condition.name, not_=condition.negated)
        case Subject.FIELD:
            return _Condition(field=condition.name, is_=condition.value, not_=condition.negated)
        case Subject.REPLIED:
            return _Condition(replied=not condition.negated)
        case Subject.WINDOW:
            return _Condition(window=not condition.negated)
