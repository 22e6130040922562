"""The few doors through which updates reach the handlers: typed commands, other words, presses, being blocked and unblocked.

Every door has the same border: a refusal is said in the agent's language and what it was about is drawn again; anything unforeseen
becomes a short text with a reference number. A press is always answered, within a second if need be with "working on it".
"""

import asyncio
from collections.abc import Awaitable
from difflib import get_close_matches

import structlog
from telegram import Chat, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.telegram import buttons, errors, menu, parse
from bot.telegram.buttons import Act, Confirm, Go, Value
from bot.telegram.context import Context
from bot.telegram.handlers import accounts, agents, conversations, groups, pending, reactions, templates
from bot.telegram.handlers.routes import COMMANDS, KEEPS_DIALOG, SCREENS, VERBS
from bot.telegram.views import help as views
from crm.errors import CrmError

log = structlog.get_logger(__name__)

ANSWER_WITHIN = 1.0


async def elsewhere(update: Update, ctx: Context) -> None:
    """Before the others: what does not come from a private chat ends here, and so does news about ourselves."""
    chat = update.effective_chat
    if chat is not None and chat.type != Chat.PRIVATE:
        await _guarded(ctx, groups.ignored(ctx, update))
        raise ApplicationHandlerStop
    if update.my_chat_member is not None:
        await _membership(update, ctx)
        raise ApplicationHandlerStop


async def typed(update: Update, ctx: Context) -> None:
    """A message in private."""
    message = update.message
    if message is None:
        return
    if ctx.known and parse.holds_secret(message.text or message.caption):
        await _guarded(ctx, accounts.leaked(ctx, message, update.update_id))
        return
    command = parse.command(message.text)
    if command is not None and command.name == "start":
        await _guarded(ctx, agents.start(ctx, message))
    elif not ctx.known:
        return
    elif command is not None:
        await _guarded(ctx, _command(ctx, command))
    else:
        await _guarded(ctx, conversations.written(ctx, message))
    if ctx.known:
        await menu.set_once(ctx)


async def pressed(update: Update, ctx: Context) -> None:
    """A button."""
    query = update.callback_query
    if query is None:
        return
    value = buttons.decode(query.data or "")
    slow = asyncio.get_running_loop().call_later(ANSWER_WITHIN, _say_working, ctx)
    try:
        await _guarded(ctx, _press(ctx, value))
    finally:
        slow.cancel()
    await ctx.answered()


async def reacted(update: Update, ctx: Context) -> None:
    """A reaction on something that we showed."""
    if update.message_reaction is not None and ctx.known:
        await _guarded(ctx, reactions.reacted(ctx, update.message_reaction, update.update_id))


# --- inside ------------------------------------------------------------------------------------------------------------------


async def _command(ctx: Context, command: parse.Command) -> None:
    handler = COMMANDS.get(command.name)
    if handler is None:
        nearest = get_close_matches(command.name, COMMANDS, n=1)
        await ctx.show(views.unknown_command(f"/{command.name}", f"/{nearest[0]}" if nearest else None, ctx.say))
        return
    if command.name not in {"cancelar", "cancel"}:
        await ctx.end_dialog()
    await handler(ctx, command.args)


async def _press(ctx: Context, value: Value | None) -> None:
    try:
        await _route(ctx, value)
    except CrmError as refusal:
        await ctx.refuse(refusal)
        await _draw_again(ctx, value)


async def _route(ctx: Context, value: Value | None) -> None:
    if not _keeps_dialog(value):
        await ctx.end_dialog()
    match value:
        case Go(screen, _) if screen in SCREENS:
            await SCREENS[screen](ctx, value)
        case Act(verb) if verb in VERBS:
            await VERBS[verb].act(ctx, value)
        case Confirm():
            await templates.confirm(ctx, value)
        case _:
            await ctx.toast(ctx.say.plain("toast-old-button"), alert=True)


def _keeps_dialog(value: Value | None) -> bool:
    match value:
        case Go(name, _) | Act(name):
            return name in KEEPS_DIALOG
        case _:
            return False


async def _draw_again(ctx: Context, value: Value | None) -> None:
    """What was refused may have changed under the agent's eyes."""
    match value:
        case Act(verb) if verb in VERBS:
            await VERBS[verb].again(ctx, value)
        case Confirm():
            await pending.refreshed(ctx, await pending.shown_here(ctx))
        case Go("qi" | "qh" | "qt" | "tv"):
            await pending.refreshed(ctx, parse.number(value.args, 0))
        case _:
            return


async def _guarded(ctx: Context, work: Awaitable[None]) -> None:
    """The border between our code and people."""
    try:
        await work
    except CrmError as refusal:
        if ctx.known:
            await _told(ctx, refusal)
    except Forbidden:
        if (
            ctx.known
            and ctx.incoming
            and ctx.incoming.effective_chat
            and ctx.incoming.effective_chat.type == Chat.PRIVATE
        ):
            await ctx.engine.agents.unreachable(ctx.agent)
    except TelegramError as trouble:
        log.warning(
            "telegram_call_failed",
            problem=errors.harmless(trouble),
            update_id=ctx.incoming.update_id if ctx.incoming else None,
        )
    except Exception as error:
        if ctx.known:
            await ctx.fail(error)
        else:
            log.exception("telegram_handler_failed")


async def _told(ctx: Context, refusal: CrmError) -> None:
    try:
        await ctx.refuse(refusal)
    except TelegramError as trouble:
        log.warning("telegram_refusal_not_told", code=refusal.code, problem=str(trouble))


def _say_working(ctx: Context) -> None:
    ctx.application.create_task(ctx.toast(ctx.say.plain("toast-working")), name="telegram:working")


async def _membership(update: Update, ctx: Context) -> None:
    """The agent blocked the bot, or came back."""
    change = update.my_chat_member
    if change is None:
        return
    gone = change.new_chat_member.status in {"kicked", "left"}
    work = ctx.engine.agents.unreachable(ctx.agent) if gone else _back(ctx)
    await _guarded(ctx, work)


async def _back(ctx: Context) -> None:
    await ctx.engine.agents.reachable(ctx.agent)
