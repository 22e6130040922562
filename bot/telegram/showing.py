"""Customers' files into chats: which form Telegram gives a file, and what is tried when it refuses one.

A picture that Telegram will not show as a photo is still a document; what it takes in no form is told in words, elsewhere. A file is
shown under the message that told of it, so that both read as one.
"""

import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import InputFile, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.telegram import painter
from bot.telegram.governor import Priority
from bot.telegram.screen import Screen
from crm.model.ids import short
from crm.model.media import Media, MediaKind

log = structlog.get_logger(__name__)

MEGABYTE = 1024 * 1024
LARGEST, LARGEST_PHOTO, LARGEST_STICKER = 50 * MEGABYTE, 10 * MEGABYTE, 512 * 1024
"""What a bot may upload."""
UPLOAD_SECONDS = 120.0

_FORMS: dict[MediaKind, tuple[str, frozenset[str], int]] = {
    MediaKind.IMAGE: ("photo", frozenset({"image/jpeg", "image/png", "image/webp"}), LARGEST_PHOTO),
    MediaKind.VIDEO: ("video", frozenset({"video/mp4"}), LARGEST),
    MediaKind.VOICE: ("voice", frozenset({"audio/ogg"}), LARGEST),
    MediaKind.AUDIO: ("audio", frozenset({"audio/mpeg", "audio/mp4"}), LARGEST),
    MediaKind.STICKER: ("sticker", frozenset({"image/webp"}), LARGEST_STICKER),
}
_WITH_THUMBNAIL = ("document", "video")
"""What Telegram shows with the small picture that it is given; photos it draws itself."""
_ENDINGS = {
    "audio/amr": ".amr",
    "audio/ogg": ".ogg",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "video/3gpp": ".3gp",
}


@dataclass(frozen=True, slots=True)
class Show:
    """One file on its way into one chat."""

    chat_id: int
    media: Media
    content: bytes
    screen: Screen
    answers: int | None
    silent: bool
    thumbnail: bytes | None = None


def form_of(media: Media) -> str:
    """How Telegram should show it: `photo`, `video`, `voice`, `audio`, `sticker` or `document`."""
    form, types, largest = _FORMS.get(media.kind, ("document", frozenset(), 0))
    return form if media.mime_type in types and (media.size or 0) <= largest else "document"


def name_of(media: Media) -> str:
    """What the file is called when somebody saves it."""
    if media.name:
        return media.name
    ending = _ENDINGS.get(media.mime_type) or mimetypes.guess_extension(media.mime_type) or ""
    return f"{media.kind.value}-{short(media.id)}{ending}"


async def send(bot: ExtBot[int], show: Show) -> Message:
    """Show a file; as a document when Telegram refuses the better form. Raises what Telegram says to the last form."""
    form = form_of(show.media)
    if form != "document":
        try:
            return await _send(bot, show, form)
        except BadRequest as refusal:
            log.warning("telegram_file_refused", media_id=show.media.id, form=form, problem=str(refusal))
    return await _send(bot, show, "document")


async def send_small(bot: ExtBot[int], show: Show) -> Message:
    """Show only the small picture of a file that Telegram does not take, with the screen's buttons under it."""
    return await bot.send_photo(
        show.chat_id,
        InputFile(show.content, filename="thumbnail.jpg", attach=True),
        caption=show.screen.text,
        parse_mode=ParseMode.HTML,
        reply_markup=painter.keyboard(show.screen),
        reply_parameters=_under(show),
        disable_notification=show.silent,
        rate_limit_args=int(Priority.PUSH),
    )


def _under(show: Show) -> ReplyParameters | None:
    return ReplyParameters(show.answers, allow_sending_without_reply=True) if show.answers is not None else None


async def _send(bot: ExtBot[int], show: Show, form: str) -> Message:
    call: Callable[..., Awaitable[Message]] = getattr(bot, f"send_{form}")
    given: dict[str, Any] = {form: InputFile(show.content, filename=name_of(show.media), attach=True)}
    if form != "sticker":
        given |= {"caption": show.screen.text, "parse_mode": ParseMode.HTML}
    if form == "document":
        given["disable_content_type_detection"] = True
    if form in _WITH_THUMBNAIL and show.thumbnail is not None:
        given["thumbnail"] = InputFile(show.thumbnail, filename="thumbnail.jpg", attach=True)
    return await call(
        chat_id=show.chat_id,
        **given,
        reply_parameters=_under(show),
        disable_notification=show.silent,
        write_timeout=UPLOAD_SECONDS,
        read_timeout=UPLOAD_SECONDS,
        rate_limit_args=int(Priority.PUSH),
    )
