"""Customers' and agents' files: which did not come, once more, and one of them as a file here."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import AsJson, Config, in_program
from bot.telegram.showing import name_of
from crm.errors import Misconfigured
from crm.model.ids import from_short, short
from crm.model.media import Media

media = typer.Typer(no_args_is_help=True, help="Files of messages.")


@media.command("list")
def media_list(
    config: Config = None,
    as_json: AsJson = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that did not come.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """Files that are still to be fetched, and those that did not come in the last seven days."""
    found = [] if failed else in_program(config, lambda program: program.engine.media_care.waiting(limit))
    found += in_program(config, lambda program: program.engine.media_care.lost(limit))
    for each in found[:limit]:
        row = _row(each)
        print(json.dumps(row) if as_json else "  ".join("-" if v is None else str(v) for v in row.values()))


@media.command("get")
def media_get(
    media_id: Annotated[
        str | None, typer.Argument(help="The code that `list` prints and that is in the file's name in Telegram.")
    ] = None,
    message: Annotated[str | None, typer.Option("--message", help="Meta's id of the message (wamid…).")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to; by default its name, here.")] = None,
    config: Config = None,
) -> None:
    """Write a file of a message to the disk. What is there already is never replaced."""
    if (media_id is None) == (message is None):
        raise Misconfigured("MEDIA_ID", "name a file, or its message with --message, and not both")
    number = _number(media_id) if media_id is not None else None
    found, content = in_program(config, lambda program: program.engine.media_care.taken(number, message))
    path = output or Path(Path(name_of(found)).name)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise Misconfigured("--output", f"{path}: {error.strerror}") from None
    print(f"{path}: {len(content)} bytes, {found.mime_type}")


@media.command("retry")
def media_retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[MEDIA_ID]...")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Have files fetched once more (without ids, all that did not come in the last seven days)."""
    numbers = [_number(each) for each in ids or ()]
    count = in_program(config, lambda program: program.engine.media_care.retry(numbers or None))
    print(json.dumps({"retried": count}) if as_json else f"{count} to be fetched again")


def _number(given: str) -> int:
    number = from_short(given)
    if number is None or number >= 2**63:
        raise Misconfigured("MEDIA_ID", f"{given!r} is not the code of a file")
    return number


def _row(each: Media) -> dict[str, str | int | None]:
    return {
        "code": short(each.id),
        "state": each.state.value,
        "kind": each.kind.value,
        "created_at": each.created_at.isoformat(),
        "attempts": each.attempts,
        "error": each.error,
        "account_id": each.account_id,
        "message_id": each.message_id,
    }
