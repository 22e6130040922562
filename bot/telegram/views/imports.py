"""How far the import of a phone's history is: one message, drawn again and again until it is done."""

from bot.telegram.buttons import Act, Button
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, back, one_line, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.imports import DAYS, Imported, ImportState
from crm.policy.permissions import Capability, may

LENGTH = 10
"""Blocks of the bar."""
PHASES: dict[int | None, str] = {0: "first", 1: "second", 2: "third"}


def progress(imported: Imported, say: Say) -> Screen:
    """The bar, what came so far, and what is still awaited."""
    haul, running = imported.haul, imported.state is ImportState.RUNNING
    text = lines(
        say("import-title", account=clip(one_line(imported.account), NAME)),
        say("import-state", state=imported.state.value, count=DAYS),
        _bar(imported, say) if running else None,
        say("import-haul", messages=haul.messages, conversations=haul.conversations, files=haul.files)
        if imported.progress.heard_at
        else None,
        say("import-awaited", messages=haul.waiting, files=haul.awaited) if haul.waiting or haul.awaited else None,
    )
    return Screen(text, shows={"import": imported.account_id})


def screen(imported: Imported, agent: Agent, say: Say) -> Screen:
    """The same when somebody asks for it, with the button that asks Meta. It is no second copy of the one that is kept up to date."""
    asked = imported.state is not ImportState.IDLE
    ask = Button(say.plain("button-ask-history"), Act("im", imported.account_id, 0), "primary")
    return Screen(
        progress(imported, say).text,
        rows(
            [ask] if not asked and may(agent, Capability.ACCOUNTS) else [],
            [back(say), refresh("im", imported.account_id)],
        ),
    )


def _bar(imported: Imported, say: Say) -> Html:
    percent = imported.progress.progress
    full = percent * LENGTH // 100
    phase = PHASES.get(imported.progress.phase, "unknown")
    return say("import-bar", bar="▓" * full + "░" * (LENGTH - full), percent=percent, phase=phase)
