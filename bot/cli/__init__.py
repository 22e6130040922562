"""`centralita`: the operator's commands.

Exit codes: 0 done, 1 refused (says why), 2 wrong settings or arguments (names the field).
"""

import typer

from bot.cli.accounts import accounts
from bot.cli.agents import agents
from bot.cli.audit import audit
from bot.cli.backups import backup
from bot.cli.contacts import contacts
from bot.cli.costs import costs
from bot.cli.explain import explain
from bot.cli.jobs import jobs
from bot.cli.keys import keys
from bot.cli.media import media
from bot.cli.rates import rates
from bot.cli.running import running
from bot.cli.sequences import sequences
from bot.cli.shared import leave, why
from bot.cli.templates import templates
from bot.cli.webhooks import webhooks
from crm.errors import CrmError, Misconfigured

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="The switchboard between WhatsApp and Telegram."
)
app.add_typer(running)
for name, group in (
    ("accounts", accounts),
    ("agents", agents),
    ("audit", audit),
    ("backup", backup),
    ("contacts", contacts),
    ("webhooks", webhooks),
    ("sequences", sequences),
    ("templates", templates),
    ("rates", rates),
    ("costs", costs),
    ("jobs", jobs),
    ("media", media),
    ("keys", keys),
):
    app.add_typer(group, name=name)
app.command("why")(explain)


def main() -> None:
    """The entry point: outcomes the program foresaw become one line and an exit code."""
    try:
        app()
    except Misconfigured as error:
        leave(2, str(error))
    except CrmError as error:
        leave(1, why(error))
