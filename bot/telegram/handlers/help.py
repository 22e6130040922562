"""`/ayuda`, and `/cancelar`."""

from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import help as views


async def overview(ctx: Context, args: str) -> None:
    """What can be done, by task."""
    await ctx.show(views.overview(ctx.agent, ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    await overview(ctx, "")


async def cancel(ctx: Context, args: str) -> None:
    """End whatever was being asked."""
    ended = await ctx.end_dialog()
    await ctx.show(views.refusal(ctx.say.plain("dialog-ended" if ended else "dialog-none"), ctx.say))
