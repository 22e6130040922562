"""What a phone in coexistence hands over: how far that is, and asking for it."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import imports as views


async def screen(ctx: Context, go: Go) -> None:
    """How far the import of one account is."""
    await _show(ctx, parse.number(go.args, 0) or 0)


async def ask(ctx: Context, act: Act) -> None:
    """Ask Meta for the address book and the history."""
    await ctx.engine.imports.ask(ctx.agent, act.id)
    await _show(ctx, act.id)


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: how far it is."""
    await _show(ctx, act.id)


async def _show(ctx: Context, account_id: int) -> None:
    imported = await ctx.engine.imports.progress(account_id, by=ctx.agent)
    await ctx.show(views.screen(imported, ctx.agent, ctx.say))
