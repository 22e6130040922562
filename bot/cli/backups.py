"""Backups: making, listing, proving, and putting one in the place of a database that nobody serves."""

import asyncio
import json
from typing import Annotated

import typer

from bot.app import Program, open_program
from bot.cli.shared import AsJson, Config, in_program, settings_of
from crm.errors import Refused
from crm.model.backups import Backup, Held, Scope
from storage.migrate import migrate
from storage.presence import present

backup = typer.Typer(no_args_is_help=True, help="Sealed copies of the database.")

Name = Annotated[str, typer.Argument(help="As `list` prints it.")]


@backup.command("create")
def backup_create(
    configuration: Annotated[
        bool, typer.Option("--configuration", help="Only the configuration: no contacts, no messages.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a backup beside the running program, and prove it by restoring it into a scratch database."""
    scope = Scope.CONFIGURATION if configuration else Scope.EVERYTHING
    _print(in_program(config, lambda program: program.engine.backups.create(None, scope)), as_json=as_json)


@backup.command("list")
def backup_list(config: Config = None, as_json: AsJson = False) -> None:
    """Every backup, the newest first, and when it was proven."""
    for each in in_program(config, lambda program: program.engine.backups.all(None)):
        _print(each, as_json=as_json)


@backup.command("verify")
def backup_verify(
    name: Annotated[str, typer.Argument(help="As `list` prints it; the newest by default.")] = "",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into a scratch database and compare every table."""

    async def work(program: Program) -> Backup:
        wanted = name or next((each.name for each in await program.engine.backups.all(None)), "")
        return await program.engine.backups.verify(None, wanted)

    _print(in_program(config, work), as_json=as_json)


@backup.command("restore")
def backup_restore(
    name: Name,
    over: Annotated[
        bool, typer.Option("--over", help="Replace what the database holds; a copy of it is kept first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place while nobody serves the database. Nothing leaves afterwards until a person resumes each number."""
    if over and not yes:
        typer.confirm("Replace everything that the database holds?", abort=True)
    held = asyncio.run(_restored(config, name, over=over))
    counts = {
        "sends": held.sends,
        "cards": held.cards,
        "walks": held.walks,
        "webhooks": held.webhooks,
        "accounts": held.accounts,
    }
    if as_json:
        print(json.dumps(counts))
        return
    print(f"{name} is in place; held back, because it may have happened already:")
    print(f"  {held.sends} sends   become cards in the queue, unless Meta still tells what became of them")
    print(f"  {held.cards} cards   were open and say now that they may have left")
    print(f"  {held.walks} walks   through sequences are paused: their step may have left")
    print(f"  {held.webhooks} webhooks   wait for `centralita webhooks retry`")
    print(f"  {held.accounts} numbers   are paused until `centralita accounts resume`")


async def _restored(config: Config, name: str, *, over: bool) -> Held:
    settings = settings_of(config)
    await migrate(settings.storage.url)
    async with present(settings.storage.url) as presence:
        if not presence.alone:
            raise Refused("restore-served")
        async with open_program(settings) as program:
            return await program.engine.backups.restore(name, over=over)


def _print(each: Backup, *, as_json: bool) -> None:
    proven = each.proven_at.isoformat() if each.proven_at else None
    if as_json:
        row = {"name": each.name, "at": each.at.isoformat(), "reason": each.reason, "scope": each.scope.value}
        print(
            json.dumps(row | {"size": each.size, "rows": dict(each.rows), "proven_at": proven, "schema": each.schema})
        )
        return
    rows = sum(each.rows.values())
    print(
        f"{each.name}  {each.scope.value}  {rows} rows  {each.size} bytes  {f'proven {proven}' if proven else 'not proven'}"
    )
