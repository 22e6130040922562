"""Our WhatsApp numbers: taking one on, looking after it, giving it up.

Meta is asked before anything is written, and the checklist says what is missing and how to mend it.
"""

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program, secret
from bot.telegram.views.accounts import checklist
from bot.texts import Texts
from crm.clock import SystemClock
from crm.errors import Refused
from crm.health import REASON, Resumed
from crm.model.accounts import Account
from crm.model.imports import Imported, Sync
from crm.model.numbers import Checkup
from crm.registration import NewAccount
from crm.services.onboarding import Outcome, Wanted

accounts = typer.Typer(no_args_is_help=True, help="Our WhatsApp numbers.")
ACTOR = "cli"

Number = Annotated[str, typer.Option("--phone-number-id", help="Meta's id of the number.")]
TokenEnv = Annotated[str, typer.Option(help="Environment variable that holds the access token.")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the audit.")]
Unverified = Annotated[bool, typer.Option("--unverified", help="Do not ask Meta (to prepare without a network).")]


@accounts.command("add")
def accounts_add(
    phone_number_id: Number,
    waba_id: Annotated[str, typer.Option(help="Meta's id of the business account the number belongs to.")],
    token_env: TokenEnv,
    display_phone: Annotated[str, typer.Option(help="As people write it; by default as Meta shows it.")] = "",
    name: Annotated[str, typer.Option(help="How agents call it; by default its verified name.")] = "",
    messages_per_second: Annotated[int | None, typer.Option(min=1, max=1000, help="By default Meta's limit.")] = None,
    subscribe: Annotated[bool, typer.Option("--subscribe", help="Let its webhooks come here, if they do not.")] = False,
    unverified: Unverified = False,
    coexistence: Annotated[
        bool, typer.Option("--coexistence", help="With --unverified: it is in the phone's app too.")
    ] = False,
    config: Config = None,
) -> None:
    """Ask Meta about one of our numbers, and add it if nothing vital is missing."""
    token = secret(token_env)
    if unverified:
        _add_unverified(phone_number_id, waba_id, token, display_phone, name, coexistence, messages_per_second, config)
        return
    wanted = Wanted(phone_number_id, waba_id, name or None, display_phone or None, messages_per_second)

    async def work(program: Program) -> Outcome:
        return await program.engine.onboarding.add(wanted, token, ACTOR, subscribe=subscribe)

    outcome = in_program(config, work)
    _print(outcome.checkup)
    if outcome.account is None:
        raise Refused("account-not-usable")
    print(f"account {outcome.account.id}: {outcome.account.name}")


def _add_unverified(
    phone_number_id: str,
    waba_id: str,
    token: str,
    display_phone: str,
    name: str,
    coexistence: bool,
    pace: int | None,
    config: Config,
) -> None:
    if not display_phone:
        raise typer.BadParameter("is needed with --unverified: Meta is not asked", param_hint="--display-phone")
    new = NewAccount(phone_number_id, waba_id, display_phone, name or display_phone, coexistence, pace or 20)
    account = in_program(config, lambda program: program.engine.accounts.add(new, token))
    print(f"account {account.id}: {account.name} (not checked: run `centralita accounts check`)")


@accounts.command("check")
def accounts_check(
    phone_number_id: Annotated[str, typer.Option(help="Only this number.")] = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Ask Meta whether everything about our numbers still stands."""

    async def work(program: Program) -> list[Checkup]:
        one = await program.engine.accounts.by_phone_number_id(phone_number_id) if phone_number_id else None
        return await program.engine.onboarding.check(None, one.id if one else None)

    found = in_program(config, work)
    if as_json:
        print(json.dumps([_plain(each) for each in found]))
    else:
        for each in found:
            print(f"{each.name} ({each.phone_number_id})")
            _print(each)
    if any(each.problems for each in found):
        raise Refused("accounts-need-care", count=sum(bool(each.problems) for each in found))


@accounts.command("list")
def accounts_list(as_json: AsJson = False, config: Config = None) -> None:
    """Our numbers, their state and when their tokens end."""
    found = in_program(config, lambda program: program.engine.accounts.all())
    if as_json:
        print(json.dumps([_row(each) for each in found]))
        return
    for each in found:
        facts = [each.phone_number_id, each.display_phone, each.name, each.state.value, each.held_reason]
        ends = f"token ends {each.token_expires_at:%Y-%m-%d}" if each.token_expires_at else None
        print("  ".join(filter(None, [*facts, each.quality, ends])))


@accounts.command("subscribe")
def accounts_subscribe(phone_number_id: Number, config: Config = None) -> None:
    """Let the webhooks of the number's business account come to our app, and say whether they do."""

    async def work(program: Program) -> list[Checkup]:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        await program.engine.onboarding.subscribe(account.id, ACTOR)
        return await program.engine.onboarding.check(None, account.id)

    (checkup,) = in_program(config, work)
    _print(checkup)
    if not checkup.has("subscribed"):
        raise Refused("accounts-need-care", count=1)


@accounts.command("sync")
def accounts_sync(
    phone_number_id: Number,
    contacts: Annotated[bool, typer.Option("--contacts", help="Only the address book.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Only the history.")] = False,
    config: Config = None,
) -> None:
    """Ask the phone a number shares for its address book and its history: once each, within 24 hours of onboarding."""
    wanted = [sync for sync, named in ((Sync.CONTACTS, contacts), (Sync.HISTORY, history)) if named] or list(Sync)

    async def work(program: Program) -> Imported:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        return await program.engine.imports.ask(None, account.id, wanted)

    print(f"{in_program(config, work).account}: asked; `centralita status` says how far it is")


@accounts.command("pause")
def accounts_pause(phone_number_id: Number, why: Why = "", config: Config = None) -> None:
    """Let nothing leave from a number until it is resumed."""

    async def work(program: Program) -> Account:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        return await program.engine.accounts.pause(None, account.id, why)

    print(f"{in_program(config, work).name} is paused")


@accounts.command("resume")
def accounts_resume(phone_number_id: Number, why: Why = "", config: Config = None) -> None:
    """Let a number send again, whatever stopped it, unless Meta blocks it."""

    async def work(program: Program) -> Resumed:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        return await program.engine.accounts.resume(None, account.id, why)

    resumed = in_program(config, work)
    if not resumed.known:
        print("Meta could not be asked whether it lets the number send")
    if resumed.problem:
        print(f"Meta says: {resumed.problem}")
    print(f"{resumed.account.name} is {resumed.account.state.value}")
    if resumed.account.held_reason == REASON:
        raise Refused("account-blocked")


@accounts.command("remove")
def accounts_remove(
    phone_number_id: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    unsubscribe: Annotated[
        bool, typer.Option("--unsubscribe", help="Let Meta send no more webhooks of its business account.")
    ] = False,
    config: Config = None,
) -> None:
    """Give a number up: its token is forgotten and what is queued is called back; its history stays."""

    async def look(program: Program) -> tuple[Account, int]:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        return account, (await program.engine.accounts.card(None, account.id)).queued

    account, queued = in_program(config, look)
    if not yes:
        typer.confirm(f"Remove {account.name}? {queued} messages that wait will not be sent", abort=True)

    async def work(program: Program) -> int:
        if unsubscribe:
            await program.engine.onboarding.unsubscribe(account.id, ACTOR)
        return await program.engine.accounts.remove(None, account.id)

    print(f"{account.name} is removed; {in_program(config, work)} messages were called back")


@accounts.command("token")
def accounts_token(
    phone_number_id: Number, token_env: TokenEnv, unverified: Unverified = False, config: Config = None
) -> None:
    """Put a new access token in place, once Meta says that it is good; what was held for the old one leaves."""
    token = secret(token_env)

    async def work(program: Program) -> Outcome | None:
        account = await program.engine.accounts.by_phone_number_id(phone_number_id)
        if unverified:
            await program.engine.accounts.set_token(account.id, token, ACTOR)
            return None
        return await program.engine.onboarding.replace_token(account.id, token, ACTOR)

    outcome = in_program(config, work)
    if outcome is not None:
        _print(outcome.checkup)
        if outcome.account is None:
            raise Refused("token-not-usable")
    print(f"{phone_number_id} has a new token")


def _print(checkup: Checkup) -> None:
    say = Texts().say("en", "UTC", SystemClock().now())
    for line in checklist(checkup, say):
        print(f"  {line}")


def _plain(checkup: Checkup) -> dict[str, Any]:
    return {
        "phone_number_id": checkup.phone_number_id,
        "waba_id": checkup.waba_id,
        "usable": checkup.usable,
        "findings": [
            {"code": each.code, "standing": each.standing.value, "vital": each.vital, **each.params}
            for each in checkup.findings
        ],
    }


def _row(account: Account) -> dict[str, Any]:
    ends = account.token_expires_at
    kept: Iterable[str] = ("phone_number_id", "waba_id", "display_phone", "name", "held_reason", "quality")
    return {
        "id": account.id,
        "state": account.state.value,
        **{name: getattr(account, name) for name in kept},
        "portfolio_id": account.portfolio_id,
        "coexistence": account.coexistence,
        "token_expires_at": ends.isoformat() if ends else None,
    }
