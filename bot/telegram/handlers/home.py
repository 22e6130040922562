"""The first screen and the way back to it."""

from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import home as views


async def menu(ctx: Context, args: str) -> None:
    """`/menu`."""
    await ctx.show(views.home(await ctx.engine.reports.glance(ctx.agent), ctx.agent, ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    """The ‹ Menú button."""
    await menu(ctx, "")
