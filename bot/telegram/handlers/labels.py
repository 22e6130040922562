"""Tags, fields and notes of a contact: looking at them, taking a tag away, and three questions whose answer is the next message."""

from collections.abc import Mapping
from typing import Any

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import labels as views
from crm.errors import CrmError, NotFound
from crm.model.answers import ContactCard
from crm.policy import permissions
from crm.policy.permissions import Capability

DIALOGS = frozenset({"tag", "field", "note"})


async def screen(ctx: Context, go: Go) -> None:
    """All that is written down."""
    await _show(ctx, parse.number(go.args, 0))


async def ask_tag(ctx: Context, go: Go) -> None:
    card = await _asked(ctx, go, "tag")
    await ctx.show(views.ask_tag(card.contact, ctx.agent, ctx.say))


async def ask_field(ctx: Context, go: Go) -> None:
    card = await _asked(ctx, go, "field")
    await ctx.show(views.ask_field(card.contact, ctx.agent, ctx.say))


async def ask_note(ctx: Context, go: Go) -> None:
    card = await _asked(ctx, go, "note")
    await ctx.show(views.ask_note(card.contact, ctx.agent, ctx.say))


async def written(ctx: Context, dialog: Mapping[str, Any], text: str) -> None:
    """The answer to one of the questions. What is refused may be written again: the question stays open."""
    contact_id, kind = int(dialog["contact_id"]), dialog["kind"]
    if kind == "tag":
        await ctx.engine.labels.tag(ctx.agent, contact_id, text)
    elif kind == "field":
        name, _, value = text.partition(":")
        await ctx.engine.labels.set_field(ctx.agent, contact_id, name, value)
    else:
        await ctx.engine.labels.note(ctx.agent, contact_id, text)
    await ctx.end_dialog()
    await _show(ctx, contact_id)


async def untag(ctx: Context, act: Act) -> None:
    """Take a tag away."""
    card = await ctx.engine.contacts.card(ctx.agent, act.id)
    tag = next((each for each in card.contact.tags if views.sign(each) == act.extra), None)
    if tag is None:
        raise NotFound("tag-not-found")
    await ctx.engine.labels.untag(ctx.agent, act.id, tag)
    await ctx.toast(ctx.say.plain("toast-noted"))
    await _show(ctx, act.id)


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: what is written down now."""
    try:
        await _show(ctx, act.id)
    except CrmError:
        return


async def _asked(ctx: Context, go: Go, kind: str) -> ContactCard:
    permissions.require(ctx.agent, Capability.LABEL)
    card = await _card(ctx, parse.number(go.args, 0))
    await ctx.open_dialog(kind, contact_id=card.contact.id)
    return card


async def _show(ctx: Context, contact_id: int | None) -> None:
    await ctx.show(views.page(await _card(ctx, contact_id), ctx.agent, ctx.say))


async def _card(ctx: Context, contact_id: int | None) -> ContactCard:
    if contact_id is None:
        raise NotFound("contact-not-found")
    return await ctx.engine.contacts.card(ctx.agent, contact_id)
