"""An agent's reaction on the copy of a customer's message goes to the customer; taken away here, it is taken back there.

Telegram tells the whole of what somebody has on a message, before and after; WhatsApp knows one emoji. So the newest that is new counts.
"""

from collections.abc import Sequence

from telegram import MessageReactionUpdated, ReactionType, ReactionTypeEmoji

from bot.telegram.context import Context
from crm.errors import Conflict

AS_PICTURE = "\ufe0f"
PLAIN = frozenset({"❤", "☃", "✍", "🕊"})
"""Telegram leaves out the mark that asks for the coloured form; without it some phones show a black sign."""


async def reacted(ctx: Context, change: MessageReactionUpdated, update_id: int) -> None:
    """Hand the reaction on. A custom or a paid one has no equal in WhatsApp, and messages of ours are not meant."""
    wanted = emoji_of(change.old_reaction, change.new_reaction)
    if wanted is None:
        return
    marks = await ctx.engine.desk.recall(change.chat.id, change.message_id)
    conversation_id, message_id = marks.get("conversation"), marks.get("message")
    if conversation_id is None or message_id is None:
        return
    try:
        await ctx.engine.conversations.react(ctx.agent, conversation_id, message_id, wanted, f"tg-r:{update_id}")
    except Conflict:  # handled before a restart: it is on its way
        return


def emoji_of(before: Sequence[ReactionType], after: Sequence[ReactionType]) -> str | None:
    """The emoji that the customer shall see, an empty one for none; None when nothing changes for them."""
    old, new = _emojis(before), _emojis(after)
    if not new:
        return "" if old else None
    added = [each for each in new if each not in old]
    wanted = (added or new)[-1]
    if not added and old and old[-1] == wanted:
        return None
    return wanted + AS_PICTURE if wanted in PLAIN else wanted


def _emojis(reactions: Sequence[ReactionType]) -> list[str]:
    return [str(each.emoji) for each in reactions if isinstance(each, ReactionTypeEmoji)]
