"""Erasing a person: what would go, and then the word that has to be typed (telegram.md 2.0.5, level 3)."""

from collections.abc import Mapping
from typing import Any

from bot.telegram import parse
from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import erasure as views
from crm.errors import NotFound, Refused

DIALOG = "erase"


async def ask(ctx: Context, go: Go) -> None:
    """What there is of the person, and the word."""
    contact_id = parse.number(go.args, 0)
    if contact_id is None:
        raise NotFound("contact-not-found")
    found = await ctx.engine.erasure.preview(ctx.agent, contact_id)
    await ctx.open_dialog(DIALOG, contact_id=found.contact.id)
    await ctx.show(views.ask(found, ctx.agent, ctx.say))


async def typed(ctx: Context, dialog: Mapping[str, Any], text: str) -> None:
    """The word, or anything else; then nothing happens."""
    contact_id = int(dialog["contact_id"])
    await ctx.end_dialog()
    if text.strip().casefold() != views.word(contact_id, ctx.say).casefold():
        raise Refused("erase-word")
    await ctx.show(views.done(await ctx.engine.erasure.erase(ctx.agent, contact_id), ctx.say))
