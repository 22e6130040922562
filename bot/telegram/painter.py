"""Screens into chats: sending, editing, and Telegram's small refusals that are no failures.

"Message is not modified" is a success, a message that can no longer be edited is replaced by a new one, markup that Telegram cannot
read goes out once as plain text and is reported. Everything else is the caller's to judge.
"""

import html
import re
from collections.abc import Mapping

import structlog
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.telegram import buttons
from bot.telegram.buttons import Act, Button, Confirm, Copy, Go, Link
from bot.telegram.governor import Priority
from bot.telegram.screen import Screen

log = structlog.get_logger(__name__)

Bot = ExtBot[int]

LONGEST_MESSAGE = 4096
_TAG = re.compile(r"<[^>]+>")
_UNCHANGED = "message is not modified"
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)
_UNREADABLE = "can't parse entities"


class MessageGone(Exception):
    """The message that should be edited cannot be edited any more."""


async def send(
    bot: Bot,
    chat_id: int,
    screen: Screen,
    *,
    priority: Priority = Priority.ANSWER,
    silent: bool = False,
    answers: int | None = None,
) -> Message:
    """Send a screen as a new message, under the message it `answers` if that is still there."""
    reply = ReplyParameters(answers, allow_sending_without_reply=True) if answers is not None else None
    markup = ForceReply(input_field_placeholder=screen.ask[:64]) if screen.ask else keyboard(screen)
    try:
        return await bot.send_message(
            chat_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            reply_parameters=reply,
            disable_notification=silent,
            rate_limit_args=int(priority),
        )
    except BadRequest as refusal:
        if _UNREADABLE not in str(refusal).lower():
            raise
        log.error("telegram_markup_refused", chat_id=chat_id, problem=str(refusal))
        return await bot.send_message(
            chat_id, plain(screen.text), parse_mode=None, reply_markup=markup, rate_limit_args=int(priority)
        )


async def edit(
    bot: Bot, chat_id: int, message_id: int, screen: Screen, *, priority: Priority = Priority.ANSWER
) -> None:
    """Turn a message into this screen. Raises MessageGone when it is too late."""
    try:
        await bot.edit_message_text(
            screen.text,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(screen),
            rate_limit_args=int(priority),
        )
    except BadRequest as refusal:
        said = str(refusal).lower()
        if _UNCHANGED in said:
            return
        if any(words in said for words in _GONE):
            raise MessageGone(said) from refusal
        if _UNREADABLE not in said:
            raise
        log.error("telegram_markup_refused", chat_id=chat_id, problem=str(refusal))
        await bot.edit_message_text(
            plain(screen.text),
            chat_id,
            message_id,
            parse_mode=None,
            reply_markup=keyboard(screen),
            rate_limit_args=int(priority),
        )


async def send_raw(bot: Bot, chat_id: int, text: str) -> None:
    """Send what somebody typed, exactly, in as many messages as it needs."""
    for start in range(0, len(text), LONGEST_MESSAGE // 2):
        await bot.send_message(
            chat_id, text[start : start + LONGEST_MESSAGE // 2], parse_mode=None, rate_limit_args=int(Priority.ANSWER)
        )


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram wants them."""
    if not screen.rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in screen.rows])


def plain(markup: str) -> str:
    """The words without the markup."""
    return html.unescape(_TAG.sub("", markup))


def changed_marks(known: Mapping[str, int], screen: Screen) -> dict[str, int]:
    """What must be remembered of a message that now shows this screen. A card that gave way to another screen must not be
    drawn over it later: it is remembered as showing nothing (0)."""
    wanted = dict(screen.shows)
    if known.get("pending") and "pending" not in wanted:
        wanted["pending"] = 0
    return {kind: subject for kind, subject in wanted.items() if known.get(kind) != subject}


def _button(button: Button) -> InlineKeyboardButton:
    match button.target:
        case Copy(text):
            return InlineKeyboardButton(button.label, copy_text=CopyTextButton(text), style=button.style)
        case Link(url):
            return InlineKeyboardButton(button.label, url=url, style=button.style)
        case Go() | Act() | Confirm() as value:
            return InlineKeyboardButton(button.label, callback_data=buttons.encode(value), style=button.style)
