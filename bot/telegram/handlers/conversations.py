"""Answering customers: by replying to what they wrote, by the Reply button, or later, when an order had lain around.

Nothing typed is lost and nothing is sent twice: the engine knows an agent's message by its chat and number, so one that is handled again
after the program died in the middle has the outcome it had. A file steps aside while it is made fit, and the agent's next words
to the same customer wait for it; everything else goes on. The pictures of an album are messages of their own, in their order.
"""

from collections.abc import Mapping
from typing import Any

from telegram import Message, ReactionTypeEmoji
from telegram.error import BadRequest

from bot.telegram import contents, errors, files, order, parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.governor import Priority
from bot.telegram.handlers import accounts, composing, contacts, erasure, labels, sequences, templates
from bot.telegram.handlers.files import NOTE, Note, kept
from bot.telegram.screen import Screen
from bot.telegram.views import conversations as views
from bot.telegram.views import help as help_views
from bot.telegram.views import pending as pending_views
from crm.errors import CrmError, NotFound
from crm.model.agents import REPLIED, Order
from crm.model.answers import Held, Queued

OKAY = "👌"


async def written(ctx: Context, message: Message) -> None:
    """Words without a command: an answer to a customer, or to a question of ours."""
    replied = message.reply_to_message
    marks = await ctx.engine.desk.recall(ctx.chat_id, replied.message_id) if replied else {}
    dialog = await ctx.dialog()
    kind = str(dialog["kind"]) if dialog else None
    conversation_id, quoted = marks.get("conversation"), marks.get("message")
    if conversation_id is None and dialog is not None and _continues(dialog, message):
        conversation_id, quoted = int(dialog["conversation_id"]), dialog.get("message")
    text = message.text
    if conversation_id is None and dialog is not None and kind == templates.DIALOG and dialog.get("asking"):
        await templates.written(ctx, dialog, message)
    elif conversation_id is not None and _can_leave(message):
        await _expect_album(ctx, conversation_id, message, quoted, dialog)
        await _order(ctx, conversation_id, message, quoted)
    elif text is None:
        known = conversation_id is not None or kind not in (None, "album")
        await ctx.show(views.cannot_leave(ctx.say) if known else views.how_to_reply(ctx.say), new=True)
    elif dialog is not None and kind == composing.DIALOG:
        await composing.written(ctx, dialog, text, message.message_id)
    elif dialog is not None and kind == "find":
        await ctx.end_dialog()
        await contacts.find(ctx, text)
    elif dialog is not None and kind == erasure.DIALOG:
        await erasure.typed(ctx, dialog, text)
    elif dialog is not None and kind in labels.DIALOGS:
        await labels.written(ctx, dialog, text)
    elif dialog is not None and kind == "pause":
        await ctx.end_dialog()
        await accounts.pause(ctx, int(dialog["account_id"]), text)
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
    ctx.engine.marks.seen(ctx.agent, [conversation_id])
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
    known = await ctx.engine.desk.recall(ctx.chat_id, original.message_id)
    if REPLIED in known:
        await ctx.toast(ctx.say.plain("toast-done-before"))
    else:
        await answer(ctx, conversation_id, original, marks.get("message"), known)
    await _close_question(ctx)


async def leave_it(ctx: Context, act: Act) -> None:
    """Do not send what had lain around."""
    await ctx.toast(ctx.say.plain("toast-ignored"))
    await _close_question(ctx)


async def nothing(ctx: Context, act: Act) -> None:
    """After a refusal nothing is drawn again: the question stays."""


def _can_leave(message: Message) -> bool:
    """Words, a place, a person's card, or a file of a kind that WhatsApp has."""
    return bool(message.text) or contents.of(message) is not None or files.of(message) is not None


def _continues(dialog: Mapping[str, Any], message: Message) -> bool:
    """Whether an open dialog says to whom this goes: the Reply button, or an album whose first picture went there."""
    if dialog["kind"] == "album":
        return bool(message.media_group_id) and message.media_group_id == dialog["album"]
    return bool(dialog["kind"] == "reply")


async def _expect_album(
    ctx: Context, conversation_id: int, message: Message, quoted: int | None, dialog: Mapping[str, Any] | None
) -> None:
    """The pictures of an album come one by one, and not all of them say whom they answer: the first one speaks for all."""
    album = message.media_group_id
    if album and (dialog is None or dialog["kind"] in ("reply", "album")):
        facts: dict[str, int | str] = {"conversation_id": conversation_id, "album": album}
        await ctx.open_dialog("album", **facts | ({"message": quoted} if quoted is not None else {}))


