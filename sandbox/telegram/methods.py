"""The table of Bot API methods this server knows, and the small ones about the bot itself.

A method takes an `Ask` and answers the JSON result or raises `ApiFault`. What is not in the table answers 404,
exactly like a misspelled method, so a program cannot lean on something that is not simulated.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.telegram import answers, messages, topics, wire
from sandbox.telegram.ask import Ask
from sandbox.telegram.chats import Chat
from sandbox.telegram.faults import ApiFault, bad
from sandbox.telegram.updates import Webhook, check_webhook_url

Json = dict[str, Any]
Method = Callable[[Ask], Any]

MAX_COMMANDS = 100
_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LANGUAGE = re.compile(r"([a-z]{2})?")


def get_me(ask: Ask) -> Json:
    return wire.me(ask.chats.bot)


def get_updates(ask: Ask) -> Awaitable[list[Json]]:
    ask.state.updates.allow(ask.params.json("allowed_updates"))
    limit = min(max(ask.params.whole_or("limit", 100), 1), 100)
    return ask.state.updates.poll(ask.params.whole_or("offset", 0), limit, ask.params.whole_or("timeout", 0))


def set_webhook(ask: Ask) -> bool:
    url, secret = ask.params.text("url"), ask.params.text("secret_token")
    if not url:
        return delete_webhook(ask)
    check_webhook_url(url)
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    ask.state.updates.allow(ask.params.json("allowed_updates"))
    hook = Webhook(url, secret or None, ask.params.whole_or("max_connections", 40))
    ask.state.updates.hook(hook, drop=ask.params.flag("drop_pending_updates"))
    return True


def delete_webhook(ask: Ask) -> bool:
    ask.state.updates.hook(None, drop=ask.params.flag("drop_pending_updates"))
    return True


def get_webhook_info(ask: Ask) -> Json:
    updates = ask.state.updates
    hook = updates.webhook
    trouble = updates.last_error
    return {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
        "allowed_updates": sorted(updates.allowed),
    } | wire.present(
        max_connections=hook.max_connections if hook else None,
        last_error_date=wire.unix(trouble[0]) if trouble else None,
        last_error_message=trouble[1] if trouble else None,
    )


def set_my_commands(ask: Ask) -> bool:
    commands = ask.params.json("commands") or []
    if len(commands) > MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND_NAME.fullmatch(command.get("command", "").removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    ask.state.commands[_scope(ask)] = commands
    return True


def delete_my_commands(ask: Ask) -> bool:
    ask.state.commands.pop(_scope(ask), None)
    return True


def get_my_commands(ask: Ask) -> list[Json]:
    return ask.state.commands.get(_scope(ask), [])


def set_chat_menu_button(ask: Ask) -> bool:
    chat_id = ask.params.whole("chat_id")
    if chat_id is not None:
        ask.chat()
    ask.state.menu_buttons[chat_id] = ask.params.json("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(ask: Ask) -> Json:
    buttons = ask.state.menu_buttons
    return buttons.get(ask.params.whole("chat_id")) or buttons.get(None) or {"type": "default"}


def get_chat(ask: Ask) -> Json:
    return wire.full_chat(_seen(ask))


def get_chat_member(ask: Ask) -> Json:
    chat = _seen(ask)
    user = ask.chats.users.get(ask.params.whole_or("user_id", 0))
    if user is None:
        raise bad("user not found")
    if user is ask.chats.bot:
        return wire.member(user, chat.bot_status)
    status = "member" if chat.person is user else chat.members.get(user.id, "left")
    return wire.member(user, status)


def get_chat_administrators(ask: Ask) -> list[Json]:
    chat = _group(ask)
    ranked = {**chat.members, ask.chats.bot.id: chat.bot_status}
    chiefs = [one for one, status in ranked.items() if status in {"creator", "administrator"}]
    return [wire.member(ask.chats.users[one], ranked[one]) for one in chiefs]


def get_chat_member_count(ask: Ask) -> int:
    chat = _seen(ask)
    return 2 if chat.is_private else 1 + sum(status not in {"left", "kicked"} for status in chat.members.values())


def leave_chat(ask: Ask) -> bool:
    _group(ask).bot_status = "left"
    return True


def unknown(ask: Ask) -> bool:
    """Stand in for every method that is not in the table."""
    raise ApiFault(404, "Not Found: method not found")


def done(ask: Ask) -> bool:
    """Accept and do nothing: logOut and close have no meaning on a server of one."""
    return True


def _seen(ask: Ask) -> Chat:
    chat = ask.chats.known(ask.chat_id())
    if not chat.opened:
        raise bad("chat not found")
    return chat


def _group(ask: Ask) -> Chat:
    chat = ask.chat()
    if chat.is_private:
        raise bad("chat member status can't be changed in private chats")
    return chat


def _scope(ask: Ask) -> tuple[str, str]:
    language = ask.params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    scope = ask.params.json("scope") or {"type": "default"}
    if "chat_id" in scope:
        ask.chats.known(int(scope["chat_id"]))
    return json.dumps(scope, sort_keys=True), language


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "logOut": done,
    "close": done,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "sendMessage": messages.send_message,
    **{f"send{kind.capitalize()}": messages.sender_of_file(kind) for kind in wire.FILE_KINDS},
    "sendMediaGroup": messages.send_media_group,
    "sendLocation": messages.send_location,
    "sendContact": messages.send_contact,
    "sendChatAction": messages.send_chat_action,
    "copyMessage": messages.copy_message,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageMedia": messages.edit_message_media,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "setMessageReaction": messages.set_message_reaction,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "unpinAllChatMessages": messages.unpin_all_chat_messages,
    "getFile": messages.get_file,
    "answerCallbackQuery": answers.answer_callback_query,
    "answerInlineQuery": answers.answer_inline_query,
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic,
    "deleteForumTopic": topics.delete_forum_topic,
    "getForumTopicIconStickers": topics.get_forum_topic_icon_stickers,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
