"""Joining two contacts that are one person, and parting them again; both are asked about first."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.handlers import contacts
from bot.telegram.views import identities as views
from crm.errors import NotFound, Refused

CONFIRM_WITHIN = 90


async def confirm(ctx: Context, go: Go) -> None:
    """What joining them means, to be confirmed within 90 seconds."""
    one_id, other_id = parse.number(go.args, 0), parse.number(go.args, 1)
    if one_id is None or other_id is None:
        raise NotFound("contact-not-found")
    one, other = [(await ctx.engine.contacts.card(ctx.agent, each)).contact for each in (one_id, other_id)]
    if one.id == other.id:
        raise Refused("merge-same")
    await ctx.show(views.confirm(one, other, ctx.agent, ctx.say))


async def merge(ctx: Context, act: Act) -> None:
    """Join them. The button's version is the second at which it was shown."""
    _in_time(ctx, act)
    done = await ctx.engine.identities.merge(ctx.agent, contacts.of(act) or 0, act.id)
    await ctx.toast(ctx.say.plain("toast-merged"))
    await contacts.show(ctx, done.kept.id)


async def part(ctx: Context, go: Go) -> None:
    """What parting them means."""
    card = await ctx.engine.contacts.card(ctx.agent, parse.number(go.args, 0) or 0)
    if card.merge is None or card.merge.id != parse.number(go.args, 1):
        raise Refused("merge-undone")
    await ctx.show(views.part(card.merge, card.contact, ctx.agent, ctx.say))


async def unmerge(ctx: Context, act: Act) -> None:
    """Part them."""
    _in_time(ctx, act)
    done = await ctx.engine.identities.unmerge(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-unmerged"))
    await contacts.show(ctx, done.kept.id)


def _in_time(ctx: Context, act: Act) -> None:
    if not 0 <= ctx.now.timestamp() - act.version <= CONFIRM_WITHIN:
        raise Refused("confirmation-expired")
