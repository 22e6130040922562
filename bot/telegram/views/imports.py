"""How far the import of a phone's history is: one message, drawn again and again until it is done."""

from bot.telegram.screen import Screen
from bot.telegram.views.common import NAME, one_line
from bot.texts import Html, Say, clip, lines
from crm.model.imports import DAYS, Imported, ImportState

LENGTH = 10
"""Blocks of the bar."""


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


def _bar(imported: Imported, say: Say) -> Html:
    percent = imported.progress.progress
    full = percent * LENGTH // 100
    phase = imported.progress.phase
    known = phase if phase in (0, 1, 2) else "unknown"
    return say("import-bar", bar="▓" * full + "░" * (LENGTH - full), percent=percent, phase=str(known))
