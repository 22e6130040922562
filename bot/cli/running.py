"""Setting it up, running it, and how it is."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import process, settings_file
from bot.app import open_vault
from bot.cli.shared import HERE, AsJson, Config, in_program, settings_of, why
from bot.roles import Part, parts_of
from bot.telegram.views.accounts import point
from bot.texts import Texts
from crm.clock import SystemClock
from crm.errors import Misconfigured, Refused, Unavailable
from crm.model.agents import Role
from crm.model.numbers import Standing
from storage import vault as vaults
from storage.migrate import migrate as migrate_database

running = typer.Typer()

_MARK = {Standing.WEAK: "missing", Standing.BROKEN: "missing", Standing.UNKNOWN: "unknown"}


@running.command()
def init(config: Config = None) -> None:
    """Write the settings file, the key file and the database where there are none, and print the code that makes the first admin."""
    config = config or HERE
    try:
        if settings_file.write(config):
            print(f"settings: {config} (yours to fill in; `centralita doctor` says what is missing)")
    except OSError as error:
        raise Misconfigured(str(config), f"cannot be written: {error.strerror}") from None
    settings = settings_of(config)
    path = Path(settings.vault.key_file)
    if not settings.vault.keys.get_secret_value() and not path.exists():
        vaults.create_key_file(path)
        print(f"key file: {path} (keep a copy in a safe place)")
    asyncio.run(migrate_database(settings.storage.url))
    code = in_program(config, lambda program: program.engine.agents.invite(Role.ADMIN))
    print(f"first admin: send the bot  /start {code}  within three days")


@running.command()
def migrate(config: Config = None) -> None:
    """Bring the database to this version's schema."""
    before, after = asyncio.run(migrate_database(settings_of(config).storage.url))
    print(f"schema {before or 'empty'} -> {after}")


@running.command()
def serve(
    config: Config = None,
    roles: Annotated[
        str, typer.Option(help="Parts to run, separated by commas; several processes need PostgreSQL.")
    ] = ",".join(Part),
) -> None:
    """Run it, until it is told to stop (SIGTERM, Ctrl-C)."""
    process.run(process.serve(settings_of(config), parts_of(roles)))


@running.command()
def doctor(config: Config = None) -> None:
    """Say what is missing before this can serve, here and at Meta. Who cannot be reached now is told and counts as nothing missing."""
    settings = settings_of(config)
    open_vault(settings)
    whatsapp = settings.whatsapp
    wanted = {
        "whatsapp.app_secrets": bool(whatsapp.app_secrets),
        "whatsapp.verify_token": bool(whatsapp.verify_token.get_secret_value()),
        "whatsapp.app_id (for renewing tokens)": bool(whatsapp.app_id),
        "server.public_url": settings.server.public_url.startswith("https://"),
        "telegram.token": bool(settings.telegram.token.get_secret_value()),
    }
    checkups = in_program(config, lambda program: program.engine.onboarding.check(None))
    wanted["an account (centralita accounts add)"] = bool(checkups)
    wanted["media.url (a store that writes, reads and deletes)"] = _keeps_files(config)
    lines = [f"{'ok     ' if there else 'missing'}  {name}" for name, there in wanted.items()]
    said = Texts().say("en", "UTC", SystemClock().now())
    for checkup in checkups:
        head = f"account {checkup.name} ({checkup.phone_number_id})"
        lines += [f"{_MARK[each.standing]}  {head}: {point(each, said)[2:]}" for each in checkup.problems]
        lines += [] if checkup.problems else [f"ok       {head}"]
    print("\n".join(lines))
    missing = sum(line.startswith("missing") for line in lines)
    if missing:
        raise Refused("doctor-found-gaps", missing=missing)


def _keeps_files(config: Path | None) -> bool:
    try:
        in_program(config, lambda program: program.engine.media_care.probe())
    except Unavailable as trouble:
        print(f"         {why(trouble)}", file=sys.stderr)
        return False
    return True


@running.command()
def status(config: Config = None, as_json: AsJson = False) -> None:
    """Counts of everything."""
    found = in_program(config, lambda program: program.engine.reports.status(None)).as_json()
    print(json.dumps(found, indent=None if as_json else 2))
