"""Encryption keys."""

from pathlib import Path

import typer

from bot.app import open_vault
from bot.cli.shared import Config, in_program, settings_of
from crm.errors import Refused
from storage import vault as vaults

keys = typer.Typer(no_args_is_help=True, help="Encryption keys.")


@keys.command("rotate")
def keys_rotate(config: Config = None) -> None:
    """Put a new key in front and seal every secret with it."""
    settings = settings_of(config)
    if settings.vault.keys.get_secret_value():
        raise Refused(
            "keys-in-environment", hint="put the new key first in CENTRALITA_VAULT__KEYS, then run this again"
        )
    in_program(config, lambda program: program.engine.backups.point("rotation"))
    vaults.add_key(Path(settings.vault.key_file))
    vault = open_vault(settings)
    count = in_program(config, lambda program: vaults.reseal(program.database, vault, program.clock.now()))
    print(f"{count} secrets sealed with the new key; the old keys may be removed once every node has the new file")
