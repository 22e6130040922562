"""`/costos`."""

from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import costs as views
from crm.model.costs import Part


async def overview(ctx: Context, args: str) -> None:
    """What this month cost."""
    await _show(ctx, "month", Part.CATEGORY)


async def screen(ctx: Context, go: Go) -> None:
    """A period, by a part; what an old button says of neither is this month by category."""
    span, part = (*go.args, "", "")[:2]
    known = part in {each.value for each in views.PARTS}
    await _show(ctx, span if span in views.SPANS else "month", Part(part) if known else Part.CATEGORY)


async def ahead(ctx: Context, go: Go) -> None:
    """What the next days would cost."""
    days = views.AHEAD.get((*go.args, "")[0], 7)
    await ctx.show(views.forecast(await ctx.engine.costs.forecast(ctx.agent, days, views.LOOKED_AT), days, ctx.say))


async def _show(ctx: Context, span: str, part: Part) -> None:
    count = views.SPANS[span]
    costs = ctx.engine.costs
    found = await (costs.month(ctx.agent, part) if count is None else costs.lately(ctx.agent, part, count))
    await ctx.show(views.costs(found, span, ctx.say))
