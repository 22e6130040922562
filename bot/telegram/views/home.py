"""The first screen: what waits for this person, and the way to everything else."""

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.accounts import AccountState
from crm.model.agents import Agent
from crm.model.answers import Status

LAMPS = {AccountState.ACTIVE: "🟢", AccountState.PAUSED: "⏸", AccountState.HELD: "🔴", AccountState.REMOVED: ""}


def home(status: Status, agent: Agent, say: Say) -> Screen:
    """`/menu`."""
    lamps = "".join(LAMPS[each.account.state] for each in status.accounts)
    calm = not status.pending and not status.alerts
    text = lines(
        say("home-hello", name=clip(agent.name, NAME)),
        say("home-calm")
        if calm
        else say("home-waiting", pending=say.many(status.pending), alerts=say.many(status.alerts)),
        say("home-numbers", windows=say.many(status.open_windows), accounts=Html(lamps or "—")),
    )
    return Screen(
        text,
        rows(
            [
                Button(
                    say.plain("button-queue", count=say.many(status.pending)),
                    go("q"),
                    "primary" if status.pending else None,
                )
            ],
            [
                Button(say.plain("button-find"), go("fc")),
                Button(say.plain("button-alerts", count=say.many(status.alerts)), go("al")),
            ],
            [Button(say.plain("button-sequences"), go("s")), Button(say.plain("button-blocks"), go("bl"))],
            [Button(say.plain("button-status"), go("st")), Button(say.plain("button-costs"), go("co"))],
            [Button(say.plain("button-accounts"), go("nu")), Button(say.plain("button-help"), go("he"))],
            [Button(say.plain("button-language"), go("lg")), refresh("home")],
        ),
    )


def welcome(agent: Agent, say: Say) -> Screen:
    """After a one-time code was accepted."""
    text = lines(say("welcome", name=clip(agent.name, NAME), role=agent.role.value), "", say("welcome-what"))
    return Screen(text, rows([Button(say.plain("button-start"), go("home"), "primary")]))
