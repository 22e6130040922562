"""Files that agents send to the bot: which kind they are for WhatsApp, and their bytes.

Telegram hands a bot files of at most 20 MB; what is larger is refused with that sentence, before anything is fetched.
"""

from dataclasses import dataclass

import structlog
from telegram import Animation, Audio, Document, Message, Sticker, Video, VideoNote, Voice
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.telegram import errors
from crm.errors import Refused, Unavailable
from crm.model.media import MediaKind

log = structlog.get_logger(__name__)

LARGEST = 20 * 1024 * 1024
PATIENCE = 60.0
"""Seconds of silence that a file may have on its way from Telegram."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of an agent's, as the message tells of it."""

    kind: MediaKind
    file_id: str
    size: int | None
    mime_type: str
    name: str | None = None


def of(message: Message) -> Handed | None:
    """The file that a message carries, if it carries one that can leave."""
    if message.photo:
        largest = message.photo[-1]
        return Handed(MediaKind.IMAGE, largest.file_id, largest.file_size, "image/jpeg")
    # An animation is a document as well, for clients that know no animations: it must be looked at first.
    match (
        message.animation
        or message.video
        or message.video_note
        or message.voice
        or message.audio
        or message.sticker
        or message.document
    ):
        case Animation() | Video() as found:
            return Handed(MediaKind.VIDEO, found.file_id, found.file_size, found.mime_type or "video/mp4")
        case VideoNote() as found:
            return Handed(MediaKind.VIDEO, found.file_id, found.file_size, "video/mp4")
        case Voice() as found:
            return Handed(MediaKind.VOICE, found.file_id, found.file_size, found.mime_type or "audio/ogg")
        case Audio() as found:
            return Handed(MediaKind.AUDIO, found.file_id, found.file_size, found.mime_type or "audio/mpeg")
        case Sticker() as found:
            return Handed(MediaKind.STICKER, found.file_id, found.file_size, _sticker_type(found))
        case Document() as found:
            mime_type = found.mime_type or "application/octet-stream"
            return Handed(MediaKind.DOCUMENT, found.file_id, found.file_size, mime_type, found.file_name)
        case None:
            return None


async def fetched(bot: ExtBot[int], file: Handed) -> bytes:
    """Fetch the bytes. Refused when there are too many, Unavailable when Telegram does not hand them out now."""
    if file.size is not None and file.size > LARGEST:
        raise Refused("file-too-large-for-telegram")
    try:
        found = await bot.get_file(file.file_id)
        return bytes(await found.download_as_bytearray(read_timeout=PATIENCE))
    except BadRequest as refusal:
        if "too big" in str(refusal).lower():
            raise Refused("file-too-large-for-telegram") from refusal
        trouble: TelegramError = refusal
    except TelegramError as silence:
        trouble = silence
    log.warning("telegram_file_not_fetched", problem=errors.harmless(trouble))
    raise Unavailable("file-not-fetched")


def _sticker_type(sticker: Sticker) -> str:
    if sticker.is_animated:
        return "application/x-tgsticker"
    return "video/webm" if sticker.is_video else "image/webp"
