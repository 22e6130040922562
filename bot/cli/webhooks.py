"""What Meta delivered."""

import json
from typing import Annotated

import typer

from bot.cli.shared import AsJson, Config, in_program
from crm.model.webhooks import WebhookState

webhooks = typer.Typer(no_args_is_help=True, help="What Meta delivered.")


@webhooks.command("list")
def webhooks_list(
    config: Config = None, as_json: AsJson = False, limit: Annotated[int, typer.Option(min=1)] = 50
) -> None:
    """Webhooks that are failed or dead, newest first."""
    wanted = {WebhookState.FAILED, WebhookState.DEAD}
    found = in_program(config, lambda program: program.engine.housekeeping.webhooks(wanted, limit))
    for each in found:
        row = {
            "id": each.id,
            "state": each.state.value,
            "received_at": each.received_at.isoformat(),
            "attempts": each.attempts,
            "error": each.error,
        }
        print(json.dumps(row) if as_json else "  ".join(str(value) for value in row.values()))


@webhooks.command("retry")
def webhooks_retry(
    ids: Annotated[list[int] | None, typer.Argument()] = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Apply dead and failed webhooks again (all of them without ids)."""
    count = in_program(config, lambda program: program.engine.housekeeping.retry_webhooks(ids or None))
    print(json.dumps({"retried": count}) if as_json else f"{count} to be applied again")


@webhooks.command("unknown")
def webhooks_unknown(
    config: Config = None, as_json: AsJson = False, limit: Annotated[int, typer.Option(min=1, max=1000)] = 50
) -> None:
    """Kinds of webhook that this version does not know: how many of each are kept, and the time of the newest."""
    for each in in_program(config, lambda program: program.engine.housekeeping.new_kinds(limit)):
        row = each.as_json()
        print(json.dumps(row) if as_json else "  ".join(str(value) for value in row.values()))
