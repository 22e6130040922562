"""Our WhatsApp numbers."""

from typing import Annotated

import typer

from bot.app import Program
from bot.cli.shared import Config, in_program, secret
from crm.errors import NotFound
from crm.model.accounts import Account
from crm.services.accounts import NewAccount

accounts = typer.Typer(no_args_is_help=True, help="Our WhatsApp numbers.")


@accounts.command("add")
def accounts_add(
    phone_number_id: Annotated[str, typer.Option()],
    waba_id: Annotated[str, typer.Option()],
    display_phone: Annotated[str, typer.Option()],
    token_env: Annotated[str, typer.Option(help="Environment variable that holds the access token.")],
    name: Annotated[str, typer.Option()] = "",
    coexistence: Annotated[bool, typer.Option("--coexistence")] = False,
    messages_per_second: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    config: Config = None,
) -> None:
    """Add one of our numbers."""
    token = secret(token_env)
    new = NewAccount(phone_number_id, waba_id, display_phone, name or display_phone, coexistence, messages_per_second)
    account = in_program(config, lambda program: program.engine.accounts.add(new, token))
    print(f"account {account.id}: {account.name}")


@accounts.command("token")
def accounts_token(
    phone_number_id: Annotated[str, typer.Option()],
    token_env: Annotated[str, typer.Option(help="Environment variable that holds the new access token.")],
    config: Config = None,
) -> None:
    """Put a new access token in place; what was held for the old one leaves."""
    token = secret(token_env)

    async def work(program: Program) -> Account:
        known = {each.phone_number_id: each for each in await program.engine.accounts.all()}
        if phone_number_id not in known:
            raise NotFound("account-not-found", phone_number_id=phone_number_id)
        return await program.engine.accounts.set_token(known[phone_number_id].id, token, "cli")

    account = in_program(config, work)
    print(f"account {account.id}: {account.name} has a new token")
