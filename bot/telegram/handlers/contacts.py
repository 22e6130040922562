"""Finding a contact, its card, and what can be done from there."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import contacts as views
from crm.errors import CrmError, NotFound
from crm.model.ids import from_short


async def find(ctx: Context, args: str) -> None:
    """`/c juan`; alone it asks whom to look for."""
    if not args:
        await ask(ctx)
        return
    found = await ctx.engine.contacts.find(ctx.agent, args)
    if not found:
        await ctx.show(views.nobody(args, ctx.say))
    elif len(found) == 1:
        await show(ctx, found[0].id)
    else:
        await ctx.show(views.several(found, ctx.agent, ctx.say))


async def asked(ctx: Context, go: Go) -> None:
    """The 🔎 button."""
    await ask(ctx)


async def ask(ctx: Context) -> None:
    await ctx.open_dialog("find")
    await ctx.show(views.ask(ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    """One contact's card."""
    await show(ctx, parse.number(go.args, 0))


async def show(ctx: Context, contact_id: int | None) -> None:
    """The card as it stands now."""
    if contact_id is None:
        raise NotFound("contact-not-found")
    card = await ctx.engine.contacts.card(ctx.agent, contact_id)
    ctx.engine.marks.seen(ctx.agent, [each.conversation.id for each in card.conversations])
    await ctx.show(views.card(card, ctx.agent, ctx.say))


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the card as it stands now, if it is still in reach."""
    try:
        await show(ctx, of(act))
    except CrmError:
        return


async def take(ctx: Context, act: Act) -> None:
    """Take charge of a conversation."""
    await ctx.engine.conversations.assign(ctx.agent, act.id, ctx.agent.id)
    await ctx.toast(ctx.say.plain("toast-taken"))
    await show(ctx, of(act))


async def give_back(ctx: Context, act: Act) -> None:
    """Let everybody have it again."""
    await ctx.engine.conversations.assign(ctx.agent, act.id, None)
    await ctx.toast(ctx.say.plain("toast-given-back"))
    await show(ctx, of(act))


def of(act: Act) -> int | None:
    """The contact on whose card the button stood."""
    return from_short(act.extra) if act.extra else None
