"""`centralita`: the operator's commands.

Exit codes: 0 done, 1 refused (says why), 2 wrong settings or arguments (names the field).
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot import process, sequence_files, settings_file
from bot.app import Program, open_program, open_vault
from bot.config import Settings, load
from bot.roles import Part, parts_of
from bot.telegram.errors import said
from bot.texts import Texts
from crm.clock import SystemClock
from crm.errors import CrmError, Misconfigured, NotFound, Refused
from crm.jobs import all_jobs, run_job
from crm.model.accounts import Account
from crm.model.agents import Role
from crm.model.contacts import Person
from crm.model.webhooks import WebhookState
from crm.services.accounts import NewAccount
from storage import vault as vaults
from storage.migrate import migrate as migrate_database

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="The switchboard between WhatsApp and Telegram."
)
accounts = typer.Typer(no_args_is_help=True, help="Our WhatsApp numbers.")
agents = typer.Typer(no_args_is_help=True, help="The people who run the switchboard.")
webhooks = typer.Typer(no_args_is_help=True, help="What Meta delivered.")
sequences = typer.Typer(no_args_is_help=True, help="Drip plans.")
jobs = typer.Typer(no_args_is_help=True, help="Scheduled work.")
keys = typer.Typer(no_args_is_help=True, help="Encryption keys.")
for name, group in (
    ("accounts", accounts),
    ("agents", agents),
    ("webhooks", webhooks),
    ("sequences", sequences),
    ("jobs", jobs),
    ("keys", keys),
):
    app.add_typer(group, name=name)

HERE = Path("config.toml")
Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file; ./config.toml if there is one.", envvar="CENTRALITA_CONFIG"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """The entry point: outcomes the program foresaw become one line and an exit code."""
    try:
        app()
    except Misconfigured as error:
        _leave(2, str(error))
    except CrmError as error:
        _leave(1, _why(error))


def _leave(code: int, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise SystemExit(code)


def _why(error: CrmError) -> str:
    """The sentence that agents read for it, if there is one, and the facts."""
    say = Texts().say("en", "UTC", SystemClock().now())
    return f"{said(error, say)} ({error})" if say.knows(f"error-{error.code}") else str(error)


def _secret(name: str) -> str:
    """A secret that must be in the environment, since the command line can be read by others."""
    secret = os.environ.get(name, "")
    if not secret:
        raise Misconfigured(name, "is not set in the environment")
    return secret


def _settings(config: Path | None) -> Settings:
    """The settings of the file that was named, or of the one that lies here."""
    return load(config or (HERE if HERE.exists() else None))


def _with(config: Path | None, work: Callable[[Program], Coroutine[Any, Any, T]]) -> T:
    """Do one thing in an opened program."""

    async def do() -> T:
        async with open_program(_settings(config)) as program:
            return await work(program)

    return asyncio.run(do())


@app.command()
def init(config: Config = None) -> None:
    """Write the settings file, the key file and the database where there are none, and print the code that makes the first admin."""
    config = config or HERE
    try:
        if settings_file.write(config):
            print(f"settings: {config} (yours to fill in; `centralita doctor` says what is missing)")
    except OSError as error:
        raise Misconfigured(str(config), f"cannot be written: {error.strerror}") from None
    settings = _settings(config)
    path = Path(settings.vault.key_file)
    if not settings.vault.keys.get_secret_value() and not path.exists():
        vaults.create_key_file(path)
        print(f"key file: {path} (keep a copy in a safe place)")
    asyncio.run(migrate_database(settings.storage.url))
    code = _with(config, lambda program: program.engine.agents.invite(Role.ADMIN))
    print(f"first admin: send the bot  /start {code}  within three days")


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database to this version's schema."""
    before, after = asyncio.run(migrate_database(_settings(config).storage.url))
    print(f"schema {before or 'empty'} -> {after}")


@app.command()
def serve(
    config: Config = None,
    roles: Annotated[
        str, typer.Option(help="Parts to run, separated by commas; several processes need PostgreSQL.")
    ] = ",".join(Part),
) -> None:
    """Run it, until it is told to stop (SIGTERM, Ctrl-C)."""
    process.run(process.serve(_settings(config), parts_of(roles)))


@app.command()
def doctor(config: Config = None) -> None:
    """Say what is missing before this can serve."""
    settings = _settings(config)
    open_vault(settings)
    whatsapp = settings.whatsapp
    wanted = {
        "whatsapp.app_secrets": bool(whatsapp.app_secrets),
        "whatsapp.verify_token": bool(whatsapp.verify_token.get_secret_value()),
        "whatsapp.app_id (for renewing tokens)": bool(whatsapp.app_id),
        "server.public_url": settings.server.public_url.startswith("https://"),
    }
    known = _with(config, lambda program: program.engine.accounts.all())
    wanted["an account (centralita accounts add)"] = bool(known)
    missing = [name for name, there in wanted.items() if not there]
    for name, there in wanted.items():
        print(f"{'ok     ' if there else 'missing'}  {name}")
    if missing:
        raise Refused("doctor-found-gaps", missing=len(missing))