async def _order(ctx: Context, conversation_id: int, message: Message, quoted: int | None) -> None:
    known = await ctx.engine.desk.recall(ctx.chat_id, message.message_id)
    if ctx.late(message) and REPLIED not in known:
        shows = {"conversation": conversation_id} | ({"message": quoted} if quoted is not None else {})
        question = views.late(message.message_id, message.date, ctx.say, shows=shows)
        await Note(ctx, message.message_id, known.get(NOTE)).becomes(question)
        return
    await answer(ctx, conversation_id, message, quoted, known)


async def answer(
    ctx: Context, conversation_id: int, message: Message, quoted: int | None, known: Mapping[str, int]
) -> None:
    """Hand the words, or the file with its caption, to the engine and show what became of them. `known` is what the desk remembers of
    the message."""
    file, place, turn = files.of(message), (ctx.chat_id, conversation_id), order.current()
    aside = file is not None or turn.is_behind(place)
    if aside:
        await _end_answering(ctx, message)
    async with Note(ctx, message.message_id, known.get(NOTE), appears=file is not None) as note:
        if aside:
            await turn.step_aside(place)
        try:
            outcome = await _handed_over(ctx, conversation_id, message, quoted, fresh=REPLIED not in known)
        except CrmError as refusal:
            if ctx.query is not None or not aside:
                raise
            await note.becomes(help_views.refusal(errors.said(refusal, ctx.say), ctx.say))
            return
        if not aside:
            await ctx.end_dialog()
        await _told(ctx, outcome, message.message_id, note)


async def _handed_over(
    ctx: Context, conversation_id: int, message: Message, quoted: int | None, *, fresh: bool
) -> Queued | Held:
    """Give the engine what the message holds; a file that was handed over before is not made fit again."""
    given, content, file = Order(ctx.chat_id, message.message_id), contents.of(message), files.of(message)
    if content is not None:
        return await ctx.engine.conversations.say(ctx.agent, conversation_id, content, quoted, given)
    if file is not None and fresh:
        ctx.engine.marks.typing(ctx.agent, conversation_id)
    enclosed = await kept(ctx, file) if file is not None and fresh else None
    text = message.text or message.caption or ""
    return await ctx.engine.conversations.reply(ctx.agent, conversation_id, text, quoted, given, enclosed)


async def _end_answering(ctx: Context, message: Message) -> None:
    """What is written next is not meant for this customer any more, but for the other pictures of the same album."""
    dialog = await ctx.dialog()
    if dialog is not None and not (dialog["kind"] == "album" and dialog["album"] == message.media_group_id):
        await ctx.end_dialog()


async def _told(ctx: Context, outcome: Queued | Held, message_id: int, note: Note) -> None:
    """A nod or a line for what leaves, its card for what waits, unless it hangs in this chat already."""
    screen: Screen | None = None
    match outcome:
        case Queued():
            screen = await _nod(ctx, outcome, message_id)
            if screen is None and await note.there():
                screen = views.sent(outcome, ctx.say)
        case Held(pending_id):
            copies = await ctx.engine.desk.copies("pending", pending_id)
            if all(chat_id != ctx.chat_id for chat_id, _ in copies):
                card = await ctx.engine.pending.card(ctx.agent, pending_id)
                screen = pending_views.card(card, ctx.agent, ctx.say, kept=True)
    await (note.becomes(screen) if screen is not None else note.goes())


async def _nod(ctx: Context, queued: Queued, message_id: int) -> Screen | None:
    """A 👌 on the agent's own words; return the line for when there is something to say, or when reactions do not work."""
    try:
        await ctx.bot.set_message_reaction(
            ctx.chat_id, message_id, [ReactionTypeEmoji(OKAY)], rate_limit_args=int(Priority.ANSWER)
        )
    except BadRequest:
        return views.sent(queued, ctx.say)
    return views.on_assumption(queued, ctx.say)


async def _close_question(ctx: Context) -> None:
    """The buttons go, the words stay."""
    if ctx.pressed_on is None:
        return
    try:
        await ctx.bot.edit_message_reply_markup(ctx.chat_id, ctx.pressed_on, rate_limit_args=int(Priority.REFRESH))
    except BadRequest:
        return
