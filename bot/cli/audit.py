"""The record of every change."""

import json
from typing import Annotated

import typer

from bot.cli.shared import AsJson, Config, in_program
from crm.errors import Refused

audit = typer.Typer(no_args_is_help=True, help="The record of every change.")


@audit.command("verify")
def audit_verify(config: Config = None, as_json: AsJson = False) -> None:
    """Prove that nothing sealed was changed; keep the digest elsewhere to prove later that it is still the same chain."""
    found = in_program(config, lambda program: program.engine.audit.verify())
    row = {"seals": found.seals, "entries": found.entries, "digest": found.digest, "waiting": found.waiting}
    if as_json:
        print(json.dumps(row | {"broken_at": found.broken.up_to if found.broken else None}))
    if found.broken is not None:
        raise Refused("audit-broken", up_to=found.broken.up_to, sealed_at=found.broken.sealed_at.isoformat())
    if not as_json:
        print(f"{found.entries} entries in {found.seals} seals are as they were; {found.waiting} wait for theirs")
        print(f"digest {found.digest}")


@audit.command("show")
def audit_show(
    subject: Annotated[str, typer.Argument(help="Such as contact:12, account:1, sequence:7.")],
    config: Config = None,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """What was changed of a subject, newest first."""
    for each in in_program(config, lambda program: program.engine.audit.about(subject, limit)):
        row = {
            "at": each.at.isoformat(),
            "actor": each.actor,
            "action": each.action,
            "before": each.before,
            "after": each.after,
            "why": each.why,
        }
        print(
            json.dumps(row, ensure_ascii=False, default=dict)
            if as_json
            else "  ".join(str(v) for v in row.values() if v)
        )