@app.command()
def status(config: Config = None, as_json: AsJson = False) -> None:
    """Counts of everything."""
    found = _with(config, lambda program: program.engine.reports.status(None)).as_json()
    print(json.dumps(found, indent=None if as_json else 2))


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
    token = _secret(token_env)
    new = NewAccount(phone_number_id, waba_id, display_phone, name or display_phone, coexistence, messages_per_second)
    account = _with(config, lambda program: program.engine.accounts.add(new, token))
    print(f"account {account.id}: {account.name}")


@accounts.command("token")
def accounts_token(
    phone_number_id: Annotated[str, typer.Option()],
    token_env: Annotated[str, typer.Option(help="Environment variable that holds the new access token.")],
    config: Config = None,
) -> None:
    """Put a new access token in place; what was held for the old one leaves."""
    token = _secret(token_env)

    async def work(program: Program) -> Account:
        known = {each.phone_number_id: each for each in await program.engine.accounts.all()}
        if phone_number_id not in known:
            raise NotFound("account-not-found", phone_number_id=phone_number_id)
        return await program.engine.accounts.set_token(known[phone_number_id].id, token, "cli")

    account = _with(config, work)
    print(f"account {account.id}: {account.name} has a new token")


@agents.command("add")
def agents_add(
    telegram_id: Annotated[int, typer.Option()],
    role: Annotated[Role, typer.Option()],
    name: Annotated[str, typer.Option()],
    config: Config = None,
) -> None:
    """Add a person whose Telegram id is known."""
    agent = _with(config, lambda program: program.engine.agents.add(telegram_id, role, name))
    print(f"agent {agent.id}: {agent.name} ({agent.role.value})")


@webhooks.command("list")
def webhooks_list(
    config: Config = None, as_json: AsJson = False, limit: Annotated[int, typer.Option(min=1)] = 50
) -> None:
    """Webhooks that are failed or dead, newest first."""
    wanted = {WebhookState.FAILED, WebhookState.DEAD}
    found = _with(config, lambda program: program.engine.housekeeping.webhooks(wanted, limit))
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
    count = _with(config, lambda program: program.engine.housekeeping.retry_webhooks(ids or None))
    print(json.dumps({"retried": count}) if as_json else f"{count} to be applied again")


@sequences.command("import")
def sequences_import(file: Path, config: Config = None) -> None:
    """Create or replace sequences from a TOML or JSON file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misconfigured(str(file), error.strerror or "cannot be read") from None
    plans = sequence_files.parse(content, json_format=file.suffix.lower() == ".json")
    for plan in _with(config, lambda program: program.engine.sequences.publish("cli", plans)):
        print(f"{plan.key}: version {plan.version}, {len(plan.steps)} steps")


@sequences.command("export")
def sequences_export(config: Config = None) -> None:
    """Print all sequences as JSON."""
    print(sequence_files.as_json(_with(config, lambda program: program.engine.sequences.plans())))


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
    walk = _with(config, lambda program: program.engine.sequences.enroll_by_name("cli", sequence, who, account))
    due = walk.next_due_at.isoformat() if walk.next_due_at else None
    row = {"id": walk.id, "contact_id": walk.contact_id, "account_id": walk.account_id, "next_due_at": due}
    print(json.dumps(row) if as_json else f"enrollment {walk.id}: contact {walk.contact_id}, first step due {due}")


@jobs.command("run")
def jobs_run(job: str, config: Config = None) -> None:
    """Run a job now."""

    async def work(program: Program) -> str:
        known = all_jobs(program.engine)
        if job not in known:
            raise Misconfigured("job", f"must be one of {', '.join(known)}")
        report = await run_job(program.database, program.clock, known[job], program.clock.now())
        if report is None or "failed" in report.counts:
            raise Refused("job-failed", job=job)
        return str(report)

    print(_with(config, work))


@keys.command("rotate")
def keys_rotate(config: Config = None) -> None:
    """Put a new key in front and seal every secret with it."""
    settings = _settings(config)
    if settings.vault.keys.get_secret_value():
        raise Refused(
            "keys-in-environment", hint="put the new key first in CENTRALITA_VAULT__KEYS, then run this again"
        )
    vaults.add_key(Path(settings.vault.key_file))
    vault = open_vault(settings)
    count = _with(config, lambda program: vaults.reseal(program.database, vault, program.clock.now()))
    print(f"{count} secrets sealed with the new key; the old keys may be removed once every node has the new file")
