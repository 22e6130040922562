"""`/estado`: is everything running, and what is waiting where."""

from collections.abc import Iterator
from datetime import datetime

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, back, bar, one_line, refresh
from bot.telegram.views.home import LAMPS
from bot.texts import Html, Say, clip, escape, lines
from crm.model.accounts import AccountState
from crm.model.agents import Agent
from crm.model.answers import AccountStatus, Status
from crm.model.imports import Imported
from crm.policy.permissions import Capability, may

SHOWN_ACCOUNTS = 12
SHOWN_JOBS = 12
SHOWN_KINDS = 3


def status(status: Status, agent: Agent, say: Say) -> Screen:
    """The whole switchboard, as counts."""
    importing = [each for each in status.accounts[:SHOWN_ACCOUNTS] if each.imported is not None]
    stopped = sum(each.account.state is AccountState.HELD for each in status.accounts)
    dead = status.webhooks.get("dead", 0)
    waiting = status.webhooks.get("new", 0) + status.webhooks.get("failed", 0)
    text = lines(
        say("status-trouble", held=stopped, dead=say.many(dead)) if stopped or dead else say("status-fine"),
        say("status-webhooks", waiting=say.many(waiting), dead=say.many(dead)),
        _new_kinds(status, say),
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
        _files(status, say),
        "",
        *(line for each in status.accounts[:SHOWN_ACCOUNTS] for line in (_account(each, say), *_limits(each, say))),
        *_portfolios(status, say),
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
            [Button(say.plain("button-backups"), go("bk")) if may(agent, Capability.BACKUPS) else None],
            [back(say), refresh("st")],
        ),
    )


def _import(imported: Imported | None, say: Say) -> Html | None:
    if imported is None:
        return None
    percent, account = imported.progress.progress, clip(imported.account, NAME)
    return say("status-import", account=account, state=imported.state.value, percent=percent)


def _new_kinds(status: Status, say: Say) -> Html | None:
    """What Meta sends that this version does not know: it is kept, and worth an update."""
    if not status.new_kinds:
        return None
    named = ", ".join(f"{clip(one_line(each.kind), NAME)} ×{each.count}" for each in status.new_kinds[:SHOWN_KINDS])
    newest = max(each.newest_at for each in status.new_kinds)
    return say("status-new-kinds", count=len(status.new_kinds), kinds=named, ago=say.ago(newest))


def _account(each: AccountStatus, say: Say) -> Html:
    account = each.account
    return say(
        "status-account",
        icon=LAMPS[account.state] or "✖️",
        account=clip(account.name, NAME),
        waiting=say.many(each.outbox.get("queued", 0)),
        state=account.state.value,
        reason=say("status-held-why", reason=account.held_reason or "none"),
    )


def _limits(each: AccountStatus, say: Say) -> Iterator[Html]:
    """What slows an account down just now; nothing on nearly every day."""
    told = bar(each.account, say) if each.account.state is AccountState.ACTIVE else None
    if told is not None:
        yield told
    pace = each.pace
    if pace is None or each.account.state is not AccountState.ACTIVE:
        return
    if pace.rests_until is not None:
        yield say("status-rests", until=say.clock(pace.rests_until), reason=pace.rests_for or "none")
    elif pace.used is not None:
        yield say("status-usage", rate=round(pace.rate), allowed=round(pace.allowed), used=pace.used)
    elif pace.normal_at is not None:
        yield say("status-slowed", rate=round(pace.rate), allowed=round(pace.allowed), until=say.clock(pace.normal_at))


def _portfolios(status: Status, say: Say) -> Iterator[Html]:
    """How many people were reached outside their windows today, where Meta has a limit for that."""
    limited = {each.places.id: each.places for each in status.accounts if each.places and each.places.most is not None}
    for places in list(limited.values())[:SHOWN_ACCOUNTS]:
        yield say("status-reach", used=say.many(places.used), most=say.many(places.most or 0))


def _files(status: Status, say: Say) -> Html | None:
    """Files are worth a line when one waits or one was lost lately."""
    waiting, lost = status.files.get("wanted", 0), status.files.get("lost", 0)
    return say("status-files", waiting=say.many(waiting), lost=say.many(lost)) if waiting or lost else None


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
