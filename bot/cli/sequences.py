"""Drip plans."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import sequence_files
from bot.cli.shared import AsJson, Config, in_program
from crm.errors import Misconfigured
from crm.model.contacts import Person

sequences = typer.Typer(no_args_is_help=True, help="Drip plans.")


@sequences.command("import")
def sequences_import(file: Path, config: Config = None) -> None:
    """Create or replace sequences from a TOML or JSON file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misconfigured(str(file), error.strerror or "cannot be read") from None
    plans = sequence_files.parse(content, json_format=file.suffix.lower() == ".json")
    for plan in in_program(config, lambda program: program.engine.sequences.publish("cli", plans)):
        print(f"{plan.key}: version {plan.version}, {len(plan.steps)} steps")


@sequences.command("export")
def sequences_export(config: Config = None) -> None:
    """Print all sequences as JSON."""
    print(sequence_files.as_json(in_program(config, lambda program: program.engine.sequences.plans())))


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
