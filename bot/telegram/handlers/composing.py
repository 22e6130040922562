"""A message with buttons, a list, a link, or the question for the phone number: asked for in two steps, looked at, sent.

The dialog is a row in the database, so that a restart is invisible. What WhatsApp would not take is refused at once, naming the part, and
the step stays open; nothing leaves before the agent has seen it as the customer will.
"""

from collections.abc import Mapping
from secrets import randbelow
from typing import Any

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.forms import Form, complete, words_only
from bot.telegram.views import composing as views
from bot.telegram.views import pending as pending_views
from crm.errors import NotFound
from crm.model import stored_contents
from crm.model.agents import REPLIED, Order
from crm.model.answers import ContactCard, ConversationCard, Held, Queued
from crm.model.contents import Content

DIALOG = "compose"


async def forms(ctx: Context, go: Go) -> None:
    """Which form?"""
    talk, card = await _talk(ctx, parse.number(go.args, 0), parse.number(go.args, 1))
    await ctx.show(views.forms(talk, card.contact, ctx.agent, ctx.say))


async def begin(ctx: Context, go: Go) -> None:
    """A form was chosen: ask for the words."""
    talk, card = await _talk(ctx, parse.number(go.args, 0), parse.number(go.args, 1))
    form = _form(go.args[2] if len(go.args) > 2 else "")
    ctx.engine.marks.typing(ctx.agent, talk.conversation.id)
    await ctx.open_dialog(DIALOG, form=form.value, conversation_id=talk.conversation.id, contact_id=card.contact.id)
    await ctx.show(views.ask_words(form, talk, card.contact, ctx.agent, ctx.say))


async def written(ctx: Context, dialog: Mapping[str, Any], text: str, message_id: int) -> None:
    """The words, or what can be tapped. Refused, the step stays open. The same message again is not the next step's."""
    form, label = Form(str(dialog["form"])), ctx.say.plain("compose-list-label")
    body = dialog.get("body")
    if dialog.get("heard") == message_id:
        await ctx.show(views.ask_titles(form, ctx.say))
        return
    if body is None:
        ctx.engine.conversations.fitted(ctx.agent, words_only(form, text, label))
        if form is Form.PHONE:
            await _look(ctx, dialog, words_only(form, text, label))
            return
        await ctx.open_dialog(DIALOG, **{**_kept(dialog), "body": text, "heard": message_id})
        await ctx.show(views.ask_titles(form, ctx.say))
        return
    await _look(ctx, dialog, complete(form, str(body), text, label))


async def send(ctx: Context, act: Act) -> None:
    """Send what was looked at; the same press again finds that it was sent."""
    if ctx.pressed_on is None:
        return
    dialog = await ctx.dialog()
    if dialog is None or dialog.get("kind") != DIALOG or dialog.get("look") != act.version:
        done = REPLIED in await ctx.engine.desk.recall(ctx.chat_id, ctx.pressed_on)
        await ctx.toast(ctx.say.plain("toast-done-before" if done else "toast-old-button"), alert=not done)
        return
    content = stored_contents.read(dialog["content"])
    talk, card = await _talk(ctx, int(dialog["conversation_id"]), int(dialog["contact_id"]))
    order = Order(ctx.chat_id, ctx.pressed_on)
    outcome = await ctx.engine.conversations.say(ctx.agent, talk.conversation.id, content, order=order)
    await ctx.end_dialog()
    match outcome:
        case Queued():
            await ctx.show(views.sent(content, outcome, talk, card.contact, ctx.agent, ctx.say))
        case Held(pending_id):
            waiting = await ctx.engine.pending.card(ctx.agent, pending_id)
            await ctx.show(pending_views.card(waiting, ctx.agent, ctx.say, kept=True))


async def nothing(ctx: Context, act: Act) -> None:
    """After a refusal what was looked at stays, and so does its button."""


async def _look(ctx: Context, dialog: Mapping[str, Any], content: Content) -> None:
    """Show it as the customer will see it; only what was shown last can be sent."""
    fitting = ctx.engine.conversations.fitted(ctx.agent, content)
    look = randbelow(2**31)
    talk, card = await _talk(ctx, int(dialog["conversation_id"]), int(dialog["contact_id"]))
    await ctx.open_dialog(DIALOG, **_kept(dialog), content=stored_contents.written(fitting), look=look)
    await ctx.show(
        views.look(fitting, Form(str(dialog["form"])), look, talk, card.contact, ctx.agent, ctx.say), new=True
    )


def _kept(dialog: Mapping[str, Any]) -> dict[str, Any]:
    """What every step remembers."""
    return {key: dialog[key] for key in ("form", "conversation_id", "contact_id", "body") if key in dialog}


def _form(name: str) -> Form:
    if name not in set(Form):
        raise NotFound("conversation-not-found")
    return Form(name)


async def _talk(
    ctx: Context, conversation_id: int | None, contact_id: int | None
) -> tuple[ConversationCard, ContactCard]:
    card = await ctx.engine.contacts.card(ctx.agent, contact_id or 0)
    for each in card.conversations:
        if each.conversation.id == conversation_id:
            return each, card
    raise NotFound("conversation-not-found")
