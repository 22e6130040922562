"""The business's numbers: a new one, what is typed on the phone in the shop, and the templates of an account."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.refused import Refused
from sandbox.graph.templates import placeholders
from sandbox.world import World


class Joins(Args):
    name: str = Field(min_length=1, max_length=64)
    phone: str = Field(pattern=r"^\+?[\d -]{7,20}$")
    coexistence: bool = True


class Sends(Args):
    customer: str
    text: str = Field(min_length=1, max_length=4096)
    number: str | None = None


class OfMessage(Args):
    message: str


class Edits(OfMessage):
    text: str = Field(min_length=1, max_length=4096)


class Button(Args):
    type: Literal["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"] = "QUICK_REPLY"
    text: str = Field(min_length=1, max_length=25)
    url: str | None = Field(None, max_length=2000)
    phone_number: str | None = Field(None, max_length=20)
    example: str | None = Field(None, max_length=15)


class AddTemplate(Args):
    number: str | None = None
    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    language: str = Field(pattern=r"^[a-z]{2,3}(_[A-Za-z]{2,4})?$")
    category: Literal["UTILITY", "MARKETING", "AUTHENTICATION"]
    body: str = Field(min_length=1, max_length=1024)
    header: str | None = Field(None, max_length=60)
    footer: str | None = Field(None, max_length=60)
    buttons: tuple[Button, ...] = Field((), max_length=10)
    header_format: Literal["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"] = "TEXT"


class ChangeTemplate(Args):
    number: str | None = None
    name: str
    language: str | None = None
    event: Literal["APPROVED", "PAUSED", "DISABLED", "REJECTED", "FLAGGED", "DELETED"] | None = None
    quality: Literal["GREEN", "YELLOW", "RED"] | None = None
    category: Literal["UTILITY", "MARKETING"] | None = None


class HoldsTemplates(Args):
    what: Literal["hold", "release", "drop"]


async def joins(world: World, given: Joins) -> Result:
    """The business connects another number."""
    find.program(world)
    digits = "".join(filter(str.isdigit, given.phone))
    for each in world.graph.numbers.values():
        if each.name.casefold() == given.name.strip().casefold():
            raise Refused("number-name-taken", name=given.name)
        if each.phone == digits:
            raise Refused("phone-taken", phone=given.phone)
    token = f"EAAG-sandbox-{len(world.graph.numbers) + 1}"
    number = await world.add_number(given.name.strip(), f"+{digits}", token=token, coexistence=given.coexistence)
    return {"number": number.name, "id": number.phone_number_id}


async def sends(world: World, given: Sends) -> Result:
    """Somebody in the shop types on the business's own phone."""
    person = find.customer(world, given.customer)
    where = find.number(world, given.number, person)
    return {"message": where.phone_sends(person, given.text)}


async def edits(world: World, given: Edits) -> Result:
    """Change what was typed there."""
    where, message = find.typed(world, given.message)
    where.phone_edits(message.wamid, given.text)
    return None


async def revokes(world: World, given: OfMessage) -> Result:
    """Delete it for everyone."""
    where, message = find.typed(world, given.message)
    where.phone_revokes(message.wamid)
    return None


async def add_template(world: World, given: AddTemplate) -> Result:
    """Meta approves a template, and an operator lets the program fetch the list at once."""
    where = find.number(world, given.number)
    same = [each for each in where.business.templates if (each.name, each.language) == (given.name, given.language)]
    if same:
        raise Refused("template-taken", name=given.name, language=given.language)
    names = placeholders(given.body)
    if any(name.isdigit() for name in names) and set(names) != {str(n) for n in range(1, len(names) + 1)}:
        raise Refused("template-gaps")
    buttons = tuple(each.model_dump(exclude_none=True) for each in given.buttons)
    where.add_template(
        given.name,
        given.language,
        given.category,
        given.body,
        header=given.header,
        footer=given.footer,
        buttons=buttons,
        header_format=given.header_format,
    )
    if world.program_state == "running" and not world.database_stopped:
        await world.host.run_job("templates", world.clock.at + timedelta(microseconds=_templates(world)))
    return None


async def holds_templates(world: World, given: HoldsTemplates) -> Result:
    """Meta keeps what is sent by template back to see how it is liked; lets go what it held, or refuses it (132015)."""
    world.graph.hold_templates = given.what == "hold"
    if given.what != "hold":
        await world.settle()
        (world.graph.release_held if given.what == "release" else world.graph.drop_held)()
    return None


async def change_template(world: World, given: ChangeTemplate) -> Result:
    """Meta changes its mind about a template, and says so by webhook: its state, its quality, its category."""
    where = find.number(world, given.number)
    named = [each for each in where.business.templates if each.name == given.name]
    found = next((each for each in named if given.language in (None, each.language)), None)
    if found is None:
        raise Refused("no-template", name=given.name)
    if given.event is not None:
        where.template_status(found, given.event, "FIRST_PAUSE" if given.event == "PAUSED" else None)
    if given.quality is not None:
        where.template_quality(found, given.quality)
    if given.category is not None:
        where.template_category(found, given.category)
    return None


def _templates(world: World) -> int:
    """Return how many templates there are: a job runs once for one fire time, and there may be two at the same moment."""
    return sum(len(each.templates) for each in world.graph.businesses.values())


ACTS = (
    act("number.joins", Joins, joins),
    act("phone.sends", Sends, sends),
    act("phone.edits", Edits, edits),
    act("phone.revokes", OfMessage, revokes),
    act("template.add", AddTemplate, add_template),
    act("template.hold", HoldsTemplates, holds_templates),
    act("template.change", ChangeTemplate, change_template),
)
