"""Templates as the Graph API lists them, read tolerantly: what one component says in a way we do not know harms no other.

Shapes: `GET /{waba_id}/message_templates` with `name, language, category, status, components, parameter_format, quality_score` and the
rest of FIELDS. A component that this version cannot fill (a carousel, a catalogue, a limited-time offer) makes the template unfit to
be sent from here, and nothing worse.
"""

import re
from typing import Any

from bot.whatsapp.wire import Id, Malformed, Wire, clean, items, objects, section, string, validated
from crm.model.templates import ButtonKind, Components, Header, HeaderKind, TemplateButton, TemplateFacts

FIELDS = (
    "id,name,language,category,status,components,parameter_format,quality_score,rejected_reason,"
    "previous_category,correct_category"
)
LONGEST = 4_096
MOST_BUTTONS = 10

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_KNOWN = frozenset({"HEADER", "BODY", "FOOTER", "BUTTONS"})
_TARGETS = {
    ButtonKind.URL: "url",
    ButtonKind.PHONE_NUMBER: "phone_number",
    ButtonKind.COPY_CODE: "example",
    ButtonKind.FLOW: "flow_id",
}
_UNFIT_BUTTONS = frozenset({"CATALOG", "MPM", "SPM"})


class _Head(Wire):
    name: Id
    language: Id
    category: str = ""
    status: str = ""


def template_facts(answer: dict[str, Any]) -> list[TemplateFacts]:
    """Read one page of templates, leaving out those that cannot be read."""
    found = []
    for raw in items(answer, "data"):
        try:
            found.append(_facts(raw))
        except Malformed:
            continue
    return found


def _facts(raw: Any) -> TemplateFacts:
    head = validated(_Head, raw)
    category = head.category.lower()
    rejected = string(raw.get("rejected_reason"), 200)
    return TemplateFacts(
        name=head.name,
        language=head.language.replace("-", "_"),
        category=category,
        status=head.status.upper(),
        components=components(raw),
        meta_id=string(raw.get("id"), 64),
        quality=(string(section(raw, "quality_score").get("score"), 32) or "").upper(),
        reason=rejected if rejected and rejected.upper() != "NONE" else None,
        previous_category=_lower(raw.get("previous_category")),
        next_category=_lower(raw.get("correct_category")),
    )


def components(raw: dict[str, Any]) -> Components:
    """What the template says, by its components."""
    parts = {str(each.get("type")).upper(): each for each in objects(raw, "components")}
    body = _words(parts.get("BODY"))
    buttons = objects(parts.get("BUTTONS", {}), "buttons")[:MOST_BUTTONS]
    unfit = next((kind for kind in parts if kind not in _KNOWN), None)
    unfit = unfit or next((kind for each in buttons if (kind := str(each.get("type")).upper()) in _UNFIT_BUTTONS), None)
    header = _header(parts["HEADER"]) if "HEADER" in parts else None
    if header is not None and header.kind is HeaderKind.OTHER:
        unfit = unfit or f"HEADER {string(parts['HEADER'].get('format'), 32)}"
    form = string(raw.get("parameter_format"), 32)
    named = form.upper() == "NAMED" if form else any(not name.isdigit() for name in _PLACEHOLDER.findall(body))
    return Components(
        body=body,
        header=header,
        footer=_words(parts.get("FOOTER")),
        buttons=tuple(map(_button, buttons)),
        named=named,
        unfit=unfit[:64] if unfit else None,
    )


def _header(raw: dict[str, Any]) -> Header:
    form = (string(raw.get("format"), 32) or "TEXT").lower()
    kind = HeaderKind(form) if form in set(HeaderKind) else HeaderKind.OTHER
    return Header(kind, _words(raw))


def _button(raw: dict[str, Any]) -> TemplateButton:
    form = str(raw.get("type")).lower()
    kind = ButtonKind(form) if form in set(ButtonKind) else ButtonKind.OTHER
    target = raw.get(_TARGETS.get(kind, ""))
    if isinstance(target, list):
        target = target[0] if target else ""
    return TemplateButton(kind, clean(string(raw.get("text"), 200) or ""), clean(string(target, 2_000) or ""))


def _words(raw: dict[str, Any] | None) -> str:
    return clean(string((raw or {}).get("text"), LONGEST) or "")


def _lower(value: object) -> str | None:
    text = string(value, 64)
    return text.lower() if text else None
