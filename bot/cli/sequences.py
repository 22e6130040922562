"""Drip plans."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import sequence_files
from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program
from crm.errors import Misconfigured, NotFound
from crm.model.contacts import Person
from crm.model.sequences import Sequence
from crm.services.sequences import StepForecast

sequences = typer.Typer(no_args_is_help=True, help="Drip plans.")


def _plans(file: Path) -> list[Sequence]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misconfigured(str(file), error.strerror or "cannot be read") from None
    return sequence_files.parse(content, json_format=file.suffix.lower() == ".json")


@sequences.command("import")
def sequences_import(
    file: Path,
    config: Config = None,
    move: Annotated[
        bool, typer.Option("--move", help="Take those who walk an older version over to the new one.")
    ] = False,
) -> None:
    """Create or replace sequences from a TOML or JSON file; who walks an older version goes on with that one."""
    plans = _plans(file)

    async def work(program: Program) -> list[Sequence]:
        await program.engine.backups.point("sequences")
        return await program.engine.sequences.publish("cli", plans, move=move)

    for plan in in_program(config, work):
        print(f"{plan.key}: version {plan.version}, {len(plan.steps)} steps, {plan.state.value}")


@sequences.command("export")
def sequences_export(config: Config = None) -> None:
    """Print all sequences as JSON."""
    print(sequence_files.as_json(in_program(config, lambda program: program.engine.sequences.plans())))


@sequences.command("schema")
def sequences_schema() -> None:
    """Print the JSON Schema of a file of sequences."""
    print(json.dumps(sequence_files.schema(), ensure_ascii=False, indent=2))


@sequences.command("preview")
def sequences_preview(
    sequence: Annotated[str, typer.Argument(help="The sequence's key.")],
    contact: Annotated[int, typer.Option(min=1, help="The contact's id.")],
    file: Annotated[Path | None, typer.Option(help="Take the sequence from this file, published or not.")] = None,
    account: Annotated[int | None, typer.Option(min=1, help="Which of our numbers.")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say when each step would leave for a contact, were it enrolled now; nothing is changed."""

    async def work(program: Program) -> list[StepForecast]:
        known = _plans(file) if file else await program.engine.sequences.plans()
        plan = next((each for each in known if each.key == sequence), None)
        if plan is None:
            raise NotFound("sequence-not-found", sequence=sequence)
        return await program.engine.sequences.preview(None, plan, contact, account)

    for each in in_program(config, work):
        print(json.dumps(_row(each), ensure_ascii=False) if as_json else _line(each))


def _row(each: StepForecast) -> dict[str, object]:
    return {
        "step": each.position + 1,
        "at": each.at.isoformat(),
        "how": each.how.value,
        "window_open": each.open,
        "template": each.has_template,
        "text": each.text,
    }


def _line(each: StepForecast) -> str:
    end = "window open" if each.open else "needs an agent" + (", template ready" if each.has_template else "")
    return f"{each.position + 1:>3}  {each.at:%Y-%m-%d %H:%M} UTC  {each.how.value:<15} {end:<32} {each.text[:60]}"


@sequences.command("enroll")
def sequences_enroll(
    sequence: Annotated[str, typer.Argument(help="The sequence's key.")],
    contact: Annotated[int | None, typer.Option(min=1, help="The contact's id.")] = None,
    wa_id: Annotated[str | None, typer.Option(help="The contact's WhatsApp number, as Meta writes it.")] = None,
    account: Annotated[
        int | None, typer.Option(min=1, help="Which of our numbers; needed if they wrote to several.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Start a contact's walk through a sequence."""
    if (contact is None) == (wa_id is None):
        raise Misconfigured("--contact", "name the contact either by --contact or by --wa-id")
    digits = "".join(filter(str.isdecimal, wa_id or ""))
    if wa_id is not None and not 7 <= len(digits) <= 15:
        raise Misconfigured("--wa-id", "must be a phone number with its country code")
    who = contact if contact is not None else Person(digits, None)
    walk = in_program(config, lambda program: program.engine.sequences.enroll_by_name("cli", sequence, who, account))
    due = walk.next_due_at.isoformat() if walk.next_due_at else None
    row = {"id": walk.id, "contact_id": walk.contact_id, "account_id": walk.account_id, "next_due_at": due}
    print(json.dumps(row) if as_json else f"enrollment {walk.id}: contact {walk.contact_id}, first step due {due}")
