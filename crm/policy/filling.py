"""How a template is filled in: which values it wants, what is proposed for them, what it reads like then, and what does not fit.

Meta refuses a send whose values do not match the approved components (132000, 132012, 132018; reference 4.1), and a refusal costs a
call and the template's good name. So everything is checked here, on our copy, before a person confirms and again before it leaves.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.model.contents import Location
from crm.model.media import MediaKind
from crm.model.messages import ButtonValue, TemplateRef
from crm.model.templates import ButtonKind, Components, Header, HeaderKind, Preview, Template, TemplateButton

BODY_LIMIT, HEADER_LIMIT, URL_LIMIT, CODE_LIMIT, PAYLOAD_LIMIT = 1_024, 60, 2_000, 15, 128

FILES = {
    HeaderKind.IMAGE: MediaKind.IMAGE,
    HeaderKind.VIDEO: MediaKind.VIDEO,
    HeaderKind.DOCUMENT: MediaKind.DOCUMENT,
}
NAMES_OF_PEOPLE = frozenset(
    {"name", "first_name", "firstname", "nombre", "primer_nombre", "nome", "primeiro_nome", "cliente", "customer_name"}
)

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FORBIDDEN_SPACE = re.compile(r"[\r\n\t]+| {4,}")
_PLACE = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


class SlotKind(StrEnum):
    BODY = "body"
    HEADER = "header"
    FILE = "file"
    PLACE = "place"
    URL = "url"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Slot:
    """One value that a template wants. `key` names it within the template, `name` is its variable's or its button's, `around` the text
    that it stands in; `media` the kind of file."""

    key: str
    kind: SlotKind
    name: str
    around: str
    media: MediaKind | None = None


class Unfit(ValueError):
    """A value does not fit; `code` is the error's, `slot` says which."""

    def __init__(self, code: str, slot: str, limit: int = 0) -> None:
        super().__init__(f"{code} {slot}")
        self.code, self.slot, self.limit = code, slot, limit


def placeholders(text: str) -> list[str]:
    """The distinct variables of a text: by number where they are numbered, else in their order."""
    names = list(dict.fromkeys(_PLACEHOLDER.findall(text)))
    return sorted(names, key=int) if all(name.isdigit() for name in names) else names


def repaired(text: str) -> str:
    """A value as Meta takes it: without line breaks, tabs, or four blanks in a row (132018); one blank reads the same."""
    return _FORBIDDEN_SPACE.sub(" ", text).strip()


def slots(components: Components) -> tuple[Slot, ...]:
    """Every value that must be given, in the order in which the message is read."""
    return (*_of_header(components.header), *_of_body(components.body), *_of_buttons(components.buttons))


def _of_header(header: Header | None) -> Iterator[Slot]:
    if header is None:
        return
    if header.kind in FILES:
        yield Slot("header", SlotKind.FILE, header.kind.value, "", FILES[header.kind])
    elif header.kind is HeaderKind.LOCATION:
        yield Slot("header", SlotKind.PLACE, header.kind.value, "")
    else:
        for name in placeholders(header.text)[:1]:
            yield Slot("header", SlotKind.HEADER, name, header.text)


def _of_body(body: str) -> Iterator[Slot]:
    for name in placeholders(body):
        yield Slot(f"body.{name}", SlotKind.BODY, name, body)


def _of_buttons(buttons: tuple[TemplateButton, ...]) -> Iterator[Slot]:
    for index, button in enumerate(buttons):
        if button.kind is ButtonKind.URL and placeholders(button.target):
            yield Slot(f"button.{index}", SlotKind.URL, button.text, button.target)
        elif button.kind is ButtonKind.COPY_CODE:
            yield Slot(f"button.{index}", SlotKind.CODE, button.text, button.target)


def proposed(template: Template, first_name: str | None, wanted: TemplateRef | None) -> dict[str, str]:
    """Values that are known beforehand: those of a step that wanted this very template, else the person's first name where a name is
    asked for by its name, or first of all."""
    components = template.components
    if components is None:
        return {}
    own = wanted is not None and (wanted.name, wanted.language) == (template.name, template.language)
    found = values_of(components, wanted) if own and wanted is not None else {}
    if not first_name:
        return {key: value for key, value in found.items() if "{name}" not in value}
    names = [slot for slot in slots(components) if slot.kind in (SlotKind.BODY, SlotKind.HEADER)]
    for slot in names:
        if slot.name.lower() in NAMES_OF_PEOPLE or slot.key == "body.1":
            found.setdefault(slot.key, first_name)
    return {key: value.replace("{name}", first_name) for key, value in found.items()}


def values_of(components: Components, ref: TemplateRef) -> dict[str, str]:
    """The values that a reference carries, by slot; what it carries too much of is left out."""
    found: dict[str, str] = {}
    wanted = placeholders(components.body)
    given = (
        dict(zip(ref.names, ref.parameters, strict=False))
        if ref.names
        else dict(zip(wanted, ref.parameters, strict=False))
    )
    for slot in slots(components):
        match slot.kind:
            case SlotKind.BODY if slot.name in given:
                found[slot.key] = given[slot.name]
            case SlotKind.HEADER if ref.header is not None:
                found[slot.key] = ref.header
            case SlotKind.PLACE if ref.place is not None:
                found[slot.key] = written_place(ref.place)
            case SlotKind.URL | SlotKind.CODE:
                index = int(slot.key.partition(".")[2])
                value = next((each.value for each in ref.buttons if each.index == index), None)
                if value is not None:
                    found[slot.key] = value
            case _:
                continue
    return found


