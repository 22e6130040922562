"""Templates: the messages Meta has read beforehand, and the checks a template send must pass.

Reference: section 3 (template payload, positional and named parameters) and the 132xxx codes of section 4.1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.graph.errors import GraphError, Json

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FORBIDDEN_IN_A_PARAMETER = re.compile(r"[\n\t]| {5,}")
BODY_LIMIT = 1024

REFUSED_BY_STATUS = {"PAUSED": 132015, "DISABLED": 132016}


@dataclass(slots=True)
class Template:
    """One template in one language, as the WhatsApp Business Account holds it."""

    id: str
    name: str
    language: str
    category: str
    body: str
    status: str = "APPROVED"
    header: str | None = None
    footer: str | None = None
    buttons: tuple[Json, ...] = ()
    quality: str = "UNKNOWN"
    rated_at: int = 0
    header_format: str = "TEXT"
    reason: str | None = None
    previous_category: str | None = None

    def element(self) -> Json:
        """Return the template as `GET /{waba}/message_templates` lists it."""
        named = any(not each.isdigit() for each in placeholders(self.body))
        components: list[Json] = []
        if self.header_format != "TEXT":
            components.append({"type": "HEADER", "format": self.header_format})
        elif self.header is not None:
            components.append({"type": "HEADER", "format": "TEXT", "text": self.header})
        components.append({"type": "BODY", "text": self.body})
        if self.footer is not None:
            components.append({"type": "FOOTER", "text": self.footer})
        if self.buttons:
            components.append({"type": "BUTTONS", "buttons": list(self.buttons)})
        return {
            "name": self.name,
            "parameter_format": "NAMED" if named else "POSITIONAL",
            "components": components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "quality_score": {"score": self.quality, "date": self.rated_at},
            "id": self.id,
        }


def placeholders(text: str) -> list[str]:
    """Return the distinct placeholders of a text, in order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def choose(templates: Sequence[Template], content: Json) -> Template:
    """Find the template a send names, or refuse it (132001, 132015, 132016)."""
    name, language = content["name"], content["language"]["code"]
    found = next((each for each in templates if (each.name, each.language) == (name, language)), None)
    if found is None or found.status not in ("APPROVED", *REFUSED_BY_STATUS):
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if found.status in REFUSED_BY_STATUS:
        raise GraphError(REFUSED_BY_STATUS[found.status])
    return found


def render(template: Template, content: Json) -> str:
    """Check the parameters and return the text the person will read."""
    return "\n".join(part for part in parts(template, content) if part is not None)


def parts(template: Template, content: Json) -> tuple[str | None, str, str | None]:
    """Check the parameters and return header, body and footer as the person will read them."""
    header = _fill(template.header, "header", content) if template.header is not None else None
    if template.header_format != "TEXT":
        header = _above(template.header_format.lower(), content)
    _tapped(template.buttons, content)
    body = _fill(template.body, "body", content)
    if len(body) > BODY_LIMIT:
        raise GraphError(132005)
    return header, body, template.footer


def header_file(content: Json) -> str | None:
    """Return the id of the file that a send puts into the header."""
    for parameter in _parameters("header", content):
        given = parameter.get(str(parameter.get("type")))
        if isinstance(given, dict) and given.get("id"):
            return str(given["id"])
    return None


def _parameters(where: str, content: Json) -> list[Json]:
    return [
        parameter
        for component in content.get("components") or ()
        if str(component.get("type", "")).lower() == where
        for parameter in component.get("parameters") or ()
    ]


def _above(form: str, content: Json) -> str:
    """Check the file or the place that must stand above (132012)."""
    given = _parameters("header", content)
    if [each.get("type") for each in given] != [form]:
        kinds = [each.get("type") for each in given] or "UNKNOWN"
        raise GraphError(132012, f"header: Format mismatch, expected {form.upper()}, received {kinds}")
    inner = given[0].get(form)
    wanted = ("latitude", "longitude") if form == "location" else ("id",)
    linked = isinstance(inner, dict) and form != "location" and bool(inner.get("link"))
    if not isinstance(inner, dict) or not (linked or all(inner.get(key) not in (None, "") for key in wanted)):
        raise GraphError(131008, f"Parameter of type {form} is missing its value")
    return f"[{form}]"


def _tapped(buttons: Sequence[Json], content: Json) -> None:
    """Check what the buttons are given: the end of an address, a code (131008, 132018)."""
    given = {
        str(each.get("index")): (str(each.get("sub_type", "")).lower(), each.get("parameters") or [])
        for each in content.get("components") or ()
        if str(each.get("type", "")).lower() == "button"
    }
    for index, button in enumerate(buttons):
        kind, parameters = given.pop(str(index), ("", []))
        variable = button.get("type") == "URL" and placeholders(str(button.get("url", "")))
        if (variable or button.get("type") == "COPY_CODE") and not parameters:
            raise GraphError(131008, f"Button at index {index} of type {button.get('type')} requires a parameter")
        if button.get("type") == "URL" and not variable and parameters:
            raise GraphError(132018, f"Button at index {index} takes no parameter")
        if kind and kind != str(button.get("type")).lower():
            raise GraphError(132018, f"Button at index {index} is not of type {kind}")
    if given:
        raise GraphError(132018, f"There is no button at index {min(given)}")


def _fill(text: str, where: str, content: Json) -> str:
    names = placeholders(text)
    given = _parameters(where, content)
    if len(given) != len(names):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(given)}) does not match the expected number ({len(names)})",
        )
    values = _values(names, given)
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _values(names: list[str], given: list[Json]) -> dict[str, str]:
    if all(name.isdigit() for name in names):
        by_name = dict(zip(sorted(names, key=int), given, strict=True))
    else:
        by_name = {str(each.get("parameter_name")): each for each in given}
        if set(by_name) != set(names):
            raise GraphError(132012, f"parameter names {sorted(by_name)} do not match {sorted(names)}")
    values = {name: _text(parameter) for name, parameter in by_name.items()}
    if any(FORBIDDEN_IN_A_PARAMETER.search(value) for value in values.values()):
        raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return values


def _text(parameter: Json) -> str:
    kind = parameter.get("type")
    if kind == "text" and isinstance(parameter.get("text"), str) and parameter["text"]:
        return str(parameter["text"])
    if kind in ("currency", "date_time") and isinstance(parameter.get(kind), dict):
        return str(parameter[kind].get("fallback_value", ""))
    raise GraphError(131008, "Parameter of type text is missing text value")
