"""`/estado`."""

from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import reports as views


async def status(ctx: Context, args: str) -> None:
    """Is everything running?"""
    await ctx.show(views.status(await ctx.engine.reports.glance(ctx.agent), ctx.agent, ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    await status(ctx, "")
