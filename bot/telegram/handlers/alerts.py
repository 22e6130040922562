"""Open alerts, taking one on, and believing an assumption again."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import alerts as views


async def several(ctx: Context, args: str) -> None:
    """`/alertas`."""
    await _page(ctx, None)


async def page(ctx: Context, go: Go) -> None:
    await _page(ctx, parse.number(go.args, 0))


async def acknowledge(ctx: Context, act: Act) -> None:
    """Somebody sees to it. A push becomes its own receipt, a list loses the line."""
    alert = await ctx.engine.alerts.acknowledge(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-acknowledged"))
    marks = await ctx.engine.desk.recall(ctx.chat_id, ctx.pressed_on or 0)
    if marks.get("alert") == alert.id:
        await ctx.show(views.acknowledged(alert, ctx.agent, ctx.say))
    else:
        await _page(ctx, None)


async def believe(ctx: Context, act: Act) -> None:
    """Switch an assumption on again that Meta's answer had switched off."""
    await ctx.engine.accounts.set_assumption(ctx.agent, act.id, act.extra or "", on=True)
    await ctx.toast(ctx.say.plain("toast-believed"))


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the open alerts."""
    await _page(ctx, None)


async def stay(ctx: Context, act: Act) -> None:
    """After a refusal: the message stays as it is."""


async def _page(ctx: Context, after: int | None) -> None:
    await ctx.show(views.page(await ctx.engine.alerts.page(ctx.agent, after), ctx.agent, ctx.say, after))
