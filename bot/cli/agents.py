"""The people who run the switchboard."""

from typing import Annotated

import typer

from bot.cli.shared import Config, in_program
from crm.model.agents import Role

agents = typer.Typer(no_args_is_help=True, help="The people who run the switchboard.")


@agents.command("add")
def agents_add(
    telegram_id: Annotated[int, typer.Option()],
    role: Annotated[Role, typer.Option()],
    name: Annotated[str, typer.Option()],
    config: Config = None,
) -> None:
    """Add a person whose Telegram id is known."""
    agent = in_program(config, lambda program: program.engine.agents.add(telegram_id, role, name))
    print(f"agent {agent.id}: {agent.name} ({agent.role.value})")
