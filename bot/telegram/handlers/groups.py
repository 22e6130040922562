"""Places that are no private chat: one short line, once, and nothing more. Strangers do not even get that."""

from telegram import Update

from bot.telegram.context import Context
from bot.telegram.views import help as views

TOLD = "told"


async def ignored(ctx: Context, update: Update) -> None:
    """Tell an agent, once for each group, that the bot works in private. A bot that was thrown out says nothing."""
    change = update.my_chat_member
    if change is not None and change.new_chat_member.status in {"left", "kicked"}:
        return
    if update.callback_query is not None:
        await ctx.toast(ctx.say.plain("private-only"))
        return
    called = update.message is not None and (update.message.text or "").startswith("/")
    if change is None and not called:
        return
    if TOLD in await ctx.engine.desk.recall(ctx.chat_id, 0):
        return
    await ctx.engine.desk.remember(ctx.chat_id, 0, TOLD, 1)
    await ctx.show(views.private_only(ctx.say), new=True)
