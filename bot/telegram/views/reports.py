"""`/estado`: is everything running, and what is waiting where."""

from datetime import datetime

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, back, refresh
from bot.telegram.views.home import LAMPS
from bot.texts import Html, Say, clip, escape, lines
from crm.model.accounts import AccountState
from crm.model.agents import Agent
from crm.model.answers import AccountStatus, Status
from crm.model.imports import Imported

SHOWN_ACCOUNTS = 12
SHOWN_JOBS = 12


def status(status: Status, agent: Agent, say: Say) -> Screen:
    """The whole switchboard, as counts."""
    importing = [each for each in status.accounts[:SHOWN_ACCOUNTS] if each.imported is not None]
    stopped = sum(each.account.state is AccountState.HELD for each in status.accounts)
    dead = status.webhooks.get("dead", 0)
    waiting = status.webhooks.get("new", 0) + status.webhooks.get("failed", 0)
    text = lines(
        say("status-trouble", held=stopped, dead=say.many(dead)) if stopped or dead else say("status-fine"),
        say("status-webhooks", waiting=say.many(waiting), dead=say.many(dead)),
        say(
            "status-outbox",
            waiting=say.many(status.outbox.get("queued", 0)),
            unknown=say.many(status.outbox.get("unknown", 0)),
        ),
        say("status-pending", count=say.many(status.pending)),
        say("status-contacts", count=say.many(status.contacts), windows=say.many(status.open_windows)),
        say(
            "status-blocks",
            probable=say.many(status.blocks.get("probable", 0)),
            confirmed=say.many(status.blocks.get("confirmed", 0)),
        ),
        "",
        *(_account(each, say) for each in status.accounts[:SHOWN_ACCOUNTS]),
        *(_import(each.imported, say) for each in importing),
        _jobs(status, say),
        say("status-at", time=say.clock(status.at)),
    )
    return Screen(
        text,
        rows(
            [
                Button(say.plain("button-queue", count=say.many(status.pending)), go("q")),
                Button(say.plain("button-alerts", count=say.many(status.alerts)), go("al")),
            ],
            [back(say), refresh("st")],
        ),
    )


def _import(imported: Imported | None, say: Say) -> Html | None:
    if imported is None:
        return None
    percent, account = imported.progress.progress, clip(imported.account, NAME)
    return say("status-import", account=account, state=imported.state.value, percent=percent)


def _account(each: AccountStatus, say: Say) -> Html:
    account = each.account
    return say(
        "status-account",
        icon=LAMPS[account.state] or "✖️",
        account=clip(account.name, NAME),
        waiting=say.many(each.outbox.get("queued", 0)),
        state=account.state.value,
        reason=account.held_reason or "none",
    )


def _jobs(status: Status, say: Say) -> Html | None:
    if not status.jobs:
        return None
    told = [f"{escape(job)}: {escape(_run(outcome, say))}" for job, outcome in sorted(status.jobs.items())[:SHOWN_JOBS]]
    return Html("<blockquote expandable>" + "\n".join([say("status-jobs"), *told]) + "</blockquote>")


def _run(outcome: str, say: Say) -> str:
    """A job's line begins with its fire time in ISO; people read it as a moment of theirs."""
    at, _, rest = outcome.partition(" ")
    try:
        return f"{say.moment(datetime.fromisoformat(at))} · {clip(rest, 80)}"
    except ValueError:
        return clip(outcome, 100)
