"""Answering customers: by replying to what they wrote, by the Reply button, or later, when an order had lain around.

Nothing typed is lost and nothing is sent twice: the engine knows an agent's message by its chat and number, so one that is handled again
after the program died in the middle has the outcome it had.
"""

from telegram import Message, ReactionTypeEmoji
from telegram.error import BadRequest

from bot.telegram import files, parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.governor import Priority
from bot.telegram.handlers import contacts, sequences
from bot.telegram.views import conversations as views
from bot.telegram.views import pending as pending_views
from crm.errors import NotFound
from crm.model.agents import REPLIED, Order
from crm.model.answers import Held, Queued
from crm.model.media import KeptFile

OKAY = "👌"


async def written(ctx: Context, message: Message) -> None:
    """Words without a command: an answer to a customer, or to a question of ours."""
    replied = message.reply_to_message
    marks = await ctx.engine.desk.recall(ctx.chat_id, replied.message_id) if replied else {}
    dialog = await ctx.dialog()
    kind = str(dialog["kind"]) if dialog else None
    conversation_id = marks.get("conversation")
    if conversation_id is None and dialog is not None and kind == "reply":
        conversation_id = int(dialog["conversation_id"])
    text = message.text
    if conversation_id is not None and _can_leave(message):
        await _order(ctx, conversation_id, message, marks.get("message"))
    elif text is None:
        known = conversation_id is not None or kind is not None
        await ctx.show(views.cannot_leave(ctx.say) if known else views.how_to_reply(ctx.say), new=True)
    elif dialog is not None and kind == "find":
        await ctx.end_dialog()
        await contacts.find(ctx, text)
    elif dialog is not None and kind == "enroll":
        await ctx.end_dialog()
        await sequences.named(ctx, int(dialog["sequence_id"]), text)
    else:
        await ctx.show(views.how_to_reply(ctx.say))


async def ask(ctx: Context, go: Go) -> None:
    """The Reply button: open the answer field."""
    conversation_id, contact_id = parse.number(go.args, 0), parse.number(go.args, 1)
    if conversation_id is None or contact_id is None:
        raise NotFound("conversation-not-found")
    card = await ctx.engine.contacts.card(ctx.agent, contact_id)
    talk = next((each for each in card.conversations if each.conversation.id == conversation_id), None)
    if talk is None:
        raise NotFound("conversation-not-found")
    await ctx.open_dialog("reply", conversation_id=conversation_id)
    await ctx.show(views.prompt(talk, card.contact, ctx.agent, ctx.say))


async def do_it(ctx: Context, act: Act) -> None:
    """Send what had lain around, now that somebody said so."""
    original = getattr(ctx.query.message, "reply_to_message", None) if ctx.query else None
    marks = await ctx.engine.desk.recall(ctx.chat_id, ctx.pressed_on or 0)
    conversation_id = marks.get("conversation")
    if not isinstance(original, Message) or not _can_leave(original) or conversation_id is None:
        await ctx.toast(ctx.say.plain("toast-message-gone"), alert=True)
        await _close_question(ctx)
        return
    if REPLIED in await ctx.engine.desk.recall(ctx.chat_id, original.message_id):
        await ctx.toast(ctx.say.plain("toast-done-before"))
    else:
        await answer(ctx, conversation_id, original, marks.get("message"))
    await _close_question(ctx)


async def leave_it(ctx: Context, act: Act) -> None:
    """Do not send what had lain around."""
    await ctx.toast(ctx.say.plain("toast-ignored"))
    await _close_question(ctx)


async def nothing(ctx: Context, act: Act) -> None:
    """After a refusal nothing is drawn again: the question stays."""


def _can_leave(message: Message) -> bool:
    """Words, or a file of a kind that WhatsApp has."""
    return bool(message.text) or files.of(message) is not None


async def _order(ctx: Context, conversation_id: int, message: Message, quoted: int | None) -> None:
    done = REPLIED in await ctx.engine.desk.recall(ctx.chat_id, message.message_id)
    if ctx.late(message) and not done:
        shows = {"conversation": conversation_id} | ({"message": quoted} if quoted is not None else {})
        question = views.late(message.message_id, message.date, ctx.say, shows=shows)
        await ctx.show(question, new=True, answers=message.message_id)
        return
    await answer(ctx, conversation_id, message, quoted)


async def answer(ctx: Context, conversation_id: int, message: Message, quoted: int | None) -> None:
    """Hand the words, or the file with its caption, to the engine and show what became of them."""
    message_id = message.message_id
    order = Order(ctx.chat_id, message_id)
    text, kept = message.text or message.caption or "", await _kept(ctx, message)
    outcome = await ctx.engine.conversations.reply(ctx.agent, conversation_id, text, quoted, order, kept)
    await ctx.end_dialog()
    match outcome:
        case Queued():
            await _nod(ctx, outcome, message_id)
        case Held(pending_id):
            copies = await ctx.engine.desk.copies("pending", pending_id)
            if all(chat_id != ctx.chat_id for chat_id, _ in copies):
                card = await ctx.engine.pending.card(ctx.agent, pending_id)
                await ctx.show(pending_views.card(card, ctx.agent, ctx.say, kept=True), new=True, answers=message_id)


async def _kept(ctx: Context, message: Message) -> KeptFile | None:
    """The message's file, fit for WhatsApp and kept, if it has one."""
    file = files.of(message)
    if file is None:
        return None
    content = await files.fetched(ctx.bot, file)
    return await ctx.engine.files.keep(ctx.agent, file.kind, content, file.mime_type, file.name)


async def _nod(ctx: Context, queued: Queued, message_id: int) -> None:
    """A 👌 on the agent's own words; a line when there is something to say, or when reactions do not work."""
    line = views.on_assumption(queued, ctx.say)
    try:
        await ctx.bot.set_message_reaction(
            ctx.chat_id, message_id, [ReactionTypeEmoji(OKAY)], rate_limit_args=int(Priority.ANSWER)
        )
    except BadRequest:
        line = views.sent(queued, ctx.say)
    if line is not None:
        await ctx.show(line, new=True, answers=message_id)


async def _close_question(ctx: Context) -> None:
    """The buttons go, the words stay."""
    if ctx.pressed_on is None:
        return
    try:
        await ctx.bot.edit_message_reply_markup(ctx.chat_id, ctx.pressed_on, rate_limit_args=int(Priority.REFRESH))
    except BadRequest:
        return
