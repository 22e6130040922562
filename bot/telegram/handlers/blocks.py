"""Suspicions of a block, and taking one back by hand."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import blocks as views
from crm.errors import NotFound, Refused

CONFIRM_WITHIN = 90


async def several(ctx: Context, args: str) -> None:
    """`/bloqueos`."""
    await _page(ctx, None)


async def page(ctx: Context, go: Go) -> None:
    await _page(ctx, parse.number(go.args, 0))


async def confirm(ctx: Context, go: Go) -> None:
    """What a reactivation means, to be confirmed within 90 seconds."""
    conversation_id, contact_id = parse.number(go.args, 0), parse.number(go.args, 1)
    if conversation_id is None or contact_id is None:
        raise NotFound("conversation-not-found")
    card = await ctx.engine.contacts.card(ctx.agent, contact_id)
    if all(each.conversation.id != conversation_id for each in card.conversations):
        raise NotFound("conversation-not-found")
    await ctx.show(views.confirm(card, conversation_id, ctx.agent, ctx.say))


async def reactivate(ctx: Context, act: Act) -> None:
    """Believe that the contact did not block us. The button's version is the second at which it was shown."""
    if not 0 <= ctx.now.timestamp() - act.version <= CONFIRM_WITHIN:
        raise Refused("confirmation-expired")
    await ctx.engine.blocks.reactivate(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-resumed"))
    await ctx.show(views.reactivated(ctx.say))


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the open suspicions."""
    await _page(ctx, None)


async def _page(ctx: Context, after: int | None) -> None:
    await ctx.show(views.page(await ctx.engine.blocks.page(ctx.agent, after), ctx.agent, ctx.say, after))
