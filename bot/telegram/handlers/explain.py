"""`/porque`: with a code or a name it explains a contact, as the answer to something shown it explains that."""

from contextlib import suppress

from bot.telegram import parse
from bot.telegram.buttons import Go
from bot.telegram.context import Context
from bot.telegram.views import contacts as choices
from bot.telegram.views import explain as views
from crm.errors import NotFound
from crm.model.explanations import Explanation
from crm.model.ids import from_short


async def asked(ctx: Context, args: str) -> None:
    """`/porque k3f9`, `/porque juan`, or `/porque` as an answer to a card or a message."""
    if args:
        await _by_words(ctx, args)
        return
    answered = ctx.message.reply_to_message if ctx.message is not None else None
    marks = await ctx.engine.desk.recall(ctx.chat_id, answered.message_id) if answered is not None else {}
    message_id, pending_id, conversation_id = map(marks.get, ("message", "pending", "conversation"))
    if message_id is not None:
        await _show(ctx, await ctx.engine.explain.message(ctx.agent, message_id))
    elif pending_id is not None:
        await _show(ctx, await ctx.engine.explain.card(ctx.agent, pending_id))
    elif conversation_id is not None:
        await _show(ctx, await ctx.engine.explain.conversation(ctx.agent, conversation_id))
    else:
        await ctx.show(views.ask(ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    """The chain of a contact."""
    await _contact(ctx, parse.number(go.args, 0))


async def message_screen(ctx: Context, go: Go) -> None:
    """The chain of a message."""
    number = parse.number(go.args, 0)
    if number is None:
        raise NotFound("message-not-found")
    await _show(ctx, await ctx.engine.explain.message(ctx.agent, number))


async def _by_words(ctx: Context, args: str) -> None:
    """A code may be a message's or a card's; a contact's, and any other words, are looked for among the contacts."""
    number = from_short(args.strip().lower())
    if number is not None and number < 2**63:
        for look in (ctx.engine.explain.message, ctx.engine.explain.card):
            with suppress(NotFound):
                await _show(ctx, await look(ctx.agent, number))
                return
    found = await ctx.engine.contacts.find(ctx.agent, args)
    if len(found) == 1:
        await _contact(ctx, found[0].id)
    elif found:
        await ctx.show(choices.several(found, ctx.agent, ctx.say, ("y",)))
    else:
        await ctx.show(choices.nobody(args, ctx.say))


async def _contact(ctx: Context, contact_id: int | None) -> None:
    if contact_id is None:
        raise NotFound("contact-not-found")
    await _show(ctx, await ctx.engine.explain.contact(ctx.agent, contact_id))


async def _show(ctx: Context, found: list[Explanation]) -> None:
    await ctx.show(views.explained(found, ctx.agent, ctx.say))
