"""Backups: looking, making one, proving one. To restore is the operator's, on the server."""

from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import backups as views


async def several(ctx: Context, args: str) -> None:
    """`/respaldos`."""
    await ctx.show(views.page(await ctx.engine.backups.all(ctx.agent), ctx.agent, ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    await several(ctx, "")


async def create(ctx: Context, act: Act) -> None:
    """Make one now, and prove it."""
    await ctx.engine.backups.create(ctx.agent)
    await ctx.toast(ctx.say.plain("toast-backup-made"))
    await several(ctx, "")


async def prove(ctx: Context, act: Act) -> None:
    """Prove one again."""
    await ctx.engine.backups.verify(ctx.agent, act.extra or "")
    await ctx.toast(ctx.say.plain("toast-backup-proven"))
    await several(ctx, "")


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: what there is."""
    await several(ctx, "")