def reference(template: Template, values: Mapping[str, str], kept: TemplateRef | None = None) -> TemplateRef:
    """The template with these values. Payloads of quick replies are taken from `kept`, so that a tap means what the step meant."""
    components = template.components
    if components is None:
        return TemplateRef(template.name, template.language)
    names = tuple(placeholders(components.body))
    place = values.get("header") if components.header and components.header.kind is HeaderKind.LOCATION else None
    header_text = values.get("header") if components.header and components.header.kind is HeaderKind.TEXT else None
    buttons = [
        ButtonValue(int(slot.key.partition(".")[2]), _sent_as(slot.kind), values[slot.key])
        for slot in slots(components)
        if slot.kind in (SlotKind.URL, SlotKind.CODE) and slot.key in values
    ]
    if names and any(button.kind is ButtonKind.OTP for button in components.buttons):
        code = values.get(f"body.{names[0]}", "")
        buttons += [
            ButtonValue(index, "url", code)
            for index, button in enumerate(components.buttons)
            if button.kind is ButtonKind.OTP
        ]
    own = kept is not None and (kept.name, kept.language) == (template.name, template.language)
    payloads = [each for each in kept.buttons if each.kind == "quick_reply"] if own and kept is not None else []
    return TemplateRef(
        template.name,
        template.language,
        tuple(values.get(f"body.{name}", "") for name in names),
        names if components.named else (),
        header_text,
        read_place(place) if place is not None else None,
        tuple(sorted([*buttons, *payloads], key=lambda each: each.index)),
        placeholders(components.header.text)[0] if header_text and components.named and components.header else None,
    )


def _sent_as(kind: SlotKind) -> str:
    return "url" if kind is SlotKind.URL else "copy_code"


def read_place(text: str) -> Location | None:
    """`-34.6, -58.4` or `-34.6, -58.4 | Obelisco | Av. 9 de Julio`; None when it is no place on earth."""
    point, *named = (part.strip() for part in text.split("|", 2))
    found = _PLACE.fullmatch(point)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    name, address = (*named, "", "")[:2]
    return Location(latitude, longitude, name or None, address or None)


def written_place(place: Location) -> str:
    """The place as text, which `read_place` reads again."""
    parts = [f"{place.latitude}, {place.longitude}", place.name or "", place.address or ""]
    return " | ".join(parts if place.name or place.address else parts[:1])


def checked(slot: Slot, text: str) -> str:
    """The value as it will be sent. Raises Unfit."""
    if slot.kind is SlotKind.PLACE:
        if read_place(text) is None:
            raise Unfit("template-place-unreadable", slot.name)
        return text.strip()
    value = repaired(text)
    if not value:
        raise Unfit("template-parameter-empty", slot.name)
    limit = {SlotKind.HEADER: HEADER_LIMIT, SlotKind.URL: URL_LIMIT, SlotKind.CODE: CODE_LIMIT}.get(
        slot.kind, BODY_LIMIT
    )
    whole = value
    if slot.kind in (SlotKind.HEADER, SlotKind.URL):
        whole = _PLACEHOLDER.sub(lambda _: value, slot.around)
    if len(whole) > limit:
        raise Unfit("template-parameter-too-long", slot.name, limit)
    return value


def preview(components: Components, ref: TemplateRef) -> Preview:
    """What it reads like with these values; a value that is missing leaves its variable standing."""
    values = values_of(components, ref)
    body = _PLACEHOLDER.sub(lambda found: repaired(values.get(f"body.{found[1]}", found[0])), components.body)
    header = components.header
    above = None
    if header is not None and header.kind is HeaderKind.TEXT:
        above = _PLACEHOLDER.sub(lambda found: repaired(values.get("header", found[0])), header.text)
    buttons = tuple(
        TemplateButton(button.kind, button.text, _target(button, values.get(f"button.{index}")))
        for index, button in enumerate(components.buttons)
    )
    media = FILES.get(header.kind) if header is not None else None
    return Preview(body, above, media, ref.place, components.footer, buttons)


def _target(button: TemplateButton, value: str | None) -> str:
    if value is None or button.kind not in (ButtonKind.URL, ButtonKind.COPY_CODE):
        return button.target
    return value if button.kind is ButtonKind.COPY_CODE else _PLACEHOLDER.sub(lambda _: value, button.target)


def mismatch(components: Components, ref: TemplateRef, media: MediaKind | None) -> str | None:
    """What Meta would refuse about these values: the name of the first slot that does not fit, or None. `media` is the kind of the
    file that goes with it."""
    wanted = placeholders(components.body)
    if components.named != bool(ref.names) and wanted:
        return "body"
    if len(ref.parameters) != len(wanted) or (ref.names and set(ref.names) != set(wanted)):
        return "body"
    values = values_of(components, ref)
    for slot in slots(components):
        if slot.kind is SlotKind.FILE:
            if media is not slot.media:
                return slot.key
            continue
        try:
            checked(slot, values.get(slot.key, ""))
        except Unfit:
            return slot.key
    if components.header is None and media is not None:
        return "header"
    return "body" if len(preview(components, ref).body) > BODY_LIMIT else _beside(components, ref)


def _beside(components: Components, ref: TemplateRef) -> str | None:
    """Values that the template has no place for: a text for a header without variable, a button that is not there."""
    if ref.header is not None and not (components.header and placeholders(components.header.text)):
        return "header"
    for each in ref.buttons:
        kind = components.buttons[each.index].kind if 0 <= each.index < len(components.buttons) else None
        fits = {"url": (ButtonKind.URL, ButtonKind.OTP), "copy_code": (ButtonKind.COPY_CODE,)}
        if kind not in fits.get(each.kind, (ButtonKind.QUICK_REPLY,)) or len(each.value) > _limit(each.kind):
            return f"button.{each.index}"
    return None


def _limit(kind: str) -> int:
    return {"url": URL_LIMIT, "copy_code": CODE_LIMIT}.get(kind, PAYLOAD_LIMIT)
