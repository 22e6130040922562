"""The manual queue: the list, the card, and every way out of it."""

from bot.telegram import painter, parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import pending as views
from crm.errors import Conflict, CrmError, NotFound
from crm.model.pending import PendingState


async def queue(ctx: Context, args: str) -> None:
    """`/cola`."""
    await _page(ctx, None)


async def page(ctx: Context, go: Go) -> None:
    """A page of the queue; a place that cannot be read is the beginning."""
    await _page(ctx, views.read_cursor(go.args[0]) if go.args else None)


async def item(ctx: Context, go: Go) -> None:
    """One card."""
    await show(ctx, parse.number(go.args, 0))


async def following(ctx: Context, go: Go) -> None:
    """The first card of the queue, in place of the one that was just resolved."""
    page = await ctx.engine.pending.page(ctx.agent, None, 1)
    if not page.lines:
        await ctx.toast(ctx.say.plain("toast-queue-empty"))
        await _page(ctx, None)
        return
    await show(ctx, page.lines[0][0].id)


async def show(ctx: Context, pending_id: int | None) -> None:
    """The card as it stands now."""
    if pending_id is None:
        raise NotFound("pending-not-found")
    await ctx.show(views.card(await ctx.engine.pending.card(ctx.agent, pending_id), ctx.agent, ctx.say))


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the card as it stands now."""
    await refreshed(ctx, act.id)


async def refreshed(ctx: Context, pending_id: int | None) -> None:
    """The card, or the queue when the card is out of reach."""
    try:
        await show(ctx, pending_id)
    except CrmError:
        await _page(ctx, None)


async def release(ctx: Context, act: Act) -> None:
    """Send the text as it is."""
    card = await ctx.engine.pending.card(ctx.agent, act.id)
    await ctx.engine.pending.release(ctx.agent, act.id, act.version)
    told = (
        ctx.say.plain("toast-sent", price=ctx.say.price(card.quote))
        if card.quote
        else ctx.say.plain("toast-sent-template")
    )
    await ctx.toast(told)
    await show(ctx, act.id)


async def discard(ctx: Context, act: Act) -> None:
    """It shall not be sent."""
    await ctx.engine.pending.skip(ctx.agent, act.id, act.version)
    await ctx.toast(ctx.say.plain("toast-discarded"))
    await show(ctx, act.id)


async def hand(ctx: Context, go: Go) -> None:
    """How to send it from the phone."""
    card = await ctx.engine.pending.card(ctx.agent, parse.number(go.args, 0) or 0)
    if card.pending.state is not PendingState.OPEN:
        raise Conflict("already-resolved", by=card.resolver.name if card.resolver else "")
    if not views.fits_by_hand(card):
        await painter.send_raw(ctx.bot, ctx.chat_id, card.pending.text)
    await ctx.show(views.by_hand(card, ctx.agent, ctx.say), new=not views.fits_by_hand(card))


async def sent_by_hand(ctx: Context, act: Act) -> None:
    """The agent says that it was sent from the phone."""
    await ctx.engine.pending.by_hand(ctx.agent, act.id, act.version)
    await ctx.toast(ctx.say.plain("toast-by-hand"))
    await show(ctx, act.id)


async def shown_here(ctx: Context) -> int | None:
    """Which card the pressed message is about."""
    if ctx.pressed_on is None:
        return None
    return (await ctx.engine.desk.recall(ctx.chat_id, ctx.pressed_on)).get("pending")


async def _page(ctx: Context, after: views.Cursor | None) -> None:
    page = await ctx.engine.pending.page(ctx.agent, after)
    await ctx.show(views.queue(page, ctx.agent, ctx.say, after))
